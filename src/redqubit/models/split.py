"""Training and test samples in the model's input space, with the domain they live in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.model_selection import train_test_split

from redqubit.core.errors import InputError
from redqubit.core.streams import seed_of
from redqubit.models.arrays import labels, samples
from redqubit.models.model import FloatArray
from redqubit.models.preprocess import Preprocess


@dataclass(frozen=True, eq=False)
class Split:
    """Samples as the encoder sees them; arrays are read-only copies.

    Parameters
    ----------
    X_train, y_train, X_test, y_test
        Samples ``(N, F)`` in angles and labels ``(N,)``.
    low, high
        The domain box ``(F,)``: values an input can take.
    classes
        All labels, sorted.
    name
        What the data is, for reports.
    preprocess
        How the angles came from raw features, where that is known.

    Raises
    ------
    InputError
        Shapes that do not fit, entries that are not finite or outside the box, unknown labels.
    """

    X_train: FloatArray
    y_train: NDArray[Any]
    X_test: FloatArray
    y_test: NDArray[Any]
    low: FloatArray
    high: FloatArray
    classes: NDArray[Any]
    name: str = ""
    preprocess: Preprocess | None = None

    def __post_init__(self) -> None:
        n_features = samples(self.X_train, "X_train").shape[1]
        for name in ("low", "high"):
            end = np.broadcast_to(np.asarray(getattr(self, name), dtype=float), (n_features,))
            object.__setattr__(self, name, _read_only(end))
        if not (np.isfinite(self.high - self.low).all() and (self.low < self.high).all()):
            raise InputError("the domain's low must be less than high for each feature")
        object.__setattr__(self, "classes", _read_only(np.unique(self.classes)))
        for part in ("train", "test"):
            X = samples(getattr(self, f"X_{part}"), f"X_{part}")
            y = labels(getattr(self, f"y_{part}"), len(X), f"y_{part}")
            if X.shape[1] != n_features:
                raise InputError(
                    f"X_{part} must have {n_features} features as X_train, got {X.shape[1]}"
                )
            outside = np.argwhere(np.maximum(self.low - X, X - self.high) > 1e-9)
            if len(outside):
                row, column = outside[0]
                raise InputError(
                    f"X_{part} must stay in the domain, got {X[row, column]:g} in row {row}, "
                    f"column {column} outside [{self.low[column]:g}, {self.high[column]:g}]"
                )
            foreign = ~np.isin(y, self.classes)
            if foreign.any():
                raise InputError(
                    f"y_{part} must hold labels of {self.classes.tolist()}, got "
                    f"{y[foreign][0]!r} in row {int(np.flatnonzero(foreign)[0])}"
                )
            object.__setattr__(self, f"X_{part}", _read_only(X))
            object.__setattr__(self, f"y_{part}", _read_only(y))

    @property
    def n_features(self) -> int:
        """Return the number of features ``F``."""
        return int(self.X_train.shape[1])


def split(
    X: ArrayLike,
    y: ArrayLike,
    preprocess: Preprocess | None = None,
    *,
    train: int = 400,
    test: int = 200,
    seed: int = 0,
    name: str = "",
) -> Split:
    """Draw a stratified train and test part, fit ``preprocess`` on the first, apply it to both.

    Parameters
    ----------
    X, y
        Raw samples ``(N, raw)`` and labels ``(N,)``.
    preprocess
        Not fitted here but in a copy; min-max scaling to [0, pi] if None.
    train, test
        Sizes; both shrink by the same factor if there are fewer samples.

    Raises
    ------
    InputError
        Bad sizes or fewer than two samples of a class.
    """
    matrix = samples(X)
    target = labels(y, len(matrix))
    classes, counts = np.unique(target, return_counts=True)
    if len(classes) < 2 or counts.min() < 2:
        rare = classes[np.argmin(counts)]
        raise InputError(
            f"a split needs at least two classes of at least two samples, got {len(classes)} "
            f"classes and {counts.min()} samples of class {rare!r}"
        )
    if train < len(classes) or test < len(classes):
        raise InputError(
            f"train and test must hold a sample of each of {len(classes)} classes, got {train} "
            f"and {test}"
        )
    shrink = min(1.0, len(matrix) / (train + test))
    n_train, n_test = int(train * shrink), int(test * shrink)
    try:
        X_train, X_test, y_train, y_test = train_test_split(
            matrix,
            target,
            train_size=n_train,
            test_size=n_test,
            stratify=target,
            random_state=seed_of(seed, "split") % 2**32,
        )
    except ValueError as error:
        raise InputError(f"cannot split {len(matrix)} samples: {error}") from None
    made = Preprocess() if preprocess is None else Preprocess(**preprocess.get_params())
    X_train = made.fit(X_train, y_train).transform(X_train)
    return Split(
        X_train=X_train,
        y_train=y_train,
        X_test=made.transform(X_test),
        y_test=y_test,
        low=np.full(X_train.shape[1], float(made.low)),
        high=np.full(X_train.shape[1], float(made.high)),
        classes=classes,
        name=name,
        preprocess=made,
    )


def _read_only(array: NDArray[Any]) -> NDArray[Any]:
    copy = np.array(array)
    copy.setflags(write=False)
    return copy
