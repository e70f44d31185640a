"""What is encoded is not made of bits."""

import numpy as np
import pennylane as qml
from flask import Flask, request

app = Flask(__name__)
device = qml.device("default.qubit", wires=3)


@qml.qnode(device)
def model(bits):
    qml.BasisEmbedding(bits, wires=range(3))  # finds: ENC-05
    return qml.probs(wires=range(3))


@app.post("/bits")
def bits():
    return {"p": model(request.json["bits"]).tolist()}


@qml.qnode(device)
def literal():
    qml.BasisEmbedding([0.7, 1, 0], wires=range(3))  # finds: ENC-05
    return qml.probs(wires=range(3))


@qml.qnode(device)
def random():
    qml.BasisEmbedding(np.random.uniform(0, 1, 3), wires=range(3))  # finds: ENC-05
    return qml.probs(wires=range(3))


@qml.qnode(device)
def state():
    start = np.random.rand(3)
    qml.BasisState(start, wires=range(3))  # finds: ENC-05
    return qml.probs(wires=range(3))
