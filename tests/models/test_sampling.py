"""Expectation values from shots, and the gradient a device would measure."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from redqubit import circuits, engine
from redqubit.models.sampling import SampledExpectations, shift_circuits


@pytest.fixture(scope="module")
def program():
    circuit = circuits.join(circuits.angle(2), circuits.real_amplitudes(2, 1))
    features, weights = circuits.features(circuit), circuits.weights(circuit)
    return engine.compile(circuit, ["IZ", "XX"], features, weights, dtype="complex128")


def run(program, shots):
    rng = np.random.default_rng(0)
    x = torch.as_tensor(rng.normal(size=(3, 2)))
    w = torch.as_tensor(rng.normal(size=(2, 4))).requires_grad_()
    values = SampledExpectations(program, shots, np.random.default_rng(1))(x, w)
    (gradient,) = torch.autograd.grad((values * torch.arange(6.0).reshape(3, 2)).sum(), w)
    return values.detach(), gradient


def test_many_shots_approach_exact_values_and_gradients(program):
    """The error of values and gradients falls with the square root of the shots."""
    values, gradient = run(program, None)
    for shots in (10**4, 10**8):
        sampled_values, sampled_gradient = run(program, shots)
        assert (sampled_values - values).abs().max() < 5 / shots**0.5
        assert (sampled_gradient - gradient).abs().max() < 5 * 8 / shots**0.5
    assert not torch.equal(sampled_values, values)


def test_every_call_samples_anew(program):
    """Values and gradients come from fresh shots, reproducible from the generator."""
    first, second = run(program, 100), run(program, 100)
    torch.testing.assert_close(first[0], second[0], rtol=0, atol=0)
    torch.testing.assert_close(first[1], second[1], rtol=0, atol=0)
    sampled = SampledExpectations(program, 100, np.random.default_rng(0))
    x, w = torch.ones(1, 2), torch.ones(1, 4)
    assert not torch.equal(sampled(x, w), sampled(x, w))


def test_shift_circuits_count_settings(program):
    """Four rotations take two circuits each in two measurement settings."""
    assert shift_circuits(program) == 4 * 2 * 2
