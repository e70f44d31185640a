"""Trigonometric polynomials on an arc, held between their values at a few control points.

On an arc of half-width below pi/2 a trigonometric polynomial of degree d is a convex combination of
``2 d + 1`` control values, of which the first and the last are its values at the two ends: the
rational Bernstein form. For degree 1 the control points are the triangle of the two ends of a
circular arc and the crossing of the tangents there. Longer arcs get control points around the whole
circle, none of which is attained.

Source: J. Sanchez-Reyes, Computer Aided Geometric Design 15 (1998) 909-923 (circular arcs); the
whole circle uses the kernel of de la Vallee-Poussin.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[np.float64]]
Integers = np.ndarray[Any, np.dtype[np.int64]]

LIMIT = 1.2
"""Largest half-width (radians) of an arc in Bernstein form; its control points stay below 1/cos."""


def basis(angles: Array, degree: int) -> Array:
    """Return ``(1, cos a, sin a, ..., cos d a, sin d a)`` for angles ``(...)``: ``(..., 2d+1)``."""
    values = np.ones((*angles.shape, 2 * degree + 1))
    for m in range(1, degree + 1):
        values[..., 2 * m - 1] = np.cos(m * angles)
        values[..., 2 * m] = np.sin(m * angles)
    return values


def control_points(center: Array, half: Array, degree: int) -> Array:
    """Return the control points of arcs: ``(...)``, ``(...)`` -> ``(..., 2d+1, 2d+1)``.

    Row i holds the i-th control point in the coordinates of `basis`; the curve over the arc lies in
    their convex hull. The first and last row are the arc's ends where ``half <= LIMIT`` (radians).
    """
    narrow = _bernstein(np.minimum(half, LIMIT), degree)
    moments = np.where((half <= LIMIT)[..., None, None], narrow, _whole_circle(degree))
    turned = moments * np.exp(1j * np.arange(degree + 1) * center[..., None])[..., None, :]
    points = np.ones((*center.shape, 2 * degree + 1, 2 * degree + 1))
    points[..., 1::2] = turned[..., 1:].real
    points[..., 2::2] = turned[..., 1:].imag
    return points


@lru_cache(maxsize=4096)
def halving(half: float, degree: int) -> Array:
    """Return the matrix from control values on an arc to those on its two halves: ``(2, D, D)``.

    Every row is a convex combination, so halving never amplifies a rounding error.
    """
    count = 2 * degree
    # S1 and S2 of the arc in those of its left half, where both are equal at the right end. Factors
    # that are common to a row (binomials, that equal value) fall out with the row's weight.
    start, end = np.array([1.0, 1.0]), np.array([0.0, 1.0])
    left = np.empty((count + 1, count + 1))
    for i in range(count + 1):
        factors = [start] * (count - i) + [end] * i
        product = np.ones(1)
        for factor in factors:
            product = np.convolve(product, factor)
        left[:, i] = product * math.comb(count, i)
    left *= _weights(half, degree)
    left /= left.sum(axis=1, keepdims=True)
    return np.stack([left, left[::-1, ::-1]])


def snap(low: Array, high: Array, index: Integers, count: Integers) -> Array:
    """Return the angle on the arc that control point ``index`` of ``count`` stands for."""
    share = np.divide(index, count - 1, out=np.full(low.shape, 0.5), where=count > 1)
    return np.asarray(low + (high - low) * share)


def _bernstein(half: Array, degree: int) -> np.ndarray[Any, np.dtype[np.complex128]]:
    """Control values of ``exp(i m s)``, m = 0..d, on ``|s| <= half``: ``(..., 2d+1, d+1)``."""
    # exp(i s/2) = conj(q) S1 + q S2 with q = exp(i half/2) and S1, S2 >= 0 on the arc, so
    # exp(i m s) = exp(i s/2)^(d+m) exp(-i s/2)^(d-m) is homogeneous of degree 2d in (S1, S2).
    q = np.exp(0.5j * half)
    forward, backward = np.stack([q.conj(), q], -1), np.stack([q, q.conj()], -1)
    forms = []
    for m in range(degree + 1):
        form = np.ones((*half.shape, 1), dtype=complex)
        for factor in [forward] * (degree + m) + [backward] * (degree - m):
            padded = np.zeros((*half.shape, form.shape[-1] + 1), dtype=complex)
            padded[..., :-1] = form * factor[..., :1]
            padded[..., 1:] += form * factor[..., 1:]
            form = padded
        forms.append(form)
    stacked = np.stack(forms, axis=-1)
    return np.asarray(stacked / stacked[..., :1].real)


def _weights(half: float, degree: int) -> Array:
    """Return the positive weights of the rational form, times the binomials' reciprocals."""
    form = np.ones(1)
    for _ in range(degree):
        form = np.convolve(form, [1.0, 2.0 * math.cos(half), 1.0])
    return np.asarray(form / [math.comb(2 * degree, i) for i in range(2 * degree + 1)])


def _whole_circle(degree: int) -> np.ndarray[Any, np.dtype[np.complex128]]:
    """Control values of ``exp(i m s)`` for the whole circle, ``(2d+1, d+1)``, middle one at 0."""
    # The kernels ((1 + cos(s - s_i)) / 2)^d at 2d+1 equidistant s_i are >= 0, sum to a constant and
    # span the polynomials of degree d; their Fourier coefficients divide the moments.
    nodes = 2 * np.pi * (np.arange(2 * degree + 1) - degree) / (2 * degree + 1)
    damping = [
        math.factorial(degree) ** 2 / (math.factorial(degree - m) * math.factorial(degree + m))
        for m in range(degree + 1)
    ]
    return np.asarray(np.exp(1j * np.outer(nodes, np.arange(degree + 1))) / damping)
