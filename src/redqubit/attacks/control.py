"""Control experiments: what the same budget does without the attack's idea.

Three stand beside every attack: a random change of equal size, the base rate of the clean model,
and the classical analogue (the same attack on a classical network trained on the same data). They
change conclusions: most of what QUID achieves, for example, is flipping whole classes coherently.
"""

from __future__ import annotations

import dataclasses
import functools
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray

from redqubit.attacks import metric
from redqubit.attacks.access import Attack, grant
from redqubit.attacks.outcome import Array, Evasion, Extraction, Outcome, Poisoning
from redqubit.attacks.poisoning.label_flip import LabelFlip
from redqubit.attacks.poisoning.quid import Quid
from redqubit.core.budget import Radius
from redqubit.core.estimate import Rate
from redqubit.core.evidence import Control
from redqubit.core.streams import seed_of, stream
from redqubit.models.ascent import project
from redqubit.models.classical import ClassicalNetwork
from redqubit.models.model import FloatArray, Model
from redqubit.models.split import Split
from redqubit.models.victim import EstimatorRecipe, Victim


def controls(
    attack: Attack,
    victim: Victim,
    outcome: Outcome,
    X: Array,
    y: Array,
    seed: int,
    **settings: Any,
) -> tuple[Control, ...]:
    """Run the controls that belong beside ``attack``, judged on ``X`` ``(N, F)``, ``y`` ``(N,)``.

    ``settings`` are those of `redqubit.attacks.access.grant` that the attack itself had.
    """
    if isinstance(outcome, Evasion):
        return _beside_evasion(attack, victim, outcome, X, y, seed, settings)
    if isinstance(outcome, Poisoning):
        return _beside_poisoning(attack, victim, outcome, X, y, seed, settings)
    return _beside_extraction(attack, victim, X, seed, settings)


def random_change(
    X: Array,
    radius: Radius,
    low: Array,
    high: Array,
    rng: np.random.Generator,
    *,
    shared: bool = False,
) -> Evasion:
    """Move each sample by the whole radius in a random direction, within the domain.

    The direction is a random sign for each feature (L-inf) or a random unit vector (L2), and the
    same for all samples if ``shared``: the control of a universal perturbation.
    """
    shape = (1 if shared else len(X), X.shape[1])
    if radius.norm == "linf":
        step = rng.choice([-1.0, 1.0], shape)
    else:
        step = rng.normal(size=shape)
        step /= np.linalg.norm(step, axis=1, keepdims=True)
    center = torch.tensor(np.asarray(X), dtype=torch.float64)
    moved = project(center + torch.as_tensor(radius.value * step), center, radius, low, high)
    return Evasion(moved.numpy())


def _beside_evasion(
    attack: Any,
    victim: Victim,
    outcome: Evasion,
    X: Array,
    y: Array,
    seed: int,
    settings: dict[str, Any],
) -> tuple[Control, ...]:
    model, data, goal = victim.model, victim.data, getattr(attack, "goal", None)
    rng = stream(seed, "control", "random change")
    noise = random_change(X, attack.radius, data.low, data.high, rng, shared=outcome.shared)
    network = _network(victim.data, seed)
    exact = settings | {"shots": None}  # a classical network has no shots
    target = grant(attack, network, X, y, **exact)
    found = attack.run(target, stream(seed, "control", "classical analogue"))
    return (
        Control(
            "random change",
            metric.evasion_success(model, X, y, noise, attack.radius, goal),
            f"a random direction of the same length ({attack.radius})"
            + (", the same for all samples" if outcome.shared else ""),
        ),
        Control(
            "base rate",
            metric.unprovoked(model, X, y, goal),
            "the same samples unchanged, asked again: what shot noise alone does",
        ),
        Control(
            "classical analogue",
            metric.evasion_success(network.model, X, y, found, attack.radius, goal),
            "the same attack on a classical network trained on the same data",
            "analogue",
        ),
    )


