"""From raw features to encoder angles: reduce, scale to a range, clip; fitted on train only."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any, Literal, Self, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.decomposition import PCA
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

from redqubit.core.budget import Radius
from redqubit.core.errors import InputError, unknown
from redqubit.models.arrays import labels, samples
from redqubit.models.model import FloatArray

Reduce = Literal["pca", "lda", "none"]
Scale = Literal["min_max", "max_abs", "standard", "none"]


class AliasingWarning(UserWarning):
    """Features reach over a full period of the encoder: different samples get the same state."""


class Preprocess(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # sklearn has no types
    """Map raw features linearly to angles in ``[low, high]``; outside values are clipped.

    Parameters
    ----------
    reduce
        ``pca``, ``lda`` (at most classes - 1 features) or ``none``.
    features
        How many features to keep; None keeps all that there are.
    scale
        How the training data's spread fills ``[low, high]``: ``min_max`` maps the extremes to the
        ends, ``max_abs`` maps 0 to the middle and the largest magnitude to an end, ``standard``
        maps the mean to the middle and three standard deviations to the ends, ``none`` maps nothing
        and demands that the features are inside already. A constant feature becomes the middle.
    low, high
        The range, radians for angle encoders.

    Attributes
    ----------
    center_, matrix_
        The reduction ``(X - center_) @ matrix_``, shapes ``(raw,)`` and ``(raw, F)``.
    slope_, offset_
        The scaling ``slope_ * Z + offset_``, shapes ``(F,)``.

    Raises
    ------
    InputError
        Unknown method, empty range, too many features, entries that are not finite.
    """

    def __init__(
        self,
        reduce: Reduce = "none",
        features: int | None = None,
        scale: Scale = "min_max",
        low: float = 0.0,
        high: float = np.pi,
    ) -> None:
        self.reduce = reduce
        self.features = features
        self.scale = scale
        self.low = low
        self.high = high

    def fit(self, X: ArrayLike, y: ArrayLike | None = None) -> Self:
        """Learn the map from training samples ``(N, raw)``; ``y`` is needed for LDA."""
        self._check_parameters()
        matrix = samples(X)
        self.n_features_in_ = matrix.shape[1]
        self.center_, self.matrix_ = self._fit_reduction(matrix, y)
        reduced = (matrix - self.center_) @ self.matrix_
        self.slope_, self.offset_ = self._fit_scaling(reduced)
        return self

    def transform(self, X: ArrayLike) -> FloatArray:
        """Return angles ``(N, F)`` in ``[low, high]``."""
        matrix = self._fitted(samples(X))
        angles = (matrix - self.center_) @ self.matrix_ * self.slope_ + self.offset_
        if self.scale == "none":
            _inside(angles, self.low, self.high)
        clipped: FloatArray = np.clip(angles, self.low, self.high)
        return clipped

    def inverse_transform(self, angles: ArrayLike) -> FloatArray:
        """Return raw samples ``(N, raw)`` with these angles: of all such the nearest to the mean.

        What the reduction discarded is lost; a constant feature comes back as its constant.
        """
        matrix = samples(angles, "angles")
        if not hasattr(self, "slope_"):
            raise InputError("fit the preprocessing before using it")
        if matrix.shape[1] != len(self.slope_):
            raise InputError(f"angles must have {len(self.slope_)} columns, got {matrix.shape[1]}")
        used = self.slope_ != 0
        reduced = np.where(used, (matrix - self.offset_) / np.where(used, self.slope_, 1.0), 0.0)
        constant = np.where(used, 0.0, self._constant_)
        raw: FloatArray = (reduced + constant) @ np.linalg.pinv(self.matrix_) + self.center_
        return raw

    def box(self, radius: Radius | float) -> FloatArray:
        """Return the half width in angles, ``(F,)``, of an L-inf ball around a sample.

        Parameters
        ----------
        radius
            A number means a raw-space L-inf radius. Space ``raw`` needs ``reduce="none"``; spaces
            ``scaled`` and ``angle`` are the angles themselves (the encoder's own scale is 1).

        Raises
        ------
        InputError
            A norm or space that does not become a box, and why.
        """
        if not isinstance(radius, Radius):
            radius = Radius(float(radius), "linf", "raw")
        if radius.norm != "linf":
            raise InputError("only an L-inf radius becomes a box; an L2 ball becomes an ellipsoid")
        if radius.space == "fidelity":
            raise InputError("a fidelity radius is a property of states, not a box of features")
        if not hasattr(self, "slope_"):
            raise InputError("fit the preprocessing before using it")
        if radius.space != "raw":
            return np.full(len(self.slope_), radius.value)
        if self.reduce != "none":
            raise InputError(
                f"a raw radius does not become a box of angles after {self.reduce.upper()}: it "
                "mixes features, so the raw box turns into a slanted polytope; state the radius in "
                "space 'angle', or use reduce='none'"
            )
        width: FloatArray = np.abs(self.slope_) * radius.value
        return width

    def to_record(self) -> dict[str, Any]:
        """Return the fitted preprocessing as JSON data."""
        arrays = ("center_", "matrix_", "slope_", "offset_", "_constant_")
        return {
            **self.get_params(),
            **{name.strip("_"): self._fitted_array(name).tolist() for name in arrays},
        }

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """Build the preprocessing that `to_record` wrote; anything else is an InputError."""
        names = ("center", "matrix", "slope", "offset", "constant")
        allowed = (*cls().get_params(), *names)
        for key in record:
            if key not in allowed:
                raise unknown("key in preprocessing", str(key), allowed)
        for key in allowed:
            if key not in record:
                raise InputError(f"the preprocessing lacks the key {key!r}")
        made = cls(**{key: record[key] for key in cls().get_params()})
        made._check_parameters()
        center, matrix, slope, offset, constant = (_array(record[name], name) for name in names)
        shapes = {array.shape for array in (slope, offset, constant)}
        if matrix.ndim != 2 or center.shape != matrix.shape[:1] or shapes != {matrix.shape[1:]}:
            raise InputError("the preprocessing's arrays do not fit each other")
        made.center_, made.matrix_, made.slope_, made.offset_ = center, matrix, slope, offset
        made._constant_ = constant
        made.n_features_in_ = len(center)
        return made

    def _check_parameters(self) -> None:
        if self.reduce not in get_args(Reduce):
            raise unknown("reduction", str(self.reduce), get_args(Reduce))
        if self.scale not in get_args(Scale):
            raise unknown("scaling", str(self.scale), get_args(Scale))
        ends = (self.low, self.high)
        numbers = all(isinstance(end, int | float) and np.isfinite(end) for end in ends)
        if not numbers or not self.low < self.high:
            raise InputError(f"low must be less than high, both finite, got {ends}")
        count = self.features
        if count is not None and (not hasattr(count, "__index__") or int(count) < 1):
            raise InputError(f"features must be a whole number >= 1, got {count!r}")

    def _fit_reduction(
        self, X: FloatArray, y: ArrayLike | None
    ) -> tuple[FloatArray, NDArray[np.float64]]:
        raw = X.shape[1]
        if self.reduce == "none":
            if self.features not in (None, raw):
                raise InputError(
                    f"reduce='none' keeps all {raw} features, got features={self.features}; choose "
                    "reduce='pca' or leave features out"
                )
            return np.zeros(raw), np.eye(raw)
        if self.reduce == "pca":
            limit = min(X.shape)
        elif y is None:
            raise InputError("LDA needs labels; call fit(X, y)")
        else:
            limit = min(raw, len(np.unique(labels(y, len(X)))) - 1)
        count = limit if self.features is None else int(self.features)
        if not 1 <= count <= limit:
            raise InputError(
                f"{self.reduce.upper()} yields at most {limit} features here, got features={count}"
                + (" (classes - 1)" if self.reduce == "lda" else "")
            )
        if self.reduce == "pca":
            pca = PCA(count, svd_solver="full").fit(X)
            return pca.mean_, pca.components_.T
        lda = LinearDiscriminantAnalysis(n_components=count).fit(X, y)
        return lda.xbar_, lda.scalings_[:, :count]

    def _fit_scaling(self, Z: FloatArray) -> tuple[FloatArray, FloatArray]:
        middle, half = (self.low + self.high) / 2, (self.high - self.low) / 2
        if self.scale == "none":
            _inside(Z, self.low, self.high)
            self._constant_ = np.zeros(Z.shape[1])
            return np.ones(Z.shape[1]), np.zeros(Z.shape[1])
        if self.scale == "min_max":
            zero = (Z.min(axis=0) + Z.max(axis=0)) / 2
            reach = (Z.max(axis=0) - Z.min(axis=0)) / 2
        elif self.scale == "max_abs":
            zero, reach = np.zeros(Z.shape[1]), np.abs(Z).max(axis=0)
        else:
            zero, reach = Z.mean(axis=0), 3 * Z.std(axis=0)
        flat = reach <= 1e-12 * np.maximum(1.0, np.abs(zero))
        self._constant_ = np.where(flat, zero, 0.0)
        slope = np.where(flat, 0.0, half / np.where(flat, 1.0, reach))
        return slope, middle - slope * zero

    def _fitted(self, X: FloatArray) -> FloatArray:
        if not hasattr(self, "slope_"):
            raise InputError("fit the preprocessing before using it")
        if X.shape[1] != self.n_features_in_:
            raise InputError(
                f"X has {X.shape[1]} features, but Preprocess is expecting {self.n_features_in_} "
                "features as input"
            )
        return X

    def _fitted_array(self, name: str) -> FloatArray:
        if not hasattr(self, "slope_"):
            raise InputError("fit the preprocessing before storing it")
        array: FloatArray = getattr(self, name)
        return array


def _inside(angles: FloatArray, low: float, high: float) -> None:
    outside = np.argwhere((angles < low) | (angles > high))
    if len(outside):
        row, column = outside[0]
        raise InputError(
            f"scale='none' demands features in [{low:g}, {high:g}], got "
            f"{angles[row, column]:g} in row {row}, column {column}; scale them or widen the range"
        )


def _array(value: Any, name: str) -> FloatArray:
    try:
        array = np.array(value, dtype=float)
    except (TypeError, ValueError):
        raise InputError(f"the preprocessing's {name} must be numbers") from None
    if not np.isfinite(array).all():
        raise InputError(f"the preprocessing's {name} must be finite")
    return array


def warn_aliasing(low: FloatArray, high: FloatArray, periods: FloatArray) -> None:
    """Warn if ``[low, high]`` of a feature reaches the encoder's period; shapes ``(F,)``."""
    aliased = np.flatnonzero(high - low >= periods * (1 - 1e-9))
    if len(aliased):
        first = aliased[0]
        warnings.warn(
            f"feature {first} spans {high[first] - low[first]:g}, the encoder's period is "
            f"{periods[first]:g} ({len(aliased)} such features): different samples get the same "
            "state; scale to a shorter range",
            AliasingWarning,
            stacklevel=3,
        )
