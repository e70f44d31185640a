"""Fakes that answer for hardware."""

import pennylane as qml
from flask import Flask, request
from qiskit import QuantumCircuit, transpile
from qiskit.providers.fake_provider import GenericBackendV2
from qiskit_ibm_runtime.fake_provider import FakeManilaV2

app = Flask(__name__)
BACKEND = FakeManilaV2()  # finds: RUN-05


def predict(circuit):
    return BACKEND.run(transpile(circuit, BACKEND)).result().get_counts()


class Detector:
    def __init__(self):
        self.backend = GenericBackendV2(num_qubits=5)  # finds: RUN-05

    def detect(self, circuit):
        return self.backend.run(circuit).result()


@app.post("/score")
def answer():
    backend = FakeManilaV2()  # finds: RUN-05
    circuit = QuantumCircuit(int(bool(request.json)))
    return str(backend.run(circuit).result())


def start():
    app.run(host="127.0.0.1", debug=True)  # finds: RUN-05
    return qml.version()
