"""The exact minimal adversarial perturbation: how far the nearest other class is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from redqubit.certify.arcs import Array
from redqubit.certify.ball import Samples
from redqubit.certify.certificate import MinimalPerturbation
from redqubit.certify.form import Form
from redqubit.certify.robustness import NODES, verify
from redqubit.core.budget import Radius
from redqubit.core.errors import InputError

if TYPE_CHECKING:
    from redqubit.engine.closed_form import ClosedForm

SHRINKS = 8


def minimal_perturbation(
    closed_form: ClosedForm,
    X: Any,
    y: Any,
    low: Any = None,
    high: Any = None,
    *,
    most: Radius | None = None,
    tolerance: float = 1e-3,
    weights: Any = None,
    slack: Any = 0.0,
    nodes: int = NODES,
) -> tuple[MinimalPerturbation, ...]:
    """Find for every sample the distance of the nearest input of another class.

    Every counterexample is first pulled towards its sample; then the ball just inside it, or half
    way to the certified radius, is verified. So most samples need two or three verifications.

    Parameters
    ----------
    closed_form, X, y, low, high, weights, slack, nodes
        As in `certify.robustness`; ``nodes`` counts for each verification.
    most
        The largest radius to look at, also the norm and space; None is 1 rad in L-inf.
    tolerance
        Width of the interval that is good enough, in the units of ``most``.

    Returns
    -------
    tuple of MinimalPerturbation
        One a sample; a misclassified sample is at distance 0.

    Raises
    ------
    InputError
        As in `certify.robustness`, or a tolerance that is not positive.
    """
    if not tolerance > 0:
        raise InputError(f"a tolerance must be > 0, got {tolerance}")
    largest = Radius(1.0) if most is None else most
    form = Form(closed_form)
    samples = Samples.of(form, X, y, largest, low, high, weights)
    count = len(samples.X)
    lower, upper = np.zeros(count), np.full(count, np.inf)
    examples, spent = samples.X.copy(), np.zeros(count, dtype=np.int64)
    allowance = np.broadcast_to(np.asarray(slack, dtype=np.float64), (form.n_classes,) * 2)
    lost = _outside(form, samples.labels, samples.X, allowance)
    upper[lost] = 0.0
    left = np.flatnonzero(~lost)
    radii = np.full(left.size, largest.value)
    turn = 0
    while left.size:
        found, inputs = verify(
            form, samples, left, radii, slack=allowance, nodes=nodes, tolerance=None
        )
        spent[left] += found.nodes
        robust, broken = found.robust, found.broken
        lower[left[robust]] = radii[robust]
        hit = left[broken]
        examples[hit] = _pull(form, samples, hit, inputs[broken], allowance)
        upper[hit] = np.minimum(radii[broken], samples.distance(hit, examples[hit]))
        decided = left[robust | broken]
        open_ = np.isfinite(upper[decided]) & (upper[decided] - lower[decided] > tolerance)
        left = decided[open_]
        turn += 1
        middle = (lower[left] + upper[left]) / 2
        near = upper[left] - tolerance * (1 - 1e-9)  # so that rounding cannot miss the tolerance
        radii = np.maximum(middle, near) if turn % 2 else middle
    return tuple(
        MinimalPerturbation(
            int(samples.labels[i]),
            float(lower[i]),
            float(upper[i]) if math.isfinite(upper[i]) else None,
            largest,
            tuple(examples[i].tolist()) if math.isfinite(upper[i]) else None,
            int(spent[i]),
        )
        for i in range(count)
    )


def _outside(form: Form, labels: Any, X: Array, slack: Array) -> Any:
    """Return where inputs ``(B, F)`` are not in the class of their label."""
    logits, rows = form.logits(X), np.arange(len(X))
    margins = logits[rows, labels, None] - logits - slack[labels]
    margins[rows, labels] = np.inf
    return margins.min(axis=1) < 0


def _pull(form: Form, samples: Samples, which: Any, X: Array, slack: Array) -> Array:
    """Move counterexamples towards their samples as far as they stay counterexamples."""
    center, share = samples.X[which], np.ones((len(X), 1))
    step = 0.5
    for _ in range(SHRINKS):
        trial = center + (share - step) * (X - center)
        stays = _outside(form, samples.labels[which], trial, slack)
        share = np.where(stays[:, None], share - step, share)
        step /= 2
    return np.asarray(center + share * (X - center))
