"""Any number of features is taken."""

import numpy as np
import pennylane as qml
from flask import Flask, request
from qiskit import QuantumCircuit
from qiskit.circuit import ParameterVector

app = Flask(__name__)
device = qml.device("default.qubit", wires=4)
X = ParameterVector("x", 4)
CIRCUIT = QuantumCircuit(4)


@app.post("/zip")
def zipped():
    values = request.json["x"]
    bound = CIRCUIT.assign_parameters(dict(zip(X, values)))  # finds: ENC-04
    return {"depth": bound.depth()}


@qml.qnode(device)
def padded(row):
    qml.AmplitudeEmbedding(row, wires=range(4), pad_with=0.0, normalize=True)  # finds: ENC-04
    return qml.probs(wires=0)


@app.post("/pad")
def pad():
    return {"p": padded(np.array(request.json["row"])).tolist()}


@app.post("/slice")
def cut():
    row = np.array(request.json["row"], dtype=float)

    @qml.qnode(device)
    def node():
        qml.AngleEmbedding(row[:4], wires=[0, 1, 2, 3])  # finds: ENC-04
        return qml.expval(qml.PauliZ(0))

    return {"value": float(node())}


def model(features, wires):
    qml.AngleEmbedding(features, wires=wires)  # finds: ENC-04
    return qml.expval(qml.PauliZ(0))


@app.post("/wires")
def free():
    return str(model(request.json["features"], device.wires))
