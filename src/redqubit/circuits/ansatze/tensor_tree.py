"""Tensor tree: blocks on pairs of qubits, of which one goes on to the next level."""

from __future__ import annotations

from qiskit.circuit import ParameterVector, QuantumCircuit

from redqubit.circuits.parameters import WEIGHT, qubits


def tensor_tree(n: int) -> QuantumCircuit:
    """Return a binary tree of blocks RY, RY, CNOT that ends on the last qubit.

    The target of each CNOT goes on; an odd qubit without a partner waits for the next level. For
    ``n`` a power of two it equals PennyLane's ``TTN`` with that block; ``2 (n - 1)`` weights.

    Source: Grant et al., npj Quantum Information 4, 65 (2018), arXiv:1804.03680, figure 2a.
    """
    circuit = QuantumCircuit(qubits(n, low=2), name="tensor_tree")
    w = iter(ParameterVector(WEIGHT, 2 * (n - 1)))
    alive = list(range(n))
    while len(alive) > 1:
        pairs = [alive[i : i + 2] for i in range(0, len(alive), 2)]
        for pair in pairs:
            if len(pair) == 2:
                circuit.ry(next(w), pair[0])
                circuit.ry(next(w), pair[1])
                circuit.cx(pair[0], pair[1])
        alive = [pair[-1] for pair in pairs]
    return circuit
