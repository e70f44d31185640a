"""The square attack finds the worst case of a linear model and counts every query."""

import numpy as np
import pytest

from redqubit.attacks.evasion.fast_gradient_sign import FastGradientSign
from redqubit.attacks.evasion.square import Square
from redqubit.attacks.metric import evasion_success
from redqubit.core.budget import Radius
from redqubit.core.errors import InputError, WithheldError
from redqubit.models.target import Oracle, WhiteBox


def test_it_finds_what_the_gradient_finds(binary, views):
    """On four features random search reaches exactly the samples that the exact attack breaks."""
    model, X, y = binary
    radius = Radius(0.5)
    rng = np.random.default_rng(0)
    exact = evasion_success(model, X, y, FastGradientSign(radius).run(views(), rng), radius)
    found = evasion_success(model, X, y, Square(radius).run(views(Oracle), rng), radius)
    assert found == exact
    assert 0 < exact.value < 1


@pytest.mark.parametrize("norm", ["linf", "l2"])
def test_outcome_stays_in_ball_and_box(binary, views, norm):
    """No sample leaves the radius or the domain, and some are broken."""
    model, X, y = binary
    radius = Radius(0.5, norm)
    found = Square(radius).run(views(Oracle), np.random.default_rng(0))
    assert evasion_success(model, X, y, found, radius).value > 0.1
    assert found.X.min() >= 0
    assert found.X.max() <= 2


def test_every_query_is_counted(views):
    """The number reported is the number metered, at most the budget a sample."""
    target = views(Oracle)
    found = Square(Radius(0.5), queries=30).run(target, np.random.default_rng(0))
    assert found.values["queries"] == target.meter.queries <= 30 * 60
    assert str(target.meter.queries) in found.steps[0]


def test_a_broken_sample_is_left_alone(linear):
    """Samples that are wrong from the start cost one query each."""
    model = linear([[1.0, -1.0]], [0, 0], [0, 1])
    target = Oracle(model, np.ones((5, 1)), np.ones(5, dtype=int), 0, 2)
    found = Square(Radius(0.1), queries=50).run(target, np.random.default_rng(0))
    assert target.meter.queries == 5
    assert np.array_equal(found.X, target.X)


def test_it_stops_at_the_service_limit(views):
    """The attack keeps its best points when the service's own limit is near."""
    target = views(Oracle, query_limit=150)
    found = Square(Radius(0.5)).run(target, np.random.default_rng(0))
    assert target.meter.queries <= 150
    assert found.X.shape == (60, 4)


def test_it_needs_scores(views):
    """A service that answers labels only stops it."""
    with pytest.raises(WithheldError):
        Square().run(views(Oracle, returns="labels"), np.random.default_rng(0))


def test_goal_is_reached(linear):
    """With a goal the attack looks for that class."""
    model = linear(np.eye(3), np.zeros(3), [2, 4, 6])
    target = WhiteBox(model, np.array([[1.0, 0.8, 0.2]] * 8), np.array([2] * 8), 0, 2)
    found = Square(Radius(0.6), goal=6).run(target, np.random.default_rng(0))
    assert set(model.predict(found.X)) == {6}


@pytest.mark.parametrize("settings", [{"queries": 0}, {"share": 0.0}, {"share": 1.5}])
def test_bad_parameters_are_named(settings):
    """Budget and share out of range are refused."""
    with pytest.raises(InputError, match="queries must be"):
        Square(**settings)
