"""Bound by parameter, or compared first."""

import json

import cirq
from qiskit import QuantumCircuit

circuit = QuantumCircuit(4)


def by_parameter(path):
    with open(path) as file:
        values = json.load(file)
    return circuit.assign_parameters({p: values[p.name] for p in circuit.parameters})  # ok


def compared(path):
    with open(path) as file:
        values = json.load(file)
    if set(values) != {p.name for p in circuit.parameters}:
        raise ValueError("the file is for another circuit")
    return circuit.assign_parameters(values)  # ok


def own():
    values = {"a": 0.1, "b": 0.2}
    return cirq.ParamResolver(values)  # ok


def listed(path):
    with open(path) as file:
        values = json.load(file)
    return circuit.assign_parameters(values["theta"][:4])  # ok
