import numpy as np
import pytest
import torch

from redqubit.certify.arcs import basis
from redqubit.certify.descent import descend, lowest, value


@pytest.mark.parametrize("degree", [1, 2, 3])
def test_lowest_agrees_with_a_dense_grid(degree):
    """The smallest value of a trigonometric polynomial on an interval is found exactly."""
    rng = np.random.default_rng(degree)
    for _ in range(50):
        form, low = rng.normal(size=2 * degree + 1), rng.uniform(-7, 7)
        high = low + rng.uniform(0, 4)
        found, angle = lowest(form, low, high)
        grid = basis(np.linspace(low, high, 4001), degree) @ form
        assert low <= angle <= high
        assert grid.min() - 1e-5 <= found <= grid.min() + 1e-12


def test_lowest_of_a_constant_is_the_constant():
    """A polynomial of degree 2 without slope has the same value everywhere."""
    assert lowest(np.array([3.0, 0, 0, 0, 0]), 0.0, 1.0)[0] == 3.0


def test_descent_stays_in_the_box_and_attains_what_it_says(random_form):
    """Descent never leaves the box or rises, and its value is the form's value there."""
    for seed in range(10):
        form = random_form(seed, (1, 2, 1), classes=1)
        tensor, rng = form.tensor[0].numpy(), np.random.default_rng(seed)
        low = rng.uniform(-3, 3, 3)
        high = low + rng.uniform(0, 2, 3)
        start = rng.uniform(low, high)
        reached, angles = descend(tensor, low, high, start)
        assert (low <= angles).all()
        assert (angles <= high).all()
        assert reached <= value(tensor, start) + 1e-12
        exact = form(torch.tensor(angles[None])).item()
        assert value(tensor, angles) == pytest.approx(exact, abs=1e-12)
        assert reached == pytest.approx(exact, abs=1e-8)


def test_descent_finds_the_minimum_of_a_sum():
    """Where features do not interact, one sweep finds the smallest value."""
    tensor = np.zeros((3, 3))
    tensor[1, 0] = tensor[0, 1] = 1.0  # cos a + cos b
    reached, angles = descend(tensor, np.full(2, 0.0), np.full(2, 4.0), np.full(2, 1.0))
    assert reached == pytest.approx(-2)
    np.testing.assert_allclose(angles, np.pi)
