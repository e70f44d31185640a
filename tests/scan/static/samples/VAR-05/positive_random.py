"""Random where it must repeat, repeated where it must be random."""

import numpy as np
import pennylane as qml
from sklearn.model_selection import train_test_split

device = qml.device("default.qubit", wires=4)


def robust_accuracy(model, X, y, attack):
    train_x, test_x, train_y, test_y = train_test_split(X, y)  # finds: VAR-05
    return model.fit(train_x, train_y).score(attack(test_x), test_y)


def start():
    weights = np.random.uniform(-np.pi, np.pi, (2, 4))  # finds: VAR-05
    return weights


def shuffled(rows):
    order = np.random.permutation(len(rows))  # finds: VAR-05
    return rows[order]
