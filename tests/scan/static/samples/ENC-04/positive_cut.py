"""Data that is cut or padded before the circuit sees it."""

import numpy as np
import pennylane as qml
from fastapi import Body, FastAPI

app = FastAPI()
WIRES = 4
device = qml.device("default.qubit", wires=WIRES)


@qml.qnode(device)
def node(x):
    qml.AngleEmbedding(x, wires=range(WIRES))
    return qml.expval(qml.PauliZ(0))


@app.post("/text")
def text(values: str = Body(...)):
    row = [float(value) for value in values.split(",")]
    row = (row + [0.0] * WIRES)[:WIRES]  # finds: ENC-04
    return float(node(np.tanh(row)))


@app.post("/rows")
def rows(body: dict = Body(...)):
    table = np.asarray(body["rows"], dtype=float)
    if len(table) > 100:
        raise ValueError("too many rows")
    angles = np.arctan(table[:, :WIRES])  # finds: ENC-04
    return [float(node(row)) for row in angles]


def of_file(path):
    for line in open(path):
        x = np.array([float(value) for value in line.split(";")])
        yield float(node(np.pad(x, (0, WIRES))))  # finds: ENC-04
