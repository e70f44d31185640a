"""Gates as trigonometric polynomials of their angles, with the noise that follows."""

import numpy as np
import pytest
import torch

from redqubit.core.errors import InputError
from redqubit.engine.channels import amplitude_damping, depolarizing
from redqubit.engine.expression import Angle
from redqubit.engine.gates import PARAMETERIZED
from redqubit.engine.lowering import Lowered, Operation
from redqubit.engine.noise import Noise
from redqubit.engine.pauli_basis import transfer_of_unitary
from redqubit.engine.transfer_factors import factors_of, gate_polynomial, half_basis

EULER = ("u", "u2", "u3")


def evaluate(coefficients, harmonics, angles):
    """Contract polynomial coefficients (b_1, ..., b_a, D, D) with the basis of each angle."""
    for angle, each in zip(angles, harmonics, strict=True):
        coefficients = np.tensordot(half_basis(np.array(angle), each), coefficients, (0, 0))
    return coefficients


@pytest.mark.parametrize("name", sorted(set(PARAMETERIZED) - set(EULER)))
def test_polynomial_is_the_transfer_matrix_at_any_angle(dense, name):
    """The interpolated polynomial of each gate is exact between its nodes."""
    count = len(dense.GATES[name].params)
    coefficients, harmonics = gate_polynomial(name, count)
    for angles in np.random.default_rng(1).uniform(-7, 7, size=(4, count)):
        unitary = PARAMETERIZED[name](*torch.tensor(angles))
        expected = transfer_of_unitary(unitary).numpy()
        assert abs(evaluate(coefficients, harmonics, angles) - expected).max() < 1e-12


@pytest.mark.parametrize(
    ("name", "harmonics"),
    [("rx", ((2,),)), ("crz", ((1, 2),)), ("cp", ((2,),)), ("r", ((2,), (2, 4)))],
)
def test_harmonics_are_those_of_the_generator(name, harmonics):
    """Rotations have frequency 1, controlled ones also 1/2, a turned axis also 2."""
    assert gate_polynomial(name, len(harmonics))[1] == harmonics


@pytest.mark.parametrize("name", EULER)
def test_euler_gates_split_into_three_rotations(dense, name):
    """The product of the factors of an Euler gate is its transfer matrix, noise after it all."""
    angles = np.random.default_rng(2).normal(size=len(dense.GATES[name].params))
    operation = Operation(name, (0,), tuple(Angle(weights=((i, 1.0),)) for i in range(len(angles))))
    noise = Noise(one_qubit=(depolarizing(0.2), amplitude_damping(0.3)))
    total = np.eye(4)
    for factor in factors_of(Lowered(1, (operation,), 0, len(angles)), noise):
        none = torch.zeros(0, dtype=torch.float64)
        values = [float(angle.value(none, torch.tensor(angles))) for angle in factor.angles]
        shape = [1 + 2 * len(each) for each in factor.harmonics]
        coefficients = factor.coefficients.reshape(*shape, 4, 4)
        total = evaluate(coefficients, factor.harmonics, values) @ total
    unitary = PARAMETERIZED[name](*torch.tensor(angles))
    after = noise.transfer_after(name, (0,))
    assert abs(total - after @ transfer_of_unitary(unitary).numpy()).max() < 1e-12


def test_constant_angles_are_put_in():
    """A gate with numbers for angles is a fixed matrix; one of two angles leaves one."""
    fixed, half = factors_of(
        Lowered(
            1,
            (
                Operation("rx", (0,), (Angle(0.3),)),
                Operation("r", (0,), (Angle(weights=((0, 1.0),)), Angle(0.4))),
            ),
            0,
            1,
        ),
        None,
    )
    assert fixed.fixed
    assert fixed.coefficients[0, 2, 3] == pytest.approx(-np.sin(0.3))
    assert (len(half.angles), half.coefficients.shape) == (1, (3, 4, 4))


def test_encoding_channels_follow_gates_with_features():
    """Noise of the encoding goes to gates that depend on features, and only there."""
    noise = Noise(encoding=(depolarizing(1.0),))
    by_feature, by_weight = factors_of(
        Lowered(
            1,
            (
                Operation("rx", (0,), (Angle(features=((0, 1.0),)),)),
                Operation("rx", (0,), (Angle(weights=((0, 1.0),)),)),
            ),
            1,
            1,
        ),
        noise,
    )
    assert by_feature.sampled
    assert not by_weight.sampled
    assert abs(by_feature.coefficients[:, 1:]).max() < 1e-15
    assert abs(by_weight.coefficients[:, 1:]).max() == pytest.approx(1)


def test_gate_too_wide_for_a_transfer_matrix_is_an_error():
    """Six-qubit gates would need 4096 x 4096 matrices and are refused by name."""
    operation = Operation("unitary", tuple(range(6)), matrix=np.eye(64))
    with pytest.raises(InputError, match=r"'unitary' acts on 6 qubits"):
        list(factors_of(Lowered(6, (operation,), 0, 0), None))
