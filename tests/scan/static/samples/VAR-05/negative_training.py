"""Seeded by a helper, or drawn only where the caller gives nothing."""

import random

import numpy as np
import pennylane as qml

device = qml.device("default.qubit", wires=4)
sampler = np.random.default_rng(7)  # ok


def seed_all(seed):
    random.seed(seed)
    np.random.seed(seed)


def shuffled(rows):
    """Return the rows in another order."""
    return sampler.permutation(rows)


def train(cost, seed):
    seed_all(seed)
    weights = np.random.uniform(0, 1, 4)  # ok
    optimizer = qml.AdamOptimizer(0.05)
    for _ in range(10):
        weights = optimizer.step(cost, weights)
    return weights


def continued(cost, weights=None):
    if weights is None:
        weights = np.random.uniform(0, 1, 4)  # ok
    optimizer = qml.AdamOptimizer(0.05)
    for _ in range(10):
        weights = optimizer.step(cost, weights)
    return weights
