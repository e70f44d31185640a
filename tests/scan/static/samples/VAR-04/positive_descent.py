"""Descent written by hand, and a loop that a function stores for."""

import pennylane as qml


def save_weights(weights, path):
    path.write_bytes(weights.tobytes())


def descend(theta, gradient, rate):
    for _ in range(100):
        theta = theta - rate * gradient(theta)  # finds: VAR-04 low
    return theta


def in_place(theta, grad, rate, steps):
    while steps:
        theta -= rate * grad(theta)  # finds: VAR-04 low
        steps -= 1
    return theta


def published(cost, weights, path):
    opt = qml.AdamOptimizer(0.1)
    for _ in range(50):
        weights = opt.step(cost, weights)  # finds: VAR-04 medium
    save_weights(weights, path)
