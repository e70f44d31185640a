"""Bits by threshold, by type, by a check that raises, and drawn as bits."""

from typing import Literal

import numpy as np
import pennylane as qml
from fastapi import FastAPI, HTTPException, Request
from pydantic import BaseModel
from sklearn.datasets import load_wine

app = FastAPI()
device = qml.device("default.qubit", wires=4)


class Alarms(BaseModel):
    alarms: list[Literal[0, 1]]


class Switches(BaseModel):
    switches: list[bool]


@qml.qnode(device)
def node(pattern):
    qml.BasisEmbedding(pattern, wires=range(4))  # ok
    return qml.expval(qml.PauliZ(0))


@app.post("/alarms")
def alarms(body: Alarms):
    return float(node(body.alarms))


@app.post("/switches")
def switches(body: Switches):
    return float(node([int(item) for item in body.switches]))


def only_bits(values):
    if not set(values) <= {0, 1}:
        raise HTTPException(422, "bits only")


@app.post("/checked")
async def checked(request: Request):
    values = (await request.json())["bits"]
    only_bits(values)
    return float(node(values))


def wines():
    X, y = load_wine(return_X_y=True)
    high = X[:, :4] > X[:, :4].mean(axis=0)
    return [node(row) for row in high.astype(int)]


def drawn(rng):
    return node(rng.integers(0, 2, size=4)), node(np.round(rng.random(4)))


@app.post("/letters")
async def letters(request: Request):
    text = (await request.json())["text"]
    if set(text) - set("01"):
        raise HTTPException(422, "bits only")
    return float(node([int(item) for item in text]))


@app.post("/same")
async def same(request: Request):
    values = np.array((await request.json())["values"])
    if not np.array_equal(values, values.astype(bool)):
        raise HTTPException(422, "bits only")
    return float(node(values))
