"""Square attack on feature vectors: random search with scores, no gradient."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray

from redqubit.attacks.evasion.loss import DEFAULT_RADIUS, Goal, require_angle
from redqubit.attacks.outcome import Evasion
from redqubit.core.budget import Radius
from redqubit.core.errors import InputError
from redqubit.models.ascent import project
from redqubit.models.target import Oracle, class_index

Floats: TypeAlias = NDArray[np.float64]
HALVINGS = (10, 50, 200, 1000, 2000, 4000, 6000, 8000)  # of 10,000 queries, as in the paper


@dataclass(frozen=True)
class Square:
    """Change random groups of features to extreme values and keep what lowers the margin.

    A sample is left alone as soon as an answer shows success, so easy samples cost few queries;
    the first query is the sample itself. When the service's own limit is near, the attack stops
    with the best points so far.

    Parameters
    ----------
    radius
        In encoder angles, L-inf or L2.
    queries
        At most this many for each sample, the first one included.
    share
        Share of the features that one move changes at the beginning; it halves as in the paper.
    goal
        A class to reach, or None to leave the true class.

    Source: Andriushchenko et al., arXiv:1912.00049, algorithms 1 to 3. Deviations, because a
    feature vector has no neighborhoods: a group is any set of features instead of a window, each
    of its features has its own sign, and half of the moves of a single feature draw a value
    inside the ball (a QNN is trigonometric, its worst case need not be a corner). In L2 a group is
    redrawn and the change scaled back to the sphere.
    """

    name: ClassVar[str] = "square"
    technique: ClassVar[str] = "QML.T0012"
    title: ClassVar[str] = "Square attack"

    radius: Radius = DEFAULT_RADIUS
    queries: int = 200
    share: float = 0.8
    goal: Goal = None

    def __post_init__(self) -> None:
        require_angle(self.radius)
        if self.queries < 1 or not 0 < self.share <= 1:
            raise InputError(
                f"queries must be >= 1 and share in (0, 1], got {self.queries} and {self.share}"
            )

    def run(self, target: Oracle, rng: np.random.Generator) -> Evasion:
        """Search all samples side by side; each answer moves its own sample only."""
        best = np.array(target.X)
        lead = np.full(len(best), -np.inf)
        spent = np.zeros(len(best), dtype=int)
        for query in range(self.queries):
            active = np.flatnonzero(lead <= 0)
            limit = target.meter.limit
            if not active.size or (
                limit is not None and limit - target.meter.queries < active.size
            ):
                break
            tried = target.X[active] if query == 0 else self._move(target, best, active, query, rng)
            found = self._lead(target, tried, active)
            spent[active] += 1
            better = found > lead[active]
            best[active[better]], lead[active[better]] = tried[better], found[better]
        return Evasion(
            best,
            (f"sent {spent.sum()} queries, {spent.mean():.1f} a sample",),
            {"queries": float(spent.sum()), "queries_median": float(np.median(spent))},
        )

    def _move(
        self,
        target: Oracle,
        best: Floats,
        active: NDArray[np.intp],
        query: int,
        rng: np.random.Generator,
    ) -> Floats:
        """Propose one new point for each active sample."""
        shape = (active.size, target.n_features)
        halved = sum(query * 10_000 > mark * self.queries for mark in HALVINGS)
        size = max(1, round(self.share / 2**halved * shape[1])) if query > 1 else shape[1]
        group = rng.random(shape).argsort(axis=1) < size
        change = best[active] - target.X[active]
        value = self.radius.value
        if self.radius.norm == "linf":
            drawn = value * rng.choice([-1.0, 1.0], shape)
            if size == 1:
                inside = rng.random((active.size, 1)) < 0.5
                drawn = np.where(inside, rng.uniform(-value, value, shape), drawn)
            change = np.where(group, drawn, change)
        else:
            change = np.where(group, value * rng.normal(size=shape), change)
            change *= value / np.maximum(np.linalg.norm(change, axis=1, keepdims=True), 1e-300)
        center = torch.tensor(target.X[active])
        moved = project(center + torch.as_tensor(change), center, self.radius, *target.domain)
        return moved.numpy()

    def _lead(self, target: Oracle, X: Floats, active: NDArray[np.intp]) -> Floats:
        """Query ``X`` and return by how much each answer is beyond the boundary."""
        scores = target.log_scores(X)
        wanted = target.y[active] if self.goal is None else np.full(active.size, self.goal)
        index = class_index(target.classes, wanted)[:, None]
        own = np.take_along_axis(scores, index, axis=1)[:, 0]
        np.put_along_axis(scores, index, -np.inf, axis=1)
        lead: Floats = scores.max(axis=1) - own
        return lead if self.goal is None else -lead
