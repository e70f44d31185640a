"""Stand-in models whose worst case is known in closed form."""

import numpy as np
import pytest
import torch

from redqubit.models.target import Oracle, WhiteBox


class _Linear:
    """Logits ``x @ W + b`` with labels that are not class indices."""

    def __init__(self, W, b, classes):
        self.W, self.b = np.asarray(W, dtype=float), np.asarray(b, dtype=float)
        self.classes_ = np.asarray(classes)
        self.n_features_in_ = self.W.shape[0]

    def scores(self, X):
        return np.asarray(X) @ self.W + self.b

    def predict(self, X):
        return self.classes_[self.scores(X).argmax(1)]

    def predict_proba(self, X):
        scores = self.scores(X)
        odds = np.exp(scores - scores.max(1, keepdims=True))
        return odds / odds.sum(1, keepdims=True)

    def logits(self, x):
        return x @ torch.as_tensor(self.W).to(x) + torch.as_tensor(self.b).to(x)


@pytest.fixture
def linear():
    """Return the class of linear models."""
    return _Linear


@pytest.fixture
def binary():
    """Return a linear model of labels 3 and 8 on four features, and 60 samples it gets right."""
    model = _Linear([[-1, 1], [0.5, -0.5], [-0.25, 0.25], [0.1, -0.1]], [0.3, -0.3], [3, 8])
    X = np.random.default_rng(5).uniform(0, 2, (60, 4))
    return model, X, model.predict(X)


@pytest.fixture
def views(binary):
    """Return a function that builds the named view of the binary model on the domain [0, 2]."""
    model, X, y = binary

    def build(kind=WhiteBox, **settings):
        assert kind in (WhiteBox, Oracle)
        return kind(model, X, y, 0.0, 2.0, auxiliary=(X, y), **settings)

    return build
