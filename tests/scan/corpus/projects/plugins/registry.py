"""Ansatz plug-ins by name, from a fixed list."""

import importlib

import pennylane as qml
from flask import Blueprint, abort, jsonify, request

bp = Blueprint("registry", __name__)
GATES = {"RX", "RY", "RZ", "CNOT"}
MODULES = ("plugins.hardware_efficient", "plugins.qaoa")
TEMPLATES = {
    "strong": qml.StronglyEntanglingLayers,
    "basic": qml.BasicEntanglerLayers,
}


@bp.post("/gate")
def gate():
    name = request.json["gate"]
    if name not in GATES:
        abort(400)
    operation = getattr(qml, name)
    return jsonify(wires=operation.num_wires)


@bp.post("/template")
def template():
    chosen = TEMPLATES.get(request.json["template"])
    if chosen is None:
        abort(400)
    return jsonify(name=chosen.__name__)


def load_all():
    return [importlib.import_module(name) for name in MODULES]


@bp.post("/module")
def module():
    name = request.json["module"]
    if name not in MODULES:
        raise ValueError("unknown module")
    return jsonify(doc=importlib.import_module(name).__doc__)
