"""The caller decides what it costs."""

import cirq
import pennylane as qml
from braket.aws import AwsDevice
from fastapi import FastAPI
from flask import Flask, request
from pydantic import BaseModel
from qiskit import QuantumCircuit
from qiskit.circuit.library import real_amplitudes
from qiskit_ibm_runtime import SamplerV2

app = Flask(__name__)
api = FastAPI()


class Job(BaseModel):
    program: str
    shots: int = 1000


@app.post("/sample")
def sample():
    sampler = SamplerV2()
    circuit = QuantumCircuit(2)
    return sampler.run([circuit], shots=int(request.args["shots"])).job_id()  # finds: RUN-01


@app.post("/size")
def size():
    qubits = int(request.json["qubits"])
    return str(QuantumCircuit(qubits))  # finds: RUN-01


@api.post("/jobs")
def jobs(job: Job):
    device = AwsDevice("arn:aws:braket:::device/x")
    return device.run(job.program, shots=job.shots).id  # finds: RUN-01


@api.get("/cirq")
def repeat(repetitions: int):
    circuit = cirq.Circuit(cirq.H(cirq.LineQubit(0)))
    return str(cirq.Simulator().run(circuit, repetitions=repetitions))  # finds: RUN-01


@api.get("/device")
def device(wires: int):
    return str(qml.device("default.qubit", wires=wires))  # finds: RUN-01


@app.post("/depth")
def depth():
    reps = request.get_json()["reps"]
    return str(real_amplitudes(4, reps=reps))  # finds: RUN-01
