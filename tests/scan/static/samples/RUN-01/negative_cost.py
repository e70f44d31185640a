"""Every number has a maximum."""

from typing import Annotated

import cirq
import pennylane as qml
from fastapi import FastAPI, Query
from flask import Flask, abort, request
from pydantic import BaseModel, Field
from qiskit import QuantumCircuit
from qiskit_ibm_runtime import SamplerV2

MAXIMUM = 4096
app = Flask(__name__)
api = FastAPI()


class Job(BaseModel):
    shots: Annotated[int, Field(ge=1, le=4096)]


@app.post("/sample")
def sample():
    shots = min(int(request.args["shots"]), MAXIMUM)
    return SamplerV2().run([QuantumCircuit(2)], shots=shots).job_id()  # ok


@app.post("/size")
def size():
    qubits = int(request.json["qubits"])
    if qubits > 20:
        abort(413)
    return str(QuantumCircuit(qubits))  # ok


@api.post("/jobs")
def jobs(job: Job):
    return SamplerV2().run([QuantumCircuit(2)], shots=job.shots).job_id()  # ok


@api.get("/cirq")
def repeat(repetitions: int = Query(1000, ge=1, le=10_000)):
    circuit = cirq.Circuit(cirq.H(cirq.LineQubit(0)))
    return str(cirq.Simulator().run(circuit, repetitions=repetitions))  # ok


@app.post("/device")
def device():
    wires = len(request.json["features"])
    return str(qml.device("default.qubit", wires=wires))  # ok


@app.post("/mode")
def mode():
    shots = 100 if request.json["fast"] else 1000
    return SamplerV2().run([QuantumCircuit(2)], shots=shots).job_id()  # ok
