"""Exact robustness of a frozen model in L-inf balls and weighted boxes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from redqubit.certify.arcs import Array
from redqubit.certify.ball import Samples
from redqubit.certify.certificate import Certificate, RobustAccuracy, RobustPoint, Status
from redqubit.certify.form import Form
from redqubit.certify.worst_case import WorstCases, worst_cases
from redqubit.core.budget import Radius
from redqubit.core.errors import InputError
from redqubit.core.estimate import Rate

if TYPE_CHECKING:
    from redqubit.engine.closed_form import ClosedForm

NODES = 10_000


def robustness(
    closed_form: ClosedForm,
    X: Any,
    y: Any,
    radius: Radius,
    low: Any = None,
    high: Any = None,
    *,
    weights: Any = None,
    slack: Any = 0.0,
    nodes: int = NODES,
    tolerance: float | None = None,
) -> tuple[Certificate, ...]:
    """Decide for every sample whether any input of its ball is classified otherwise.

    Parameters
    ----------
    closed_form
        Logits of the frozen model; noisy models and repeated features are covered.
    X, y
        Samples ``(N, F)`` and class indices ``(N,)``; None certifies the model's own predictions.
    radius
        An L-inf ball in space ``angle`` (radians) or ``scaled`` (the model's input).
    low, high
        The domain, numbers or ``(F,)``; None for no limit.
    weights
        How much of the radius each feature may move, ``(F,)``; None is 1 everywhere.
    slack
        What a margin must exceed, a number or ``(C, C)`` by label and rival: room for shot noise
        (`certify.shots.slack`) or single precision.
    nodes
        Boxes the search may look at a sample; beyond it the answer is ``unknown``.
    tolerance
        None stops as soon as a sample is decided. A number (units of the margin) goes on until the
        smallest margin is known that well.

    Returns
    -------
    tuple of Certificate
        One a sample, in order.

    Raises
    ------
    InputError
        A norm or space that is not covered, wrong shapes, values that are not finite.
    """
    form = Form(closed_form)
    samples = Samples.of(form, X, y, radius, low, high, weights)
    _check(nodes, tolerance)
    everyone = np.arange(len(samples.X))
    values = np.full(len(everyone), radius.value)
    found, inputs = verify(
        form, samples, everyone, values, slack=slack, nodes=nodes, tolerance=tolerance
    )
    robust, broken = found.robust, found.broken
    status: list[Status] = [
        "robust" if safe else "not robust" if lost else "unknown"
        for safe, lost in zip(robust, broken, strict=True)
    ]
    return tuple(
        Certificate(
            status[i],
            int(samples.labels[i]),
            radius,
            float(found.lower[i]),
            float(found.upper[i]),
            int(found.rival[i]),
            tuple(inputs[i].tolist()),
            int(found.nodes[i]),
            float(found.rounding[i]),
        )
        for i in everyone
    )


def robust_accuracy(
    closed_form: ClosedForm,
    X: Any,
    y: Any,
    radii: Sequence[Radius],
    low: Any = None,
    high: Any = None,
    *,
    weights: Any = None,
    slack: Any = 0.0,
    nodes: int = NODES,
) -> RobustAccuracy:
    """Measure the exact robust accuracy at every radius; the arguments are those of `robustness`.

    A sample that is lost at one radius is lost at every larger one, so it is not searched again.
    """
    _check(nodes, None)
    if len({(radius.norm, radius.space) for radius in radii}) != 1:
        raise InputError("a curve needs at least one radius, all of one norm and space")
    form = Form(closed_form)
    points = []
    left = np.arange(len(np.asarray(X)))
    for radius in sorted(radii, key=lambda item: item.value):
        samples = Samples.of(form, X, y, radius, low, high, weights)
        values = np.full(len(left), radius.value)
        found, _ = verify(form, samples, left, values, slack=slack, nodes=nodes, tolerance=None)
        robust, broken = int(found.robust.sum()), found.broken
        unknown = len(left) - robust - int(broken.sum())
        rate = Rate(robust, len(samples.X))
        points.append(RobustPoint(radius, rate, unknown, int(found.nodes.sum())))
        left = left[~broken]
    return RobustAccuracy(tuple(points))


def verify(
    form: Form,
    samples: Samples,
    which: Any,
    values: Array,
    *,
    slack: Any,
    nodes: int,
    tolerance: float | None,
) -> tuple[WorstCases, Array]:
    """Bound the worst case of some samples in balls of radius ``values`` ``(B,)``.

    Returns what is known and the inputs ``(B, F)`` where each upper bound was evaluated again, as
    the floating point numbers an attacker would send.
    """
    low, high = samples.boxes(which, values)
    labels = samples.labels[which]
    allowance = np.broadcast_to(np.asarray(slack, dtype=np.float64), (form.n_classes,) * 2)
    ends = np.sort([form.angles(low), form.angles(high)], axis=0)
    found = worst_cases(
        form, labels, ends[0], ends[1], slack=allowance, nodes=nodes, tolerance=tolerance
    )
    inputs = form.inputs(found.angles, samples.X[which], low, high)
    logits, rows = form.logits(inputs), np.arange(len(labels))
    margins = logits[rows, labels, None] - logits - allowance[labels]
    margins[rows, labels] = np.inf
    found.rival[:] = margins.argmin(axis=1)
    found.upper[:] = margins.min(axis=1) + found.rounding
    return found, inputs


def _check(nodes: int, tolerance: float | None) -> None:
    if nodes < 1:
        raise InputError(f"the node budget must be >= 1, got {nodes}")
    if tolerance is not None and not tolerance > 0:
        raise InputError(f"a tolerance must be None or > 0, got {tolerance}")
