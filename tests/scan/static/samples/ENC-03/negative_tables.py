"""Random vectors and datasets that are divided by their norm or otherwise have norm 1."""

import numpy as np
import pennylane as qml
from qiskit import QuantumCircuit
from qiskit.quantum_info import random_statevector
from sklearn.datasets import load_digits
from sklearn.preprocessing import Normalizer, normalize

device = qml.device("default.qubit", wires=3)


@qml.qnode(device)
def prepared(vector):
    qml.AmplitudeEmbedding(vector, wires=range(3))  # ok
    return qml.probs(wires=range(3))


def drawn(rng):
    vector = rng.normal(size=8)
    vector /= np.linalg.norm(vector)
    return prepared(vector)


def even():
    return prepared(np.ones(8) / np.sqrt(8)), prepared(np.ones(8) * 8**-0.5)


def digits():
    X, y = load_digits(return_X_y=True)
    return [prepared(row) for row in normalize(X[:, :8])]


def images():
    X = load_digits().data[:, :8]
    return [prepared(row) for row in Normalizer().fit_transform(X)]


def known():
    circuit = QuantumCircuit(3)
    circuit.initialize(random_statevector(8).data, range(3))  # ok
    return circuit


def ground_state(rng):
    couplings = rng.uniform(0, 2, size=(8, 8))
    values, vectors = np.linalg.eigh(couplings + couplings.T)
    return prepared(vectors[:, 0])
