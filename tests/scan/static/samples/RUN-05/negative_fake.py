"""Fakes that a setting chooses or that decide nothing."""

import os

from flask import Flask
from qiskit import transpile
from qiskit.providers.fake_provider import GenericBackendV2
from qiskit_aer import AerSimulator
from qiskit_ibm_runtime import QiskitRuntimeService
from qiskit_ibm_runtime.fake_provider import FakeManilaV2

app = Flask(__name__)


def predict(circuit, simulate=False):
    backend = FakeManilaV2() if simulate else QiskitRuntimeService().backend("ibm_fez")  # ok
    return backend.run(transpile(circuit, backend)).result()


def compare_layouts(circuit):
    backend = GenericBackendV2(num_qubits=5)  # ok
    return transpile(circuit, backend).depth()


def noise_model():
    return AerSimulator.from_backend(FakeManilaV2())  # ok


if __name__ == "__main__":
    app.run(port=8000)  # ok


def start():
    app.run(debug=os.environ.get("DEBUG") == "1")  # ok
