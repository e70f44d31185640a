"""Features and levels that were taken for bits, next to functions that make bits of their own."""

import csv
import sys

import numpy as np
import pennylane as qml
from fastapi import FastAPI
from pydantic import BaseModel, Field
from sklearn.datasets import load_wine
from sklearn.preprocessing import MinMaxScaler

app = FastAPI()
device = qml.device("default.qubit", wires=4)


class Alarms(BaseModel):
    alarms: list[float] = Field(min_length=4, max_length=4)


@qml.qnode(device)
def first(pattern):
    qml.BasisEmbedding(pattern, wires=range(4))  # finds: ENC-05
    return qml.expval(qml.PauliZ(0))


@app.post("/alarms")
def alarms(body: Alarms):
    value = first([int(item) for item in body.alarms])
    return {"odd": bool(value < 0)}


@qml.qnode(device)
def second(pattern):
    qml.BasisState(pattern, wires=range(4))
    return qml.probs(wires=range(4))


@qml.qnode(device)
def rounded(row):
    bits = (np.asarray(row) > 0.5).astype(int)
    qml.BasisState(bits, wires=range(4))  # ok
    return qml.probs(wires=range(4))


def wines():
    X, y = load_wine(return_X_y=True)
    levels = np.round(X[:, :4] / X[:, :4].max(axis=0), 2)
    return [second(row) for row in levels]  # finds: ENC-05


def scaled(X):
    Z = MinMaxScaler().fit_transform(X)
    return [second(row) for row in Z]  # finds: ENC-05


def digits(rng):
    return second(rng.integers(0, 4, size=4))  # finds: ENC-05


@qml.qnode(device)
def third(pattern):
    qml.BasisEmbedding(features=pattern, wires=range(4))  # finds: ENC-05
    return qml.probs(wires=range(4))


def table(path):
    with open(path, newline="") as file:
        for row in csv.reader(file):
            yield np.array([float(cell) for cell in row])


if __name__ == "__main__":
    for row in table(sys.argv[1]):
        print(third(row), rounded(row))
