"""Named devices, recorded with the result."""

import pennylane as qml
from braket.aws import AwsDevice
from flask import Flask, abort, request
from qiskit import transpile
from qiskit_ibm_runtime import QiskitRuntimeService, SamplerV2

app = Flask(__name__)
ALLOWED = {"ibm_torino", "ibm_fez"}
DEVICES = {"aria": "arn:aws:braket:us-east-1::device/qpu/ionq/Aria-1"}


@app.post("/run")
def run():
    name = request.json["backend"]
    if name not in ALLOWED:
        abort(400)
    return str(QiskitRuntimeService().backend(name))  # ok


@app.post("/braket")
def on_braket():
    return str(AwsDevice(DEVICES[request.json["device"]]))  # ok


def fixed(circuit):
    backend = QiskitRuntimeService().backend("ibm_torino")  # ok
    return transpile(circuit, backend)


def recorded(circuit, store):
    backend = QiskitRuntimeService().least_busy(operational=True)  # ok
    store["backend"] = backend.name
    store["calibration"] = str(backend.properties().last_update_date)
    return SamplerV2(mode=backend).run([transpile(circuit, backend)]).result()


def local():
    return qml.device("default.qubit", wires=2)  # ok
