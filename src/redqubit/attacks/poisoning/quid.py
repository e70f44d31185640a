"""QUID: relabel each poisoned sample to the class farthest from it in state space."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, Self, get_args

import numpy as np

from redqubit.attacks.outcome import Array, Poisoning
from redqubit.attacks.poisoning.distance import Distance, between, overlap
from redqubit.attacks.poisoning.placement import Placement, choose
from redqubit.core.errors import InputError, unknown
from redqubit.models.target import TrainingData, class_index


@dataclass(frozen=True)
class Quid:
    """Quantum indiscriminate data poisoning by the similarity of encoder states.

    A random part of the training set is poisoned. Each poisoned sample gets the label of the class
    whose clean samples are farthest from it on average.

    Parameters
    ----------
    fraction
        Of the training set, in [0, 1); the rest must hold a sample of at least one class.
    distance
        Between encoder states: ``hilbert_schmidt`` ``||rho - sigma||_F`` or ``trace``
        ``||rho - sigma||_1 / 2``. For pure states both are functions of the fidelity F,
        ``sqrt(2 (1 - F))`` and ``sqrt(1 - F)``, and choose the same labels. ``euclidean`` between
        feature vectors is the control: it needs no quantum computer and no encoder.
    placement
        ``scattered`` samples, or ``neighborhoods`` in that distance.

    Source: Kundu and Ghosh, arXiv:2411.14412 (labels by largest mean distance). With two classes
    the rule mostly flips every label, and where ``euclidean`` does as well the effect is not one of
    state geometry.
    """

    name: ClassVar[str] = "quid"
    technique: ClassVar[str] = "QML.T0002"
    title: ClassVar[str] = "QUID label poisoning"

    fraction: float = 0.1
    distance: Distance = "hilbert_schmidt"
    placement: Placement = "scattered"

    def __post_init__(self) -> None:
        if not 0 <= self.fraction < 1:
            raise InputError(f"fraction must be in [0, 1), got {self.fraction}")
        if self.distance not in get_args(Distance):
            raise unknown("distance", str(self.distance), get_args(Distance))
        if self.placement not in get_args(Placement):
            raise unknown("placement", str(self.placement), get_args(Placement))

    def adapted(self) -> Self:
        """Return the attack against a filter of labels: whole neighborhoods at once."""
        return replace(self, placement="neighborhoods")

    def run(self, target: TrainingData, rng: np.random.Generator) -> Poisoning:
        """Encode the training set once, then relabel; ``values`` holds the states' similarity."""
        y, classes = np.array(target.y), target.classes
        count = round(self.fraction * len(y))
        changed = np.zeros(len(y), dtype=bool)
        if count == 0:
            return Poisoning(np.array(target.X), y, changed, ("no sample to poison",))
        euclidean = self.distance == "euclidean"
        points = target.X if euclidean else target.encoder_states(target.X)
        near = self.placement == "neighborhoods"
        everywhere = between(points, points, self.distance) if near else None
        chosen = choose(np.arange(len(y)), everywhere, count, self.placement, rng)
        clean = np.setdiff1d(np.arange(len(y)), chosen)
        apart = between(points[chosen], points[clean], self.distance)
        index = class_index(classes, y)
        members = np.eye(len(classes))[index[clean]]  # one hot, (clean, C)
        sizes = members.sum(axis=0)
        mean = (apart @ members) / np.maximum(sizes, 1)
        farthest = np.where(sizes > 0, mean, -np.inf).argmax(axis=1)
        y[chosen] = classes[farthest]
        changed[chosen] = farthest != index[chosen]
        return Poisoning(
            np.array(target.X),
            y,
            changed,
            (f"relabeled {changed.sum()} of {count} chosen samples by {self.distance} distance",),
            _similarity(points, index, self.distance),
        )


def _similarity(points: Array, index: Array, distance: Distance) -> dict[str, float]:
    """Measure how well the distance tells the classes apart (the encoder-state similarity).

    Means within and across classes, of the fidelity for states; and how often the class nearest on
    average is the sample's own, itself left out.
    """
    own = index[:, None] == index
    other = ~np.eye(len(index), dtype=bool)
    apart = between(points, points, "euclidean" if distance == "euclidean" else "hilbert_schmidt")
    kind, shown = "distance", apart
    if distance != "euclidean":
        kind, shown = "fidelity", overlap(points, points)
    members = np.eye(index.max() + 1)[index]
    sizes = members.sum(axis=0) - members
    mean = np.where(sizes > 0, (apart @ members) / np.maximum(sizes, 1), np.inf)
    return {
        f"intra_{kind}": float(shown[own & other].mean()) if (own & other).any() else np.nan,
        f"inter_{kind}": float(shown[~own].mean()) if (~own).any() else np.nan,
        "nearest_class_accuracy": float((mean.argmin(axis=1) == index).mean()),
    }
