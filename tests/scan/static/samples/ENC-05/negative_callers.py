"""Bits by a threshold, a remainder, a test or a draw."""

import json

import numpy as np
import pennylane as qml

device = qml.device("default.qubit", wires=4)


@qml.qnode(device)
def node(bits):
    qml.BasisState(bits, wires=range(4))  # ok
    return qml.probs(wires=range(4))


def constant():
    return node([0, 1, 1, 0])


def drawn(seed):
    return node(np.random.default_rng(seed).integers(0, 2, 4))


def threshold(path):
    return [node((row > 0.5).astype(int)) for row in np.loadtxt(path)]


def parity(path):
    return [node(row % 2) for row in np.loadtxt(path)]


def switches(path):
    return [node(row.astype(bool)) for row in np.loadtxt(path)]


def on_message(channel, method, properties, body):
    bits = json.loads(body)["bits"]
    if not set(bits) <= {0, 1}:
        raise ValueError("bits")
    return node(bits)
