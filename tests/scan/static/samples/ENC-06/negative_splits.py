"""Fitted on the training part, or on data that is not split."""

import numpy as np
import pennylane as qml
from sklearn.preprocessing import MinMaxScaler, StandardScaler

device = qml.device("default.qubit", wires=4)


def by_order(X):
    order = np.random.default_rng(1).permutation(len(X))
    first, second = order[:80], order[80:]
    scaler = StandardScaler().fit(X[first])  # ok
    return scaler.transform(X[first]), scaler.transform(X[second])


def batches(X, size):
    X = MinMaxScaler().fit_transform(X)  # ok
    return [X[start : start + size] for start in range(0, len(X), size)]


def plotted(X):
    X = StandardScaler().fit_transform(X)  # ok
    return X[:, 0], X[:10]


def to_angles(rows):
    return MinMaxScaler((0, np.pi)).fit_transform(rows)  # ok


def train(rows):
    return to_angles(rows)
