"""A callback that a condition chooses."""

import json

import numpy as np
from qiskit_algorithms.optimizers import SPSA


def nudge(evaluations, x, value, step, accepted):
    with open("/srv/control.json") as file:
        x[:] = json.load(file)["theta"]  # finds: VAR-02


def watch(evaluations, x, value, step, accepted):
    print(evaluations, value)  # ok


def train(energy, interactive):
    optimizer = SPSA(maxiter=100, callback=nudge if interactive else watch)
    return optimizer.minimize(energy, np.zeros(4))
