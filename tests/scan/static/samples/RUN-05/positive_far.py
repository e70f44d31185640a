"""Fakes and simulators that reach the decision through devices, nodes and functions."""

import functools

import pennylane as qml
from qiskit_aer import AerSimulator
from qiskit_ibm_runtime.fake_provider import FakeLagosV2, FakeNairobiV2

WIRES = 4
remote = qml.device("qiskit.remote", wires=WIRES, backend=FakeLagosV2())  # finds: RUN-05
ideal = qml.device("default.qubit", wires=WIRES)  # finds: RUN-05


@qml.qnode(remote)
def circuit(features):
    qml.AngleEmbedding(features, wires=range(WIRES))
    return qml.expval(qml.PauliZ(0))


def predict(features):
    return float(circuit(features)) < 0


@qml.qnode(ideal)
def detector(features):
    qml.AngleEmbedding(features, wires=range(WIRES))
    return qml.expval(qml.PauliZ(0))


def smoothed(features):
    return sum(detector(features) for _ in range(20)) / 20


def accept(features):
    return smoothed(features) < 0.3


@functools.cache
def noisy():
    return AerSimulator.from_backend(FakeNairobiV2())  # finds: RUN-05


def classify(features):
    return noisy().run(features).result()
