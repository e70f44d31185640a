"""Label sanitation: training labels that most neighbors in state space contradict."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, get_args

import numpy as np

from redqubit.core.errors import InputError, unknown
from redqubit.core.estimate import Rate
from redqubit.models.model import Model
from redqubit.models.victim import Recipe, Victim

Array = np.ndarray[Any, np.dtype[Any]]
Action = Literal["drop", "relabel"]


@dataclass(frozen=True)
class Detection:
    """How well flagged samples match those that were changed.

    ``caught`` counts changed samples that were flagged, ``false_alarms`` unchanged ones that were,
    ``precision`` flagged ones that were changed.
    """

    caught: Rate
    false_alarms: Rate
    precision: Rate


@dataclass(frozen=True)
class SanitizedRecipe:
    """Cleans the training labels, then trains with ``recipe``."""

    recipe: Recipe
    clean: Callable[[Array, Array], tuple[Array, Array]]

    def fit(self, X: Array, y: Array, seed: int) -> Model:
        """Train on what is left of ``X`` ``(N, F)`` and ``y`` ``(N,)``."""
        return self.recipe.fit(*self.clean(X, y), seed)


@dataclass(frozen=True)
class LabelSanitation:
    """Drop or relabel every training sample whose nearest states mostly have another label.

    Neighbors are the samples with the largest fidelity ``|<a|b>|^2`` of encoder states. It acts on
    poisoning only; evasion meets the same kind of model. An attacker who knows it flips whole
    neighborhoods, whose members then vouch for each other: the adaptive view is the model itself,
    and tests measure that attacker.

    Parameters
    ----------
    neighbors
        How many vote, at least 1.
    action
        ``drop`` suspicious samples, or ``relabel`` them to the majority of their neighbors.

    Source: k-nearest-neighbor sanitation of Paudice et al., arXiv:1803.00992, algorithm 2, with
    state fidelity in place of Euclidean distance.
    """

    name: ClassVar[str] = "label_sanitation"
    mitigation: ClassVar[str] = "QML.M0005"
    title: ClassVar[str] = "Label sanitation by nearest fidelity"
    cost: ClassVar[str] = "One fidelity a pair of training samples; some clean samples are lost."

    neighbors: int = 15
    action: Action = "drop"

    def __post_init__(self) -> None:
        if self.neighbors < 1:
            raise InputError(f"neighbors must be >= 1, got {self.neighbors}")
        if self.action not in get_args(Action):
            raise unknown("action", str(self.action), get_args(Action))

    def apply(self, victim: Victim, seed: int) -> Victim:
        """Train the victim again on sanitized data; later poisoned data are sanitized too.

        Raises
        ------
        InputError
            The victim's model has no encoder states to compare.
        """
        encode = getattr(victim.model, "encoder_states", None)
        if not callable(encode):
            raise InputError(
                f"label sanitation compares encoder states, and {type(victim.model).__name__} has "
                f"none (encoder_states); defend a quantum model"
            )

        def clean(X: Array, y: Array) -> tuple[Array, Array]:
            return self.sanitize(X, y, encode(X))

        recipe = SanitizedRecipe(victim.recipe, clean)
        model = recipe.fit(victim.data.X_train, victim.data.y_train, seed)
        return Victim(model, victim.data, recipe, victim.name, model, "exact", self.name)

    def sanitize(self, X: Array, y: Array, states: Array) -> tuple[Array, Array]:
        """Return the training set without suspicious labels.

        A class that would lose its last sample keeps all of them, so that it can still be learned.
        """
        majority, suspicious = self.vote(y, states)
        if self.action == "relabel":
            return X, np.where(suspicious, majority, y)
        for label in np.unique(y):
            own = y == label
            if suspicious[own].all():
                suspicious = suspicious & ~own
        return X[~suspicious], y[~suspicious]

    def vote(self, y: Array, states: Array) -> tuple[Array, Array]:
        """Return each sample's majority label among its neighbors, and whether it differs.

        Parameters
        ----------
        y
            Labels ``(N,)``.
        states
            Encoder states ``(N, 2^n)``.

        Returns
        -------
        tuple
            Labels ``(N,)`` and a mask ``(N,)``; a tie that includes the own label is no suspicion.

        Raises
        ------
        InputError
            Not more samples than neighbors.
        """
        if len(y) <= self.neighbors:
            raise InputError(
                f"{self.neighbors} neighbors need more than {self.neighbors} samples, got {len(y)}"
            )
        fidelity = np.abs(states.conj() @ states.T) ** 2
        np.fill_diagonal(fidelity, -1.0)
        nearest = np.argpartition(-fidelity, self.neighbors - 1, axis=1)[:, : self.neighbors]
        classes, index = np.unique(y, return_inverse=True)
        votes = (index[nearest][:, :, None] == np.arange(len(classes))).sum(axis=1)
        own = votes[np.arange(len(y)), index]
        return classes[votes.argmax(axis=1)], own < votes.max(axis=1)


def detection(suspicious: Array, changed: Array) -> Detection:
    """Judge a detector by masks ``(N,)`` of what it flagged and what was really changed."""
    return Detection(
        Rate.of(suspicious[changed]), Rate.of(suspicious[~changed]), Rate.of(changed[suspicious])
    )