def _beside_poisoning(
    attack: Attack,
    victim: Victim,
    outcome: Poisoning,
    X: Array,
    y: Array,
    seed: int,
    settings: dict[str, Any],
) -> tuple[Control, ...]:
    data, train_seed = victim.data, seed_of(seed, "control", "training")
    share = float(outcome.changed.mean())

    def after(labels: Array, recipe: Victim = victim, samples: Array = data.X_train) -> Rate:
        poisoned = recipe.retrain(samples, labels, train_seed)
        return metric.poisoning_success(recipe.model, poisoned, X, y)

    def beside(other: LabelFlip | Quid) -> Rate:
        rng = stream(seed, "control", other.name)
        return after(other.run(grant(other, victim, **settings), rng).y)

    found = [
        Control(
            "base rate",
            after(data.y_train),
            "the clean data and another seed: what training alone changes",
        ),
        Control(
            "classical analogue",
            after(outcome.y, _network(data, seed), outcome.X),
            "the same poisoned data, a classical network",
            "analogue",
        ),
    ]
    if not (isinstance(attack, LabelFlip) and attack.rule == "symmetric"):
        found.insert(
            0, Control("random flip", beside(LabelFlip(share)), "as many labels, any wrong class")
        )
    if isinstance(attack, Quid):
        plain = dataclasses.replace(attack, distance="euclidean")
        found += [
            Control(
                "euclidean distance",
                beside(plain),
                "the same rule with distances of feature vectors instead of quantum states",
                "analogue",
            ),
            Control(
                "fixed permutation",
                beside(LabelFlip(share, rule="permutation")),
                "as many labels, each class to the next one",
                "analogue",
            ),
        ]
    return tuple(found)


def _beside_extraction(
    attack: Attack, victim: Victim, X: Array, seed: int, settings: dict[str, Any]
) -> tuple[Control, ...]:
    def stolen(source: Victim, name: str) -> Model:
        exact = settings | {"shots": None}
        outcome: Extraction = attack.run(
            grant(attack, source, **exact), stream(seed, "control", name)
        )
        return outcome.clone

    answers = victim.model.predict(X)
    _, counts = np.unique(answers, return_counts=True)
    mixed: Any = _Shuffled(victim.model, stream(seed, "control", "shuffle"))
    network = _network(victim.data, seed)
    shuffled = stolen(dataclasses.replace(victim, model=mixed), "random change")
    return (
        Control(
            "random change",
            metric.agreement(victim.model, shuffled, X),
            "the same queries, answers shuffled among them",
        ),
        Control(
            "base rate", Rate(int(counts.max()), len(X)), "always guessing the commonest answer"
        ),
        Control(
            "classical analogue",
            metric.agreement(network.model, stolen(network, "classical analogue"), X),
            "the same extraction of a classical network trained on the same data",
            "analogue",
        ),
    )


@functools.lru_cache(maxsize=4)
def _network(data: Split, seed: int) -> Victim:
    """Train the classical analogue on the same data, and keep how it was trained."""
    recipe = EstimatorRecipe(ClassicalNetwork())
    model = recipe.fit(data.X_train, data.y_train, seed_of(seed, "control", "classical network"))
    return Victim(model, data, recipe, "classical network")


class _Shuffled:
    """A service that answers every batch with the right answers in a random order."""

    def __init__(self, model: Model, rng: np.random.Generator) -> None:
        self.classes_, self.n_features_in_ = model.classes_, model.n_features_in_
        self._model, self._rng = model, rng

    def scores(self, X: ArrayLike) -> FloatArray:
        """Return logits of other samples of the batch."""
        return self._rng.permutation(self._model.scores(X))

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Return labels of other samples of the batch."""
        return self._rng.permutation(self._model.predict(X))

    def predict_proba(self, X: ArrayLike) -> FloatArray:
        """Return probabilities of other samples of the batch."""
        return self._rng.permutation(self._model.predict_proba(X))
