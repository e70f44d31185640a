"""Models behind a defense that acts on answers, and the recipes that train them again."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from redqubit.models.model import FloatArray, Model
from redqubit.models.victim import Recipe, Victim

Array = np.ndarray[Any, np.dtype[Any]]


class Served(ABC):
    """A model whose labels are those of ``base`` and whose scores a subclass hides in part.

    Has no gradient. What is public of the encoder (``encoder_states``), of the labels
    (``closed_form``) and of the price (``shots``) passes through where ``base`` has it.
    """

    _PUBLIC = ("encoder_states", "closed_form", "shots")

    def __init__(self, base: Model) -> None:
        self.base = base
        self.classes_ = base.classes_
        self.n_features_in_ = base.n_features_in_

    def __getattr__(self, name: str) -> Any:
        if name in type(self)._PUBLIC:
            return getattr(self.base, name)
        raise AttributeError(f"{type(self).__name__} serves no {name!r}")

    def predict(self, X: Any) -> Array:
        """Return the labels of ``base``, ``(N,)``."""
        return self.base.predict(X)

    @abstractmethod
    def predict_proba(self, X: Any) -> FloatArray:
        """Return what is left of the class probabilities, ``(N, C)``; rows add up to 1."""

    def scores(self, X: Any) -> FloatArray:
        """Return logarithms of `predict_proba`, ``(N, C)``, 0 replaced by the smallest float."""
        floor = np.finfo(np.float64).tiny
        return np.asarray(np.log(np.maximum(self.predict_proba(X), floor)))


@dataclass(frozen=True)
class ServedRecipe:
    """Trains with ``recipe`` and puts the model behind the defense, as ``serve`` does."""

    recipe: Recipe
    serve: Callable[[Model], Model]

    def fit(self, X: Array, y: Array, seed: int) -> Model:
        """Train on ``X`` ``(N, F)`` and ``y`` ``(N,)``."""
        return self.serve(self.recipe.fit(X, y, seed))


def behind(victim: Victim, serve: Callable[[Model], Model], adaptive: Model, name: str) -> Victim:
    """Return ``victim`` with its model behind ``serve``; ``adaptive`` is what attackers can use."""
    return Victim(
        serve(victim.model),
        victim.data,
        ServedRecipe(victim.recipe, serve),
        victim.name,
        adaptive,
        "exact",
        name,
    )
