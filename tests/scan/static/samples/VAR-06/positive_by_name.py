"""Mappings that are copied key by key, or handed on."""

import json

import cirq
from flask import Flask, request
from models import circuit

app = Flask(__name__)


@app.post("/by-name")
def by_name():
    values = request.get_json()["parameters"]
    angles = {name: values[name] for name in values}
    return str(circuit().assign_parameters(angles))  # finds: VAR-06


@app.post("/items")
def items():
    values = request.get_json()["params"]
    angles = {key: float(x) for key, x in values.items()}
    return str(circuit().assign_parameters(angles))  # finds: VAR-06


def resolve(model, values):
    return cirq.resolve_parameters(model, values)  # finds: VAR-06


def from_file(model, path):
    with open(path) as file:
        return resolve(model, json.load(file))
