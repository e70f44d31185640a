"""Judges count eligible samples only and say nothing about what they cannot judge."""

import numpy as np
import pytest

from redqubit.attacks import metric
from redqubit.attacks.outcome import Evasion
from redqubit.core.budget import Radius
from redqubit.core.errors import InputError
from redqubit.core.estimate import Rate


@pytest.fixture
def step(linear):
    """Return a model that says 1 above zero on one feature and 0 below."""
    return linear([[-1.0, 1.0]], [0, 0], [0, 1])


def test_samples_that_were_wrong_before_do_not_count(step):
    """Success is the share of the samples right before the attack that are wrong after it."""
    X = np.array([[1.0], [1.0], [-1.0], [-1.0]])
    y = np.array([1, 1, 0, 1])  # the last one is wrong without any attack
    changed = Evasion(np.array([[-0.5], [0.5], [-1.0], [0.5]]))
    assert metric.evasion_success(step, X, y, changed, Radius(2.0)) == Rate(1, 3)


def test_samples_of_the_goal_class_do_not_count(linear):
    """A targeted success is reaching the goal, from another class."""
    model = linear(np.eye(3), np.zeros(3), [0, 1, 2])
    X = np.eye(3)
    changed = Evasion(np.eye(3)[[1, 1, 0]])
    y = np.arange(3)
    assert metric.evasion_success(model, X, y, changed, Radius(9.0), goal=1) == Rate(1, 2)
    assert metric.evasion_success(model, X, y, changed, Radius(9.0)) == Rate(2, 3)


def test_no_eligible_sample_is_no_verdict(step):
    """Where nothing was right before the attack the rate has no trials and no value."""
    X, y = np.array([[1.0]]), np.array([0])
    rate = metric.evasion_success(step, X, y, Evasion(X), Radius(0.1))
    assert rate == Rate(0, 0)
    assert rate.value is None


@pytest.mark.parametrize("norm", ["linf", "l2"])
def test_an_outcome_beyond_its_radius_proves_nothing(step, norm):
    """A sample that moved further than allowed is an error, not a success."""
    X, y = np.array([[1.0]]), np.array([1])
    with pytest.raises(InputError, match="moved further"):
        metric.evasion_success(step, X, y, Evasion(X - 1.01), Radius(1.0, norm))
    assert metric.evasion_success(step, X, y, Evasion(X - 1), Radius(1.0, norm)).n == 1


@pytest.mark.parametrize("changed", [np.zeros((2, 1)), np.full((1, 1), np.nan)])
def test_an_outcome_of_another_shape_is_refused(step, changed):
    """Missing rows and NaN are errors."""
    with pytest.raises(InputError, match="finite and of shape"):
        metric.evasion_success(step, np.ones((1, 1)), np.ones(1), Evasion(changed), Radius(1.0))


def test_distance_is_the_norm_of_the_radius():
    """L-inf takes the largest coordinate, L2 the length."""
    X = np.zeros((1, 2))
    moved = np.array([[3.0, -4.0]])
    assert metric.distance(X, moved, Radius(1)).tolist() == [4.0]
    assert metric.distance(X, moved, Radius(1, "l2")).tolist() == [5.0]


def test_poisoning_success_is_counted_where_the_clean_model_was_right(step, linear):
    """Only samples that the clean model gets right can be lost by poisoning."""
    inverted = linear([[1.0, -1.0]], [0, 0], [0, 1])
    X, y = np.array([[1.0], [-1.0], [2.0]]), np.array([1, 0, 0])
    assert metric.poisoning_success(step, inverted, X, y) == Rate(2, 2)
    assert metric.poisoning_success(step, step, X, y) == Rate(0, 2)


def test_accuracy_recall_and_drop(step):
    """Accuracy, recall by class and the lost share of accuracy have their definitions."""
    X, y = np.array([[1.0], [-1.0], [2.0], [3.0]]), np.array([1, 0, 0, 1])
    assert metric.accuracy(step, X, y) == Rate(3, 4)
    assert metric.recall(step, X, y) == {"0": Rate(1, 2), "1": Rate(2, 2)}
    assert metric.relative_drop(Rate(8, 10), Rate(6, 10)) == pytest.approx(0.25)
    assert metric.relative_drop(Rate(0, 10), Rate(6, 10)) is None
    assert metric.relative_drop(Rate(8, 10), Rate(0, 0)) is None


def test_a_clone_that_differs_by_a_constant_is_exact(linear):
    """Adding one constant to all logits changes neither answers nor divergence nor logit error."""
    rng = np.random.default_rng(0)
    W, b, X = rng.normal(size=(2, 3)), rng.normal(size=3), rng.normal(size=(20, 2))
    model, clone = linear(W, b, [0, 1, 2]), linear(W, b + 5, [0, 1, 2])
    assert metric.agreement(model, clone, X) == Rate(20, 20)
    assert metric.logit_error(model, clone, X) < 1e-13
    assert abs(metric.divergence(model, clone, X).value) < 1e-13
    assert metric.changed_predictions(model, X, X).successes == 0


def test_divergence_is_the_kl_of_a_known_pair(linear):
    """Constant answers (3/4, 1/4) and (1/2, 1/2) have divergence 3/4 log 3 - log 2."""
    model = linear(np.zeros((1, 2)), np.log([3.0, 1.0]), [0, 1])
    clone = linear(np.zeros((1, 2)), [0, 0], [0, 1])
    found = metric.divergence(model, clone, np.ones((4, 1)))
    assert found.value == pytest.approx(0.75 * np.log(3) - np.log(2))
    assert metric.logit_error(model, clone, np.ones((1, 1))) == pytest.approx(np.log(3) / 2)
