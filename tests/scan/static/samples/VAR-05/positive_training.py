"""First weights of a training, and a generator of a defense that a function shares."""

import random

import numpy as np
import pennylane as qml

device = qml.device("default.qubit", wires=4)
_noise = np.random.default_rng(1234)  # finds: VAR-05


def smoothed(angles, sigma=0.1):
    """Add noise, so that an attacker cannot aim at one circuit."""
    return angles + _noise.normal(0, sigma, angles.shape)


def train(cost):
    random.seed(0)
    weights = 0.01 * np.random.randn(2, 4, 3)  # finds: VAR-05
    optimizer = qml.NesterovMomentumOptimizer(0.05)
    for _ in range(10):
        weights = optimizer.step(cost, weights)
    return weights


def split(X):
    order = np.random.permutation(len(X))  # finds: VAR-05
    return X[order[:10]], X[order[10:]]
