"""Bits, by a threshold or by construction."""

import numpy as np
import pennylane as qml
from flask import Flask, request

app = Flask(__name__)
device = qml.device("default.qubit", wires=3)


@qml.qnode(device)
def model(bits):
    qml.BasisEmbedding(bits, wires=range(3))  # ok
    return qml.probs(wires=range(3))


@app.post("/bits")
def bits():
    row = np.asarray(request.json["row"])
    return {"p": model((row > 0.5).astype(int)).tolist()}


@qml.qnode(device)
def literal():
    qml.BasisEmbedding([0, 1, 1], wires=range(3))  # ok
    return qml.probs(wires=range(3))


@qml.qnode(device)
def random():
    qml.BasisEmbedding(np.random.randint(0, 2, 3), wires=range(3))  # ok
    return qml.probs(wires=range(3))


@qml.qnode(device)
def hartree_fock(electrons, orbitals):
    qml.BasisState(qml.qchem.hf_state(electrons, orbitals), wires=range(orbitals))  # ok
    return qml.probs(wires=range(3))
