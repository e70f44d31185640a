"""Mappings copied, taken apart and passed by other names; other frameworks."""

import json

import cirq
import requests
import sympy
from fastapi import FastAPI
from pydantic import BaseModel
from pyquil import Program, get_qc
from qiskit import QuantumCircuit

app = FastAPI()
MODELS = {"small", "large"}


class Job(BaseModel):
    name: str
    bindings: dict[str, float]


def zipped(circuit, names, url):
    values = list(requests.get(url, timeout=9).json()["theta"].values())
    resolver = cirq.ParamResolver(dict(zip(names, values)))  # finds: VAR-06
    return cirq.Simulator().simulate(circuit, param_resolver=resolver)


def on_machine(program: Program, path):
    machine = get_qc("3q-qvm")
    with open(path) as file:
        stored = json.load(file)
    angles = [float(value) for value in stored.values()]
    return machine.run(machine.compile(program), memory_map={"theta": angles})  # finds: VAR-06


@app.post("/bound")
def bound(job: Job, circuit: QuantumCircuit):
    if job.name not in MODELS:
        raise ValueError(job.name)
    return circuit.assign_parameters(job.bindings)  # finds: VAR-06


@app.post("/plain")
def plain(values: dict[str, float], circuit: QuantumCircuit):
    return circuit.assign_parameters(dict(values))  # finds: VAR-06


def symbols(circuit, path):
    with open(path) as file:
        stored = json.load(file)
    resolver = {sympy.Symbol(name): float(value) for name, value in stored.items()}
    return cirq.resolve_parameters(circuit, resolver)  # finds: VAR-06
