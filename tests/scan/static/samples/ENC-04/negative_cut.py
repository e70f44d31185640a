"""Lengths are compared, or what is cut is rows or the program's own table."""

import numpy as np
import pennylane as qml
from fastapi import Body, FastAPI, HTTPException

app = FastAPI()
WIRES = 4
device = qml.device("default.qubit", wires=WIRES)


@qml.qnode(device)
def node(x):
    qml.AngleEmbedding(x, wires=range(WIRES))
    return qml.expval(qml.PauliZ(0))


@app.post("/rows")
def rows(body: dict = Body(...)):
    table = np.asarray(body["rows"], dtype=float)
    if table.shape[1] != WIRES + 1:
        raise HTTPException(422, "columns")
    return [float(node(row)) for row in np.arctan(table[:, :WIRES])]  # ok


def of_file(path):
    table = np.loadtxt(path)
    return [float(node(row)) for row in table[:, :WIRES]]  # ok


def first(path, count):
    table = np.loadtxt(path)[:count]  # ok
    return [float(node(row)) for row in table]
