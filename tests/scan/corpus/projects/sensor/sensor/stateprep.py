"""Uploads raw vectors, later compared by a swap test."""

import json

import numpy as np
import pennylane as qml
from flask import Flask, request

app = Flask(__name__)
dev = qml.device("default.qubit", wires=5)


@qml.qnode(dev)
def overlap(a, b):
    qml.AmplitudeEmbedding(a, wires=[1, 2])
    qml.AmplitudeEmbedding(b, wires=[3, 4])
    qml.Hadamard(wires=0)
    qml.CSWAP(wires=[0, 1, 3])
    qml.CSWAP(wires=[0, 2, 4])
    qml.Hadamard(wires=0)
    return qml.probs(wires=0)


@app.post("/overlap")
def overlap_route():
    body = json.loads(request.data)
    a, b = np.array(body["a"]), np.array(body["b"])
    p = overlap(a, b)
    return {"overlap": float(2 * p[0] - 1)}
