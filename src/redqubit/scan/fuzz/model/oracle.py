"""What an oracle for models is: a relation, the rows it wants, and what the model must declare."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from redqubit.scan.finding import Severity
from redqubit.scan.fuzz.model.model import Array, Model


@dataclass(frozen=True, slots=True)
class Breach:
    """A relation that does not hold: the difference and a sentence about it."""

    distance: float
    detail: str


class Undecided(Exception):  # noqa: N818 - a verdict, not an error
    """The relation cannot be judged on these rows; never a finding."""


Relation = Callable[[Model, Array, np.random.Generator], Breach | None]
Inputs = Callable[[Model, int, np.random.Generator], Array]


def uniform(model: Model, rows: int, rng: np.random.Generator) -> Array:
    """Draw rows from the model's range; a tenth of the numbers are its ends, its middle or 0."""
    drawn = rng.uniform(model.low, model.high, (rows, model.features))
    ends = np.array([model.low, model.high, (model.low + model.high) / 2, 0.0])
    special = rng.choice(ends, drawn.shape)
    return np.where(rng.random(drawn.shape) < 0.1, np.clip(special, model.low, model.high), drawn)


@dataclass(frozen=True, slots=True)
class Oracle:
    """One relation of the catalog; ``guard`` says what must not be taken for a fault.

    ``missing`` returns what the model would have to declare, or nothing; ``rows`` is the largest
    batch.
    """

    id: str
    name: str
    summary: str
    guard: str
    missing: Callable[[Model], str]
    relation: Relation
    advice: str
    inputs: Inputs = uniform
    rows: int = 256
    severity: Severity = "medium"
    cwe: tuple[int, ...] = (682,)

    @property
    def rule(self) -> str:
        """Return the rule id of its findings, ``FUZ-14`` for oracle ``M14``."""
        return f"FUZ-{self.id[1:]}"


def gap(first: Array, second: Array, tolerance: float, detail: str) -> Breach | None:
    """Return the breach between outputs that should be equal; two that are not finite agree."""
    both = np.isfinite(first) & np.isfinite(second)
    if (np.isfinite(first) != np.isfinite(second)).any():
        return Breach(float("inf"), f"{detail}: one of two equal outputs is not finite")
    distance = float(np.max(np.abs(first - second), where=both, initial=0.0))
    return Breach(distance, f"{detail} by {distance:.3g}") if distance > tolerance else None
