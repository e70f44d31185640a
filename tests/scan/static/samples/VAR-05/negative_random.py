"""Seeds that are stored where something is measured, and secret where something is hidden."""

import secrets

import numpy as np
import pennylane as qml
from sklearn.model_selection import train_test_split

device = qml.device("default.qubit", wires=4)


def robust_accuracy(model, X, y, attack, seed):
    parts = train_test_split(X, y, random_state=seed)  # ok
    return model.fit(parts[0], parts[2]).score(attack(parts[1]), parts[3])


def start(seed):
    weights = np.random.default_rng(seed).uniform(-np.pi, np.pi, (2, 4))  # ok
    return weights


def add_defense_noise(angles):
    rng = np.random.default_rng(secrets.randbits(128))  # ok
    return angles + rng.normal(0, 0.05, angles.shape)


def dataset():
    rng = np.random.default_rng(0)  # ok
    return rng.normal(size=(100, 4))


def probe():
    return np.random.normal(size=4)  # ok
