"""Descent that looks at its gradient, and subtraction that is no descent."""

import numpy as np
import pennylane as qml


def descend(theta, gradient, rate):
    for _ in range(100):
        g = gradient(theta)
        if not np.isfinite(g).all():
            break
        theta = theta - rate * g  # ok
    return theta


def discount(balance, rate):
    for _ in range(12):
        balance = balance - rate * balance  # ok
    return balance, qml.version()


def once(theta, gradient, rate):
    theta = theta - rate * gradient(theta)  # ok
    return theta
