"""Vectors whose norm is wrong or may be zero."""

import numpy as np
import pandas as pd
import pennylane as qml
from flask import Flask, request
from qiskit import QuantumCircuit
from qiskit.circuit.library import StatePreparation

app = Flask(__name__)
device = qml.device("default.qubit", wires=2)


@qml.qnode(device)
def padded(row):
    qml.AmplitudeEmbedding(row, wires=range(2), normalize=True)  # finds: ENC-03
    return qml.probs(wires=range(2))


@app.post("/probabilities")
def probabilities():
    return {"p": padded(np.array(request.json["row"])).tolist()}


@qml.qnode(device)
def literal():
    qml.AmplitudeEmbedding([1.0, 1.0, 0.0, 0.0], wires=range(2))  # finds: ENC-03
    return qml.state()


def initialized():
    circuit = QuantumCircuit(2)
    circuit.initialize([0.5, 0.5, 0.5, 0.4], [0, 1])  # finds: ENC-03
    return circuit


def prepared(path):
    row = pd.read_csv(path).to_numpy()[0]
    return StatePreparation(row)  # finds: ENC-03


def zeros():
    circuit = QuantumCircuit(1)
    circuit.initialize([0.0, 0.0], 0, normalize=True)  # finds: ENC-03
    return circuit
