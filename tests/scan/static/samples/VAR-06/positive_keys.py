"""The order or the names of a file decide what is bound."""

import json

import cirq
from flask import Flask, request
from qiskit import QuantumCircuit

app = Flask(__name__)
circuit = QuantumCircuit(4)


def ordered(path):
    with open(path) as file:
        weights = json.load(file)
    return circuit.assign_parameters(list(weights.values()))  # finds: VAR-06


@app.post("/bind")
def bind():
    return str(circuit.assign_parameters(request.get_json()))  # finds: VAR-06


def resolver(path):
    with open(path) as file:
        return cirq.ParamResolver(json.load(file))  # finds: VAR-06


def resolved(model, path):
    with open(path) as file:
        values = json.load(file)
    return cirq.resolve_parameters(model, values)  # finds: VAR-06
