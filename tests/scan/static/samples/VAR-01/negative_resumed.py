"""Own files, verified files, data beside the weights, and tables of angles."""

import csv
import hashlib

import numpy as np
import pennylane as qml
import torch
from qiskit import QuantumCircuit
from qiskit.circuit import ParameterVector

device = qml.device("default.qubit", wires=4)


@qml.qnode(device)
def cost(rows, w):
    qml.StronglyEntanglingLayers(w, wires=range(4))
    return qml.expval(qml.PauliZ(0))


def train(path):
    rows = np.load(path)
    weights = np.zeros((2, 4, 3))
    optimizer = qml.AdamOptimizer(0.05)
    for _ in range(10):
        _, weights = optimizer.step(cost, rows, weights)  # ok
    return weights


def verified(network, path, wanted):
    with open(path, "rb") as file:
        if hashlib.sha256(file.read()).hexdigest() != wanted:
            raise ValueError(path)
    network.load_state_dict(torch.load(path, weights_only=True))  # ok


def again(network):
    torch.save(network.state_dict(), "last.pt")


def rolled_back(network):
    network.load_state_dict(torch.load("last.pt"))  # finds: VAR-01 note


def table(path):
    circuit = QuantumCircuit(2)
    theta = ParameterVector("t", 2)
    with open(path, newline="") as file:
        for row in csv.DictReader(file):
            circuit.assign_parameters({theta[0]: float(row["a"]), theta[1]: float(row["b"])})  # ok
