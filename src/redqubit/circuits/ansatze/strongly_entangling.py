"""Strongly entangling layers: general rotations and rings of CNOT gates of growing range."""

from __future__ import annotations

from collections.abc import Sequence

from qiskit.circuit import Parameter, ParameterVector, QuantumCircuit

from redqubit.circuits.parameters import WEIGHT, count, qubits


def strongly_entangling(n: int, layers: int) -> QuantumCircuit:
    """Return ``layers`` of RZ RY RZ on each qubit followed by a ring of CNOT gates.

    Layer ``l`` connects qubit ``i`` with ``i + 1 + l mod (n - 1)``. Equal to PennyLane's
    ``StronglyEntanglingLayers`` with weights ``w.reshape(layers, n, 3)``; ``3 n layers`` weights.

    Source: Schuld et al., PRA 101, 032308 (2020), arXiv:1804.00633, figure 4.
    """
    circuit = QuantumCircuit(qubits(n), name="strongly_entangling")
    w = ParameterVector(WEIGHT, 3 * n * count("layers", layers))
    for layer in range(layers):
        entangling_layer(circuit, w[3 * n * layer : 3 * n * (layer + 1)], layer)
    return circuit


def entangling_layer(circuit: QuantumCircuit, w: Sequence[Parameter], layer: int) -> None:
    """Append layer number ``layer`` with its ``3 n`` weights to ``circuit``."""
    n = circuit.num_qubits
    for qubit in range(n):
        circuit.rz(w[3 * qubit], qubit)
        circuit.ry(w[3 * qubit + 1], qubit)
        circuit.rz(w[3 * qubit + 2], qubit)
    if n > 1:
        for qubit in range(n):
            circuit.cx(qubit, (qubit + 1 + layer % (n - 1)) % n)
