"""One circuit and several callers, of which one forgot to scale."""

import numpy as np
import pennylane as qml
from flask import Flask, request
from sklearn.datasets import load_breast_cancer, load_iris
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import MinMaxScaler

app = Flask(__name__)
device = qml.device("default.qubit", wires=4)


@qml.qnode(device)
def node(x):
    qml.AngleEmbedding(x, wires=range(4), rotation="Y")
    return qml.expval(qml.PauliZ(0))


def scaled():
    X, y = load_iris(return_X_y=True)
    X = MinMaxScaler((0, np.pi)).fit_transform(X)
    return [node(row) for row in X]


def raw():
    flowers = load_iris()
    X_train, X_test, y_train, y_test = train_test_split(flowers.data, flowers.target)
    return [node(row) for row in X_train]  # finds: ENC-02


def build(pulse):
    for wire, value in enumerate(pulse):
        qml.RY(value, wires=wire)  # finds: ENC-02
        qml.RX(value / 4, wires=wire)  # ok
    return qml.expval(qml.PauliZ(0))


@app.post("/pulse")
def pulse():
    return str(build([float(value) for value in request.json["pulse"]]))


def cancer(columns=4):
    data = load_breast_cancer(return_X_y=True)[0][:, :columns]
    return [second(row) for row in data]


@qml.qnode(device)
def second(row):
    for wire, value in zip(range(4), row):
        qml.RZ(value, wires=wire)  # finds: ENC-02
    return qml.expval(qml.PauliZ(0))
