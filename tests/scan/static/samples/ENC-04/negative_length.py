"""The length is tested, or a wrong one is an error."""

import numpy as np
import pennylane as qml
from flask import Flask, abort, request
from qiskit import QuantumCircuit
from qiskit.circuit import ParameterVector

app = Flask(__name__)
device = qml.device("default.qubit", wires=4)
X = ParameterVector("x", 4)
CIRCUIT = QuantumCircuit(4)


@app.post("/strict")
def strict():
    values = request.json["x"]
    bound = CIRCUIT.assign_parameters(dict(zip(X, values, strict=True)))  # ok
    return {"depth": bound.depth()}


@app.post("/length")
def length():
    values = request.json["x"]
    if len(values) != CIRCUIT.num_parameters:
        abort(400)
    bound = CIRCUIT.assign_parameters(dict(zip(X, values)))  # ok
    return {"depth": bound.depth()}


@app.post("/list")
def listed():
    return {"depth": CIRCUIT.assign_parameters(request.json["x"]).depth()}  # ok


@qml.qnode(device)
def padded(row):
    qml.AmplitudeEmbedding(row, wires=range(4), pad_with=0.0, normalize=True)  # ok
    return qml.probs(wires=0)


@app.post("/pad")
def pad():
    row = np.array(request.json["row"])
    if row.shape != (16,):
        abort(400)
    return {"p": padded(row).tolist()}
