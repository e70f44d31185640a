"""Data sets that need no network, and the user's files, by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn import datasets as bundled

from redqubit.core.errors import InputError, unknown
from redqubit.core.streams import seed_of
from redqubit.models.model import FloatArray
from redqubit.models.table import read_table

MAX_SAMPLES = 1_000_000

_BUNDLED: dict[str, Callable[..., Any]] = {
    "breast_cancer": bundled.load_breast_cancer,
    "digits": bundled.load_digits,
    "iris": bundled.load_iris,
    "wine": bundled.load_wine,
}
_SYNTHETIC: dict[str, Callable[..., Any]] = {
    "blobs": lambda n, noise, state: bundled.make_blobs(
        n, centers=3, cluster_std=10 * noise, random_state=state
    ),
    "circles": lambda n, noise, state: bundled.make_circles(
        n, noise=noise, factor=0.5, random_state=state
    ),
    "moons": lambda n, noise, state: bundled.make_moons(n, noise=noise, random_state=state),
}
NAMES = (*sorted((*_BUNDLED, *_SYNTHETIC)),)


def load(
    name: str | Path,
    classes: Sequence[Any] | None = None,
    *,
    label: str | None = None,
    samples: int = 600,
    noise: float = 0.1,
    seed: int = 0,
) -> tuple[FloatArray, NDArray[Any]]:
    """Load samples ``(N, F)`` in raw units and labels ``(N,)``.

    Parameters
    ----------
    name
        One of `NAMES`, or the path of a .csv or .npz file (see `redqubit.models.table`).
    classes
        Keep only samples with these labels.
    label
        The label column of a CSV file.
    samples, noise, seed
        Size, standard deviation and seed of the synthetic sets moons, circles and blobs (three
        classes of standard deviation ``10 noise``); the others are fixed.

    Raises
    ------
    InputError
        Unknown name or class (the near miss is named), or a file that cannot be read.
    """
    if str(name) in _BUNDLED:
        X, y = _BUNDLED[str(name)](return_X_y=True)
    elif str(name) in _SYNTHETIC:
        if not 2 <= samples <= MAX_SAMPLES:
            raise InputError(f"samples must be from 2 to {MAX_SAMPLES}, got {samples}")
        if not (np.isfinite(noise) and noise >= 0):
            raise InputError(f"noise must be a finite number >= 0, got {noise}")
        state = seed_of(seed, "datasets", str(name)) % 2**32
        X, y = _SYNTHETIC[str(name)](samples, noise, state)
    elif Path(name).suffix.lower() in (".csv", ".npz"):
        X, y = read_table(Path(name), label)
    else:
        raise unknown("data set", str(name), (*NAMES, "a path ending in .csv or .npz"))
    return (X, y) if classes is None else select(X, y, classes)


def select(
    X: FloatArray, y: NDArray[Any], classes: Sequence[Any]
) -> tuple[FloatArray, NDArray[Any]]:
    """Keep the samples whose label is in ``classes`` (at least two of them, each present)."""
    present = set(np.unique(y).tolist())
    for item in classes:
        if item not in present:
            raise unknown("class", str(item), [str(entry) for entry in present])
    if len(set(classes)) < 2:
        raise InputError(f"a classifier needs at least two classes, got {list(classes)}")
    kept = np.isin(y, list(classes))
    return X[kept], y[kept]
