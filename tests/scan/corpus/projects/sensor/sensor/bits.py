"""Basis encoding of discretized readings."""

import json
import sys

import numpy as np
import pennylane as qml
from flask import Blueprint, request

bp = Blueprint("bits", __name__)
dev = qml.device("default.qubit", wires=4)


@qml.qnode(dev)
def basis(bits):
    qml.BasisEmbedding(bits, wires=range(4))
    return qml.probs(wires=range(4))


@bp.post("/bits")
def bits_route():
    values = [float(v) for v in request.json["bits"]]
    return {"p": basis(values).tolist()}


@qml.qnode(dev)
def index_state(i):
    qml.BasisEmbedding(features=i, wires=range(4))
    return qml.probs(wires=range(4))


def from_stdin() -> None:
    level = float(json.load(sys.stdin)["level"])
    print(index_state(int(level)))


def ranged(values) -> np.ndarray:
    x = np.asarray(values)
    if x.shape != (4,) or not np.isin(x, (0, 1)).all():
        raise ValueError("four bits are expected")
    return x.astype(int)


@qml.qnode(dev)
def basis_ranged(bits):
    qml.BasisEmbedding(bits, wires=range(4))
    return qml.probs(wires=range(4))


@bp.post("/bits/checked")
def bits_checked():
    return {"p": basis_ranged(ranged(request.json["bits"])).tolist()}
