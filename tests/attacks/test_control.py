"""Controls spend the attack's budget without its idea."""

import dataclasses

import numpy as np
import pytest

from redqubit.attacks.access import grant
from redqubit.attacks.control import controls, random_change
from redqubit.attacks.evasion.projected_gradient import ProjectedGradient
from redqubit.attacks.evasion.universal_perturbation import UniversalPerturbation
from redqubit.attacks.extraction.learned_extraction import LearnedExtraction
from redqubit.attacks.outcome import Evasion
from redqubit.attacks.poisoning.label_flip import LabelFlip
from redqubit.attacks.poisoning.quid import Quid
from redqubit.core.budget import Radius
from redqubit.core.estimate import Rate
from redqubit.core.streams import stream
from redqubit.models.classical import ClassicalNetwork
from redqubit.models.split import Split
from redqubit.models.victim import Victim


class _Encoded(ClassicalNetwork):
    """A classical network with product states, so that QUID can run on it."""

    def encoder_states(self, X):
        half = np.asarray(X) / 2
        first, second = (np.stack([np.cos(a), np.sin(a)], axis=1) for a in half.T)
        return (first[:, :, None] * second[:, None, :]).reshape(len(half), 4)


@pytest.fixture(scope="module")
def victim():
    """Return a victim with three classes in three corners of two features."""
    rng = np.random.default_rng(0)
    y = np.tile([1, 4, 6], 40)
    corners = {1: (0.6, 0.6), 4: (2.5, 0.6), 6: (1.5, 2.5)}
    X = np.clip([corners[k] for k in y] + rng.normal(0, 0.35, (120, 2)), 0, np.pi)
    data = Split(X[:60], y[:60], X[60:], y[60:], 0.0, np.pi, [1, 4, 6])
    return Victim.train(_Encoded((), epochs=60), data, seed=1)


def _controls(attack, victim, **settings):
    outcome = attack.run(grant(attack, victim, **settings), stream(1, "attack"))
    data = victim.data
    found = controls(attack, victim, outcome, data.X_test, data.y_test, 1, **settings)
    assert len({item.name for item in found}) == len(found)
    assert all(item.message for item in found)
    return {item.name: item.rate for item in found}


@pytest.mark.parametrize("norm", ["linf", "l2"])
def test_random_change_has_the_full_size(norm):
    """Inside the domain the random change has exactly the radius, in its norm."""
    X = np.full((50, 3), 1.0)
    found = random_change(X, Radius(0.4, norm), 0.0, 2.0, np.random.default_rng(0)).X - X
    size = np.abs(found).max(1) if norm == "linf" else np.linalg.norm(found, axis=1)
    assert np.allclose(size, 0.4)
    assert len(np.unique(found.round(6), axis=0)) > 5
    if norm == "linf":
        assert np.allclose(np.abs(found), 0.4)


def test_random_change_of_a_universal_attack_is_shared():
    """The control of one change for all samples is one random change for all samples."""
    X = np.full((9, 3), 1.0)
    found = random_change(X, Radius(0.4), 0.0, 2.0, np.random.default_rng(0), shared=True).X
    assert len(np.unique(found, axis=0)) == 1


def test_beside_evasion(victim):
    """Random change, base rate and classical analogue stand beside an evasion."""
    found = _controls(ProjectedGradient(Radius(0.8)), victim)
    assert set(found) == {"random change", "base rate", "classical analogue"}
    right = victim.model.predict(victim.data.X_test) == victim.data.y_test
    assert found["base rate"] == Rate(0, int(right.sum()))
    assert found["random change"].value < found["classical analogue"].value


def test_base_rate_of_an_evasion_is_what_shot_noise_does(victim):
    """A service that answers at random is wrong on eligible samples without any attack."""

    class Guessing(_Encoded):
        def predict(self, X):
            return self._rng.choice(self.classes_, len(X))

    model = Guessing((), epochs=1).fit(victim.data.X_train, victim.data.y_train)
    model._rng = np.random.default_rng(0)
    guessing = dataclasses.replace(victim, model=model)
    found = _controls(ProjectedGradient(Radius(0.1), steps=2), guessing)
    assert found["base rate"].value > 0.3


def test_beside_a_universal_perturbation_the_random_change_is_shared(victim):
    """The outcome says that its change is shared, and the control's message repeats it."""
    attack = UniversalPerturbation(Radius(0.5), passes=3)
    outcome = attack.run(grant(attack, victim), stream(1, "attack"))
    assert outcome.shared
    assert not Evasion(outcome.X).shared
    data = victim.data
    found = controls(attack, victim, outcome, data.X_test, data.y_test, 1)
    assert "the same for all samples" in found[0].message


def test_beside_poisoning(victim):
    """QUID has a random flip, the Euclidean rule and a fixed permutation beside it."""
    assert set(_controls(Quid(0.4), victim, encoding="angle")) == {
        "random flip",
        "base rate",
        "classical analogue",
        "euclidean distance",
        "fixed permutation",
    }
    assert set(_controls(LabelFlip(0.4), victim)) == {"base rate", "classical analogue"}
    assert "random flip" in _controls(LabelFlip(0.4, "permutation"), victim)


def test_coherent_flips_hurt_more_than_random_ones(victim):
    """At nine tenths a permutation breaks nearly everything; training again breaks nothing."""
    found = _controls(LabelFlip(0.9, "permutation"), victim)
    assert found["classical analogue"].value > 0.9
    assert found["random flip"].value > 0.3  # it spends as many labels
    assert found["base rate"].value < 0.1


def test_beside_extraction(victim):
    """Shuffled answers teach little; guessing is the floor; a classical victim is stolen too."""
    attack = LearnedExtraction(80, substitute="mlp", layers=1)
    found = _controls(attack, victim)
    assert set(found) == {"random change", "base rate", "classical analogue"}
    assert found["classical analogue"].value > 0.85
    assert found["random change"].value < 0.8
    assert found["base rate"].value < 0.6


def test_the_same_seed_gives_the_same_controls(victim):
    """Controls depend on the seed alone."""
    attack = LabelFlip(0.5, "permutation")
    assert _controls(attack, victim) == _controls(attack, victim)
