"""Cheap upper bounds: exact minimization of a margin along one feature after the other."""

from __future__ import annotations

import math

import numpy as np

from redqubit.certify.arcs import Array, basis

SWEEPS = 12
IMPROVEMENT = 1e-9


def value(tensor: Array, angles: Array) -> float:
    """Evaluate the form with coefficients ``(D_1, ..., D_F)`` at angles ``(F,)`` (radians)."""
    for angle in angles[::-1]:
        tensor = tensor @ basis(angle, tensor.shape[-1] // 2)
    return float(tensor)


def descend(
    tensor: Array, low: Array, high: Array, start: Array, stop: float = -math.inf
) -> tuple[float, Array]:
    """Lower the form inside the box, one feature at a time, from ``start`` until nothing is gained.

    ``low``, ``high`` and ``start`` are angles ``(F,)`` in radians. Ends early below ``stop``.
    Returns the value reached and where. A sweep costs about two evaluations, because what lies to
    the right of a feature is contracted once.
    """
    angles = start.copy()
    degrees = [size // 2 for size in tensor.shape]
    best = math.inf
    for _ in range(SWEEPS):
        partial = [tensor]  # partial[-1 - f]: everything to the right of feature f contracted
        for feature in range(len(angles) - 1, 0, -1):
            partial.append(partial[-1] @ basis(angles[feature], degrees[feature]))
        left = np.ones(1)
        reached = best
        for feature, degree in enumerate(degrees):
            form = left @ partial[-1 - feature].reshape(left.size, 2 * degree + 1)
            reached, angles[feature] = lowest(form, low[feature], high[feature])
            left = np.outer(left, basis(angles[feature], degree)).ravel()
        if reached < stop or best - reached <= IMPROVEMENT * (1 + abs(reached)):
            break
        best = reached
    return min(best, reached), angles


def lowest(form: Array, low: float, high: float) -> tuple[float, float]:
    """Return the smallest value on ``[low, high]`` of a trigonometric polynomial, and the angle.

    ``form`` holds the coefficients of ``(1, cos a, sin a, cos 2a, ...)``. Exact to rounding for
    degree 1; above that, a numerical root of the derivative that is missed leaves a larger value.
    """
    degree = form.size // 2
    if degree == 1:
        valley = math.atan2(form[2], form[1]) + math.pi
        candidates = [low, high, low + (valley - low) % (2 * math.pi)]
    else:
        # z^d f'(z) is a polynomial in z = exp(i a); its roots on the unit circle are the extrema.
        series = np.zeros(2 * degree + 1, dtype=complex)
        for m in range(1, degree + 1):
            slope = 0.5j * m * (form[2 * m - 1] - 1j * form[2 * m])
            series[degree - m], series[degree + m] = slope, slope.conjugate()
        roots = np.roots(series) if np.any(series) else np.empty(0)
        candidates = [low, high, *(low + (np.angle(roots) - low) % (2 * math.pi))]
    inside = np.array([angle for angle in candidates if low <= angle <= high])
    values = basis(inside, degree) @ form
    at = int(np.argmin(values))
    return float(values[at]), float(inside[at])
