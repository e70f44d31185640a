"""Tested on the way, whole numbers, or weights that are trained here."""

import json
import os

import numpy as np
import pandas as pd
import pennylane as qml
from fastapi import FastAPI
from pydantic import BaseModel, FiniteFloat
from sklearn.preprocessing import normalize

app = FastAPI()
device = qml.device("default.qubit", wires=4)


class Nested(BaseModel):
    row: list[FiniteFloat]


class Batch(BaseModel):
    items: list[Nested]


@qml.qnode(device)
def node(x):
    qml.AngleEmbedding(x, wires=range(4))  # ok
    return qml.expval(qml.PauliZ(0))


@app.post("/nested")
def nested(batch: Batch):
    return [float(node(np.array(item.row))) for item in batch.items]


@app.post("/compared")
def compared(body: dict):
    rows = body["rows"]
    if any(not -1 <= float(value) <= 1 for row in rows for value in row):
        raise ValueError("rows must be scaled")
    return [float(node(row)) for row in rows]


@app.get("/ticket/{ticket}")
def admit(ticket: int):
    return float(node([0.1 * (ticket % 7)] * 4))


class Table:
    def __init__(self, path):
        raw = np.loadtxt(path)
        if not np.isfinite(raw).all():
            raise ValueError(path)
        self.rows = np.arctan(raw)


def of_table(path):
    return [float(node(row)) for row in Table(path).rows]


def normalized():
    rows = normalize(pd.read_csv("patients.csv"))
    return [float(node(row)) for row in rows]


def trained():
    with open(os.environ["SETTINGS"]) as file:
        settings = json.load(file)
    optimizer = qml.AdamOptimizer(settings["stepsize"])
    w = np.zeros(4)
    for _ in range(10):
        w, loss = optimizer.step_and_cost(node, w)
    return w
