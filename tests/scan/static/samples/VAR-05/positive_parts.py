"""Rows held out by hand, weights a circuit is called with, noise against attackers."""

import random

import numpy as np
import pennylane as qml
import torch
from sklearn.model_selection import KFold, train_test_split

dev = qml.device("default.qubit", wires=2)
_noise = np.random.default_rng(99)  # finds: VAR-05


@qml.qnode(dev)
def circuit(x, weights):
    qml.AngleEmbedding(x, wires=range(2))
    qml.BasicEntanglerLayers(weights, wires=range(2))
    return qml.expval(qml.PauliZ(0))


def halves(rows, share):
    order = np.random.permutation(len(rows))  # finds: VAR-05
    cut = int(len(rows) * share)
    return rows[order[:cut]], rows[order[cut:]]


def chosen(rows, count):
    kept = np.random.choice(len(rows), size=count, replace=False)  # finds: VAR-05
    return rows[kept], np.delete(rows, kept, axis=0)


def measured(rows, labels):
    return train_test_split(rows, labels, test_size=0.3)  # finds: VAR-05


def folds():
    return KFold(5, shuffle=True)  # finds: VAR-05


def shown(x):
    weights = np.random.uniform(0, 1, (2, 2))  # finds: VAR-05
    return circuit(x, weights)


def rotated(x):
    """Defensive jitter: an attacker should not see the boundary twice."""
    return x + _noise.normal(0, 0.1, 2)


def hide_gradient(gradient):
    source = torch.Generator().manual_seed(5)  # finds: VAR-05
    return gradient + torch.randn(4, generator=source)


def harden(x):
    return x + random.Random(3).random()  # finds: VAR-05
