"""Splits: stratified, disjoint, reproducible, inside their domain."""

from __future__ import annotations

import numpy as np
import pytest

from redqubit.core.errors import InputError
from redqubit.models import Preprocess, Split, datasets
from redqubit.models.split import split


def test_parts_are_disjoint_stratified_and_inside_the_domain():
    """Each class has its share in both parts and no sample is in both."""
    X, y = datasets.load("digits", classes=(0, 1, 2, 3))
    X = X + 1e-6 * np.arange(len(X))[:, None]  # makes every sample unique
    data = split(X, y, Preprocess(scale="none", low=-1, high=20), seed=3)
    assert data.X_train.shape == (400, 64)
    assert data.X_test.shape == (200, 64)
    assert not {row.tobytes() for row in data.X_train} & {row.tobytes() for row in data.X_test}
    for part, n in ((data.y_train, 400), (data.y_test, 200)):
        counts = np.unique(part, return_counts=True)[1] / n
        np.testing.assert_allclose(counts, np.unique(y, return_counts=True)[1] / len(y), atol=0.01)
    assert (data.X_train >= data.low).all()
    assert (data.X_test <= data.high).all()


def test_only_the_training_part_fits_the_preprocessing():
    """The training part fills the range; the preprocessing given is left unfitted."""
    X, y = datasets.load("iris")
    given = Preprocess("pca", 2)
    data = split(X, y, given, seed=1)
    np.testing.assert_allclose(data.X_train.min(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(data.X_train.max(axis=0), np.pi, atol=1e-12)
    assert not hasattr(given, "slope_")
    assert data.X_train.shape == (100, 2)
    np.testing.assert_array_equal(data.classes, [0, 1, 2])


def test_the_seed_decides_the_split():
    """The same seed draws the same parts, another seed others."""
    X, y = datasets.load("iris")
    first, again, other = (split(X, y, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.X_train, again.X_train)
    np.testing.assert_array_equal(first.y_test, again.y_test)
    assert not np.array_equal(first.y_train, other.y_train)


def test_arrays_are_read_only_copies():
    """Neither the caller's arrays nor the split's can be changed through the other."""
    X, y = np.array([[0.0], [1.0]]), np.array(["a", "b"])
    data = Split(X, y, X, y, 0.0, 1.0, y)
    X[0] = 0.5
    assert data.X_train[0, 0] == 0
    with pytest.raises(ValueError, match="read-only"):
        data.X_train[0, 0] = 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"X_test": np.zeros((1, 2))}, "X_test must have 1 features"),
        ({"X_test": np.full((1, 1), 3.0)}, "got 3 in row 0, column 0 outside"),
        ({"X_train": np.array([[np.nan], [0.0]])}, "X_train must be finite"),
        ({"y_test": np.array([7])}, "y_test must hold labels of"),
        ({"y_train": np.array([0])}, "one label for each of 2"),
        ({"low": 2.0}, "low must be less than high"),
    ],
)
def test_parts_that_do_not_fit_are_refused(change, message):
    """Shapes, labels and values outside the domain are InputErrors that name the place."""
    good = {
        "X_train": np.array([[0.0], [1.0]]),
        "y_train": np.array([0, 1]),
        "X_test": np.array([[0.5]]),
        "y_test": np.array([1]),
        "low": 0.0,
        "high": 1.0,
        "classes": np.array([0, 1]),
    }
    Split(**good)
    with pytest.raises(InputError, match=message):
        Split(**(good | change))


@pytest.mark.parametrize(
    ("y", "sizes", "message"),
    [
        ([0, 0, 0, 0], {}, "at least two classes"),
        ([0, 0, 0, 1], {}, "1 samples of class"),
        ([0, 0, 1, 1], {"test": 1}, "a sample of each of 2 classes"),
        ([0, 0, 1, 1], {"train": 300, "test": 2}, "cannot split 4 samples"),
    ],
)
def test_splits_that_cannot_be_are_refused(y, sizes, message):
    """Too few samples or classes for a stratified split are InputErrors."""
    with pytest.raises(InputError, match=message):
        split(np.arange(4.0)[:, None], y, **sizes)
