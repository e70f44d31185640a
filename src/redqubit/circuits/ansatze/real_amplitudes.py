"""Real amplitudes: RY rotations and CNOT gates, so that states stay real."""

from __future__ import annotations

from qiskit.circuit import ParameterVector, QuantumCircuit

from redqubit.circuits.parameters import WEIGHT, count, qubits


def real_amplitudes(n: int, layers: int) -> QuantumCircuit:
    """Return RY on each qubit, then ``layers`` of a CNOT chain and RY on each qubit.

    The chain runs from the last qubit to the first. Equal to Qiskit's ``real_amplitudes(n,
    reps=layers)``; ``n (layers + 1)`` weights.
    """
    circuit = QuantumCircuit(qubits(n), name="real_amplitudes")
    w = iter(ParameterVector(WEIGHT, n * (count("layers", layers) + 1)))
    for layer in range(layers + 1):
        if layer:
            for qubit in reversed(range(n - 1)):
                circuit.cx(qubit, qubit + 1)
        for qubit in range(n):
            circuit.ry(next(w), qubit)
    return circuit
