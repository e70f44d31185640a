"""Rows drawn to look at some, splits in order or with a seed, data for a benchmark."""

import numpy as np
import pennylane as qml
from sklearn.model_selection import KFold, train_test_split

dev = qml.device("default.qubit", wires=2)
_batches = np.random.default_rng(99)


def looked_at(rows):
    some = np.random.choice(len(rows), size=100, replace=False)
    return np.corrcoef(rows[some].T)


def in_order(rows, labels):
    return train_test_split(rows, labels, shuffle=False), KFold(5)


def seeded(rows, labels, seed):
    return train_test_split(rows, labels, random_state=seed)


def own(rows, seed):
    order = np.random.default_rng(seed).permutation(len(rows))
    return rows[order[:9]], rows[order[9:]]


def batch(rows):
    """Some rows of a batch."""
    return rows[_batches.integers(0, len(rows), 16)]


def device():
    return qml.draw(dev)
