"""Amplitude encoding: a vector of features becomes the amplitudes of a state."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from qiskit.circuit import Gate, ParameterExpression, ParameterVector, QuantumCircuit
from qiskit.circuit.library import StatePreparation

from redqubit.circuits.parameters import FEATURE, qubits
from redqubit.core.errors import InputError


class AmplitudeEncoding(Gate):  # type: ignore[misc]  # qiskit ships no types
    """Prepare ``sum_i v_i |i> / |v|`` from |0...0> for real parameters ``v`` (2^n of them).

    The index ``i`` counts in Qiskit's order: qubit 0 is the least significant bit. The gate has a
    definition once its parameters are numbers.
    """

    def __init__(self, values: Sequence[ParameterExpression | float], label: str | None = None):
        size = len(values)
        if size < 2 or size & (size - 1):
            raise InputError(f"amplitude encoding needs 2, 4, 8, ... values, got {size}")
        super().__init__("amplitude_encoding", size.bit_length() - 1, list(values), label=label)

    def _define(self) -> None:
        values = np.array([float(value) for value in self.params])
        norm = float(np.linalg.norm(values))
        if not np.isfinite(norm) or norm == 0:
            raise InputError(
                "amplitude encoding needs finite features that are not all zero: the zero vector "
                "has no direction"
            )
        self.definition = QuantumCircuit(self.num_qubits)
        self.definition.append(StatePreparation(values / norm), range(self.num_qubits))


def amplitude(n: int) -> QuantumCircuit:
    """Return the encoder of ``2^n`` features as the normalized amplitudes of ``n`` qubits.

    Samples that differ by a positive factor get the same state.

    Source: Schuld, Petruccione, Supervised Learning with Quantum Computers (2018), section 5.2.
    """
    circuit = QuantumCircuit(qubits(n), name="amplitude")
    circuit.append(AmplitudeEncoding(list(ParameterVector(FEATURE, 2**n))), range(n))
    return circuit
