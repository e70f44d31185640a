"""Hardware efficient ansatz: single-qubit rotations and a chain of nearest-neighbor gates."""

from __future__ import annotations

from qiskit.circuit import ParameterVector, QuantumCircuit

from redqubit.circuits.parameters import WEIGHT, count, qubits


def hardware_efficient(n: int, layers: int) -> QuantumCircuit:
    """Return RY and RZ on each qubit, then ``layers`` of a CNOT chain and RY and RZ on each qubit.

    The chain runs from the first qubit to the last, so it fits a line of qubits. Equal to Qiskit's
    ``efficient_su2(n, reps=layers, entanglement="linear")``; ``2 n (layers + 1)`` weights, in each
    layer first those of RY, then those of RZ.

    Source: after Kandala et al., Nature 549, 242 (2017), with the CNOT gate as the entangler.
    """
    circuit = QuantumCircuit(qubits(n), name="hardware_efficient")
    w = iter(ParameterVector(WEIGHT, 2 * n * (count("layers", layers) + 1)))
    for layer in range(layers + 1):
        if layer:
            for qubit in range(n - 1):
                circuit.cx(qubit, qubit + 1)
        for rotate in (circuit.ry, circuit.rz):
            for qubit in range(n):
                rotate(next(w), qubit)
    return circuit
