"""Whoever asks names the hardware."""

import pennylane as qml
from braket.aws import AwsDevice
from fastapi import FastAPI
from flask import Flask, request
from qiskit import transpile
from qiskit_ibm_runtime import QiskitRuntimeService, SamplerV2

app = Flask(__name__)
api = FastAPI()


@app.post("/run")
def run():
    service = QiskitRuntimeService()
    backend = service.backend(request.json["backend"])  # finds: RUN-03
    return str(backend)


@api.post("/braket")
def on_braket(arn: str):
    return str(AwsDevice(arn))  # finds: RUN-03


@api.post("/pennylane")
def on_pennylane(device: str):
    return str(qml.device(device, wires=2))  # finds: RUN-03


def predict(circuit):
    service = QiskitRuntimeService()
    backend = service.least_busy(operational=True, simulator=False)  # finds: RUN-03
    return SamplerV2(mode=backend).run([transpile(circuit, backend)]).result()
