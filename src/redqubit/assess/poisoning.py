"""Measures attacks on training: what a retrained model gets wrong that the clean one did not."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np

from redqubit.assess.knowledge import knowledge
from redqubit.attacks import control, metric
from redqubit.attacks.access import grant
from redqubit.attacks.outcome import Poisoning
from redqubit.attacks.poisoning.label_flip import LabelFlip
from redqubit.attacks.poisoning.quid import Quid
from redqubit.core.budget import Cost
from redqubit.core.estimate import Rate
from redqubit.core.evidence import Check, Curve, Point, Role, Series
from redqubit.core.streams import seed_of, stream
from redqubit.models.model import Model
from redqubit.models.victim import Victim


def measure(
    attack: Any,
    victim: Victim,
    seen: Victim,  # noqa: ARG001 -- every family is called alike; a poisoner sees no model
    seed: int,
    sweep: Mapping[str, tuple[float, ...]],
) -> dict[str, Any]:
    """Poison the training data, train the victim's recipe again, judge on the test data.

    Returns the fields of an `redqubit.core.evidence.Evidence` that were measured.
    """
    data = victim.data
    X, y = data.X_test, data.y_test
    outcome, cost = _attacked(attack, victim, seed)
    poisoned = victim.retrain(outcome.X, outcome.y, _training(seed))
    controls = control.controls(attack, victim, outcome, X, y, seed, **knowledge(victim))
    after = metric.accuracy(poisoned, X, y)
    clean = metric.accuracy(victim.model, X, y)
    drop = metric.relative_drop(clean, after)
    return {
        "success": metric.poisoning_success(victim.model, poisoned, X, y),
        "rates": {
            "clean_accuracy": clean,
            "attacked_accuracy": after,
            "labels_changed": Rate.of(outcome.changed),
        },
        "values": {**outcome.values, **({} if drop is None else {"relative_drop": drop})},
        "controls": controls,
        "checks": (_nothing_poisoned(attack, victim, seed),),
        "curves": tuple(
            _curve(attack, victim, seed, name, values) for name, values in sweep.items()
        ),
        "cost": cost,
        "notes": outcome.steps,
    }


def _training(seed: int) -> int:
    return seed_of(seed, "poisoned training")


def _trained(victim: Victim, outcomes: list[Poisoning], seed: int) -> list[Model]:
    """Train on each outcome; together where the poisoner changed labels alone."""
    X = victim.data.X_train
    if all(np.array_equal(outcome.X, X) for outcome in outcomes):
        labels = np.stack([outcome.y for outcome in outcomes])
        return victim.retrain_many(X, labels, _training(seed))
    return [victim.retrain(outcome.X, outcome.y, _training(seed)) for outcome in outcomes]


def _attacked(attack: Any, victim: Victim, seed: int) -> tuple[Poisoning, Cost]:
    target = grant(attack, victim, **knowledge(victim))
    outcome = attack.run(target, stream(seed, attack.technique, attack.name))
    return outcome, target.meter.cost


def _nothing_poisoned(attack: Any, victim: Victim, seed: int) -> Check:
    none = dataclasses.replace(attack, fraction=0.0)
    changed = int(_attacked(none, victim, seed)[0].changed.sum())
    return Check(
        "zero budget equals clean",
        changed == 0,
        f"with a fraction of 0, {changed} of {len(victim.data.y_train)} samples changed",
    )


def _curve(attack: Any, victim: Victim, seed: int, name: str, values: tuple[float, ...]) -> Curve:
    """Sweep one parameter: accuracy after poisoning, beside what needs no quantum knowledge."""
    data = victim.data
    beside: dict[str, Any] = {attack.title: attack}
    if isinstance(attack, Quid):
        beside["random flip"] = LabelFlip()
        beside["Euclidean distance"] = dataclasses.replace(attack, distance="euclidean")
    clean = Point(0.0, metric.accuracy(victim.model, data.X_test, data.y_test))
    outcomes = [
        _attacked(dataclasses.replace(technique, **{name: value}), victim, seed)[0]
        for technique in beside.values()
        for value in values
    ]
    models = iter(_trained(victim, outcomes, seed))
    series = []
    for title, technique in beside.items():
        found = [
            Point(value, metric.accuracy(next(models), data.X_test, data.y_test))
            for value in values
        ]
        role: Role = "attack" if technique is attack else "control"
        series.append(Series(title, role, (clean, *found)))
    return Curve(
        f"Accuracy after {attack.title}",
        f"{name} of the training set poisoned" if name == "fraction" else name,
        "accuracy on clean test data",
        tuple(series),
    )
