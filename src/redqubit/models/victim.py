"""The model under attack together with its data and the way it is trained."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from redqubit.core.errors import InputError
from redqubit.core.evidence import View
from redqubit.models.model import Model
from redqubit.models.split import Split

Array = np.ndarray[Any, np.dtype[Any]]


class Recipe(Protocol):
    """How a victim is trained, so that it can be trained again on poisoned data."""

    def fit(self, X: Array, y: Array, seed: int) -> Model:
        """Train a new model on ``X`` ``(N, F)`` and ``y`` ``(N,)``."""
        ...


@dataclass(frozen=True)
class EstimatorRecipe:
    """Trains a fresh clone of a scikit-learn estimator; the estimator itself stays unfitted.

    An estimator whose ``fit`` takes no ``seed`` gets it as ``random_state`` or ``seed`` parameter,
    if it has one.
    """

    estimator: Any

    def fit(self, X: Array, y: Array, seed: int) -> Model:
        """Train a clone on ``X`` and ``y``."""
        from sklearn.base import clone

        fresh = clone(self.estimator)
        extra: dict[str, Any] = {}
        if "seed" in inspect.signature(fresh.fit).parameters:
            extra["seed"] = seed
        else:
            known = fresh.get_params(deep=False)
            name = next((name for name in ("random_state", "seed") if name in known), None)
            fresh.set_params(**({name: seed} if name else {}))
        fitted: Model = fresh.fit(X, y, **extra)
        return fitted

    def fit_many(self, X: Array, Y: Array, seed: int) -> list[Model]:
        """Train a model for each row of labels ``Y`` ``(M, N)``, at once where that is possible."""
        from sklearn.base import clone

        fresh = clone(self.estimator)
        exact = getattr(fresh, "shots", None) is None and not getattr(fresh, "callbacks", ())
        alike = len({tuple(np.unique(row)) for row in Y}) == 1  # else the models differ in shape
        if callable(getattr(fresh, "fit_many", None)) and exact and alike:
            models: list[Model] = fresh.fit_many(X, Y, seed=seed)
            return models
        return [self.fit(X, row, seed) for row in Y]


@dataclass(frozen=True)
class Victim:
    """A trained model, the data it was trained and is tested on, and its recipe.

    Parameters
    ----------
    model
        The model as served.
    data
        Training and test samples in the model's input space.
    recipe
        Trains it again.
    name
        For reports.
    adaptive
        The model as an attacker who knows the defense sees it; None where there is no defense.
    view
        How exact that is.
    defense
        Registry name of the defense, ``none`` where there is none.
    """

    model: Model
    data: Split
    recipe: Recipe
    name: str = "victim"
    adaptive: Model | None = None
    view: View = "none"
    defense: str = "none"

    def __post_init__(self) -> None:
        expected, got = self.data.X_train.shape[1], self.model.n_features_in_
        if expected != got:
            raise InputError(
                f"model and data must have the same number of features, got {got} and {expected}"
            )

    def retrain(self, X: Array, y: Array, seed: int) -> Model:
        """Train the victim's recipe on other data: ``X`` ``(N, F)``, ``y`` ``(N,)``."""
        return self.recipe.fit(X, y, seed)

    def retrain_many(self, X: Array, Y: Array, seed: int) -> list[Model]:
        """Train the recipe on the same samples with each row of labels ``Y`` ``(M, N)``."""
        together = getattr(self.recipe, "fit_many", None)
        if callable(together):
            models: list[Model] = together(X, Y, seed)
            return models
        return [self.retrain(X, row, seed) for row in Y]

    @classmethod
    def train(cls, estimator: Any, data: Split, seed: int, name: str = "victim") -> Victim:
        """Fit a clone of ``estimator`` on the training part of ``data``."""
        recipe = EstimatorRecipe(estimator)
        return cls(recipe.fit(data.X_train, data.y_train, seed), data, recipe, name)
