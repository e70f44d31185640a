"""Worst-case margins of many samples in boxes: one batched bound for all, a search for the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from redqubit.certify.arcs import LIMIT, Array, Integers
from redqubit.certify.form import UNIT, Form
from redqubit.certify.search import search


@dataclass(frozen=True, slots=True)
class WorstCases:
    """What is known of each sample's smallest margin over rivals and its box.

    ``lower <= margin <= upper`` ``(N,)``, rounding included; ``rival`` and ``angles`` ``(N, U)``
    say where ``upper`` was seen; ``nodes`` counts boxes looked at; ``rounding`` is the outward
    margin that was kept.
    """

    lower: Array
    upper: Array
    rival: Integers
    angles: Array
    nodes: Integers
    rounding: Array

    @classmethod
    def unknown(cls, labels: Integers, low: Array, high: Array) -> WorstCases:
        """Allocate the answer for samples of which nothing is known."""
        count = len(labels)
        return cls(
            np.full(count, -np.inf),
            np.full(count, np.inf),
            np.zeros(count, dtype=np.int64),
            (low + high) / 2,
            np.zeros(count, dtype=np.int64),
            np.zeros(count),
        )

    @property
    def robust(self) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Where no input of the box reaches another class."""
        return np.asarray(self.lower > 0)

    @property
    def broken(self) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Where an input of the box is seen to be in another class."""
        return np.asarray(self.upper < 0)

    def settled(self, tolerance: float | None) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Where nothing is left to find out: the sign, or the margin to ``tolerance``."""
        if tolerance is None:
            return self.robust | self.broken
        return np.asarray(self.upper - self.lower <= tolerance)


def worst_cases(
    form: Form,
    labels: Integers,
    low: Array,
    high: Array,
    *,
    slack: Array,
    nodes: int,
    tolerance: float | None,
) -> WorstCases:
    """Bound the smallest margin of each sample in its box.

    Parameters
    ----------
    form
        The logits.
    labels
        Class indices ``(N,)``.
    low, high
        Boxes in angles (radians), ``(N, U)``.
    slack
        ``(C, C)``: what the margin of class y over class k must exceed; taken off the margins.
    nodes
        Boxes a sample may cost.
    tolerance
        Width of the interval at which a sample is done; None: once its sign is known.
    """
    found = WorstCases.unknown(labels, low, high)
    largest = float(np.abs([low, high]).max(initial=0.0))
    for chunk, values, reach in form.control_values(low, high):
        own, rows = labels[chunk], np.arange(len(reach))
        errors = form.rounding(reach, largest)
        rounding = errors + errors[rows, own, None] + UNIT * np.abs(slack[own])
        margins = values[rows, own, None] - values - slack[own][..., None]
        bounds = margins.min(axis=2) - rounding
        bounds[rows, own] = np.inf
        corners, angles = _corners(form.shape, margins, low[chunk], high[chunk])
        corners[rows, own] = np.inf
        rival = corners.argmin(axis=1)
        found.lower[chunk] = bounds.min(axis=1)
        found.upper[chunk] = corners[rows, rival] + rounding[rows, rival]
        found.rival[chunk] = np.where(np.isfinite(found.upper[chunk]), rival, bounds.argmin(axis=1))
        found.angles[chunk] = angles[rows, rival]
        found.nodes[chunk] = form.n_classes - 1
        found.rounding[chunk] = rounding[rows, found.rival[chunk]]
        for row in rows[~found.settled(tolerance)[chunk]]:
            root = _Root(
                margins[row], bounds[row], rounding[row], low[chunk][row], high[chunk][row]
            )
            _refine(form, found, chunk.start + row, int(own[row]), root, slack, nodes, tolerance)
    return found


@dataclass(frozen=True, slots=True)
class _Root:
    """The first box of a sample: control values ``(C, S)`` and bounds ``(C,)`` of each margin."""

    margins: Array
    bounds: Array
    rounding: Array
    low: Array
    high: Array


def _refine(
    form: Form,
    found: WorstCases,
    sample: int,
    own: int,
    root: _Root,
    slack: Array,
    nodes: int,
    tolerance: float | None,
) -> None:
    """Search the rivals of one sample, most dangerous first, and record what was found."""
    lower, best = np.inf, (found.upper[sample] - found.rounding[sample], found.angles[sample])
    order = root.bounds.argsort(kind="stable")[: form.n_classes - 1]
    for place, rival in enumerate(order):
        safe = root.bounds[rival] > (0.0 if tolerance is None else best[0] - tolerance)
        left = nodes - int(found.nodes[sample])
        if safe or left <= 0 or (tolerance is None and best[0] < -found.rounding[sample]):
            lower = min(lower, *root.bounds[order[place:]])
            break
        tensor = form.margin(own, int(rival), float(slack[own, rival]))
        outcome = search(
            tensor,
            root.margins[rival].reshape(form.shape),
            root.low,
            root.high,
            best=best,
            rounding=float(root.rounding[rival]),
            tolerance=tolerance,
            nodes=left,
        )
        lower = min(lower, max(root.bounds[rival], outcome.lower - root.rounding[rival]))
        found.nodes[sample] += outcome.nodes - 1  # the first box was counted before
        if outcome.upper < best[0]:
            best = (outcome.upper, outcome.angles)
            found.rival[sample], found.rounding[sample] = rival, root.rounding[rival]
    found.lower[sample] = lower
    found.upper[sample] = best[0] + found.rounding[sample]
    found.angles[sample] = best[1]


def _corners(
    shape: tuple[int, ...], margins: Array, low: Array, high: Array
) -> tuple[Array, Array]:
    """Return the smallest margin ``(B, C)`` at a corner of each box, and the corner ``(B, C, U)``.

    Boxes with arcs beyond `LIMIT` have no corner among their control points: infinity.
    """
    ends = tuple(slice(None, None, size - 1) for size in shape)
    seen = margins.reshape(*margins.shape[:2], *shape)[(slice(None), slice(None), *ends)]
    seen = seen.reshape(*margins.shape[:2], -1)
    index = seen.argmin(axis=2)
    bits = index[..., None] >> np.arange(len(shape))[::-1] & 1
    smallest = np.take_along_axis(seen, index[..., None], axis=2)[..., 0]
    smallest[(high - low > 2 * LIMIT).any(axis=1)] = np.inf
    return smallest, np.where(bits == 1, high[:, None], low[:, None])
