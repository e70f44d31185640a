"""The dense reference against Qiskit's matrices and against itself."""

import math

import numpy as np
import pytest
from qiskit.circuit.library import get_standard_gate_name_mapping
from qiskit.quantum_info import Operator, Pauli, Statevector, random_statevector, random_unitary

from redqubit.scan.fuzz.circuit import dense
from redqubit.scan.fuzz.circuit.subject import SHAPES


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_every_gate_has_qiskits_matrix(name: str) -> None:
    """Each gate of the table is the standard gate of that name, phase included."""
    angles = (0.7, -1.3, 2.1)[: SHAPES[name][1]]
    kind = type(get_standard_gate_name_mapping()[name])
    np.testing.assert_allclose(dense.matrix(name, angles), kind(*angles).to_matrix(), atol=1e-15)


def test_names_and_shapes_are_the_same_table() -> None:
    """Each gate with a shape has a matrix and the other way around."""
    assert set(SHAPES) == dense.NAMES


def test_gates_act_on_the_qubits_named_in_their_order() -> None:
    """A gate of three qubits in any order acts as Qiskit's operator does."""
    gate = np.asarray(random_unitary(8, seed=4).data)
    for targets in ((0, 1, 2), (3, 0, 2), (2, 3, 1)):
        expected = Operator(np.eye(16)).compose(Operator(gate), qargs=list(targets)).data
        np.testing.assert_allclose(dense.unitary([(gate, targets)], 4), expected, atol=1e-13)


def test_expectation_values_are_those_of_qiskit() -> None:
    """The rightmost letter of a label belongs to qubit 0."""
    state = random_statevector(8, seed=1)
    labels = ["IIX", "ZYX", "YIZ", "III"]
    expected = [Statevector(state).expectation_value(Pauli(label)).real for label in labels]
    np.testing.assert_allclose(dense.expectation(labels, state.data), expected, atol=1e-14)


def test_distance_ignores_one_phase_only() -> None:
    """A global phase is no distance, a relative one is, and NaN is infinitely far."""
    state = np.array([0.6, 0.8j])
    assert dense.distance(state, state * np.exp(1.7j)) < 1e-15
    assert dense.distance(state, state * [1, np.exp(0.1j)]) > 0.03
    assert dense.distance(state, np.array([math.nan, 0])) == math.inf
    assert dense.distance(np.eye(2)[0], np.eye(2)[1]) == 1
