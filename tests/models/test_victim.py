"""A victim is trained, and trained again, by its recipe alone."""

from types import SimpleNamespace

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier

from redqubit.core.errors import InputError
from redqubit.models.qnn import QNN
from redqubit.models.split import Split
from redqubit.models.victim import EstimatorRecipe, Victim


def _data():
    rng = np.random.default_rng(0)
    y = np.repeat([3, 8], 30)
    X = rng.normal(size=(60, 2)) + (y == 8)[:, None] * 3.0
    return SimpleNamespace(X_train=X[::2], y_train=y[::2], X_test=X[1::2], y_test=y[1::2])


class _Seeded(LogisticRegression):
    """An estimator whose fit takes the seed, as the package's own models do."""

    def fit(self, X, y, *, seed=None):
        self.seed_ = seed
        return super().fit(X, y)


def test_training_leaves_the_estimator_unfitted():
    """The estimator handed in is a template: only clones of it are fitted."""
    estimator = LogisticRegression()
    victim = Victim.train(estimator, _data(), seed=1)
    assert not hasattr(estimator, "coef_")
    assert victim.model.score(victim.data.X_test, victim.data.y_test) > 0.9
    assert victim.name == "victim"
    assert victim.view == "none"


def test_retraining_on_the_same_data_gives_the_same_model():
    """Same recipe, same data and same seed give the same weights; another seed does not."""
    data = _data()
    recipe = EstimatorRecipe(
        MLPClassifier((3,), max_iter=50, solver="sgd", tol=10.0, n_iter_no_change=2)
    )
    first, again, other = (recipe.fit(data.X_train, data.y_train, seed) for seed in (1, 1, 2))
    assert np.array_equal(first.coefs_[0], again.coefs_[0])
    assert not np.array_equal(first.coefs_[0], other.coefs_[0])


def test_seed_reaches_a_fit_that_takes_it():
    """A fit with a seed argument receives the seed."""
    data = _data()
    assert EstimatorRecipe(_Seeded()).fit(data.X_train, data.y_train, 17).seed_ == 17


def test_retrain_uses_the_given_labels():
    """Retrained on flipped labels the victim predicts the flipped classes."""
    data = _data()
    victim = Victim.train(LogisticRegression(), data, seed=1)
    flipped = victim.retrain(data.X_train, 11 - data.y_train, seed=1)
    assert np.array_equal(flipped.predict(data.X_test), 11 - victim.model.predict(data.X_test))


def test_model_and_data_must_agree_on_features():
    """A model of another width than its data is refused."""
    data = _data()
    wide = SimpleNamespace(n_features_in_=3)
    with pytest.raises(InputError, match="same number of features"):
        Victim(wide, data, EstimatorRecipe(None))


def test_retraining_many_equals_retraining_one_by_one():
    """Models trained together on rows of labels predict as those trained alone."""
    rng = np.random.default_rng(5)
    X = rng.uniform(0, np.pi, (40, 2))
    y = (X[:, 0] > X[:, 1]).astype(int)
    data = Split(X, y, X, y, 0.0, np.pi, np.array([0, 1]))
    victim = Victim.train(QNN(epochs=3, batch_size=16, dtype="complex128"), data, seed=1)
    Y = np.stack([y, 1 - y, np.roll(y, 7)])
    for model, row in zip(victim.retrain_many(X, Y, 3), Y, strict=True):
        np.testing.assert_allclose(model.scores(X), victim.retrain(X, row, 3).scores(X), atol=1e-9)


def test_rows_that_lack_a_class_are_trained_one_by_one():
    """A row of labels without one of the classes still gives a model."""
    rng = np.random.default_rng(6)
    X = rng.uniform(0, np.pi, (30, 2))
    y = np.arange(30) % 3
    data = Split(X, y, X, y, 0.0, np.pi, np.arange(3))
    victim = Victim.train(QNN(epochs=1, batch_size=16), data, seed=1)
    models = victim.retrain_many(X, np.stack([y, np.where(y == 2, 0, y)]), 3)
    assert [len(model.classes_) for model in models] == [3, 2]
