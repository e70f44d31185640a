"""Projected gradient ascent against problems whose answer is known in closed form."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from redqubit.core.budget import Radius
from redqubit.core.errors import InputError
from redqubit.models.ascent import ascend, direction, margin_loss, project, random_points

LOW, HIGH = 0.0, 1.0


def _points(seed, rows=7, features=4):
    rng = np.random.default_rng(seed)
    center = torch.as_tensor(rng.uniform(LOW, HIGH, (rows, features)))
    return center, center + torch.as_tensor(rng.normal(0, 1, (rows, features)))


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), value=st.floats(0, 2), norm=st.sampled_from(["linf", "l2"]))
def test_projection_stays_inside_ball_and_box(seed, value, norm):
    """A projected point lies in the ball and in the box, up to rounding."""
    center, x = _points(seed)
    moved = project(x, center, Radius(value, norm), LOW, HIGH)
    order = torch.inf if norm == "linf" else 2
    assert ((moved - center).norm(order, dim=1) <= value + 1e-12).all()
    assert ((moved >= LOW) & (moved <= HIGH)).all()


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), value=st.floats(0.01, 2), norm=st.sampled_from(["linf", "l2"]))
def test_projection_is_nearest(seed, value, norm):
    """No other feasible point is nearer: <x - p, q - p> <= 0 for every feasible q."""
    center, x = _points(seed)
    radius = Radius(value, norm)
    nearest = project(x, center, radius, LOW, HIGH)
    rng = np.random.default_rng(seed)
    for _ in range(20):
        other = random_points(center, radius, LOW, HIGH, rng)
        assert (((x - nearest) * (other - nearest)).sum(1) <= 1e-10).all()


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), value=st.floats(0, 2), norm=st.sampled_from(["linf", "l2"]))
def test_projection_is_idempotent(seed, value, norm):
    """Projecting twice is projecting once."""
    center, x = _points(seed)
    once = project(x, center, Radius(value, norm), LOW, HIGH)
    assert torch.allclose(project(once, center, Radius(value, norm), LOW, HIGH), once, atol=1e-12)


@pytest.mark.parametrize("norm", ["linf", "l2"])
def test_center_outside_the_box_widens_it(norm):
    """With radius zero a sample from outside the domain stays where it is."""
    center = torch.tensor([[-0.5, 0.5], [0.2, 1.7]], dtype=torch.float64)
    assert torch.equal(project(center + 1, center, Radius(0.0, norm), LOW, HIGH), center)


@pytest.mark.parametrize("norm", ["linf", "l2"])
@pytest.mark.parametrize("start", ["center", "random"])
def test_linear_loss_is_climbed_to_its_exact_maximum(norm, start):
    """On a linear loss ascent reaches the support point of ball and box."""
    center, _ = _points(3)
    slope = torch.tensor([1.0, -2.0, 0.5, 3.0], dtype=torch.float64)
    radius = Radius(0.6, norm)
    found = ascend(
        lambda x: x @ slope,
        center,
        radius,
        steps=200,
        step_size=0.5,
        low=LOW,
        high=HIGH,
        start=start,
        rng=np.random.default_rng(0),
    )
    # the support point is the projection of a point infinitely far along the slope
    best = project(center + 1e6 * slope, center, radius, LOW, HIGH)
    assert torch.allclose(found @ slope, best @ slope, atol=1e-5)


def test_best_iterate_survives_steps_that_overshoot():
    """A step size far too large never returns less than the starting point's loss."""
    center, _ = _points(5)

    def loss(x):
        return -((x - center) ** 2).sum(1)

    found = ascend(loss, center, Radius(0.3), steps=3, step_size=10.0, low=LOW, high=HIGH)
    assert torch.equal(found, center)


def test_more_restarts_never_lower_the_loss():
    """Per-sample best of restarts grows with their number, for the same stream."""
    center, _ = _points(7)

    def loss(x):
        return torch.sin(20 * x).sum(1)

    few, many = (
        ascend(
            loss,
            center,
            Radius(0.5),
            steps=3,
            low=LOW,
            high=HIGH,
            start="random",
            restarts=count,
            rng=np.random.default_rng(1),
        )
        for count in (1, 6)
    )
    assert (loss(many) >= loss(few)).all()
    assert (loss(many) > loss(few)).any()


def test_rank_chooses_the_kept_iterate():
    """Given a pair, the first entry is climbed and the second picks what is returned."""
    center = torch.full((1, 1), 0.5, dtype=torch.float64)
    found = ascend(lambda x: (x[:, 0], -x[:, 0]), center, Radius(0.5), steps=4, low=LOW, high=HIGH)
    assert torch.equal(found, center)


def test_input_is_not_written():
    """The samples handed in are the same after the ascent and need no gradient."""
    center, _ = _points(2)
    before = center.clone()
    ascend(lambda x: x.sum(1), center, Radius(0.3), steps=2, low=LOW, high=HIGH)
    assert torch.equal(center, before)
    assert not center.requires_grad


def test_zero_gradient_gives_no_step():
    """A flat loss yields a zero direction in both norms, never a NaN."""
    flat = torch.zeros(2, 3)
    for norm in ("linf", "l2"):
        assert torch.equal(direction(flat, Radius(0.1, norm)), flat)


def test_random_points_fill_the_ball():
    """Draws reach close to the L2 sphere and their radius has the law of a uniform ball."""
    center = torch.zeros(4000, 3, dtype=torch.float64)
    points = random_points(center, Radius(2.0, "l2"), -9, 9, np.random.default_rng(0))
    share = (points.norm(dim=1) <= 1.0).double().mean()
    assert abs(share - 1 / 8) < 5 * np.sqrt(1 / 8 * 7 / 8 / 4000)


def test_margin_loss_is_positive_exactly_on_errors():
    """The margin loss is the lead of the best wrong class."""
    logits = torch.tensor([[2.0, 1.0, 0.0], [0.0, 1.0, 3.0]])
    assert margin_loss(logits, torch.tensor([0, 1])).tolist() == [-1.0, 2.0]


def test_bad_settings_are_named():
    """Zero steps and a random start without a generator are refused."""
    center, _ = _points(1)
    with pytest.raises(InputError, match="steps >= 1"):
        ascend(lambda x: x.sum(1), center, Radius(0.1), steps=0, low=LOW, high=HIGH)
    with pytest.raises(InputError, match="rng"):
        ascend(lambda x: x.sum(1), center, Radius(0.1), steps=1, low=LOW, high=HIGH, start="random")
