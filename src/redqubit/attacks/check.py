"""Self-checks that warn of false robustness: an attack that cannot work proves nothing.

Source: the warnings of AutoAttack, Croce and Hein, arXiv:2003.01690, section 6, and Carlini et al.,
arXiv:1902.06705, section 3; shot noise and flat landscapes are the quantum ways to fail them.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import torch

from redqubit.attacks.access import Attack
from redqubit.attacks.evasion.projected_gradient import ProjectedGradient
from redqubit.attacks.metric import eligible, evasion_success
from redqubit.attacks.outcome import Array
from redqubit.core.budget import Norm, Radius
from redqubit.core.estimate import Rate
from redqubit.core.evidence import Check
from redqubit.models.ascent import margin_loss
from redqubit.models.model import Differentiable
from redqubit.models.target import Oracle, WhiteBox, class_index

GRADIENT_FLOOR = 1e-5  # logits a radian; trained small QNNs have 0.1 to 10
MOST = 0.95


def zero_budget(attack: Attack, target: Oracle, rng: np.random.Generator) -> Check:
    """Check that the attack with a radius of zero returns every sample unchanged."""
    radius: Radius = attack.radius  # type: ignore[attr-defined]
    none: Any = dataclasses.replace(
        attack,  # type: ignore[type-var]
        radius=dataclasses.replace(radius, value=0.0),
    )
    moved = int((none.run(target, rng).X != target.X).any(axis=1).sum())
    return Check(
        "zero budget equals clean",
        moved == 0,
        f"with a radius of 0, {moved} of {len(target.X)} samples changed",
    )


def at_least(strong: str, rate: Rate, weak: str, other: Rate) -> Check:
    """Check that the attack named ``strong`` succeeds at least as often as the one named ``weak``.

    It passes when the weaker one is within the interval of the stronger. A failure means gradients
    that mislead, or too few steps.
    """
    passed = None
    if rate.high is not None and other.value is not None:
        passed = other.value <= rate.high
    return Check(f"{strong} at least {weak}", passed, f"{strong} {rate}; {weak} {other}")


def huge_budget(
    model: Differentiable,
    X: Array,
    y: Array,
    low: Array,
    high: Array,
    rng: np.random.Generator,
    *,
    norm: Norm = "linf",
) -> Check:
    """Check that an ascent free to go anywhere in the domain breaks nearly every sample.

    Cannot be judged where the model gives one answer everywhere.
    """
    reach = np.asarray(high) - np.asarray(low)
    radius = Radius(float(reach.max() if norm == "linf" else np.linalg.norm(reach)), norm)
    able = eligible(model, X, y)
    name = "huge budget reaches 1"
    if not able.any() or len(set(model.predict(X).tolist())) < 2:
        return Check(name, None, "the model gives one answer, or is right nowhere")
    attack = ProjectedGradient(radius, steps=40, restarts=3, loss="margin")
    found = attack.run(WhiteBox(model, X[able], y[able], low, high), rng)
    rate = evasion_success(model, X[able], y[able], found, radius)
    return Check(name, rate.successes >= MOST * rate.n, f"free in the whole domain: {rate}")


def gradient_floor(model: Differentiable, X: Array, y: Array) -> Check:
    """Check that the margin has a gradient an attacker can follow, at most samples."""
    x = torch.tensor(np.asarray(X), dtype=torch.float64, requires_grad=True)
    index = torch.as_tensor(class_index(model.classes_, y))
    (gradient,) = torch.autograd.grad(margin_loss(model.logits(x), index).sum(), x)
    size = gradient.norm(dim=1).numpy()
    alive = Rate.of(size > GRADIENT_FLOOR)
    return Check(
        "gradient norm above floor",
        alive.successes >= MOST * alive.n,
        f"gradient of the margin: median {np.median(size):.3g} a radian, above "
        f"{GRADIENT_FLOOR:g} at {alive}",
    )


def repeatability(target: Oracle) -> Check:
    """Check that the service gives the same label when asked twice, at most samples."""
    # asked in one batch: a service may well give the same batch the same noise
    first, second = np.split(target.predict(np.concatenate([target.X, target.X])), 2)
    same = Rate.of(first == second)
    return Check(
        "answers repeat under shot noise",
        same.successes >= MOST * same.n,
        f"same label when asked twice: {same}",
    )
