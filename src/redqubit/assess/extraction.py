"""Measures attacks that steal the model: agreement of the clone with the victim, over queries."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np

from redqubit.assess.knowledge import knowledge
from redqubit.attacks import control, metric
from redqubit.attacks.access import grant
from redqubit.attacks.outcome import Extraction
from redqubit.core.budget import Cost
from redqubit.core.estimate import Rate
from redqubit.core.evidence import Curve, Point, Series
from redqubit.core.streams import stream
from redqubit.models.victim import Victim


def measure(
    attack: Any, victim: Victim, seen: Victim, seed: int, sweep: Mapping[str, tuple[float, ...]]
) -> dict[str, Any]:
    """Steal the model through its service and compare the clone on held-out inputs.

    Returns the fields of an `redqubit.core.evidence.Evidence` that were measured; ``success`` is
    the share of test inputs on which clone and victim predict the same class.
    """
    data, model = victim.data, victim.model
    X, y = data.X_test, data.y_test
    outcome, cost = _attacked(attack, seen, seed)
    clone = outcome.clone
    accuracy = {"clean": metric.accuracy(model, X, y), "clone": metric.accuracy(clone, X, y)}
    values = dict(outcome.values) | {"largest_logit_error": metric.logit_error(model, clone, X)}
    if accuracy["clean"].value and accuracy["clone"].value is not None:
        values["accuracy_ratio"] = accuracy["clone"].value / accuracy["clean"].value
    return {
        "success": metric.agreement(model, clone, X),
        "rates": {"clean_accuracy": accuracy["clean"], "clone_accuracy": accuracy["clone"]},
        "means": {"divergence": metric.divergence(model, clone, X)},
        "values": values,
        "controls": control.controls(attack, victim, outcome, X, y, seed, **knowledge(victim)),
        "curves": tuple(_curve(attack, seen, seed, name, grid) for name, grid in sweep.items()),
        "cost": cost,
        "notes": outcome.steps,
    }


def _attacked(attack: Any, seen: Victim, seed: int) -> tuple[Extraction, Cost]:
    target = grant(attack, seen, seed=seed, **knowledge(seen))
    outcome = attack.run(target, stream(seed, attack.technique, attack.name))
    return outcome, target.meter.cost


def _curve(attack: Any, victim: Victim, seed: int, name: str, values: tuple[float, ...]) -> Curve:
    """Sweep one parameter, mostly the queries: agreement, beside guessing the commonest class."""
    X, model = victim.data.X_test, victim.model
    kind = type(getattr(attack, name))
    points = []
    for value in values:
        outcome, _ = _attacked(dataclasses.replace(attack, **{name: kind(value)}), victim, seed)
        points.append(Point(value, metric.agreement(model, outcome.clone, X)))
    _, counts = np.unique(model.predict(X), return_counts=True)
    guess = Rate(int(counts.max()), len(X))
    return Curve(
        f"Agreement after {attack.title}",
        name,
        "agreement with the victim",
        (
            Series(attack.title, "attack", tuple(points)),
            Series("base rate", "control", tuple(Point(value, guess) for value in values)),
        ),
    )
