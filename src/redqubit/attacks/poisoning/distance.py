"""Distances of training samples: between encoder states, or between feature vectors."""

from __future__ import annotations

from typing import Literal, TypeAlias

import numpy as np

from redqubit.attacks.outcome import Array

Distance: TypeAlias = Literal["hilbert_schmidt", "trace", "euclidean"]


def overlap(states: Array, others: Array) -> Array:
    """Return ``tr(rho_i sigma_j)``, ``(N, M)``: the fidelity ``|<a|b>|^2`` for pure states.

    States are vectors ``(N, D)`` or density matrices ``(N, D, D)``.
    """
    first, second = (np.asarray(part).reshape(len(part), -1) for part in (states, others))
    inner = first.conj() @ second.T  # tr(rho^dagger sigma) for matrices, and rho is Hermitian
    return np.asarray(np.abs(inner) ** 2 if states.ndim == 2 else inner.real)


def between(points: Array, others: Array, distance: Distance) -> Array:
    """Return the distances of states or feature vectors, ``(N, M)``."""
    if distance == "euclidean":
        return np.asarray(np.linalg.norm(points[:, None] - others[None], axis=2))
    if distance == "trace" and points.ndim == 3:
        rows = [np.abs(np.linalg.eigvalsh(others - point)).sum(axis=1) / 2 for point in points]
        return np.asarray(rows)
    inner = overlap(points, others)
    if distance == "trace":
        return np.asarray(np.sqrt(np.maximum(1 - inner, 0)))
    purity = [
        np.ones(len(part)) if part.ndim == 2 else (np.abs(part) ** 2).sum(axis=(1, 2))
        for part in (points, others)
    ]
    return np.asarray(np.sqrt(np.maximum(purity[0][:, None] + purity[1] - 2 * inner, 0)))
