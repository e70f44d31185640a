"""The contract accepts every attack of ours and names the clause a broken one breaks."""

import types
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
import pytest

from redqubit.attacks.contract import ContractError, contract
from redqubit.attacks.evasion.fast_gradient_sign import FastGradientSign
from redqubit.attacks.evasion.projected_gradient import ProjectedGradient
from redqubit.attacks.evasion.square import Square
from redqubit.attacks.evasion.universal_perturbation import UniversalPerturbation
from redqubit.attacks.outcome import Evasion, Extraction, Poisoning
from redqubit.attacks.poisoning.label_flip import LabelFlip
from redqubit.attacks.poisoning.quid import Quid
from redqubit.core.budget import Radius
from redqubit.models.target import Oracle, TrainingData, WhiteBox

SMALL = Radius(0.2)


@pytest.mark.parametrize(
    "attack",
    [
        FastGradientSign(Radius(0.3)),
        FastGradientSign(Radius(0.3, "l2"), goal=5),
        ProjectedGradient(Radius(0.3), restarts=2),
        ProjectedGradient(Radius(0.3, "l2"), loss="margin", goal="bee"),
        Square(Radius(0.3), queries=20),
        Square(Radius(0.3, "l2"), queries=20),
        UniversalPerturbation(Radius(0.3), passes=5),
        LabelFlip(0.4),
        LabelFlip(0.4, "permutation"),
        LabelFlip(0.4, "targeted", source=3, goal=8),
        Quid(0.4),
        Quid(0.4, "trace"),
        Quid(0.4, "euclidean"),
    ],
    ids=str,
)
def test_own_attacks_keep_the_contract(attack):
    """Each attack of the package passes."""
    contract(attack)


@dataclass(frozen=True)
class _Nudge:
    """Move every sample by part of the radius, staying in the domain: a correct attack."""

    name: ClassVar[str] = "nudge"
    technique: ClassVar[str] = "QML.T0010"
    title: ClassVar[str] = "Nudge"
    radius: Radius = SMALL

    def run(self, target: Oracle, rng: np.random.Generator) -> Evasion:
        """Move at random."""
        step = rng.uniform(-1, 1, target.X.shape) * self.radius.value
        return Evasion(np.clip(target.X + step, *target.domain))


def test_a_correct_custom_attack_passes():
    """An attack that breaks nothing is accepted."""
    contract(_Nudge())


def _variant(**changes):
    """Derive a broken attack; class attributes and ``run`` may be replaced."""
    return dataclass(frozen=True)(type("_Broken", (_Nudge,), changes))()


def _runs(function, target=Oracle, outcome=Evasion):
    run = types.FunctionType(function.__code__, function.__globals__)
    run.__annotations__ = {"target": target, "return": outcome}
    return _variant(run=run)


def _from_global_state(self, target, rng):
    step = np.random.uniform(-0.1, 0.1, target.X.shape)  # noqa: NPY002 - the fault under test
    return Evasion(np.clip(target.X + step * self.radius.value, *target.domain))


def _writes(self, target, rng):
    target.X[0] += 0.1
    return Evasion(target.X)


def _oversteps(self, target, rng):
    return Evasion(np.clip(target.X + 1.01 * self.radius.value, *target.domain))


def _leaves_domain(self, target, rng):
    return Evasion(target.X + np.sign(target.X - np.pi / 2) * self.radius.value)


def _asks_gradient(self, target, rng):
    target.loss_gradient(target.X, target.y)
    return Evasion(np.array(target.X))


def _asks_quietly(self, target, rng):
    getattr(target, "_answer", None)
    return Evasion(np.array(target.X))


def _sets_attribute(self, target, rng):
    target.X = np.zeros_like(target.X)
    return Evasion(np.array(target.X))


def _needs_order(self, target, rng):
    first = target.X[0, 0] < target.X[-1, 0]
    return Evasion(np.clip(target.X + (0.0 if first else 9.0), *target.domain))


def _moves_anyway(self, target, rng):
    change = 0.1 if self.radius.value else 1e-6
    return Evasion(np.clip(target.X + change, *target.domain))


