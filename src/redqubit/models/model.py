"""What attacks, defenses and judges may ask of a model."""

from __future__ import annotations

from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

FloatArray = NDArray[np.float64]


@runtime_checkable
class Model(Protocol):
    """A trained classifier of ``C`` classes on ``F`` features.

    ``classes_`` holds the labels in the order of the columns of `scores` and `predict_proba`.
    """

    classes_: NDArray[Any]
    n_features_in_: int

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Return the label of each sample, ``(N,)``."""
        ...

    def predict_proba(self, X: ArrayLike) -> FloatArray:
        """Return class probabilities, ``(N, C)``; rows add up to 1."""
        ...

    def scores(self, X: ArrayLike) -> FloatArray:
        """Return logits, ``(N, C)`` also for two classes; the largest wins."""
        ...


@runtime_checkable
class Differentiable(Model, Protocol):
    """A model whose logits can be differentiated by the input."""

    def logits(self, x: Tensor) -> Tensor:
        """Return logits ``(B, C)`` of samples ``(B, F)``, differentiable in ``x``."""
        ...
