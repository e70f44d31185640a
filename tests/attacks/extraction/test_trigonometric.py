"""Trigonometric polynomials are recovered from their values."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redqubit.attacks.extraction import trigonometric as trig
from redqubit.core.errors import InputError

DEGREES = st.lists(st.integers(0, 3), min_size=1, max_size=3).map(tuple)


def _tensor(seed, degrees, outputs=2):
    shape = tuple(2 * degree + 1 for degree in degrees)
    return np.random.default_rng(seed).normal(size=(outputs, *shape))


def _written_out(tensor, x):
    """Return the polynomial's values, every term by its definition."""
    total = np.zeros((len(x), len(tensor)))
    for index in np.ndindex(*tensor.shape[1:]):
        term = np.ones(len(x))
        for axis, position in enumerate(index):
            k = (position + 1) // 2
            wave = np.cos if position % 2 or position == 0 else np.sin
            term = term * wave(k * x[:, axis])
        total += term[:, None] * tensor[(slice(None), *index)]
    return total


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), degrees=DEGREES, domain=st.booleans())
def test_interpolation_on_a_grid_is_exact(seed, degrees, domain):
    """As many queries as coefficients give the polynomial back, inside the domain too."""
    tensor = _tensor(seed, degrees)
    nodes = trig.full_period(degrees)
    if domain:
        low = np.zeros(len(degrees))
        nodes = trig.inside(degrees, low, low + np.pi)
    points = trig.grid(nodes)
    assert len(points) == trig.coefficients(degrees)
    found = trig.interpolate(_written_out(tensor, points), nodes)
    assert np.allclose(found, tensor, atol=1e-6 if domain else 1e-12)


def test_domain_nodes_stay_inside_and_never_coincide():
    """Nodes keep to the domain, and a domain of a whole period or more gives distinct angles."""
    nodes = trig.inside((1, 2), np.array([0.0, -1.0]), np.array([np.pi, 9.0]))
    assert nodes[0].tolist() == pytest.approx([0, np.pi / 2, np.pi])
    assert nodes[1][-1] <= 9
    assert np.linalg.cond(trig.basis(nodes[1], 2)) < 2


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6), degrees=st.sampled_from([(1,), (1, 1), (2, 1)]))
def test_ridge_is_exact_on_enough_clean_values(seed, degrees):
    """With more points than coefficients and no noise the fit is the polynomial itself."""
    tensor = _tensor(seed, degrees)
    x = np.random.default_rng(seed).uniform(0, 2 * np.pi, (60, len(degrees)))
    found, error = trig.ridge(x, _written_out(tensor, x), degrees, 1.0, None)
    assert np.allclose(found, tensor, atol=1e-5)
    assert error < 1e-5


def test_ridge_is_the_normal_equations_solution():
    """The dual solution equals the primal one, and its leave-one-out error that of refitting."""
    rng = np.random.default_rng(0)
    x, values = rng.uniform(0, 6, (12, 2)), rng.normal(size=(12, 1))
    damping, penalty = 0.5, 0.1

    def design(points):
        first, second = (trig.basis(points[:, axis], 1) for axis in (0, 1))
        weights = np.array([1, damping, damping]) ** 0.5
        return np.einsum("ni,nj->nij", first * weights, second * weights).reshape(len(points), -1)

    scale = penalty * (1 + damping) ** 2

    def solve(rows):
        matrix = design(x[rows])
        gram = matrix.T @ matrix + scale * np.eye(9)
        return np.linalg.solve(gram, matrix.T @ values[rows])

    found, error = trig.ridge(x, values, (1, 1), damping, penalty)
    everything = np.arange(12)
    assert np.allclose(_written_out(found, x), design(x) @ solve(everything), atol=1e-10)
    left_out = [
        values[row] - design(x[[row]])[0] @ solve(np.delete(everything, row)) for row in everything
    ]
    assert error == pytest.approx(np.sqrt(np.mean(np.square(left_out))))


def test_damping_prefers_terms_of_few_variables():
    """With fewer values than coefficients and noise, damping lowers the error of a simple truth."""
    rng = np.random.default_rng(1)
    tensor = np.zeros((1, 3, 3, 3, 3))
    tensor[0, 1, 0, 0, 0] = tensor[0, 0, 0, 2, 0] = 1.0
    x, test = rng.uniform(0, np.pi, (40, 4)), rng.uniform(0, np.pi, (200, 4))
    values = _written_out(tensor, x) + rng.normal(0, 0.1, (40, 1))
    errors = [
        np.abs(
            _written_out(trig.ridge(x, values, (1,) * 4, damping, None)[0] - tensor, test)
        ).mean()
        for damping in (1.0, 0.2)
    ]
    assert errors[1] < errors[0]


def test_too_many_coefficients_are_refused():
    """A polynomial that cannot be held is refused before a query is spent, with the number."""
    with pytest.raises(InputError, match="43,046,721"):
        trig.coefficients((1,) * 16)
