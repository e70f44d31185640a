"""Simplified two-design: CZ gates on alternating neighbors with RY rotations."""

from __future__ import annotations

from qiskit.circuit import ParameterVector, QuantumCircuit

from redqubit.circuits.parameters import WEIGHT, count, qubits


def simplified_two_design(n: int, layers: int) -> QuantumCircuit:
    """Return RY on each qubit, then ``layers`` of CZ and two RY on even and then on odd neighbors.

    Equal to PennyLane's ``SimplifiedTwoDesign`` with initial weights ``w[:n]`` and weights
    ``w[n:].reshape(layers, n - 1, 2)``; ``n + 2 (n - 1) layers`` weights.

    Source: Cerezo et al., Nature Communications 12, 1791 (2021), arXiv:2001.00550.
    """
    circuit = QuantumCircuit(qubits(n), name="simplified_two_design")
    w = iter(ParameterVector(WEIGHT, n + 2 * (n - 1) * count("layers", layers)))
    for qubit in range(n):
        circuit.ry(next(w), qubit)
    for _ in range(layers):
        for first in (*range(0, n - 1, 2), *range(1, n - 1, 2)):
            circuit.cz(first, first + 1)
            circuit.ry(next(w), first)
            circuit.ry(next(w), first + 1)
    return circuit
