"""Basis encoding: one bit a qubit."""

from __future__ import annotations

import math

from qiskit.circuit import ParameterVector, QuantumCircuit

from redqubit.circuits.parameters import FEATURE, qubits


def basis(n: int) -> QuantumCircuit:
    """Return the encoder that flips qubit ``i`` when ``x[i]`` is 1 and leaves it when it is 0.

    Built as RX(pi x), so values between 0 and 1 (what an evasion attack tries) are defined too; the
    period of each of the ``n`` features is 2.

    Source: Schuld, Petruccione, Supervised Learning with Quantum Computers (2018), section 5.1.
    """
    circuit = QuantumCircuit(qubits(n), name="basis")
    for qubit, feature in enumerate(ParameterVector(FEATURE, n)):
        circuit.rx(math.pi * feature, qubit)
    return circuit
