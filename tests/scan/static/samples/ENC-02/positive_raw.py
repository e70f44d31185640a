"""Raw columns become angles."""

import cirq
import numpy as np
import pandas as pd
import pennylane as qml
from qiskit import QuantumCircuit
from sklearn.datasets import load_wine

device = qml.device("default.qubit", wires=13)


@qml.qnode(device)
def model(x):
    qml.AngleEmbedding(x, wires=range(13))  # finds: ENC-02
    return qml.expval(qml.PauliZ(0))


def wine_outputs():
    X, y = load_wine(return_X_y=True)
    return [model(row) for row in X], y


def from_table():
    table = pd.read_csv("patients.csv")[["age", "pressure"]].to_numpy()
    circuit = QuantumCircuit(2)
    circuit.ry(table[0, 0], 0)  # finds: ENC-02
    circuit.ry(table[0, 1], 1)  # finds: ENC-02
    return circuit


def in_cirq(path):
    row = np.loadtxt(path)[0]
    return cirq.rx(row[0])(cirq.LineQubit(0))  # finds: ENC-02
