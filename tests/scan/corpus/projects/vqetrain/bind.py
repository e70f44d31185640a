"""Evaluates the ansatz for parameters a client sends."""

import json
import sys

import numpy as np
from flask import Blueprint, request
from qiskit.quantum_info import Statevector

from ansatz import HAMILTONIAN, THETA, circuit

bp = Blueprint("bind", __name__)
NAMES = {p.name: p for p in THETA}


@bp.post("/energy/by-order")
def by_order():
    values = request.get_json()["parameters"]
    bound = circuit().assign_parameters(list(values.values()))
    return {"energy": float(Statevector(bound).expectation_value(HAMILTONIAN).real)}


@bp.post("/energy/by-name")
def by_name():
    values = request.get_json()["parameters"]
    bound = circuit().assign_parameters({name: values[name] for name in values})
    return {"energy": float(Statevector(bound).expectation_value(HAMILTONIAN).real)}


@bp.post("/energy")
def by_object():
    values = request.get_json()["parameters"]
    if values.keys() != NAMES.keys():
        return {"error": "the parameter names differ"}, 400
    angles = {NAMES[name]: float(values[name]) for name in NAMES}
    if not all(np.isfinite(v) and abs(v) <= np.pi for v in angles.values()):
        return {"error": "angles must lie in [-pi, pi]"}, 400
    bound = circuit().assign_parameters(angles)
    return {"energy": float(Statevector(bound).expectation_value(HAMILTONIAN).real)}


def from_file(path: str) -> float:
    with open(path) as handle:
        values = json.load(handle)
    bound = circuit().assign_parameters(list(values.values()))
    return float(Statevector(bound).expectation_value(HAMILTONIAN).real)


if __name__ == "__main__":
    print(from_file(sys.argv[1]))
