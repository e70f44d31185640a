"""Self-checks pass on honest models and fail on those that fake robustness."""

import dataclasses
from typing import ClassVar

import numpy as np
import pytest
import torch

from redqubit.attacks import check
from redqubit.attacks.evasion.fast_gradient_sign import FastGradientSign
from redqubit.attacks.outcome import Evasion
from redqubit.core.budget import Radius
from redqubit.core.estimate import Rate
from redqubit.models.target import Oracle


def test_zero_budget_passes_an_honest_attack_and_catches_a_moving_one(views):
    """An attack that moves samples with a radius of zero fails."""

    @dataclasses.dataclass(frozen=True)
    class Restless:
        name: ClassVar[str] = "restless"
        radius: Radius = Radius(0.1)  # noqa: RUF009 - a frozen value

        def run(self, target, rng):
            return Evasion(target.X + 1e-12)

    rng = np.random.default_rng(0)
    assert check.zero_budget(FastGradientSign(), views(), rng).passed is True
    assert check.zero_budget(Restless(), views(), rng).passed is False


@pytest.mark.parametrize(
    ("strong", "weak", "passed"),
    [
        (Rate(50, 100), Rate(40, 100), True),
        (Rate(50, 100), Rate(55, 100), True),
        (Rate(50, 100), Rate(80, 100), False),
        (Rate(0, 0), Rate(80, 100), None),
        (Rate(50, 100), Rate(0, 0), None),
    ],
)
def test_the_stronger_attack_must_not_lose(strong, weak, passed):
    """The order fails only beyond the interval, and is not judged without samples."""
    found = check.at_least("projected gradient", strong, "fast gradient sign", weak)
    assert found.passed is passed
    assert "projected gradient" in found.name


def test_huge_budget_reaches_one_on_an_honest_model(binary):
    """Free in the whole domain, ascent breaks a linear model everywhere."""
    model, X, y = binary
    for norm in ("linf", "l2"):
        found = check.huge_budget(
            model, X, y, np.zeros(4), np.full(4, 2.0), np.random.default_rng(0), norm=norm
        )
        assert found.passed is True


def test_masked_gradients_are_noticed(binary, linear):
    """A model that rounds its logits keeps its labels but fails both gradient checks."""

    class Masked(linear):
        def logits(self, x):
            return super().logits(x).round(decimals=1)

    honest, X, y = binary
    model = Masked(honest.W, honest.b, honest.classes_)
    assert check.gradient_floor(honest, X, y).passed is True
    assert check.gradient_floor(model, X, y).passed is False
    found = check.huge_budget(model, X, y, np.zeros(4), np.full(4, 2.0), np.random.default_rng(0))
    assert found.passed is False


def test_a_model_with_one_answer_cannot_be_judged(linear):
    """Where every input gets the same label no attack can succeed, and none is blamed."""
    model = linear(np.zeros((2, 2)), [1, 0], [0, 1])
    X, y = np.ones((5, 2)), np.zeros(5, dtype=int)
    ends = np.zeros(2), np.ones(2)
    assert check.huge_budget(model, X, y, *ends, np.random.default_rng(0)).passed is None


def test_repeatability_sees_shot_noise(binary, linear):
    """Exact answers repeat; answers from a handful of shots do not."""

    class Noisy(linear):
        def sampled_scores(self, X, shots, rng):
            return self.scores(X) + 3 * rng.normal(size=(len(X), 2)) / np.sqrt(shots)

    honest, X, y = binary
    model = Noisy(honest.W, honest.b, honest.classes_)
    for shots, passed in ((None, True), (10, False), (10**8, True)):
        target = Oracle(model, X, y, 0, 2, shots=shots)
        assert check.repeatability(target).passed is passed


def test_gradient_of_a_differentiable_model_is_measured_in_logits(binary):
    """The message holds the median norm of the margin's gradient, known for a linear model."""
    model, X, y = binary
    size = torch.tensor(model.W[:, 1] - model.W[:, 0]).norm()
    assert f"{size:.3g}" in check.gradient_floor(model, X, y).message
