"""Simulators of studies, and debug mode that a setting chooses."""

import os

import pennylane as qml
from fastapi import FastAPI
from flask import Flask

device = qml.device("default.qubit", wires=2)  # ok
api = FastAPI(debug=bool(os.environ.get("DEBUG")))  # ok
app = Flask(__name__)
DEBUG = True  # ok: no setting of a framework


class TestingConfig:
    DEBUG = True  # ok


@qml.qnode(device)
def circuit(features):
    qml.AngleEmbedding(features, wires=range(2))
    return qml.expval(qml.PauliZ(0))


def predict(features):
    return float(circuit(features)) < 0


def block_encode(features):
    return circuit(features)


def hold_out(features):
    return circuit(features)


def start():
    if os.environ.get("LAB"):
        app.run(debug=True)  # ok
    app.run(debug=False)  # ok
