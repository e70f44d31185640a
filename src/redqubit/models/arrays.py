"""Checks of sample matrices and labels, with messages that name the place."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import issparse
from sklearn.utils import column_or_1d

from redqubit.core.errors import InputError
from redqubit.models.model import FloatArray


def samples(X: ArrayLike, name: str = "X") -> FloatArray:
    """Return ``X`` as a finite float64 matrix ``(N, F)``.

    Raises
    ------
    InputError
        Not a matrix of numbers, empty, or an entry is NaN or infinite (row and column are named).
    """
    if issparse(X):
        raise InputError(f"{name} must be dense, sparse input is not supported; call toarray()")
    try:
        given = np.asarray(X)
        if given.dtype.kind == "c":
            raise InputError(f"{name} must be real. Complex data not supported")
        matrix = given.astype(float)
    except (TypeError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{name} must be a matrix of numbers: {error}") from None
    if matrix.ndim != 2:
        raise InputError(
            f"{name} must be a matrix (samples, features), got shape {matrix.shape}. Reshape your "
            "data: a single sample is a matrix of one row"
        )
    for count, what in zip(matrix.shape, ("sample", "feature"), strict=True):
        if count == 0:
            raise InputError(
                f"Found array with 0 {what}(s) (shape={matrix.shape}) while a minimum of 1 is "
                f"required: {name} is empty"
            )
    bad = np.argwhere(~np.isfinite(matrix))
    if len(bad):
        row, column = bad[0]
        kind = "NaN" if np.isnan(matrix[row, column]) else "inf"
        raise InputError(
            f"{name} must be finite, got {kind} in row {row}, column {column} "
            f"({len(bad)} such entries); remove or impute them"
        )
    return matrix


def labels(y: ArrayLike, n: int, name: str = "y") -> NDArray[Any]:
    """Return ``y`` as a vector of ``n`` labels, numbers or text.

    Raises
    ------
    InputError
        Wrong shape or length, or numeric labels that are not finite.
    """
    try:
        vector: NDArray[Any] = column_or_1d(y, warn=True)
    except ValueError as error:
        raise InputError(f"{name} must be a vector of labels: {error}") from None
    if len(vector) != n:
        raise InputError(f"{name} must hold one label for each of {n} samples, got {len(vector)}")
    if vector.dtype.kind == "f":
        bad = np.flatnonzero(~np.isfinite(vector))
        if len(bad):
            kind = "NaN" if np.isnan(vector[bad[0]]) else "inf"
            raise InputError(f"{name} must be finite, got {kind} in row {bad[0]}")
    return vector