def _poisons_instead(self, target, rng):
    return Poisoning(target.X, target.y, np.zeros(len(target.y), dtype=bool))


def _drops_rows(self, target, rng):
    return Evasion(target.X[1:])


def _returns_nan(self, target, rng):
    return Evasion(target.X * np.nan)


def _steals_nothing(self, target, rng):
    class Constant:
        def predict_proba(self, X):
            return np.full((len(X), 3), 1 / 3)

    return Extraction(Constant(), np.empty((0, 3)))


def _spends_beyond(self, target, rng):
    try:
        target.predict(target.X)
    except Exception:
        return Evasion(np.clip(target.X + self.radius.value / 2, *target.domain))
    return Evasion(np.array(target.X))


def _hides_changes(self, target, rng):
    labels = np.array(target.y)
    labels[0] = target.classes[0] if labels[0] != target.classes[0] else target.classes[1]
    return Poisoning(np.array(target.X), labels, np.zeros(len(labels), dtype=bool))


def _invents_a_label(self, target, rng):
    labels = np.full_like(target.y, 77)
    return Poisoning(np.array(target.X), labels, np.ones(len(labels), dtype=bool))


@dataclass
class _Mutable(_Nudge.__mro__[1]):
    """Not frozen."""

    name: ClassVar[str] = "mutable"
    technique: ClassVar[str] = "QML.T0010"
    title: ClassVar[str] = "Mutable"


@dataclass(frozen=True)
class _Unstorable(_Nudge):
    """Holds what JSON cannot."""

    rule: set = field(default_factory=set)


@dataclass(frozen=True)
class _Careless:
    """Poisons although the fraction is zero."""

    name: ClassVar[str] = "careless"
    technique: ClassVar[str] = "QML.T0001"
    title: ClassVar[str] = "Careless"
    fraction: float = 0.1

    def run(self, target: TrainingData, rng: np.random.Generator) -> Poisoning:
        """Swap the first label always."""
        labels, changed = np.array(target.y), np.zeros(len(target.y), dtype=bool)
        labels[0] = target.classes[0] if labels[0] != target.classes[0] else target.classes[1]
        changed[0] = True
        return Poisoning(np.array(target.X), labels, changed)


@pytest.mark.parametrize(
    ("broken", "clause"),
    [
        (_Mutable(), "frozen dataclass"),
        (_variant(name="Nudge!"), "identity"),
        (_variant(technique="QML.10"), "identity"),
        (_variant(title=""), "identity"),
        (_runs(_returns_nan, target=int), "verb"),
        (_runs(_returns_nan, outcome=None), "verb"),
        (_Unstorable(), "parameters"),
        (_runs(_asks_gradient), "declared access"),
        (_runs(_asks_quietly), "declared access"),
        (_runs(_sets_attribute), "declared access"),
        (_runs(_writes), "inputs untouched"),
        (_runs(_poisons_instead), "outcome"),
        (_runs(_drops_rows), "outcome"),
        (_runs(_returns_nan), "outcome"),
        (_runs(_invents_a_label, TrainingData, Poisoning), "outcome"),
        (_runs(_hides_changes, TrainingData, Poisoning), "outcome"),
        (_runs(_oversteps), "inside the radius"),
        (_runs(_leaves_domain), "inside the domain"),
        (_runs(_from_global_state), "same seed same outcome"),
        (_runs(_needs_order), "sample order"),
        (_runs(_moves_anyway), "inside the radius"),
        (_Careless(), "zero budget does nothing"),
        (_runs(_steals_nothing, Oracle, Extraction), "query budget"),
    ],
)
def test_a_broken_attack_fails_its_clause(broken, clause):
    """Each clause catches an attack that breaks it."""
    with pytest.raises(ContractError) as caught:
        contract(broken)
    assert caught.value.clause == clause


def test_an_attack_that_asks_for_gradients_may_declare_them():
    """The same request is fine once the signature says WhiteBox."""
    contract(_runs(_asks_gradient, target=WhiteBox))
