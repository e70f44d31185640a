"""ZZ feature map: second-order Pauli-Z evolution."""

from __future__ import annotations

import math
from itertools import combinations

from qiskit.circuit import ParameterVector, QuantumCircuit

from redqubit.circuits.parameters import FEATURE, count, qubits


def zz_feature_map(n: int, repetitions: int = 2) -> QuantumCircuit:
    """Return the encoder H, P(2 x_i), and for every pair P(2 (pi - x_i)(pi - x_j)) on the parity.

    Equal to Qiskit's ``zz_feature_map(n, reps=repetitions, entanglement="full")``. The products
    make it aperiodic in the ``n`` features; the paper draws them from (0, 2 pi].

    Source: Havlicek et al., Nature 567, 209 (2019), arXiv:1804.11326, supplement equation 2.
    """
    circuit = QuantumCircuit(qubits(n), name="zz_feature_map")
    x = ParameterVector(FEATURE, n)
    for _ in range(count("repetitions", repetitions)):
        circuit.h(range(n))
        for qubit in range(n):
            circuit.p(2 * x[qubit], qubit)
        for first, second in combinations(range(n), 2):
            circuit.cx(first, second)
            circuit.p(2 * (math.pi - x[first]) * (math.pi - x[second]), second)
            circuit.cx(first, second)
    return circuit
