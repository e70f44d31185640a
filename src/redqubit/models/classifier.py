"""What the trained classifiers share: labels to codes, logits to labels, scikit-learn manners."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import softmax
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted

from redqubit.core.errors import InputError
from redqubit.core.estimate import Rate
from redqubit.models.arrays import labels, samples
from redqubit.models.model import FloatArray


class Classifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # sklearn has no types
    """A scikit-learn classifier that decides by `scores`; subclasses write it and ``fit``."""

    classes_: NDArray[Any]
    n_features_in_: int

    @abstractmethod
    def scores(self, X: ArrayLike) -> FloatArray:
        """Return logits, ``(N, C)`` also for two classes; the largest wins."""

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Return the label of each sample, ``(N,)``."""
        winners = self.scores(X).argmax(axis=1)
        chosen: NDArray[Any] = self.classes_[winners]
        return chosen

    def predict_proba(self, X: ArrayLike) -> FloatArray:
        """Return class probabilities, the softmax of `scores`, ``(N, C)``."""
        probabilities: FloatArray = softmax(self.scores(X), axis=1)
        return probabilities

    def decision_function(self, X: ArrayLike) -> FloatArray:
        """Return `scores`; for two classes their difference ``(N,)``, as scikit-learn wants."""
        scores = self.scores(X)
        return scores[:, 1] - scores[:, 0] if scores.shape[1] == 2 else scores

    def _training_data(self, X: ArrayLike, y: ArrayLike) -> tuple[FloatArray, NDArray[np.int64]]:
        """Check the data, set ``classes_`` and ``n_features_in_``, return the class codes."""
        if y is None:
            raise InputError("requires y to be passed, but the target y is None")
        matrix = samples(X)
        vector = labels(y, len(matrix))
        try:
            check_classification_targets(vector)
        except ValueError as error:
            raise InputError(str(error)) from None
        self.classes_, codes = np.unique(vector, return_inverse=True)
        if len(self.classes_) < 2:
            raise InputError(
                f"a classifier needs at least two classes, got only one class: {self.classes_[0]!r}"
            )
        self.n_features_in_ = matrix.shape[1]
        return matrix, codes

    def _codes(self, y: ArrayLike, n: int) -> NDArray[np.int64]:
        """Return the class code of each of ``n`` labels."""
        vector = labels(y, n)
        foreign = vector[~np.isin(vector, self.classes_)]
        if len(foreign):
            raise InputError(f"y must hold labels of {self.classes_.tolist()}, got {foreign[0]!r}")
        return np.searchsorted(self.classes_, vector).astype(np.int64)

    def score_by_class(self, X: ArrayLike, y: ArrayLike) -> dict[Any, Rate]:
        """Return for each class the rate at which its samples are recognized."""
        codes = self._codes(y, len(samples(X)))
        right = self.classes_[codes] == self.predict(X)
        return {
            label: Rate.of(right[codes == code])
            for code, label in enumerate(self.classes_.tolist())
        }

    def _queries(self, X: ArrayLike) -> FloatArray:
        """Check samples given to a fitted model."""
        self._require_fit()
        matrix = samples(X)
        if matrix.shape[1] != self.n_features_in_:
            raise InputError(
                f"X has {matrix.shape[1]} features, but {type(self).__name__} is expecting "
                f"{self.n_features_in_} features as input"
            )
        return matrix

    def _require_fit(self) -> None:
        check_is_fitted(self, "classes_")


def whole(name: str, value: Any, high: int = 10**12) -> int:
    """Return ``value`` if it is a whole number from 1 to ``high``; raise InputError if not."""
    if isinstance(value, bool) or not hasattr(value, "__index__") or not 1 <= int(value) <= high:
        raise InputError(f"{name} must be a whole number >= 1 and <= {high}, got {value!r}")
    return int(value)
