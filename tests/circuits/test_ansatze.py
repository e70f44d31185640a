"""Ansatze against the templates of PennyLane and Qiskit."""

from __future__ import annotations

import numpy as np
import pennylane as qml
import pytest
from qiskit.circuit.library import efficient_su2
from qiskit.circuit.library import real_amplitudes as qiskit_real_amplitudes
from qiskit.quantum_info import Operator

from redqubit import circuits
from redqubit.core.errors import InputError


def unitary(circuit, w):
    return Operator(circuits.bind(circuit, w=w)).data


def pennylane_unitary(template, n):
    """PennyLane's wire 0 is the most significant bit, so the wire order is reversed."""
    return qml.matrix(template, wire_order=list(reversed(range(n))))()


def random_weights(circuit):
    return np.random.default_rng(1).normal(size=len(circuits.weights(circuit)))


@pytest.mark.parametrize(("n", "layers"), [(1, 2), (2, 3), (3, 3), (4, 4)])
def test_strongly_entangling_equals_pennylanes(n, layers):
    """The unitary equals StronglyEntanglingLayers with the weights reshaped to (L, n, 3)."""
    circuit = circuits.strongly_entangling(n, layers)
    w = random_weights(circuit)

    def template():
        qml.StronglyEntanglingLayers(w.reshape(layers, n, 3), wires=range(n))

    np.testing.assert_allclose(unitary(circuit, w), pennylane_unitary(template, n), atol=1e-12)


@pytest.mark.parametrize(("n", "layers"), [(2, 2), (3, 2), (5, 1)])
def test_simplified_two_design_equals_pennylanes(n, layers):
    """The unitary equals SimplifiedTwoDesign with initial weights w[:n]."""
    circuit = circuits.simplified_two_design(n, layers)
    w = random_weights(circuit)

    def template():
        qml.SimplifiedTwoDesign(w[:n], w[n:].reshape(layers, n - 1, 2), wires=range(n))

    np.testing.assert_allclose(unitary(circuit, w), pennylane_unitary(template, n), atol=1e-12)


@pytest.mark.parametrize("n", [2, 4])
def test_tensor_tree_equals_pennylanes(n):
    """For a power of two the unitary equals TTN with the block RY RY CNOT."""
    circuit = circuits.tensor_tree(n)
    w = random_weights(circuit)

    def block(weights, wires):
        qml.RY(weights[0], wires=wires[0])
        qml.RY(weights[1], wires=wires[1])
        qml.CNOT(wires=wires)

    def template():
        qml.TTN(range(n), 2, block, 2, w.reshape(n - 1, 2))

    np.testing.assert_allclose(unitary(circuit, w), pennylane_unitary(template, n), atol=1e-12)


@pytest.mark.parametrize(("n", "layers"), [(1, 1), (3, 2), (4, 1)])
def test_real_amplitudes_equals_qiskits(n, layers):
    """The unitary equals Qiskit's real_amplitudes and is real."""
    circuit = circuits.real_amplitudes(n, layers)
    w = random_weights(circuit)
    expected = Operator(qiskit_real_amplitudes(n, reps=layers).assign_parameters(w)).data
    np.testing.assert_allclose(unitary(circuit, w), expected, atol=1e-12)
    np.testing.assert_allclose(expected.imag, 0, atol=1e-12)


@pytest.mark.parametrize(("n", "layers"), [(1, 1), (3, 2)])
def test_hardware_efficient_equals_qiskits_efficient_su2(n, layers):
    """The unitary equals Qiskit's efficient_su2 with linear entanglement."""
    circuit = circuits.hardware_efficient(n, layers)
    w = random_weights(circuit)
    theirs = efficient_su2(n, reps=layers, entanglement="linear").assign_parameters(w)
    np.testing.assert_allclose(unitary(circuit, w), Operator(theirs).data, atol=1e-12)


@pytest.mark.parametrize("n", [2, 3, 5, 6, 7])
def test_tensor_tree_has_one_block_less_than_qubits(n):
    """Every block removes one qubit from the tree until the last qubit is left."""
    circuit = circuits.tensor_tree(n)
    assert circuit.count_ops()["cx"] == n - 1
    assert circuit.find_bit(circuit.data[-1].qubits[1]).index == n - 1


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: circuits.tensor_tree(1), "from 2 to 16, got 1"),
        (lambda: circuits.strongly_entangling(4, 0), "layers must be from 1"),
        (lambda: circuits.real_amplitudes(True, 1), "whole number, got True"),
        (lambda: circuits.ansatz("strong_entangling"), "did you mean 'strongly_entangling'"),
    ],
)
def test_bad_arguments_name_the_rule(call, message):
    """A bad size or name is an InputError that says the rule and what came."""
    with pytest.raises(InputError, match=message):
        call()


def test_registry_names_are_function_names():
    """Every ansatz is found by its own name."""
    assert all(circuits.ansatz(f.__name__) is f for f in circuits.ANSATZE)
