"""Marked parameters and joining of circuits."""

from __future__ import annotations

import numpy as np
import pytest
from qiskit.circuit import Parameter, QuantumCircuit
from qiskit.quantum_info import Operator

from redqubit import circuits
from redqubit.core.errors import InputError


def test_parameters_come_in_index_order():
    """Index 10 comes after index 9, not after index 1."""
    names = [p.name for p in circuits.weights(circuits.strongly_entangling(4, 1))]
    assert names == [f"w[{i}]" for i in range(12)]


def test_unmarked_parameters_are_refused():
    """A parameter that is neither feature nor weight is an error that names it."""
    circuit = QuantumCircuit(1)
    circuit.rx(Parameter("theta"), 0)
    with pytest.raises(InputError, match="'theta' is neither a feature nor a weight"):
        circuits.features(circuit)


def test_joined_circuit_has_the_encoders_weights_first():
    """Joining renumbers the weights of the ansatz after those of the encoder."""
    rng = np.random.default_rng(0)
    encoder, ansatz = circuits.reupload(2, 1), circuits.real_amplitudes(2, 1)
    joined = circuits.join(encoder, ansatz)
    assert [p.name for p in circuits.weights(joined)] == [f"w[{i}]" for i in range(10)]
    x, w = rng.normal(size=2), rng.normal(size=10)
    first, second = circuits.bind(encoder, x, w[:6]), circuits.bind(ansatz, w=w[6:])
    expected = Operator(first).compose(Operator(second))
    np.testing.assert_allclose(Operator(circuits.bind(joined, x, w)), expected, atol=1e-12)


def test_binding_counts_the_values():
    """Too few values are an error that gives both numbers."""
    with pytest.raises(InputError, match="has 2 features, got 1 values"):
        circuits.bind(circuits.angle(2), [0.1])


def test_joining_refuses_other_sizes_and_features_in_the_ansatz():
    """Both parts must fit: same number of qubits, features only in the encoder."""
    with pytest.raises(InputError, match="same number of qubits, got 2 and 3"):
        circuits.join(circuits.angle(2), circuits.tensor_tree(3))
    with pytest.raises(InputError, match="must not contain features"):
        circuits.join(circuits.angle(2), circuits.angle(2))
