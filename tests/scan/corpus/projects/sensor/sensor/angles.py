"""Single-shot classification of (temperature, vibration) pairs."""

import math

import pennylane as qml
from flask import Blueprint, request

bp = Blueprint("angles", __name__)
dev = qml.device("default.qubit", wires=2)


@qml.qnode(dev)
def pair(t, v):
    qml.RX(t, wires=0)
    qml.RY(v, wires=1)
    qml.CNOT(wires=[0, 1])
    return qml.expval(qml.PauliZ(1))


@qml.qnode(dev)
def wrapped(t, v):
    qml.RX(t, wires=0)
    qml.RY(v, wires=1)
    qml.CNOT(wires=[0, 1])
    return qml.expval(qml.PauliZ(1))


@bp.post("/pair")
def pair_route():
    t = float(request.form["temperature"])
    v = float(request.form["vibration"])
    return {"z": float(pair(t, v))}


@bp.post("/wrapped")
def wrapped_route():
    t, v = (float(request.form[k]) for k in ("temperature", "vibration"))
    if not (math.isfinite(t) and math.isfinite(v)):
        return {"error": "not finite"}, 400
    return {"z": float(wrapped(math.tanh(t) * math.pi, math.tanh(v) * math.pi))}
