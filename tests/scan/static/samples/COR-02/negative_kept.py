"""Kept, in place, or only looked at."""

import contextlib

import cirq
from qiskit import QuantumCircuit, transpile
from qiskit.circuit.library import real_amplitudes


def model(features):
    circuit = QuantumCircuit(2)
    circuit.ry(features[0], 0)
    circuit.compose(real_amplitudes(2), inplace=True)  # ok
    circuit = circuit.compose(real_amplitudes(2))  # ok
    return circuit


def bound(circuit: QuantumCircuit, weights, options):
    circuit.assign_parameters(weights, inplace=True)  # ok
    circuit.assign_parameters(weights, True)  # ok
    circuit.assign_parameters(weights, **options)  # ok


def drawn(circuit: QuantumCircuit):
    circuit.decompose().draw()  # ok


def tried(circuit: QuantumCircuit, backend):
    try:
        transpile(circuit, backend)  # ok
    except ValueError:
        return False
    with contextlib.suppress(ValueError):
        transpile(circuit, backend)  # ok
    return True


def other(page, template):
    page.compose(template)  # ok
    return cirq.Circuit()
