"""Loads ansatz plug-ins that a job names."""

import importlib

import pennylane as qml
from flask import Blueprint, jsonify, request

bp = Blueprint("plugins", __name__)


def resolve(path: str):
    module, _, name = path.rpartition(".")
    return getattr(importlib.import_module(module), name)


@bp.post("/ansatz")
def ansatz():
    spec = request.get_json()
    factory = resolve(spec["factory"])
    return jsonify(doc=factory.__doc__)


@bp.post("/gate")
def gate():
    name = request.json["gate"]
    operation = getattr(qml, name)
    return jsonify(wires=operation.num_wires)


@bp.post("/optimizer")
def optimizer():
    module = __import__(request.json["module"])
    return jsonify(name=module.__name__)
