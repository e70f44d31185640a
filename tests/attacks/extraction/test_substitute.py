"""Substitutes are ordinary models once trained: frozen, exact, differentiable."""

import numpy as np
import pytest
import torch

from redqubit.attacks import metric
from redqubit.attacks.clone import Clone
from redqubit.attacks.extraction.fourier_extraction import FourierExtraction
from redqubit.attacks.extraction.learned_extraction import LearnedExtraction
from redqubit.attacks.extraction.substitute import FAMILIES, train
from redqubit.models.target import Oracle

CLASSES = np.array([2, 3, 5])


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("features", [1, 3])
def test_frozen_model_is_the_trained_one(family, features):
    """Freezing changes no logit beyond single precision, and keeps the gradient by the input."""
    rng = np.random.default_rng(0)
    substitute = FAMILIES[family](features, 3, 2, rng)
    x = torch.tensor(rng.uniform(0, np.pi, (6, features)), requires_grad=True)
    logits, form = substitute.freeze(substitute.start)
    assert torch.allclose(
        logits(x).double(), substitute.forward(substitute.start, x).double(), atol=1e-5
    )
    (gradient,) = torch.autograd.grad(logits(x).sum(), x)
    assert gradient.abs().sum() > 0
    assert (form is not None) == (family == "qnn")


@pytest.mark.parametrize("family", FAMILIES)
def test_training_lowers_the_cross_entropy(family):
    """Trained on answers a substitute is closer to them than it was."""
    rng = np.random.default_rng(0)
    X, answers = rng.uniform(0, np.pi, (40, 2)), rng.dirichlet([0.5] * 3, 40)
    substitute = FAMILIES[family](2, 3, 2, rng)

    def entropy(clone):
        return -(answers * np.log(clone.predict_proba(X))).sum(1).mean()

    before = Clone(substitute.freeze(substitute.start)[0], CLASSES, 2)
    after = train(
        substitute, X, answers, CLASSES, epochs=20, learning_rate=0.05, batch_size=10, rng=rng
    )
    assert entropy(after) < entropy(before) - 0.05
    assert np.allclose(after.predict_proba(X).sum(1), 1)
    assert set(after.predict(X)) <= set(CLASSES)


def test_a_quantum_victim_is_learned_and_then_taken_exactly():
    """A QNN's probabilities teach a substitute well, and interpolation recovers it to rounding."""
    rng = np.random.default_rng(3)
    start = FAMILIES["qnn"](2, 3, 3, rng)
    logits, form = start.freeze(start.start * 1.5)
    victim = Clone(logits, CLASSES, 2, form)
    X = rng.uniform(0, np.pi, (200, 2))
    target = Oracle(victim, X, victim.predict(X), 0, np.pi, encoding="angle")
    learned = LearnedExtraction(80, layers=2, epochs=40).run(target, rng).clone
    exact = FourierExtraction().run(target, rng).clone
    assert metric.agreement(victim, learned, X).value > 0.85
    assert metric.logit_error(victim, exact, X) < 1e-5
    assert metric.agreement(victim, exact, X).value > 0.99
