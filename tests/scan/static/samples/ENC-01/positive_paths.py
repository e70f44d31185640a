"""Numbers on their way through objects, factories, callbacks and threads."""

import json
import threading
from dataclasses import dataclass

import cirq
import numpy as np
import paho.mqtt.client as mqtt
import pandas as pd
import pennylane as qml
import sympy
from fastapi import BackgroundTasks, FastAPI
from pydantic import BaseModel, Field
from qiskit import QuantumCircuit

app = FastAPI()
device = qml.device("default.qubit", wires=4)
LIMIT = 0.5


class Job(BaseModel):
    phases: list[float]
    shots: int = Field(100, ge=1, le=1000)


@dataclass
class Reading:
    tag: str
    angles: list


def layer(wires):
    @qml.qnode(device)
    def node(x):
        qml.AngleEmbedding(x, wires=range(wires))  # finds: ENC-01
        return qml.expval(qml.PauliZ(0))

    return node


@app.post("/bounded-shots")
def bounded_shots(job: Job):
    return {"value": float(layer(4)(np.array(job.phases)))}


@app.post("/queued")
def queued(job: Job, tasks: BackgroundTasks):
    tasks.add_task(later, job.phases)
    return {"queued": True}


def later(phases):
    circuit = QuantumCircuit(1)
    circuit.rz(phases[0], 0)  # finds: ENC-01
    return circuit


@app.post("/reading")
def reading(body: dict):
    one = Reading("a", body["angles"])
    return {"circuit": str(cirq.rx(one.angles[0])(cirq.LineQubit(0)))}  # finds: ENC-01


class Listener:
    def __init__(self):
        self.client = mqtt.Client()
        self.client.on_message = self.received

    def received(self, client, data, message):
        circuit = QuantumCircuit(1)
        circuit.ry(json.loads(message.payload)["angle"], 0)  # finds: ENC-01
        return circuit


def probe(message: dict):
    shots = message["shots"]
    if shots > 1000:
        raise ValueError("too many shots")
    circuit = QuantumCircuit(1)
    circuit.rx(float(message["angle"]), 0)  # finds: ENC-01
    return circuit


SYMBOL = sympy.Symbol("t")


@app.post("/classify")
def classify(body: dict):
    circuit = cirq.Circuit(cirq.rx(SYMBOL)(cirq.LineQubit(0)))
    return str(cirq.Simulator().simulate(circuit, {"t": body["x"]}))  # finds: ENC-01


@qml.qnode(device)
def judged(x):
    qml.RX(x[0], wires=0)  # finds: ENC-01
    return qml.expval(qml.PauliZ(0))


@app.post("/accept")
def accept(body: dict):
    value = float(judged(body["x"]))
    return {"accepted": value < LIMIT}


def of_patients():
    rows = pd.read_csv("patients.csv").to_numpy()
    return [encoded(row) for row in rows]


@qml.qnode(device)
def encoded(row):
    qml.AngleEmbedding(row, wires=range(4))  # finds: ENC-01 low
    return qml.expval(qml.PauliZ(0))


def in_background(body):
    threading.Thread(target=later, args=(body["x"],)).start()
