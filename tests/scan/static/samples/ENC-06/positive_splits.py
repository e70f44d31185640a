"""Splits by index or folds, and a helper that fits for a request."""

import numpy as np
import pennylane as qml
from fastapi import FastAPI
from sklearn.decomposition import PCA
from sklearn.model_selection import StratifiedKFold
from sklearn.preprocessing import MinMaxScaler, StandardScaler

app = FastAPI()
device = qml.device("default.qubit", wires=4)


def by_order(X, y):
    X = StandardScaler().fit_transform(X)  # finds: ENC-06
    order = np.random.default_rng(1).permutation(len(X))
    first, second = order[:80], order[80:]
    return X[first], X[second], y[first], y[second]


def by_cut(X, y, n):
    X = PCA(4).fit_transform(X)  # finds: ENC-06
    return X[:n], X[n:], y[:n], y[n:]


def by_folds(X, y):
    X = MinMaxScaler().fit_transform(X)  # finds: ENC-06
    return [(X[a], X[b]) for a, b in StratifiedKFold(5).split(X, y)]


def to_angles(rows):
    scaler = MinMaxScaler((0, np.pi))
    return scaler.fit_transform(rows)  # finds: ENC-06


@app.post("/day")
def day(rows: list[list[float]]):
    return to_angles(np.array(rows)).tolist()
