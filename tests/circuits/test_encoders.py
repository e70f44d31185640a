"""Encoders against closed formulas and Qiskit's library."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit.circuit.library import zz_feature_map as qiskit_zz
from qiskit.quantum_info import Operator, Statevector

from redqubit import circuits
from redqubit.core.errors import InputError


def state(circuit, x):
    return Statevector(circuits.bind(circuit, x))


@pytest.mark.parametrize(
    ("axis", "single"),
    [
        ("x", lambda t: [math.cos(t / 2), -1j * math.sin(t / 2)]),
        ("y", lambda t: [math.cos(t / 2), math.sin(t / 2)]),
        ("z", lambda t: np.array([np.exp(-0.5j * t), np.exp(0.5j * t)]) / math.sqrt(2)),
    ],
)
@settings(max_examples=15, deadline=None)
@given(x=st.lists(st.floats(-7, 7), min_size=3, max_size=3), scale=st.sampled_from([1.0, 0.5, -2]))
def test_angle_encoding_is_a_product_of_rotated_qubits(axis, single, x, scale):
    """The state is the tensor product of R(scale x_i)|0>, qubit 0 least significant."""
    expected = np.array([1.0])
    for value in x:
        expected = np.kron(single(scale * value), expected)
    got = state(circuits.angle(3, axis, scale=scale), x).data
    np.testing.assert_allclose(got, expected, atol=1e-12)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.floats(-5, 5), min_size=8, max_size=8).filter(lambda v: np.linalg.norm(v) > 0.1))
def test_amplitude_encoding_is_the_normalized_vector(values):
    """Amplitude i is v_i over the norm of v."""
    got = state(circuits.amplitude(3), values).data
    np.testing.assert_allclose(got, np.array(values) / np.linalg.norm(values), atol=1e-9)


def test_amplitude_encoding_refuses_the_zero_vector():
    """The zero vector has no direction, so it has no state."""
    with pytest.raises(InputError, match="not all zero"):
        state(circuits.amplitude(1), [0.0, 0.0])
    with pytest.raises(InputError, match="2, 4, 8"):
        circuits.AmplitudeEncoding([1.0, 2.0, 3.0])


def test_basis_encoding_flips_the_qubits_of_ones():
    """Bits 1, 0, 1 become the basis state with index 0b101."""
    probabilities = state(circuits.basis(3), [1, 0, 1]).probabilities()
    assert np.argmax(probabilities) == 0b101
    assert probabilities.max() == pytest.approx(1)


@pytest.mark.parametrize("n", [2, 3])
def test_zz_feature_map_equals_qiskits(n):
    """The unitary equals that of Qiskit's zz_feature_map for the same features."""
    x = np.linspace(0.3, 2.9, n)
    ours = circuits.zz_feature_map(n, repetitions=2)
    theirs = qiskit_zz(n, reps=2, entanglement="full")
    mine = Operator(circuits.bind(ours, x))
    other = Operator(theirs.assign_parameters(x))
    np.testing.assert_allclose(mine.data, other.data, atol=1e-12)


@pytest.mark.parametrize("axis", ["x", "y", "z"])
def test_reupload_alternates_encoding_and_layers(axis):
    """Re-uploading equals angle encoding and one entangling layer, repeated."""
    rng = np.random.default_rng(3)
    n, layers = 3, 2
    circuit = circuits.reupload(n, layers, axis)
    x, w = rng.normal(size=n), rng.normal(size=3 * n * layers)
    got = Operator(circuits.bind(circuit, x, w))
    both = circuits.bind(circuits.strongly_entangling(n, layers), w=w)
    encode = circuits.bind(circuits.angle(n, axis), x)
    per_layer = len(both.data) // layers
    expected = Operator(np.eye(2**n))
    for layer in range(layers):
        block = both.copy_empty_like()
        block.data = both.data[layer * per_layer : (layer + 1) * per_layer]
        expected = expected.compose(Operator(encode)).compose(Operator(block))
    np.testing.assert_allclose(got.data, expected.data, atol=1e-12)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: circuits.angle(0), "number of qubits must be from 1 to 16, got 0"),
        (lambda: circuits.angle(17), "got 17"),
        (lambda: circuits.angle(2.5), "whole number, got 2.5"),
        (lambda: circuits.angle(2, "xx"), "unknown axis 'xx'.*did you mean 'x'"),
        (lambda: circuits.angle(2, scale=0.0), "scale must be"),
        (lambda: circuits.zz_feature_map(2, 0), "repetitions must be from 1"),
        (lambda: circuits.reupload(2, 0), "layers must be from 1"),
        (lambda: circuits.reupload(2, 1, "w"), "unknown axis"),
        (lambda: circuits.encoder("angel"), "unknown encoder 'angel'.*did you mean 'angle'"),
    ],
)
def test_bad_arguments_name_the_rule(call, message):
    """A bad size or name is an InputError that says the rule and what came."""
    with pytest.raises(InputError, match=message):
        call()


def test_registry_names_are_function_names():
    """Every encoder is found by its own name."""
    assert all(circuits.encoder(f.__name__) is f for f in circuits.ENCODERS)
