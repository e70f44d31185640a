"""Keys are compared, or the circuit decides; only a number is made of the mapping."""

import json

import cirq
from fastapi import FastAPI, HTTPException
from pyquil import Program, get_qc
from qiskit import QuantumCircuit

app = FastAPI()


def scaled(circuit, path, angles):
    with open(path) as file:
        largest = max(json.load(file).values())
    return circuit.assign_parameters([angle / largest for angle in angles])


@app.post("/plain")
def plain(values: dict[str, float], circuit: QuantumCircuit):
    if set(values) != {item.name for item in circuit.parameters}:
        raise HTTPException(422, "other parameters")
    return circuit.assign_parameters(values)


def named(circuit, path):
    with open(path) as file:
        stored = json.load(file)
    resolver = cirq.ParamResolver({name: stored[name] for name in cirq.parameter_names(circuit)})
    return cirq.resolve_parameters(circuit, resolver)


def on_machine(program: Program, path):
    machine = get_qc("3q-qvm")
    with open(path) as file:
        stored = json.load(file)
    return machine.run(machine.compile(program), memory_map={"theta": [stored["a"], stored["b"]]})
