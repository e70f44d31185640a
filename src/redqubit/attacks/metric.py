"""Judges of outcomes: pure, and silent (a rate of zero trials) on what cannot be judged.

Success is counted on eligible samples only: those the victim got right before the attack, and
that are not of the attacker's goal class already.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

from redqubit.attacks.outcome import Evasion
from redqubit.core.budget import Radius
from redqubit.core.errors import InputError
from redqubit.core.estimate import Mean, Rate
from redqubit.models.model import Model

Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]
TOLERANCE = 1e-9  # radians; rounding of a projection, far below any shot noise
TINY = np.finfo(float).tiny


def accuracy(model: Model, X: Array, y: Array) -> Rate:
    """Return the share of samples ``X`` ``(N, F)`` that are given their label ``y`` ``(N,)``."""
    return Rate.of(_predict(model, X) == y)


def recall(model: Model, X: Array, y: Array) -> dict[str, Rate]:
    """Return the accuracy within each class, by the class's name."""
    right = _predict(model, X) == y
    return {str(label): Rate.of(right[y == label]) for label in np.asarray(model.classes_)}


def eligible(model: Model, X: Array, y: Array, goal: Any = None) -> Array:
    """Return which samples can be attacked at all, a mask ``(N,)``."""
    mask = np.asarray(_predict(model, X) == y)
    return mask if goal is None else mask & (y != goal)


def distance(X: Array, other: Array, radius: Radius) -> Array:
    """Return how far each row moved, ``(N,)``, in the norm of ``radius``."""
    moved = np.abs(np.asarray(other, dtype=float) - X)
    return np.asarray(moved.max(axis=1) if radius.norm == "linf" else np.linalg.norm(moved, axis=1))


def evasion_success(
    model: Model, X: Array, y: Array, outcome: Evasion, radius: Radius, goal: Any = None
) -> Rate:
    """Return the share of eligible samples that the changed inputs bring to the goal.

    Parameters
    ----------
    X, y
        Samples ``(N, F)`` before the attack and their true labels ``(N,)``.
    radius
        What the attacker was allowed.
    goal
        The class wanted, or None for any wrong one.

    Raises
    ------
    InputError
        A sample moved further than the radius: such an outcome proves nothing.
    """
    if outcome.X.shape != X.shape or not np.isfinite(outcome.X).all():
        raise InputError(
            f"changed samples must be finite and of shape {X.shape}, got {outcome.X.shape}"
        )
    excess = distance(X, outcome.X, radius) - radius.value
    if excess.size and excess.max() > TOLERANCE:
        raise InputError(
            f"{int((excess > TOLERANCE).sum())} of {len(X)} samples moved further than {radius}, "
            f"by up to {excess.max():.3g}; project the outcome before judging it"
        )
    after = _predict(model, outcome.X)
    reached = after != y if goal is None else after == goal
    return Rate.of(reached[eligible(model, X, y, goal)])


def unprovoked(model: Model, X: Array, y: Array, goal: Any = None) -> Rate:
    """Return how often unchanged samples reach the goal when they are asked for a second time.

    The second answer comes from another batch than the first: a model whose noise is a function of
    the batch repeats itself on the same one.
    """
    again = _predict(model, np.concatenate([X, X]))[len(X) :]
    reached = again != y if goal is None else again == goal
    return Rate.of(reached[eligible(model, X, y, goal)])


def poisoning_success(clean: Model, poisoned: Model, X: Array, y: Array) -> Rate:
    """Return the share of test samples the clean model gets right and the poisoned one wrong."""
    return Rate.of((_predict(poisoned, X) != y)[eligible(clean, X, y)])


def relative_drop(clean: Rate, attacked: Rate) -> float | None:
    """Return the lost share of accuracy, ``1 - attacked / clean``, or None if undefined."""
    if not clean.value or attacked.value is None:
        return None
    return 1 - attacked.value / clean.value


def agreement(model: Model, clone: Model, X: Array) -> Rate:
    """Return the share of samples on which clone and victim predict the same class."""
    return Rate.of(_predict(model, X) == _predict(clone, X))


def changed_predictions(model: Model, X: Array, other: Array) -> Rate:
    """Return the fooling rate: the share of samples whose prediction differs from before."""
    return Rate.of(_predict(model, X) != _predict(model, other))


def divergence(model: Model, clone: Model, X: Array) -> Mean:
    """Return the mean Kullback-Leibler divergence of the clone's answers, in nats."""
    p, q = (np.maximum(item.predict_proba(X), TINY) for item in (model, clone))
    return Mean.of((p * (np.log(p) - np.log(q))).sum(axis=1))


def logit_error(model: Model, clone: Model, X: Array) -> float:
    """Return the largest error of a logit, constants a sample set aside (they change nothing)."""
    first, second = (
        scores - scores.mean(axis=1, keepdims=True) for scores in (model.scores(X), clone.scores(X))
    )
    return float(np.abs(first - second).max())


def _predict(model: Model, X: Array) -> Array:
    return np.asarray(model.predict(X)) if len(X) else np.empty(0)
