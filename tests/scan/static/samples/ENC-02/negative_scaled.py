"""Scaled, wrapped or already angles."""

import numpy as np
import pandas as pd
import pennylane as qml
from qiskit import QuantumCircuit
from sklearn.datasets import load_iris
from sklearn.preprocessing import MinMaxScaler

device = qml.device("default.qubit", wires=4)


@qml.qnode(device)
def model(x):
    qml.AngleEmbedding(x, wires=range(4))  # ok
    return qml.expval(qml.PauliZ(0))


def iris_outputs():
    X, y = load_iris(return_X_y=True)
    X = MinMaxScaler((0, np.pi)).fit_transform(X)
    return [model(row) for row in X], y


def wrapped():
    row = pd.read_csv("signal.csv").to_numpy()[0]
    circuit = QuantumCircuit(1)
    circuit.ry(row[0] % (2 * np.pi), 0)  # ok
    return circuit


def squashed(path):
    row = np.loadtxt(path)
    circuit = QuantumCircuit(1)
    circuit.rz(2 * np.arctan(row[0]), 0)  # ok
    return circuit


def stored_weights():
    theta = np.load("theta.npy")
    circuit = QuantumCircuit(1)
    circuit.rx(theta[0], 0)  # ok
    return circuit
