"""Draws of the global generator in attacks; one function's seed is not another's."""

import numpy as np
import pennylane as qml

device = qml.device("default.qubit", wires=2)


def flip_poison(labels, count):
    chosen = np.random.choice(len(labels), count, replace=False)  # finds: VAR-05
    labels[chosen] = -labels[chosen]
    return labels


def attack_success(model, rows, epsilon):
    step = epsilon * np.random.choice([-1, 1], size=rows.shape)  # finds: VAR-05
    return np.mean(np.sign(model(rows + step)) != np.sign(model(rows)))


def seeded_attack(rows, epsilon):
    np.random.seed(7)
    return rows + epsilon * np.random.choice([-1, 1], size=rows.shape)  # ok
