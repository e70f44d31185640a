import numpy as np
import pytest
import torch

from redqubit import certify
from redqubit.core.budget import Radius
from redqubit.core.errors import InputError


def test_the_distance_of_a_known_boundary_is_found(closed_form):
    """A class boundary at a known angle is as far as it is."""
    tensor = np.zeros((2, 3))
    tensor[0, 1], tensor[1, 0] = 1.0, np.cos(1.3)  # class 0 wins below 1.3 rad
    X = np.array([[0.2], [1.0], [1.29], [2.0]])
    found = certify.minimal_perturbation(closed_form(tensor), X, [0] * 4, 0, np.pi)
    for x, item in zip(X[1:3, 0], found[1:3], strict=True):
        assert item.upper - item.lower <= 1e-3
        assert item.lower <= 1.3 - x <= item.upper
    assert found[0].upper is None  # the boundary is 1.1 rad away and 1 rad was searched
    assert found[0].lower == 1.0
    assert (found[3].lower, found[3].upper, found[3].example) == (0.0, 0.0, (2.0,))


@pytest.mark.parametrize("tolerance", [1e-2, 1e-4])
def test_the_interval_is_certified_from_both_sides(tolerance, random_form):
    """The ball of the lower end is robust; the example at the upper end is in another class."""
    closed = random_form(1, (1, 1, 1))
    X = np.random.default_rng(1).uniform(0, np.pi, (40, 3))
    y = closed(torch.tensor(X)).argmax(dim=1).numpy()
    found = certify.minimal_perturbation(closed, X, y, 0, np.pi, tolerance=tolerance)
    for x, label, item in zip(X, y, found, strict=True):
        if item.lower:
            (proof,) = certify.robustness(closed, x[None], [label], Radius(item.lower), 0, np.pi)
            assert proof.status == "robust"
        if item.upper is not None:
            assert item.upper - item.lower <= tolerance
            example = np.array(item.example)
            assert np.abs(example - x).max() <= item.upper + 1e-12
            assert closed(torch.tensor(example[None])).argmax().item() != label
            assert f"{item.upper:.6g} rad" in item.statement()


def test_the_curve_counts_minimal_perturbations(random_form):
    """Robust accuracy is the share of samples whose nearest other class is beyond the radius."""
    closed = random_form(2, (1, 1, 2))
    X = np.random.default_rng(2).uniform(0, np.pi, (50, 3))
    y = closed(torch.tensor(X)).argmax(dim=1).numpy()
    y[0] = (y[0] + 1) % 3
    found = certify.minimal_perturbation(closed, X, y, tolerance=1e-4)
    radii = [Radius(value) for value in (0.05, 0.123, 0.3)]
    for point in certify.robust_accuracy(closed, X, y, radii).points:
        sure = sum(item.lower >= point.radius.value for item in found)
        maybe = sum((item.upper or np.inf) > point.radius.value for item in found)
        assert sure <= point.robust.successes <= maybe


def test_weights_and_spaces_measure_the_distance(random_form):
    """Distances are in the unit of the searched radius, feature weights included."""
    closed = random_form(3, (1, 1), scales=[2.0, 2.0])
    X = np.random.default_rng(3).uniform(0, 1, (20, 2))
    angle = certify.minimal_perturbation(closed, X, None, tolerance=1e-5)
    scaled = certify.minimal_perturbation(
        closed, X, None, most=Radius(0.5, space="scaled"), tolerance=1e-5
    )
    halved = certify.minimal_perturbation(
        closed, X, None, most=Radius(2.0), weights=[0.5, 0.5], tolerance=1e-5
    )
    for a, b, c in zip(angle, scaled, halved, strict=True):
        assert a.lower == pytest.approx(2 * b.lower, abs=5e-5)
        assert a.lower == pytest.approx(c.lower / 2, abs=5e-5)


def test_an_ended_budget_leaves_an_interval(random_form):
    """With too few nodes the distance stays an interval that holds the exact one."""
    closed = random_form(4, (1,) * 4, classes=2)
    X = np.random.default_rng(4).uniform(0, np.pi, (30, 4))
    exact = certify.minimal_perturbation(closed, X, None, tolerance=1e-3)
    short = certify.minimal_perturbation(closed, X, None, tolerance=1e-3, nodes=1)
    for a, b in zip(exact, short, strict=True):
        assert b.lower <= (np.inf if a.upper is None else a.upper)
        assert a.lower <= (np.inf if b.upper is None else b.upper)


def test_a_tolerance_must_be_positive(random_form):
    """A tolerance of zero would never be reached."""
    with pytest.raises(InputError, match="tolerance"):
        certify.minimal_perturbation(random_form(0, (1,)), [[0.0]], None, tolerance=0)
