"""Pauli vectors and transfer matrices agree with Qiskit and with their definitions."""

import itertools

import numpy as np
import pytest
import torch
from qiskit.quantum_info import PTM, Operator, random_density_matrix, random_statevector
from qiskit.quantum_info import random_unitary as random_operator

from redqubit.engine.pauli_basis import (
    operator_of_vector,
    pauli_rows,
    pauli_vector,
    transfer_of_kraus,
    transfer_of_unitary,
)


@pytest.mark.parametrize("n", [1, 2, 3])
def test_pauli_rows_are_traces_against_pauli_strings(dense, n):
    """Row P times the flattened density matrix is Tr(P rho), digit 0 being qubit 0."""
    rho = random_density_matrix(2**n, seed=n).data
    vector = pauli_rows(n) @ rho.reshape(-1)
    for index, letters in enumerate(itertools.product("IXYZ", repeat=n)):
        expected = np.trace(dense.observable("".join(letters)) @ rho)
        assert abs(vector[index] - expected) < 1e-14


@pytest.mark.parametrize("n", [1, 2])
def test_transfer_of_unitary_equals_qiskit(n):
    """The transfer matrix of a unitary is Qiskit's, from torch and from one Kraus operator."""
    unitary = random_operator(2**n, seed=n).data
    expected = PTM(Operator(unitary)).data
    assert abs(transfer_of_kraus(unitary[None]) - expected).max() < 1e-14
    assert abs(transfer_of_unitary(torch.tensor(unitary)).numpy() - expected).max() < 1e-14


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_pauli_vector_of_states_holds_expectation_values(dense, n):
    """A column of the Pauli vector is the list of expectation values of all Pauli strings."""
    states = np.array([random_statevector(2**n, seed=s).data for s in range(3)])
    vectors = pauli_vector(torch.tensor(states)).numpy()
    rng = np.random.default_rng(n)
    for letters in rng.choice(list("IXYZ"), size=(6, n)):
        matrix = dense.observable("".join(letters))
        index = int("".join(str("IXYZ".index(letter)) for letter in letters), 4)
        expected = np.einsum("bi,ij,bj->b", states.conj(), matrix, states).real
        assert abs(vectors[index] - expected).max() < 1e-14


@pytest.mark.parametrize("n", [1, 2, 3])
def test_operator_of_vector_sums_pauli_strings(dense, n):
    """Pauli coefficients give back the operator they describe."""
    coefficients = np.random.default_rng(n).normal(size=(4**n, 2))
    operators = operator_of_vector(torch.tensor(coefficients)).numpy()
    strings = ["".join(letters) for letters in itertools.product("IXYZ", repeat=n)]
    for column, operator in zip(coefficients.T, operators, strict=True):
        expected = sum(c * dense.observable(s) for c, s in zip(column, strings, strict=True))
        assert abs(operator - expected).max() < 1e-13
