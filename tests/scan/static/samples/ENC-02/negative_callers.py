"""Scaled in place, by a helper, in a class, or not data at all."""

import numpy as np
import pennylane as qml
from flask import Flask, request
from sklearn.datasets import load_iris, load_wine
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

app = Flask(__name__)
device = qml.device("default.qubit", wires=4)


@qml.qnode(device)
def node(x):
    qml.AngleEmbedding(x, wires=range(4))  # ok
    return qml.expval(qml.PauliZ(0))


def in_place():
    X = load_iris().data
    X /= X.max(axis=0)
    return [node(row) for row in X]


def squash(rows):
    return 2 * np.arctan(rows)


def by_helper(path):
    return [node(row) for row in squash(np.loadtxt(path))]


class Split:
    def __init__(self):
        X, y = load_wine(return_X_y=True)
        X_train, X_test, self.y_train, self.y_test = train_test_split(X, y)
        scaler = StandardScaler().fit(X_train)
        self.X_train = scaler.transform(X_train)


def by_class():
    split = Split()
    return sum((node(x) - label) ** 2 for x, label in zip(split.X_train, split.y_train))


@app.post("/turn")
def turn():
    turns = request.json["turns"]
    return str(node([2 * np.pi * value for value in turns]))
