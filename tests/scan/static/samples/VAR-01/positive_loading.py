"""Weights are taken from wherever they lie."""

import json
import sys

import cirq
import numpy as np
import pennylane as qml
import requests
import torch
from qiskit import QuantumCircuit
from qiskit.circuit import ParameterVector
from qiskit.primitives import StatevectorEstimator
from qiskit_machine_learning.algorithms import VQC

device = qml.device("default.qubit", wires=4)
THETA = ParameterVector("theta", 4)
ANSATZ = QuantumCircuit(4)


@qml.qnode(device)
def model(x, weights):
    qml.AngleEmbedding(x, wires=range(4))
    qml.StronglyEntanglingLayers(weights, wires=range(4))
    return qml.expval(qml.PauliZ(0))


def classify(x):
    weights = np.array(requests.get("https://models.example.org/w.json", timeout=9).json())
    return model(x, weights)  # finds: VAR-01


def classify_file(x, path):
    with open(path) as file:
        trained = json.load(file)["weights"]
    return model(x, np.asarray(trained))  # finds: VAR-01


def bind(path):
    theta = np.load(path)
    return ANSATZ.assign_parameters(theta)  # finds: VAR-01


def estimate(observable):
    weights = np.loadtxt(sys.argv[1])
    return StatevectorEstimator().run([(ANSATZ, observable, weights)])  # finds: VAR-01


def resolve(path):
    with open(path) as file:
        weights = json.load(file)
    return cirq.ParamResolver(weights)  # finds: VAR-01


class Hybrid(torch.nn.Module):
    def restore(self, path):
        self.load_state_dict(torch.load(open(path, "rb"), weights_only=True))  # finds: VAR-01


def layered(path):
    weights = np.load(path, allow_pickle=False)

    @qml.qnode(device)
    def node():
        qml.BasicEntanglerLayers(weights, wires=range(4))  # finds: VAR-01
        return qml.expval(qml.PauliZ(0))

    return node()


def warm_start(path):
    start = np.load(path)
    return VQC(num_qubits=4, initial_point=start)  # finds: VAR-01


def serve(rows):
    best = np.load("/srv/models/theta.npy")
    return [model(row, best) for row in rows]  # finds: VAR-01


def loop(path, observable):
    values = []
    for epoch in range(10):
        params = np.load(f"{path}/{epoch}.npy")
        values.append(ANSATZ.assign_parameters({THETA: params}))  # finds: VAR-01
    return values
