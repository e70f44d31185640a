"""Preprocessing: fitted on train only, inside the range, invertible where it can be."""

from __future__ import annotations

import json
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn.decomposition import PCA
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.preprocessing import MinMaxScaler
from sklearn.utils.estimator_checks import estimator_checks_generator

from redqubit.core.budget import Radius
from redqubit.core.errors import InputError
from redqubit.models import Preprocess, datasets
from redqubit.models.preprocess import AliasingWarning, warn_aliasing

SKIPPED = {
    "check_dtype_object": "wants TypeError for a dict in X; redqubit raises InputError",
    "check_array_api_input": "needs SCIPY_ARRAY_API set before the interpreter starts",
}


def checks():
    for estimator, check in estimator_checks_generator(Preprocess()):
        name = check.func.__name__
        marks = [pytest.mark.skip(reason=SKIPPED[name])] if name in SKIPPED else []
        yield pytest.param(estimator, check, marks=marks, id=name)


@pytest.mark.parametrize(("estimator", "check"), [*checks()])
def test_scikit_learn_conventions(estimator, check):
    """The transformer passes scikit-learn's own check."""
    check(estimator)


matrices = hnp.arrays(
    float, st.tuples(st.integers(2, 8), st.integers(1, 4)), elements=st.floats(-1e3, 1e3)
)


@settings(max_examples=40, deadline=None)
@given(X=matrices, scale=st.sampled_from(["min_max", "max_abs", "standard"]))
def test_angles_stay_in_range_whatever_the_samples(X, scale):
    """Training and unseen samples are mapped into [low, high]."""
    preprocess = Preprocess(scale=scale, low=-1.0, high=2.0).fit(X)
    for samples in (X, 10 * X + 7):
        angles = preprocess.transform(samples)
        assert angles.min() >= -1.0
        assert angles.max() <= 2.0


@settings(max_examples=40, deadline=None)
@given(X=matrices)
def test_min_max_scaling_is_inverted_exactly(X):
    """Training samples come back from their angles, constant features included."""
    preprocess = Preprocess().fit(X)
    np.testing.assert_allclose(
        preprocess.inverse_transform(preprocess.transform(X)), X, atol=1e-9 * (1 + np.abs(X).max())
    )


def test_min_max_after_pca_equals_scikit_learns():
    """PCA and min-max scaling agree with a scikit-learn pipeline fitted on the same part."""
    X, _ = datasets.load("digits", classes=(0, 1))
    pca = PCA(4, svd_solver="full").fit(X[:200])
    scaler = MinMaxScaler((0, np.pi)).fit(pca.transform(X[:200]))
    expected = np.clip(scaler.transform(pca.transform(X)), 0, np.pi)
    got = Preprocess("pca", 4).fit(X[:200]).transform(X)
    np.testing.assert_allclose(got, expected, atol=1e-9)


def test_lda_equals_scikit_learns_up_to_scaling():
    """The LDA features are affine functions of scikit-learn's."""
    X, y = datasets.load("wine")
    expected = LinearDiscriminantAnalysis(n_components=2).fit(X, y).transform(X)
    got = Preprocess("lda").fit(X, y).transform(X)
    assert got.shape == (len(X), 2)
    for k in range(2):
        assert abs(np.corrcoef(got[:, k], expected[:, k])[0, 1]) == pytest.approx(1)


def test_standard_and_max_abs_place_their_marks():
    """Standard maps the mean to the middle and 3 deviations to the end; max-abs keeps 0 there."""
    X = np.array([[-1.0], [1.0], [1.0], [-1.0]]) + 5
    standard = Preprocess(scale="standard", low=0, high=6).fit(X)
    np.testing.assert_allclose(standard.transform([[5.0], [6.0], [8.0]]), [[3], [4], [6]])
    largest = Preprocess(scale="max_abs", low=-1, high=1).fit(X)
    np.testing.assert_allclose(largest.transform([[0.0], [3.0], [6.0]]), [[0], [0.5], [1]])


def test_test_samples_do_not_influence_the_fit():
    """What is fitted depends on the training part alone; other samples are clipped."""
    X = np.array([[0.0], [1.0]])
    angles = Preprocess(low=0, high=1).fit(X).transform([[-3.0], [0.25], [9.0]])
    np.testing.assert_array_equal(angles, [[0], [0.25], [1]])


def test_unscaled_features_must_be_inside():
    """scale='none' changes nothing and names the first value outside the range."""
    X = np.array([[0.0, 3.0], [1.0, 3.2]])
    with pytest.raises(InputError, match=r"got 3.2 in row 1, column 1"):
        Preprocess(scale="none").fit(X)
    np.testing.assert_array_equal(Preprocess(scale="none", high=4.0).fit(X).transform(X), X)


