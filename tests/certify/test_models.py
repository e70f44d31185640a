"""The verifier on trained models: clean, noisy, re-uploading, and those it refuses."""

import numpy as np
import pytest

from redqubit import attacks, certify, circuits
from redqubit.attacks.access import grant
from redqubit.core.budget import Radius
from redqubit.core.errors import InputError
from redqubit.core.streams import stream
from redqubit.engine.channels import depolarizing
from redqubit.engine.noise import Noise
from redqubit.models import datasets
from redqubit.models.preprocess import Preprocess
from redqubit.models.qnn import QNN
from redqubit.models.split import split
from redqubit.models.victim import Victim


@pytest.fixture(scope="module")
def victim():
    """Return a small classifier of three digits."""
    X, y = datasets.load("digits", classes=[0, 1, 2])
    data = split(X, y, Preprocess("pca", features=3), train=120, test=80, seed=1)
    model = QNN(circuits.angle(3), circuits.strongly_entangling(3, layers=3), epochs=8)
    return Victim.train(model, data, seed=1)


EVASION = [
    attacks.FastGradientSign,
    attacks.ProjectedGradient,
    attacks.UniversalPerturbation,
    attacks.Square,
    attacks.TransferEvasion,
]


@pytest.mark.parametrize("attack", EVASION)
def test_no_attack_succeeds_inside_a_certified_radius(attack, victim):
    """Whatever the attack, certified samples keep their class; some others do not."""
    data, model, radius = victim.data, victim.model, Radius(0.4)
    labels = np.searchsorted(data.classes, data.y_test)
    found = certify.robustness(
        model.closed_form(), data.X_test, labels, radius, data.low, data.high
    )
    safe = np.array([item.status == "robust" for item in found])
    assert 10 < safe.sum() < len(safe)
    target = grant(attack(radius=radius), victim, encoding="known")
    outcome = attack(radius=radius).run(target, stream(0, attack.name))
    assert np.abs(outcome.X - data.X_test).max() <= radius.value + 1e-9
    assert (model.predict(outcome.X)[safe] == data.y_test[safe]).all()


def test_counterexamples_fool_the_model_itself(victim):
    """What the closed form calls a counterexample, the model misclassifies."""
    data, model = victim.data, victim.model
    labels = np.searchsorted(data.classes, data.y_test)
    found = certify.robustness(
        model.closed_form(), data.X_test, labels, Radius(0.6), data.low, data.high, tolerance=1e-3
    )
    lost = [i for i, item in enumerate(found) if item.upper < -1e-4]
    assert lost
    answers = model.predict(np.array([found[i].counterexample for i in lost]))
    np.testing.assert_array_equal(answers, data.classes[[found[i].rival for i in lost]])


@pytest.mark.parametrize(
    ("encoder", "noise"),
    [
        (circuits.angle(2), Noise(one_qubit=(depolarizing(0.05),))),
        (circuits.angle(2, axis="z"), Noise(two_qubit=(depolarizing(0.1),))),
        (circuits.basis(2), None),
        (circuits.reupload(2, layers=2), None),
    ],
    ids=["noise", "two-qubit noise", "scaled feature", "re-uploading"],
)
def test_other_models_are_exact_against_a_grid(encoder, noise):
    """Noise, scaled features and repeated features are covered, and exact to a dense grid."""
    X = np.random.default_rng(0).uniform(0.2, 0.8, (30, 2))
    y = (X[:, 0] > X[:, 1]).astype(int)
    model = QNN(
        encoder, circuits.real_amplitudes(2, layers=1), epochs=4, noise=noise, dtype="complex128"
    ).fit(X, y, seed=0)
    low, high = np.zeros(2), np.ones(2)
    radius = Radius(0.15, space="scaled")
    form = model.closed_form()
    for x, item in zip(
        X[:6], certify.robustness(form, X[:6], None, radius, low, high, tolerance=1e-6), strict=True
    ):
        ends = np.maximum(x - 0.15, low), np.minimum(x + 0.15, high)
        axes = [np.linspace(a, b, 61) for a, b in zip(*ends, strict=True)]
        scores = model.scores(np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, 2))
        margin = (scores[:, item.label] - scores[:, 1 - item.label]).min()
        assert item.lower <= margin + 1e-9
        assert item.upper == pytest.approx(margin, abs=2e-3)


def test_amplitude_encoding_is_not_covered():
    """A model without a trigonometric closed form is refused with a sentence."""
    X = np.random.default_rng(0).uniform(0.1, 1, (10, 4))
    model = QNN(circuits.amplitude(2), circuits.real_amplitudes(2, layers=1), epochs=1)
    model.fit(X, np.arange(10) % 2)
    with pytest.raises(InputError, match="not covered"):
        certify.robustness(model.closed_form(), X, None, Radius(0.1))
