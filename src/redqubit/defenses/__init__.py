"""Defenses: one a file, each with the view an attacker who knows it has.

`ALL` is the registry; outsiders add theirs through the entry-point group ``redqubit.defenses``.
"""

from __future__ import annotations

from typing import Any, ClassVar, Protocol

from redqubit.core import registry
from redqubit.defenses.adversarial_training import AdversarialTraining
from redqubit.defenses.cost import Price, price
from redqubit.defenses.label_sanitation import Detection, LabelSanitation, detection
from redqubit.defenses.noise_layer import NoiseLayer
from redqubit.defenses.none import NoDefense
from redqubit.defenses.prediction_rounding import PredictionRounding
from redqubit.defenses.top_one import TopOne
from redqubit.models.victim import Victim

GROUP = "redqubit.defenses"
ALL: tuple[type[Any], ...] = (
    NoDefense,
    AdversarialTraining,
    NoiseLayer,
    PredictionRounding,
    TopOne,
    LabelSanitation,
)


class Defense(Protocol):
    """A frozen dataclass with one verb.

    ``mitigation`` is its kill-chain id, ``cost`` a sentence on what it takes.
    """

    name: ClassVar[str]
    mitigation: ClassVar[str]
    title: ClassVar[str]
    cost: ClassVar[str]

    def apply(self, victim: Victim, seed: int) -> Victim:
        """Return the defended victim, with the view an attacker who knows the defense has."""
        ...


def names() -> tuple[str, ...]:
    """Return the names of all defenses, installed plug-ins last."""
    return registry.names(ALL, GROUP)


def by_name(name: str) -> type[Any]:
    """Return the defense class called ``name``: one of ours, or a plug-in's.

    Raises
    ------
    InputError
        Unknown name (the near miss is named), or a plug-in whose class bears another name.
    """
    return registry.by_name(ALL, GROUP, "defense", name)


__all__ = [
    "ALL",
    "AdversarialTraining",
    "Defense",
    "Detection",
    "LabelSanitation",
    "NoDefense",
    "NoiseLayer",
    "PredictionRounding",
    "Price",
    "TopOne",
    "by_name",
    "detection",
    "names",
    "price",
]
