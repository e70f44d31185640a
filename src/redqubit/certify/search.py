"""Branch and bound for the smallest value of one margin in one box.

A node is a box with the margin's control values over it: their smallest is a lower bound, and the
ones at corners of the box are attained. A feature along which the margin cannot have a valley
inside the box keeps only its two ends, one along which it is monotone only the lower end, so the
arrays shrink as the search goes on. What is left is halved, best node first.
"""

from __future__ import annotations

import heapq
import itertools
import math
from dataclasses import dataclass

import numpy as np

from redqubit.certify.arcs import LIMIT, Array, control_points, halving, snap
from redqubit.certify.descent import descend
from redqubit.certify.form import DEPTH, contract

OPEN_BYTES = 2**29
"""Control values the open nodes may hold; beyond it the search dives depth first."""


@dataclass(slots=True)
class Node:
    """A box in angles and the control values over it.

    ``features`` names the feature of each axis of ``values``; an axis of length 2 holds the ends
    only. Features without an axis have ``low == high``.
    """

    values: Array
    features: list[int]
    low: Array
    high: Array
    depth: int
    bound: float

    def reduce(self) -> None:
        """Drop every control point at which no point of the box can have the smallest value."""
        waiting = list(self.features)
        while waiting:
            feature = waiting.pop()
            axis = self.features.index(feature)
            rows = np.moveaxis(self.values, axis, 0)
            steps = np.diff(rows, axis=0).reshape(len(rows) - 1, -1)
            rising, falling = steps.min(axis=1) >= 0, steps.max(axis=1) <= 0
            # Variation diminishing: the margin over the arc has no valley its control values
            # do not have. One step of unknown sign between rises and falls makes no valley.
            unknown = np.flatnonzero(~rising)
            last = len(steps) if unknown.size == 0 else int(unknown[0])
            if last == len(steps) or falling.all():
                end = 0 if last == len(steps) else -1
                fixed = self.low if end == 0 else self.high
                self.low[feature] = self.high[feature] = fixed[feature]
                self.values = rows[end]
                del self.features[axis]
            elif len(rows) > 2 and falling[last + 1 :].all():
                self.values = np.moveaxis(rows[[0, -1]], 0, axis)
            else:
                continue
            waiting = list(self.features)
        self.values = np.ascontiguousarray(self.values)

    def corner(self) -> tuple[float, Array]:
        """Return the smallest attained control value and the corner that attains it."""
        ends = self.values[tuple(slice(None, None, size - 1) for size in self.values.shape)]
        index = _argmin(ends)
        angles = self.low.copy()
        for feature, end in zip(self.features, index, strict=True):
            angles[feature] = self.high[feature] if end else self.low[feature]
        return float(ends[index]), angles

    def weakest(self) -> Array:
        """Return the point of the box that the smallest control value stands for."""
        index = np.array(_argmin(self.values), dtype=np.int64)
        angles, where = self.low.copy(), self.features
        count = np.array(self.values.shape, dtype=np.int64)
        angles[where] = snap(self.low[where], self.high[where], index, count)
        return angles

    def axis_to_halve(self) -> int | None:
        """Return the axis on which the smallest control value is furthest from being attained."""
        index = _argmin(self.values)
        chosen, largest = None, -math.inf
        for axis, size in enumerate(self.values.shape):
            if size > 2:
                line = np.moveaxis(self.values, axis, -1)[index[:axis] + index[axis + 1 :]]
                gap = float(min(line[0], line[-1]) - line.min())
                if gap > largest:
                    chosen, largest = axis, gap
        return chosen

    def halves(self, axis: int) -> tuple[Node, Node]:
        """Halve the box along an axis."""
        feature = self.features[axis]
        low, high = self.low[feature], self.high[feature]
        rows = np.moveaxis(self.values, axis, 0)
        matrices = halving(float(high - low) / 2, len(rows) // 2)
        flat = rows.reshape(len(rows), -1)
        nodes = []
        for side, matrix in enumerate(matrices):
            values = np.moveaxis((matrix @ flat).reshape(rows.shape), 0, axis)
            nodes.append(self._half(feature, side, values))
        return nodes[0], nodes[1]

    def _half(self, feature: int, side: int, values: Array) -> Node:
        low, high = self.low.copy(), self.high.copy()
        (low if side else high)[feature] = (low[feature] + high[feature]) / 2
        return Node(values, list(self.features), low, high, self.depth + 1, float(values.min()))

    def rebuilt_halves(self, tensor: Array) -> tuple[Node, Node]:
        """Halve the widest arc of a box with arcs beyond `LIMIT`, using the coefficients."""
        feature = int(np.argmax(self.high - self.low))
        nodes = []
        for side in (0, 1):
            half = self._half(feature, side, self.values)
            center, width = (half.low + half.high) / 2, (half.high - half.low) / 2
            points = [
                control_points(center[None, axis], width[None, axis], size // 2)
                for axis, size in enumerate(tensor.shape)
            ]
            half.values = contract(tensor[None], points, 1).reshape(tensor.shape)
            half.bound = float(half.values.min())
            nodes.append(half)
        return nodes[0], nodes[1]

    @property
    def wide(self) -> bool:
        """Whether an arc is too long for its ends to be control points."""
        return bool((self.high - self.low > 2 * LIMIT).any())


@dataclass(frozen=True, slots=True)
class Found:
    """What a search knows in the end: ``lower <= minimum <= upper``, and where ``upper`` is."""

    lower: float
    upper: float
    angles: Array
    nodes: int


def search(
    tensor: Array,
    values: Array,
    low: Array,
    high: Array,
    *,
    best: tuple[float, Array] | None,
    rounding: float,
    tolerance: float | None,
    nodes: int,
) -> Found:
    """Find the smallest value of a margin in a box.

    Parameters
    ----------
    tensor
        The margin's coefficients ``(D_1, ..., D_U)``.
    values
        Its control values over the box, same shape.
    low, high
        The box in angles (radians), ``(U,)``.
    best
        A value attained in the box, or by another rival of the same sample, and where.
    rounding
        Values closer to zero than this have no certain sign.
    tolerance
        Stop once the smallest value is known this well; None: once its sign is known.
    nodes
        Boxes that may be looked at.
    """
    root = Node(values, list(range(len(low))), low.copy(), high.copy(), 0, float(values.min()))
    stop = -rounding if tolerance is None else -math.inf
    upper, angles = descend(tensor, low, high, root.weakest(), stop)
    if best is not None and best[0] <= upper:
        upper, angles = best
    order = itertools.count()
    waiting: list[tuple[float, int, Node]] = [(root.bound, next(order), root)]
    dive: list[Node] = []
    closed, seen, held = math.inf, 1, values.nbytes
    while (waiting or dive) and upper >= stop and seen < nodes:
        node = dive.pop() if dive else heapq.heappop(waiting)[2]
        held -= node.values.nbytes
        if node.bound > _level(upper, rounding, tolerance):
            closed = min(closed, node.bound)
            continue
        if node.wide:
            halves = node.rebuilt_halves(tensor)
        else:
            node.reduce()
            node.bound = max(node.bound, float(node.values.min()))
            value, corner = node.corner()
            if value < upper:
                upper, angles = value, corner
                if upper >= stop:
                    upper, angles = descend(tensor, low, high, corner, stop)
            axis = node.axis_to_halve() if node.depth < DEPTH else None
            known = value <= node.bound  # a corner attains the bound
            if axis is None or known or node.bound > _level(upper, rounding, tolerance):
                closed = min(closed, node.bound)
                continue
            halves = node.halves(axis)
        seen += 2
        for half in sorted(halves, key=lambda half: -half.bound):
            half.bound = max(half.bound, node.bound)
            held += half.values.nbytes
            if held > OPEN_BYTES:
                dive.append(half)
            else:
                heapq.heappush(waiting, (half.bound, next(order), half))
    still_open = [item[0] for item in waiting] + [node.bound for node in dive]
    return Found(min([closed, *still_open]), upper, angles, seen)


def _argmin(values: Array) -> tuple[int, ...]:
    """Return the index of the smallest entry."""
    return tuple(int(i) for i in np.unravel_index(int(values.argmin()), values.shape))


def _level(upper: float, rounding: float, tolerance: float | None) -> float:
    """Return the bound above which a box cannot change the answer."""
    return rounding if tolerance is None else upper - tolerance
