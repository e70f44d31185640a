"""A model held as a function of the input: what an extraction returns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from scipy.special import softmax
from torch import Tensor

from redqubit.models.arrays import samples
from redqubit.models.model import FloatArray


class Clone:
    """A frozen classifier given by its logits.

    Parameters
    ----------
    logits
        ``(B, F) -> (B, C)``, differentiable.
    classes
        Labels in the order of the columns, ``(C,)``.
    n_features
        ``F``.
    closed_form
        The closed form behind ``logits``, where there is one: it can be certified exactly.
    """

    def __init__(
        self,
        logits: Callable[[Tensor], Tensor],
        classes: ArrayLike,
        n_features: int,
        closed_form: Any = None,
    ) -> None:
        self.classes_: NDArray[Any] = np.array(classes)
        self.n_features_in_ = n_features
        self._logits = logits
        self._closed_form = closed_form

    def logits(self, x: Tensor) -> Tensor:
        """Return logits ``(B, C)`` of samples ``(B, F)``, differentiable in ``x``."""
        return self._logits(x)

    def scores(self, X: ArrayLike) -> FloatArray:
        """Return logits as numbers, ``(N, C)``."""
        with torch.no_grad():
            logits = self._logits(torch.tensor(samples(X)))
        return np.asarray(logits.double().cpu().numpy())

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Return the label of each sample, ``(N,)``."""
        return np.asarray(self.classes_[self.scores(X).argmax(axis=1)])

    def predict_proba(self, X: ArrayLike) -> FloatArray:
        """Return class probabilities, ``(N, C)``."""
        return np.asarray(softmax(self.scores(X), axis=1))

    def closed_form(self) -> Any:
        """Return the closed form of the logits, or None."""
        return self._closed_form
