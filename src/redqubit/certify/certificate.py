"""What the verifier hands out: one frozen record a sample, and a curve of robust accuracy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from redqubit.core.budget import Radius
from redqubit.core.estimate import Rate
from redqubit.core.evidence import Point, Series

Status = Literal["robust", "not robust", "unknown"]


@dataclass(frozen=True)
class Certificate:
    """What is proved about one sample in one ball.

    Parameters
    ----------
    status
        ``robust``: no input of the ball is classified otherwise. ``not robust``: one is, and
        ``worst_input`` is it. ``unknown``: the node budget ended first.
    label
        Index of the class that must win.
    radius
        The ball, intersected with the domain.
    lower, upper
        The smallest margin (logit of the label minus the best other logit, minus slack) lies
        between them; they include the rounding margin.
    rival
        Index of the class that came closest where ``upper`` was seen.
    worst_input
        The input with margin ``upper``.
    nodes
        Boxes the search looked at.
    rounding
        Outward margin kept for float64 rounding, in units of the margin.
    """

    status: Status
    label: int
    radius: Radius
    lower: float
    upper: float
    rival: int
    worst_input: tuple[float, ...]
    nodes: int
    rounding: float

    @property
    def counterexample(self) -> tuple[float, ...] | None:
        """Return an input of the ball in another class, or None."""
        return self.worst_input if self.status == "not robust" else None

    def statement(self) -> str:
        """Say in one sentence what is proved."""
        proof = (
            f"smallest margin in [{self.lower:.6g}, {self.upper:.6g}], {self.nodes} nodes, "
            f"rounding margin {self.rounding:.1e}"
        )
        if self.status == "robust":
            return f"No input within {self.radius} leaves class {self.label}: {proof}."
        if self.status == "not robust":
            return f"An input within {self.radius} goes from {self.label} to {self.rival}: {proof}."
        return f"Undecided within {self.radius} for class {self.label}: {proof}."


@dataclass(frozen=True)
class MinimalPerturbation:
    """How far the nearest input of another class is from one sample.

    ``lower`` is certified, ``upper`` is the distance of ``example``; both in the norm and space of
    ``searched``, the largest radius that was looked at. ``upper`` is None where nothing was found;
    ``lower`` then equals the searched radius unless the node budget ended first.
    """

    label: int
    lower: float
    upper: float | None
    searched: Radius
    example: tuple[float, ...] | None
    nodes: int

    def statement(self) -> str:
        """Say in one sentence what is proved."""
        unit = " rad" if self.searched.space == "angle" else ""
        if self.upper is None:
            return f"No input within {self.lower:.6g}{unit} leaves class {self.label}."
        return (
            f"The nearest input outside class {self.label} is {self.lower:.6g} to "
            f"{self.upper:.6g}{unit} away ({self.nodes} nodes)."
        )


@dataclass(frozen=True)
class RobustPoint:
    """Robust accuracy at one radius: decided samples, and how many are undecided."""

    radius: Radius
    robust: Rate
    unknown: int
    nodes: int

    @property
    def at_most(self) -> Rate:
        """Return the rate if every undecided sample were robust."""
        return Rate(self.robust.successes + self.unknown, self.robust.n)


@dataclass(frozen=True)
class RobustAccuracy:
    """The exact robust accuracy of a model over radii.

    A sample counts as robust if every input in its ball is classified as the sample's label.
    """

    points: tuple[RobustPoint, ...]

    @property
    def decided(self) -> bool:
        """Whether no sample is undecided at any radius."""
        return all(point.unknown == 0 for point in self.points)

    @property
    def nodes(self) -> int:
        """Return how many boxes the searches looked at."""
        return sum(point.nodes for point in self.points)

    def series(self, name: str = "exact verifier") -> Series:
        """Return the curve for a report; undecided samples count as not robust."""
        points = tuple(Point(point.radius.value, point.robust) for point in self.points)
        return Series(name, "certificate", points)
