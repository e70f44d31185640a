"""Costs that reach helpers, tables, networks and bodies of requests."""

import json

import cirq
import pennylane as qml
import requests
from dwave.system import DWaveSampler
from fastapi import Body, FastAPI
from flask import request
from qiskit import QuantumCircuit

app = FastAPI()
WIRES = 4
device = qml.device("default.qubit", wires=WIRES)


@qml.qnode(device)
def score(features):
    qml.AngleEmbedding(features, wires=range(WIRES))
    return qml.expval(qml.PauliZ(0))


@app.post("/score")
def scored(body: dict = Body(...)):
    return float(score([0.1] * WIRES, shots=body.get("shots", 100)))  # finds: RUN-01


def feature_circuit(depth=1):
    circuit = cirq.Circuit()
    for _ in range(depth):
        circuit.append(cirq.H.on_each(*cirq.LineQubit.range(WIRES)))
    return circuit


@app.post("/depth")
def deep(body: dict):
    return str(feature_circuit(body["depth"]))  # finds: RUN-01


def ghz(n):
    circuit = QuantumCircuit(n)
    circuit.h(0)
    return circuit


EXPERIMENTS = {"ghz": ghz}


def chosen():
    build = EXPERIMENTS[request.json["name"]]
    return str(build(int(request.json["qubits"])))  # finds: RUN-01


def _sampler():
    return DWaveSampler()


def annealed():
    payload = request.get_json()
    return _sampler().sample_ising({}, {}, num_reads=payload["reads"])  # finds: RUN-01


def posted():
    payload = json.loads(request.data)
    body = {
        "target": "qpu",
        "shots": payload["shots"],  # finds: RUN-01
    }
    return requests.post("https://jobs.example.org", json=body, timeout=9)


def handler(event, context):
    options = {"shots": event["shots"]}  # finds: RUN-01
    return device.execute(QuantumCircuit(2), **options)