@settings(max_examples=30, deadline=None)
@given(X=matrices, value=st.floats(0, 2), seed=st.integers(0, 99))
def test_raw_box_contains_the_angles_of_the_raw_ball(X, value, seed):
    """Moving raw features by at most the radius moves each angle by at most the box."""
    preprocess = Preprocess().fit(X)
    box = preprocess.box(Radius(value, "linf", "raw"))
    moved = X + np.random.default_rng(seed).uniform(-value, value, X.shape)
    change = np.abs(preprocess.transform(moved) - preprocess.transform(X))
    assert (change <= box * (1 + 1e-9) + 1e-9).all()


def test_box_says_why_it_cannot_be():
    """After PCA, for L2 and for fidelities there is no box, and the error says why."""
    X, _ = datasets.load("iris")
    reduced = Preprocess("pca", 2).fit(X)
    with pytest.raises(InputError, match="PCA: it mixes features"):
        reduced.box(0.1)
    np.testing.assert_array_equal(reduced.box(Radius(0.1)), [0.1, 0.1])
    with pytest.raises(InputError, match="ellipsoid"):
        reduced.box(Radius(0.1, "l2", "raw"))
    with pytest.raises(InputError, match="property of states"):
        reduced.box(Radius(0.1, "linf", "fidelity"))


@pytest.mark.parametrize("reduce", ["pca", "lda", "none"])
def test_record_round_trip(reduce):
    """A fitted preprocessing is rebuilt from JSON with identical angles."""
    X, y = datasets.load("iris")
    features = None if reduce == "none" else 2
    preprocess = Preprocess(reduce, features, scale="standard", high=1.5).fit(X, y)
    back = Preprocess.from_record(json.loads(json.dumps(preprocess.to_record())))
    np.testing.assert_array_equal(back.transform(X), preprocess.transform(X))
    np.testing.assert_array_equal(back.inverse_transform(back.transform(X)).shape, X.shape)


@pytest.mark.parametrize(
    "change",
    [
        {"slope": [1.0]},
        {"slope": ["a", "b"]},
        {"center": [float("nan")] * 4},
        {"reduce": "__class__"},
        {"low": 9.0},
        {"matrix": [1, 2]},
        {"extra": 1},
    ],
)
def test_bad_records_are_refused(change):
    """Arrays that do not fit, unknown keys and unknown methods are InputErrors."""
    X, _ = datasets.load("iris")
    record = Preprocess("pca", 2).fit(X).to_record()
    with pytest.raises(InputError):
        Preprocess.from_record(record | change)
    with pytest.raises(InputError, match="lacks the key"):
        Preprocess.from_record({key: value for key, value in record.items() if key != "slope"})


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda X, y: Preprocess("pcaa").fit(X), "unknown reduction 'pcaa'.*did you mean 'pca'"),
        (lambda X, y: Preprocess(scale="minmax").fit(X), "did you mean 'min_max'"),
        (lambda X, y: Preprocess(low=1, high=1).fit(X), "low must be less than high"),
        (lambda X, y: Preprocess("pca", 0).fit(X), "whole number >= 1"),
        (lambda X, y: Preprocess("pca", 5).fit(X), "PCA yields at most 4 features"),
        (lambda X, y: Preprocess("lda", 3).fit(X, y), "at most 2 features.*classes - 1"),
        (lambda X, y: Preprocess("lda").fit(X), "LDA needs labels"),
        (lambda X, y: Preprocess(features=2).fit(X), "keeps all 4 features"),
        (lambda X, y: Preprocess().transform(X), "fit the preprocessing"),
        (lambda X, y: Preprocess().to_record(), "fit the preprocessing"),
        (lambda X, y: Preprocess().fit(X).transform(X[:, :2]), "X has 2 features"),
        (lambda X, y: Preprocess().fit(X).inverse_transform(X[:, :2]), "must have 4 columns"),
        (lambda X, y: Preprocess().fit(X * np.nan), "got NaN in row 0, column 0"),
    ],
)
def test_bad_arguments_name_the_rule(call, message):
    """Wrong methods, ranges, sizes and samples are InputErrors that say the rule."""
    with pytest.raises(InputError, match=message):
        call(*datasets.load("iris"))


def test_aliasing_is_a_named_warning():
    """A range of a whole period warns, a shorter one does not."""
    low, period = np.zeros(2), np.array([2 * np.pi, np.inf])
    with pytest.warns(AliasingWarning, match="feature 0 spans 6.28"):
        warn_aliasing(low, np.array([2 * np.pi, 99.0]), period)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warn_aliasing(low, np.array([np.pi, 99.0]), period)
