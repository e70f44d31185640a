import numpy as np
import pytest

from redqubit.certify.arcs import LIMIT, basis, control_points, halving, snap

DEGREES = [1, 2, 3]
NARROW = [1e-4, 0.3, 1.0, LIMIT]


def control(form, center, half):
    return control_points(np.array(center), np.array(half), form.size // 2) @ form


@pytest.mark.parametrize("degree", DEGREES)
@pytest.mark.parametrize("half", [*NARROW, 1.5, 3.0, 7.0])
def test_control_values_enclose_the_curve(degree, half):
    """Every value on an arc lies between the smallest and the largest control value."""
    rng = np.random.default_rng(degree)
    for _ in range(20):
        form, center = rng.normal(size=2 * degree + 1), rng.uniform(-4, 4)
        values = basis(np.linspace(center - half, center + half, 301), degree) @ form
        bounds = control(form, center, half)
        assert bounds.min() <= values.min() + 1e-12
        assert values.max() <= bounds.max() + 1e-12


@pytest.mark.parametrize("degree", DEGREES)
@pytest.mark.parametrize("half", NARROW)
def test_the_outer_control_values_are_attained_at_the_ends(degree, half):
    """The first and last control value of a narrow arc are the values at its ends."""
    form = np.random.default_rng(degree).normal(size=2 * degree + 1)
    values = basis(np.array([0.7 - half, 0.7 + half]), degree) @ form
    np.testing.assert_allclose(control(form, 0.7, half)[[0, -1]], values, atol=1e-13)


@pytest.mark.parametrize("degree", DEGREES)
def test_the_gap_shrinks_with_the_square_of_the_width(degree):
    """Halving an arc divides the distance of control values from the curve by four."""
    form = np.random.default_rng(7).normal(size=2 * degree + 1)
    gaps = []
    for half in (0.1, 0.05, 0.025):
        angles = snap(
            np.full(2 * degree + 1, 0.3 - half),
            np.full(2 * degree + 1, 0.3 + half),
            np.arange(2 * degree + 1),
            np.full(2 * degree + 1, 2 * degree + 1),
        )
        gaps.append(np.abs(control(form, 0.3, half) - basis(angles, degree) @ form).max())
    slopes = np.diff(np.log(gaps)) / np.log(0.5)
    np.testing.assert_allclose(slopes, 2, atol=0.1)


@pytest.mark.parametrize("degree", DEGREES)
@pytest.mark.parametrize("half", NARROW)
def test_halving_equals_building_the_halves_anew(degree, half):
    """Halving is a convex combination of control values and gives those of both halves."""
    form = np.random.default_rng(degree).normal(size=2 * degree + 1)
    matrices = halving(half, degree)
    assert matrices.min() >= 0
    np.testing.assert_allclose(matrices.sum(axis=2), 1, atol=1e-14)
    for side, matrix in zip((-1, 1), matrices, strict=True):
        expected = control(form, 0.2 + side * half / 2, half / 2)
        np.testing.assert_allclose(matrix @ control(form, 0.2, half), expected, atol=1e-12)
