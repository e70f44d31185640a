"""Checks on feature vectors shared by the batch and stream jobs."""

import numpy as np


class BadFeatures(ValueError):
    """Features that must not reach the encoder."""


def checked(values, n_features: int) -> np.ndarray:
    """Return finite angles in [-pi, pi] with the expected length."""
    x = np.asarray(values, dtype=float)
    if x.ndim != 1 or x.shape[0] != n_features:
        raise BadFeatures(f"expected {n_features} features, got shape {x.shape}")
    if not np.isfinite(x).all():
        raise BadFeatures("features hold NaN or inf")
    return np.clip(x, -np.pi, np.pi)
