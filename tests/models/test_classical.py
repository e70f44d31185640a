"""The classical network: accurate, differentiable, reproducible, a good scikit-learn citizen."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from sklearn.utils.estimator_checks import estimator_checks_generator

from redqubit.core.errors import InputError
from redqubit.models import ClassicalNetwork, Preprocess, datasets
from redqubit.models.model import Differentiable
from redqubit.models.split import split

SKIPPED = {
    "check_dtype_object": "wants TypeError for a dict in X; redqubit raises InputError",
    "check_array_api_input": "needs SCIPY_ARRAY_API set before the interpreter starts",
}


def checks():
    for estimator, check in estimator_checks_generator(ClassicalNetwork(epochs=20)):
        name = check.func.__name__
        marks = [pytest.mark.skip(reason=SKIPPED[name])] if name in SKIPPED else []
        yield pytest.param(estimator, check, marks=marks, id=name)


@pytest.mark.parametrize(("estimator", "check"), [*checks()])
def test_scikit_learn_conventions(estimator, check):
    """The estimator passes scikit-learn's own check."""
    check(estimator)


@pytest.fixture(scope="module")
def digits():
    X, y = datasets.load("digits", classes=(0, 1, 2, 3))
    return split(X, y, Preprocess("pca", 8), seed=0)


def test_digits_are_learned(digits):
    """Four digits in eight features are recognized: at least 95 % of 200 test samples."""
    assert (
        ClassicalNetwork(seed=1)
        .fit(digits.X_train, digits.y_train)
        .score(digits.X_test, digits.y_test)
        >= 0.95
    )


def test_the_seed_decides_the_network(digits):
    """The seed of fit wins over that of the constructor, and the same seed gives equal logits."""
    data = digits.X_train, digits.y_train
    first = ClassicalNetwork(epochs=2, seed=5).fit(*data).scores(digits.X_test)
    again = ClassicalNetwork(epochs=2).fit(*data, seed=5).scores(digits.X_test)
    other = ClassicalNetwork(epochs=2).fit(*data).scores(digits.X_test)
    np.testing.assert_array_equal(first, again)
    assert not np.allclose(first, other)


@pytest.mark.parametrize("hidden", [(), (5,), (6, 4)])
def test_logits_are_the_scores_and_have_true_gradients(digits, hidden):
    """Logits equal scores, and their gradient equals finite differences."""
    model = ClassicalNetwork(hidden, epochs=3).fit(digits.X_train, digits.y_train)
    assert isinstance(model, Differentiable)
    x = torch.tensor(digits.X_test[:3], requires_grad=True)
    np.testing.assert_allclose(model.logits(x).detach(), model.scores(digits.X_test[:3]))
    torch.autograd.gradcheck(model.logits, (x,))


def test_softmax_regression_stops_at_the_threshold(digits):
    """A loose threshold ends the training early."""
    model = ClassicalNetwork((), loss_threshold=1.0).fit(digits.X_train, digits.y_train)
    assert model.loss_curve_[-1] < 1.0
    assert len(model.loss_curve_) < 50


@pytest.mark.parametrize(
    "change", [{"hidden": (0,)}, {"batch_size": 0}, {"epochs": 1.5}, {"learning_rate": -1.0}]
)
def test_bad_parameters_are_refused(digits, change):
    """Sizes and rates that make no sense are InputErrors."""
    with pytest.raises(InputError):
        ClassicalNetwork(**change).fit(digits.X_train, digits.y_train)
