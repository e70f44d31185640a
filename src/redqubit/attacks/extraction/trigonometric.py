"""Trigonometric polynomials in several variables: recovered from values, exactly or by ridge.

A polynomial of degrees ``(d_1, ..., d_F)`` is a tensor ``(K, 2 d_1 + 1, ..., 2 d_F + 1)`` over the
basis ``(1, cos x, sin x, cos 2x, sin 2x, ...)`` of each variable: the form a frozen QNN with angle
encoding has exactly.
"""

from __future__ import annotations

import math
from functools import reduce
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from redqubit.core.errors import InputError

Floats: TypeAlias = NDArray[np.float64]
MAX_COEFFICIENTS = 3**13  # an output of 13 MB; more cannot be queried in earnest


def basis(x: Floats, degree: int) -> Floats:
    """Return ``(1, cos x, sin x, ..., cos dx, sin dx)``, ``(..., 2 d + 1)``."""
    waves = [wave(k * x) for k in range(1, degree + 1) for wave in (np.cos, np.sin)]
    return np.stack([np.ones_like(x), *waves], axis=-1)


def coefficients(degrees: tuple[int, ...]) -> int:
    """Return how many coefficients a polynomial of these degrees has, ``prod(2 d + 1)``.

    Raises
    ------
    InputError
        More than can be held, with the number.
    """
    count = math.prod(2 * degree + 1 for degree in degrees)
    if count > MAX_COEFFICIENTS:
        raise InputError(
            f"a trigonometric polynomial of degrees {degrees} has {count:,} coefficients, more "
            f"than the {MAX_COEFFICIENTS:,} this extraction holds; learn a clone instead"
        )
    return count


def full_period(degrees: tuple[int, ...]) -> list[Floats]:
    """Return the nodes ``2 pi k / (2 d + 1)`` of each variable: the best conditioned choice."""
    return [2 * np.pi * np.arange(2 * d + 1) / (2 * d + 1) for d in degrees]


def inside(degrees: tuple[int, ...], low: Floats, high: Floats) -> list[Floats]:
    """Return ``2 d + 1`` evenly spaced nodes of each variable within its domain, ends included.

    Exact as well, with noise amplified by the conditioning; a domain narrower than a period hides
    nothing.
    """
    return [
        np.linspace(start, min(end, start + 2 * np.pi * 2 * d / (2 * d + 1)), 2 * d + 1)
        for d, start, end in zip(degrees, low, high, strict=True)
    ]


def grid(nodes: list[Floats]) -> Floats:
    """Return all combinations of nodes, ``(Q, F)``, the last variable running fastest."""
    axes = np.meshgrid(*nodes, indexing="ij")
    return np.stack([axis.ravel() for axis in axes], axis=1)


def interpolate(values: Floats, nodes: list[Floats]) -> Floats:
    """Return the polynomial through ``values`` ``(Q, K)`` on the grid of ``nodes``: the tensor.

    Source: Schreiber, Eisert, Meyer, Phys. Rev. Lett. 131, 100803 (2023), arXiv:2206.11740.
    """
    tensor = values.T.reshape(values.shape[1], *(len(points) for points in nodes))
    for axis, points in enumerate(nodes, start=1):
        inverse = np.linalg.inv(basis(points, len(points) // 2))
        tensor = np.moveaxis(np.tensordot(tensor, inverse, axes=(axis, 1)), -1, axis)
    return tensor


def ridge(
    x: Floats, values: Floats, degrees: tuple[int, ...], damping: float, penalty: float | None
) -> tuple[Floats, float]:
    """Fit a polynomial to scattered values by ridge regression.

    Parameters
    ----------
    x, values
        Points ``(Q, F)`` and values ``(Q, K)``.
    damping
        In (0, 1]: prior variance of a coefficient, a factor for each variable it involves. Terms of
        few variables are believed first.
    penalty
        Relative to the mean of the kernel's diagonal; None takes the one of least leave-one-out
        error.

    Returns
    -------
    tuple
        The tensor and the root-mean-square leave-one-out error.

    Source: kernel ridge regression in dual form; the leave-one-out error of ridge is closed, e.g.
    Rifkin and Lippert, MIT-CSAIL-TR-2007-025.
    """
    kernel = np.ones((len(x), len(x)))
    for axis, degree in enumerate(degrees):
        apart = x[:, None, axis] - x[None, :, axis]
        kernel *= 1 + damping * sum(np.cos(k * apart) for k in range(1, degree + 1))
    eigenvalues, vectors = np.linalg.eigh(kernel)
    scale = float(np.trace(kernel)) / len(x)
    projected = vectors.T @ values
    best: tuple[float, Floats] = (math.inf, values)
    for candidate in 10.0 ** np.arange(-12, 2) if penalty is None else (penalty,):
        inverse = 1 / (np.maximum(eigenvalues, 0) + candidate * scale)
        weights = vectors @ (inverse[:, None] * projected)
        residual = weights / ((vectors**2) @ inverse)[:, None]
        error = float(np.sqrt((residual**2).mean()))
        if error < best[0]:
            best = (error, weights)
    error, weights = best
    return _expand(x, weights, degrees, damping), error


def _expand(x: Floats, weights: Floats, degrees: tuple[int, ...], damping: float) -> Floats:
    """Return the tensor ``sum_q weights_q (x) basis(x_q)`` with damped terms."""
    shape = tuple(2 * degree + 1 for degree in degrees)
    total = np.zeros((weights.shape[1], math.prod(shape)))
    step = max(1, 2**22 // math.prod(shape))  # rows at a time, about 32 MB
    for start in range(0, len(x), step):
        rows = slice(start, start + step)
        factors = [basis(x[rows, axis], degree) for axis, degree in enumerate(degrees)]
        for factor in factors:
            factor[:, 1:] *= damping
        product = reduce(
            lambda left, right: (left[:, :, None] * right[:, None, :]).reshape(len(left), -1),
            factors,
        )
        total += weights[rows].T @ product
    return total.reshape(weights.shape[1], *shape)
