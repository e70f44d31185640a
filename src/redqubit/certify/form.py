"""The logits of a frozen model as one tensor, and their control values over boxes of inputs."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from redqubit.certify.arcs import LIMIT, Array, basis, control_points
from redqubit.core.errors import InputError

if TYPE_CHECKING:
    from redqubit.engine.closed_form import ClosedForm

CHUNK_BYTES = 2**23
GROUP_SIZE = 9  # control points contracted in one matrix product: fastest of 3, 9, 27, 81
DEPTH = 256  # halvings between the first box of a search and its smallest
UNIT = 2.0**-53


class Form:
    """A closed form of logits in the angles of the features it depends on.

    Parameters
    ----------
    closed_form
        Logits ``(C, D_1, ..., D_F)`` in the basis ``(1, cos a_f, sin a_f, ...)`` of the angles
        ``a_f = scale_f x_f + offset_f``.

    Raises
    ------
    InputError
        No closed form (amplitude encoding), fewer than two classes, or a tensor that is not finite
        or not of this shape.
    """

    def __init__(self, closed_form: ClosedForm | None) -> None:
        if closed_form is None or not hasattr(closed_form, "tensor"):
            raise InputError(
                f"an exact certificate needs a closed form of angle-encoded features, got "
                f"{type(closed_form).__name__}: not covered; amplitude encoding has none"
            )
        tensor = _numpy(closed_form.tensor)
        self.scales, self.offsets = _numpy(closed_form.scales), _numpy(closed_form.offsets)
        self.n_features = self.scales.size
        if tensor.ndim != self.n_features + 1 or any(size % 2 == 0 for size in tensor.shape[1:]):
            raise InputError(
                f"a closed form needs a tensor (C, 2 d_1 + 1, ...), one axis for each of "
                f"{self.n_features} features, got shape {tensor.shape}"
            )
        if len(tensor) < 2:
            raise InputError(
                f"a margin needs the logits of at least 2 classes, got {len(tensor)}; contract the "
                f"model's head into the closed form first"
            )
        if not np.isfinite(tensor).all():
            raise InputError("the closed form holds NaN or infinity; the model's weights do too")
        self.used = np.flatnonzero([size > 1 for size in tensor.shape[1:]])
        self.shape = tuple(tensor.shape[1 + feature] for feature in self.used)
        self.tensor = np.ascontiguousarray(tensor.reshape(len(tensor), *self.shape))
        touched = (np.minimum(axis, 1) for axis in np.indices(self.shape, sparse=True))
        order = np.broadcast_to(sum(touched, start=np.zeros((), int)), self.shape).ravel()
        # Absolute coefficients of each logit, summed over the products of w angles: (C, U + 1).
        self._weights = np.array([np.bincount(order, np.abs(item).ravel()) for item in self.tensor])
        widest = [
            control_points(np.zeros(1), np.full(1, half), size // 2)
            for size in self.shape
            for half in (LIMIT, np.pi)
        ]
        self._widest_reach = max((float(np.abs(item).max()) for item in widest), default=1.0)
        self.margin = lru_cache(maxsize=len(tensor) ** 2)(self._margin)

    @property
    def n_classes(self) -> int:
        """Return the number of classes."""
        return len(self.tensor)

    def angles(self, X: Array) -> Array:
        """Return the angles ``(N, U)`` of the U used features for inputs ``(N, F)``."""
        return np.asarray((X * self.scales + self.offsets)[:, self.used])

    def inputs(self, angles: Array, X: Array, low: Array, high: Array) -> Array:
        """Return ``X`` ``(N, F)`` with the used features set to angles ``(N, U)``, in the boxes."""
        moved = X.copy()
        moved[:, self.used] = (angles - self.offsets[self.used]) / self.scales[self.used]
        return np.asarray(np.clip(moved, low, high))

    def logits(self, X: Array) -> Array:
        """Evaluate the logits ``(N, C)`` of inputs ``(N, F)``."""
        angles = self.angles(X)
        vectors = [
            basis(angles[:, axis], size // 2)[:, None] for axis, size in enumerate(self.shape)
        ]
        return contract(self.tensor, vectors, len(X))[..., 0]

    def _margin(self, label: int, rival: int, slack: float) -> Array:
        """Return the form of logit ``label`` minus logit ``rival`` minus slack."""
        tensor = self.tensor[label] - self.tensor[rival]
        tensor[(0,) * tensor.ndim] -= slack
        return np.asarray(tensor)

    def control_values(self, low: Array, high: Array) -> Iterator[tuple[slice, Array, Array]]:
        """Yield control values of all logits over boxes, in chunks that fit the cache.

        Parameters
        ----------
        low, high
            Boxes in angles, ``(N, U)``.

        Yields
        ------
        tuple
            Which boxes; control values ``(B, C, D_1 * ... * D_U)``; the largest coordinate of the
            control points of each box ``(B,)``, at least 1.
        """
        count = max(1, CHUNK_BYTES // (8 * self.tensor.size))
        for first in range(0, len(low), count):
            chunk = slice(first, first + count)
            center, half = (low[chunk] + high[chunk]) / 2, (high[chunk] - low[chunk]) / 2
            points = [
                control_points(center[:, axis], half[:, axis], size // 2)
                for axis, size in enumerate(self.shape)
            ]
            reach = np.ones(len(center))
            for item in points:
                reach = np.maximum(reach, np.abs(item).max(axis=(1, 2)))
            reach[(half > LIMIT).any(axis=1)] = self._widest_reach  # of the arcs it is halved into
            yield chunk, contract(self.tensor, points, len(center)), reach

    def rounding(self, reach: Array, largest: float) -> Array:
        """Bound how far rounding moves control values of each logit, `DEPTH` halvings included.

        ``reach`` ``(B,)`` is the largest coordinate of a box's control points, ``largest`` the
        largest angle in radians; returns ``(B, C)``. Counts unit roundoffs: those of the products
        and sums of a contraction, of sines, cosines and the angles in them, and of the halvings.
        """
        magnitude = reach[:, None] ** np.arange(self._weights.shape[1]) @ self._weights.T
        steps = sum(size * size + 8 * size * (2 + largest) for size in self.shape)
        return np.asarray(UNIT * magnitude * (steps + 8 * max(self.shape, default=1) * DEPTH))


def contract(tensor: Array, points: list[Array], batch: int) -> Array:
    """Contract coefficients ``(C, D_1, ...)`` with vectors ``(B, V_f, D_f)`` of each feature.

    Returns values ``(B, C, V_1 * V_2 * ...)``. Neighboring features go together as long as their
    matrices stay small. Each product consumes the leading axis and appends its vectors as the last,
    so no transposition is ever stored and the order is restored at the end.
    """
    groups: list[Array] = []
    for item in points:
        if groups and groups[-1].shape[2] * item.shape[2] <= GROUP_SIZE:
            last = groups.pop()
            pair = np.einsum("bij,bkl->bikjl", last, item)
            shape = (batch, last.shape[1] * item.shape[1], last.shape[2] * item.shape[2])
            item = pair.reshape(shape)
        groups.append(item)
    classes = len(tensor)
    values = np.broadcast_to(tensor.reshape(classes, -1), (batch, classes, tensor[0].size))
    for matrix in groups:
        vectors, size = matrix.shape[1:]
        rest = values.shape[2] // size
        split = values.reshape(batch, classes, size, rest).swapaxes(2, 3)
        values = np.matmul(split, matrix.swapaxes(1, 2)[:, None])
        values = values.reshape(batch, classes, rest * vectors)
    return np.asarray(values)


def _numpy(array: Any) -> Array:
    """Return a float64 copy on the CPU of a torch tensor or an array."""
    if hasattr(array, "detach"):
        array = array.detach().cpu().numpy()
    return np.array(array, dtype=np.float64)
