"""Budgets with units: how far an attacker may move an input, and what an action cost."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, get_args

from redqubit.core.errors import InputError, unknown

Norm = Literal["linf", "l2"]
Space = Literal["raw", "scaled", "angle", "fidelity"]


@dataclass(frozen=True)
class Radius:
    """How far an input may be moved: a value, the norm that measures it and the space it lives in.

    Parameters
    ----------
    value
        Not negative; radians in space ``angle``, ``1 - F`` in space ``fidelity``.
    norm
        ``linf`` (each feature on its own) or ``l2`` (Euclidean length).
    space
        ``raw`` feature, ``scaled`` feature (after preprocessing), ``angle`` (radians the encoder
        rotates by) or state ``fidelity``.
    """

    value: float
    norm: Norm = "linf"
    space: Space = "angle"

    def __post_init__(self) -> None:
        if not math.isfinite(self.value) or self.value < 0:
            raise InputError(f"a radius must be a finite number >= 0, got {self.value!r}")
        if self.norm not in get_args(Norm):
            raise unknown("norm", str(self.norm), get_args(Norm))
        if self.space not in get_args(Space):
            raise unknown("space", str(self.space), get_args(Space))

    def __str__(self) -> str:
        unit = {"angle": " rad", "fidelity": " infidelity"}.get(self.space, f" ({self.space})")
        return f"{self.value:g}{unit} {'L-inf' if self.norm == 'linf' else 'L2'}"


@dataclass(frozen=True)
class Cost:
    """What an action consumed: oracle queries, circuits, shots, money and wall-clock time.

    ``money`` is in US dollars and is None when no price list was given; ``seconds`` is measured on
    the machine named in the provenance.
    """

    queries: int = 0
    circuits: int = 0
    shots: int = 0
    seconds: float = 0.0
    money: float | None = None

    def __add__(self, other: Cost) -> Cost:
        money = [part for part in (self.money, other.money) if part is not None]
        return Cost(
            self.queries + other.queries,
            self.circuits + other.circuits,
            self.shots + other.shots,
            self.seconds + other.seconds,
            sum(money) if money else None,
        )
