import importlib

from flask import request

import qiskit.circuit.library as library
from qiskit.circuit.library import EfficientSU2, RealAmplitudes

ANSATZE = {"real": RealAmplitudes, "efficient": EfficientSU2}
GATES = ("h", "x", "cx")
PREFIX = "qiskit.quantum_info."


def constant():
    return importlib.import_module("pennylane")  # ok


def mapped():
    return ANSATZE[request.json["ansatz"]](4)  # ok


def listed(circuit):
    name = request.json["gate"]
    if name not in GATES:
        raise ValueError(name)
    return getattr(circuit, name)(0)  # ok


def positive(circuit):
    name = request.json["gate"]
    if name in {"h", "x"}:
        return getattr(circuit, name)(0)  # ok
    return circuit


def asserted():
    name = request.json["gate"]
    assert name in GATES
    return getattr(library, name)  # ok


def prefixed(obj):
    if obj["__module__"].startswith("qiskit.quantum_info."):
        return importlib.import_module(obj["__module__"])  # ok
    return None


def decoded(object_hook=None):
    return importlib.import_module("json")  # ok


def own_names(model):
    return [getattr(model, name) for name in ("weights", "bias")]  # ok


def default():
    return getattr(request, "user", None)  # ok


def fixed(circuit):
    name = "h" if request.json["hadamard"] else "x"
    return getattr(circuit, name)(0)  # ok


def counted(circuit):
    return getattr(circuit, f"layer_{int(request.json['layer'])}")  # ok


def checked_split():
    name = request.json["module"]
    if name.split(".")[0] not in ("qiskit", "cirq"):
        raise ValueError(name)
    return importlib.import_module(name)  # ok


def plugins(names):
    return [importlib.import_module(name) for name in names]  # ok
