"""A path that is not written here and is the same in each step all the same."""

import numpy as np
import pennylane as qml


def train(cost, settings, weights):
    optimizer = qml.AdamOptimizer(0.1)
    for step in range(100):
        weights = optimizer.step(cost, weights)
        if step % 10 == 0:
            np.save(settings.WEIGHTS, weights)  # finds: VAR-07
    np.save(settings.WEIGHTS, weights)
    return weights


def descend(gradient, theta, folder):
    for step in range(100):
        theta = theta - 0.1 * gradient(theta)
        np.save(f"{folder}/step_{step}.npy", theta)  # ok
        keep(theta)
    return theta


def keep(theta):
    np.save("/scratch/theta.npy", theta)  # finds: VAR-07
