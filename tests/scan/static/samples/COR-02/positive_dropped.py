"""Circuits nobody keeps."""

import cirq
import numpy as np
from qiskit import QuantumCircuit, transpile
from qiskit.circuit.library import real_amplitudes


def model(features):
    circuit = QuantumCircuit(2)
    circuit.ry(features[0], 0)
    circuit.compose(real_amplitudes(2))  # finds: COR-02
    return circuit


def bound(circuit: QuantumCircuit, weights):
    circuit.assign_parameters(weights)  # finds: COR-02
    circuit.assign_parameters(weights, inplace=False)  # finds: COR-02
    return circuit


def prepared(circuit: QuantumCircuit, backend):
    transpile(circuit, backend)  # finds: COR-02
    return backend.run(circuit)


def resolved(circuit):
    cirq.resolve_parameters(circuit, {"t": np.pi})  # finds: COR-02
    return circuit


def mirrored():
    circuit = QuantumCircuit(1)
    circuit.h(0)
    circuit.inverse()  # finds: COR-02
    return circuit
