"""Label flips that need no knowledge of the model."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, Literal, Self, TypeAlias, get_args

import numpy as np

from redqubit.attacks.outcome import Array, Poisoning
from redqubit.attacks.poisoning.distance import between
from redqubit.attacks.poisoning.placement import Placement, choose
from redqubit.core.errors import InputError, unknown
from redqubit.models.target import TrainingData, class_index

Rule: TypeAlias = Literal["symmetric", "permutation", "targeted"]


@dataclass(frozen=True)
class LabelFlip:
    """Give a random fraction of the training set wrong labels.

    Parameters
    ----------
    fraction
        Of the training set, in [0, 1]; rounded to whole samples, every one of them gets a wrong
        label.
    rule
        ``symmetric``: any wrong label, uniformly. ``permutation``: the class ``shift`` places on,
        the same for all samples of a class. ``targeted``: samples of class ``source`` become
        ``goal``; a class smaller than the fraction is flipped whole.
    shift
        For ``permutation``; not a multiple of the number of classes.
    source, goal
        For ``targeted``.
    placement
        ``scattered`` samples, or ``neighborhoods`` in feature space.

    Source: symmetric and class-conditional label noise, e.g. Biggio et al., ACML 2011.
    """

    name: ClassVar[str] = "label_flip"
    technique: ClassVar[str] = "QML.T0001"
    title: ClassVar[str] = "Label flip"

    fraction: float = 0.1
    rule: Rule = "symmetric"
    shift: int = 1
    source: int | str | None = None
    goal: int | str | None = None
    placement: Placement = "scattered"

    def __post_init__(self) -> None:
        if not 0 <= self.fraction <= 1:
            raise InputError(f"fraction must be in [0, 1], got {self.fraction}")
        if self.rule not in get_args(Rule):
            raise unknown("rule", str(self.rule), get_args(Rule))
        if self.placement not in get_args(Placement):
            raise unknown("placement", str(self.placement), get_args(Placement))
        if self.rule == "targeted" and (
            self.source is None or self.goal is None or self.source == self.goal
        ):
            raise InputError(
                f"a targeted flip needs source and goal, two classes, got {self.source!r} and "
                f"{self.goal!r}"
            )

    def run(self, target: TrainingData, rng: np.random.Generator) -> Poisoning:
        """Choose the samples, then their wrong labels."""
        y, classes = np.array(target.y), target.classes
        count = round(self.fraction * len(y))
        pool = np.arange(len(y))
        if self.rule == "targeted":
            class_index(classes, np.array([self.source, self.goal]))  # refuses unknown classes
            pool = np.flatnonzero(y == self.source)
        near = self.placement == "neighborhoods"
        apart = between(target.X, target.X, "euclidean") if near else None
        chosen = choose(pool, apart, count, self.placement, rng)
        y[chosen] = self._wrong(y[chosen], classes, rng)
        changed = np.zeros(len(y), dtype=bool)
        changed[chosen] = True
        return Poisoning(
            np.array(target.X), y, changed, (f"flipped {len(chosen)} of {len(y)} labels",)
        )

    def adapted(self) -> Self:
        """Return the attack against a filter of labels: whole neighborhoods, flipped coherently."""
        rule = "permutation" if self.rule == "symmetric" else self.rule
        return replace(self, rule=rule, placement="neighborhoods")

    def _wrong(self, y: Array, classes: Array, rng: np.random.Generator) -> Array:
        """Return a wrong label for each of ``y``."""
        if self.rule == "targeted":
            return np.full(len(y), self.goal, dtype=y.dtype)
        n_classes = len(classes)
        if self.rule == "permutation" and self.shift % n_classes == 0:
            raise InputError(
                f"a shift by {self.shift} maps each of {n_classes} classes to itself; choose 1 to "
                f"{n_classes - 1}"
            )
        shift: Array = np.full(len(y), self.shift)
        if self.rule == "symmetric":
            shift = rng.integers(1, n_classes, len(y))
        return np.asarray(classes[(class_index(classes, y) + shift) % n_classes])
