"""One perturbation for every input."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import torch

from redqubit.attacks.evasion.loss import DEFAULT_RADIUS, Goal, require_angle
from redqubit.attacks.outcome import Evasion
from redqubit.core.budget import Radius
from redqubit.core.errors import InputError
from redqubit.models.ascent import clip, direction, project
from redqubit.models.target import WhiteBox, class_index


@dataclass(frozen=True)
class UniversalPerturbation:
    """Craft one change on the attacker's own data and add it to every sample under attack.

    The data it is crafted on is ``target.auxiliary``, the samples it is judged on are others: a
    universal perturbation that works only where it was fitted is none.

    Parameters
    ----------
    radius
        In encoder angles, L-inf or L2.
    passes
        Passes over the auxiliary data.
    step_size
        Radians; one step a batch, along the sign (L-inf) or direction (L2) of the mean gradient.
    batch_size
        Auxiliary samples a step.
    goal
        A class to reach, or None to leave the true classes.

    Source: Gong and Deng, Natl. Sci. Rev. 9, nwab130 (2022), arXiv:2102.07788 (additive variant);
    sign steps on batches as in Shafahi et al., arXiv:1811.11304, algorithm 2.
    """

    name: ClassVar[str] = "universal_perturbation"
    technique: ClassVar[str] = "QML.T0011"
    title: ClassVar[str] = "Universal perturbation"

    radius: Radius = DEFAULT_RADIUS
    passes: int = 30
    step_size: float = 0.02
    batch_size: int = 32
    goal: Goal = None

    def __post_init__(self) -> None:
        require_angle(self.radius)
        if self.passes < 1 or self.batch_size < 1 or not self.step_size > 0:
            raise InputError(
                f"passes and batch_size must be >= 1 and step_size > 0, got {self.passes}, "
                f"{self.batch_size} and {self.step_size}"
            )

    def run(self, target: WhiteBox, rng: np.random.Generator) -> Evasion:
        """Fit the change on auxiliary batches, then apply it to the samples under attack."""
        low, high = target.domain
        X, y = (np.array(part) for part in target.auxiliary)
        wanted = y if self.goal is None else np.full(len(y), self.goal)
        index = torch.as_tensor(class_index(target.classes, wanted))
        sign = 1 if self.goal is None else -1
        change = torch.zeros(1, target.n_features, dtype=torch.float64)
        origin = torch.zeros_like(change)
        for _ in range(self.passes):
            order = rng.permutation(len(X))
            for rows in np.array_split(order, -(-len(X) // self.batch_size)):
                x = torch.as_tensor(X[rows])
                free = change.clone().requires_grad_()
                logits = target.logits(clip(x + free, x, low, high))
                loss = torch.nn.functional.cross_entropy(logits, index[rows])
                (gradient,) = torch.autograd.grad(sign * loss, free)
                moved = change + self.step_size * direction(gradient, self.radius)
                change = project(moved, origin, self.radius, -torch.inf, torch.inf)
        center = torch.tensor(target.X)
        changed = clip(center + change, center, low, high)
        return Evasion(
            changed.numpy(),
            (f"crafted on {len(X)} samples of the attacker's own in {self.passes} passes",),
            {f"change_{feature}": float(value) for feature, value in enumerate(change[0])},
            shared=True,
        )
