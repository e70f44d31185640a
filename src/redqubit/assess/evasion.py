"""Measures attacks that change inputs: success on eligible samples, robust accuracy over radii."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np

from redqubit.assess.knowledge import knowledge
from redqubit.attacks import check, control, metric
from redqubit.attacks.access import grant
from redqubit.attacks.evasion.fast_gradient_sign import FastGradientSign
from redqubit.attacks.evasion.projected_gradient import ProjectedGradient
from redqubit.attacks.outcome import Array, Evasion
from redqubit.core.budget import Cost, Radius
from redqubit.core.estimate import Mean, Rate
from redqubit.core.evidence import Check, Curve, Point, Role, Series
from redqubit.core.streams import stream
from redqubit.models.target import Oracle, WhiteBox
from redqubit.models.victim import Victim


def measure(
    attack: Any, victim: Victim, seen: Victim, seed: int, sweep: Mapping[str, tuple[float, ...]]
) -> dict[str, Any]:
    """Run an evasion attack on what the attacker has ``seen``, judge it on ``victim``.

    Returns the fields of an `redqubit.core.evidence.Evidence` that were measured.
    """
    X, y = victim.data.X_test, victim.data.y_test
    outcome, cost = _attacked(attack, seen, seed)
    model, goal = victim.model, getattr(attack, "goal", None)
    success = metric.evasion_success(model, X, y, outcome, attack.radius, goal)
    controls = control.controls(attack, victim, outcome, X, y, seed, **knowledge(victim))
    return {
        "success": success,
        "rates": {
            "clean_accuracy": metric.accuracy(model, X, y),
            "attacked_accuracy": robust_accuracy(model, X, y, outcome),
        },
        "means": _means(victim, X, outcome, attack.radius),
        "values": outcome.values,
        "controls": controls,
        "checks": _checks(attack, victim, seen, success, seed),
        "curves": tuple(_curve(attack, victim, seen, seed, values) for values in sweep.values()),
        "cost": cost,
        "notes": outcome.steps,
    }


def robust_accuracy(model: Any, X: Array, y: Array, outcome: Evasion) -> Rate:
    """Return the share of samples that are right before and after the change."""
    return Rate.of((model.predict(X) == y) & (model.predict(outcome.X) == y))


def _attacked(attack: Any, seen: Victim, seed: int) -> tuple[Evasion, Cost]:
    target = grant(attack, seen, seed=seed, **knowledge(seen))
    outcome = attack.run(target, stream(seed, attack.technique, attack.name))
    return outcome, target.meter.cost


def _means(victim: Victim, X: Array, outcome: Evasion, radius: Radius) -> dict[str, Mean]:
    means = {"perturbation": Mean.of(metric.distance(X, outcome.X, radius))}
    encode = getattr(victim.model, "encoder_states", None)
    if callable(encode):
        overlap = (encode(X).conj() * encode(outcome.X)).sum(axis=1)
        means["state_fidelity"] = Mean.of(np.abs(overlap) ** 2)
    return means


def _checks(
    attack: Any, victim: Victim, seen: Victim, success: Rate, seed: int
) -> tuple[Check, ...]:
    """Run the self-checks; those that need a gradient where the attacker has one."""
    data, rng = victim.data, stream(seed, "check", attack.name)
    X, y = data.X_test, data.y_test
    target = grant(attack, seen, seed=seed, **knowledge(seen))
    checks = [check.zero_budget(attack, target, rng)]
    served = Oracle(victim.model, X, y, data.low, data.high, seed=seed)
    checks.append(check.repeatability(served))
    white = victim.adaptive or victim.model
    if not callable(getattr(white, "logits", None)):
        return tuple(checks)
    checks.append(check.gradient_floor(white, X, y))  # type: ignore[arg-type]
    checks.append(check.huge_budget(white, X, y, data.low, data.high, rng))  # type: ignore[arg-type]
    goal = getattr(attack, "goal", None)
    strong = ProjectedGradient(attack.radius, goal=goal)
    same = attack.name == strong.name
    other = FastGradientSign(attack.radius, goal=goal) if same else strong
    view = WhiteBox(white, X, y, data.low, data.high)  # type: ignore[arg-type]
    found = other.run(view, stream(seed, "check", other.name))
    rate = metric.evasion_success(victim.model, X, y, found, attack.radius, goal)
    if other is strong:
        checks.append(check.at_least(strong.name, rate, attack.name, success))
    else:
        checks.append(check.at_least(strong.name, success, other.name, rate))
    return tuple(checks)


def _curve(
    attack: Any, victim: Victim, seen: Victim, seed: int, values: tuple[float, ...]
) -> Curve:
    """Sweep the radius: robust accuracy under the attack and under random changes of that size."""
    data, model = victim.data, victim.model
    X, y = data.X_test, data.y_test
    clean = Point(0.0, metric.accuracy(model, X, y))
    attacked, changed = [clean], [clean]
    for value in values:
        radius = dataclasses.replace(attack.radius, value=value)
        outcome, _ = _attacked(dataclasses.replace(attack, radius=radius), seen, seed)
        attacked.append(Point(value, robust_accuracy(model, X, y, outcome)))
        rng = stream(seed, "control", "random change", value)
        noise = control.random_change(X, radius, data.low, data.high, rng, shared=outcome.shared)
        changed.append(Point(value, robust_accuracy(model, X, y, noise)))
    series: list[tuple[str, Role, list[Point]]] = [
        (attack.title, "attack", attacked),
        ("random change", "control", changed),
    ]
    return Curve(
        f"Robust accuracy under {attack.title}",
        "radius (rad, L-inf)" if attack.radius.norm == "linf" else "radius (rad, L2)",
        "robust accuracy",
        tuple(Series(name, role, tuple(points)) for name, role, points in series),
    )
