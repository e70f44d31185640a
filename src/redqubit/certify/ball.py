"""Boxes of inputs: a ball of given radius around each sample, inside the domain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from redqubit.certify.arcs import Array, Integers
from redqubit.certify.form import Form
from redqubit.core.budget import Radius
from redqubit.core.errors import InputError


@dataclass(frozen=True, slots=True)
class Samples:
    """Checked samples ``(N, F)``, class indices ``(N,)``, and the domain and unit of each feature.

    ``unit`` ``(F,)`` is how far a feature moves when the radius grows by one.
    """

    X: Array
    labels: Integers
    low: Array
    high: Array
    unit: Array

    @classmethod
    def of(
        cls,
        form: Form,
        X: Any,
        y: Any,
        radius: Radius,
        low: Any,
        high: Any,
        weights: Any,
    ) -> Samples:
        """Check what the user gave; ``radius`` says the norm and the space.

        Raises
        ------
        InputError
            A norm or space that is not covered, wrong shapes, values that are not finite, labels
            that are no class indices, negative weights.
        """
        if radius.norm != "linf":
            raise InputError(
                f"an exact certificate covers L-inf balls and weighted boxes, got norm "
                f"{radius.norm!r}: not covered; use norm='linf', or the L2 radius of "
                f"certify.hypothesis_testing"
            )
        if radius.space not in ("angle", "scaled"):
            raise InputError(
                f"an exact certificate measures in space 'angle' (radians) or 'scaled' (the "
                f"model's input), got {radius.space!r}; convert the radius first"
            )
        features = form.n_features
        inputs = np.array(X, dtype=np.float64)
        if inputs.ndim != 2 or inputs.shape[1] != features:
            raise InputError(f"samples must have shape (N, {features}), got {inputs.shape}")
        if not np.isfinite(inputs).all():
            raise InputError("samples must be finite, got NaN or infinity; clean the data first")
        labels = form.logits(inputs).argmax(axis=1) if y is None else np.asarray(y)
        if labels.shape != (len(inputs),) or not np.issubdtype(labels.dtype, np.integer):
            raise InputError(
                f"labels must be {len(inputs)} class indices, got shape {labels.shape} of "
                f"{labels.dtype}; use np.searchsorted(model.classes_, y)"
            )
        if labels.size and (labels.min() < 0 or labels.max() >= form.n_classes):
            raise InputError(
                f"class indices must be in 0..{form.n_classes - 1}, got {labels.min()}.."
                f"{labels.max()}; use np.searchsorted(model.classes_, y)"
            )
        unit = _row(1.0 if weights is None else weights, features, "weights")
        if not (np.isfinite(unit).all() and (unit >= 0).all()):
            raise InputError(f"weights must be finite and >= 0, got {unit.tolist()}")
        if radius.space == "angle":
            unit[form.used] /= np.abs(form.scales[form.used])
        floor = _row(-np.inf if low is None else low, features, "low")
        ceiling = _row(np.inf if high is None else high, features, "high")
        if not (floor <= ceiling).all():
            raise InputError("the domain needs low <= high in every feature; swap them")
        return cls(inputs, labels.astype(np.int64), floor, ceiling, unit)

    def boxes(self, which: Any, values: Array) -> tuple[Array, Array]:
        """Return the lower and upper ends ``(B, F)`` of balls of radius ``values`` ``(B,)``.

        A sample outside the domain widens it to itself, as the attacks' projection does.
        """
        center = self.X[which]
        reach = values[:, None] * self.unit
        low = np.maximum(center - reach, np.minimum(self.low, center))
        high = np.minimum(center + reach, np.maximum(self.high, center))
        return low, high

    def distance(self, which: Any, X: Array) -> Array:
        """Return the radius ``(B,)`` of the smallest ball around the samples that holds ``X``."""
        moved = np.abs(X - self.X[which])
        share = np.divide(moved, self.unit, out=np.zeros_like(moved), where=self.unit > 0)
        return np.asarray(share.max(axis=1, initial=0.0))


def _row(value: Any, features: int, name: str) -> Array:
    array = np.asarray(value, dtype=np.float64)
    if array.shape not in ((), (features,)):
        raise InputError(f"{name} must be a number or have shape ({features},), got {array.shape}")
    return np.array(np.broadcast_to(array, (features,)))
