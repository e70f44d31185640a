"""Normalized vectors and guarded zeros."""

import numpy as np
import pandas as pd
import pennylane as qml
from flask import Flask, abort, request
from qiskit import QuantumCircuit
from qiskit.circuit.library import StatePreparation

app = Flask(__name__)
device = qml.device("default.qubit", wires=2)


@qml.qnode(device)
def encoded(row):
    qml.AmplitudeEmbedding(row, wires=range(2), normalize=True)  # ok
    return qml.probs(wires=range(2))


@app.post("/probabilities")
def probabilities():
    row = np.array(request.json["row"])
    if np.linalg.norm(row) < 1e-9:
        abort(400)
    return {"p": encoded(row).tolist()}


def bell():
    circuit = QuantumCircuit(2)
    circuit.initialize([2**-0.5, 0, 0, 2**-0.5], [0, 1])  # ok
    circuit.initialize("01", [0, 1])  # ok
    circuit.initialize(2, [0, 1])  # ok
    return circuit


def prepared(path):
    row = pd.read_csv(path).to_numpy()[0]
    return StatePreparation(row / np.linalg.norm(row))  # ok


def unknown(state):
    return StatePreparation(state)  # ok
