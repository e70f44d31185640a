"""One perturbation for every input."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import torch
from torch import Tensor

from redqubit.attacks.evasion.loss import DEFAULT_RADIUS, Goal, require_angle
from redqubit.attacks.outcome import Evasion
from redqubit.core.budget import Radius
from redqubit.core.errors import InputError
from redqubit.models.ascent import clip, direction, project, random_points
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
    restarts
        At least 1; the first starts without a change, others at random ones. The change with most
        errors on the auxiliary data is kept.
    goal
        A class to reach, or None to leave the true classes.

    Source: Gong and Deng, Natl. Sci. Rev. 9, nwab130 (2022), arXiv:2102.07788 (additive variant);
    sign steps on batches as in Shafahi et al., arXiv:1811.11304, algorithm 2. Deviation: the loss
    is the probability of error instead of the cross entropy. It is bounded, so samples lost long
    ago do not outweigh those still to be won; with restarts this matters at large radii.
    """

    name: ClassVar[str] = "universal_perturbation"
    technique: ClassVar[str] = "QML.T0011"
    title: ClassVar[str] = "Universal perturbation"

    radius: Radius = DEFAULT_RADIUS
    passes: int = 30
    step_size: float = 0.02
    batch_size: int = 32
    restarts: int = 4
    goal: Goal = None

    def __post_init__(self) -> None:
        require_angle(self.radius)
        if min(self.passes, self.batch_size, self.restarts) < 1 or not self.step_size > 0:
            raise InputError(
                f"passes, batch_size and restarts must be >= 1 and step_size > 0, got "
                f"{self.passes}, {self.batch_size}, {self.restarts} and {self.step_size}"
            )

    def run(self, target: WhiteBox, rng: np.random.Generator) -> Evasion:
        """Fit the change on auxiliary batches, then apply it to the samples under attack."""
        low, high = target.domain
        X, y = (np.array(part) for part in target.auxiliary)
        wanted = y if self.goal is None else np.full(len(y), self.goal)
        x, index = torch.tensor(X), torch.as_tensor(class_index(target.classes, wanted))
        origin = torch.zeros(1, target.n_features, dtype=torch.float64)
        best, most = origin, -1.0
        for restart in range(self.restarts):
            change = origin
            if restart:
                change = random_points(origin, self.radius, -torch.inf, torch.inf, rng)
            for _ in range(self.passes):
                change = self._one_pass(target, x, index, change, rng)
            with torch.no_grad():
                answers = target.logits(clip(x + change, x, low, high)).argmax(dim=1)
            reached = answers == index if self.goal is not None else answers != index
            errors = float(reached.double().mean())
            if errors > most:
                best, most = change, errors
        center = torch.tensor(target.X)
        return Evasion(
            clip(center + best, center, low, high).numpy(),
            (
                f"crafted on {len(X)} samples of the attacker's own, where it reaches "
                f"{most:.3f}, in {self.restarts} restarts of {self.passes} passes",
            ),
            {f"change_{feature}": float(value) for feature, value in enumerate(best[0])},
            shared=True,
        )

    def _one_pass(
        self,
        target: WhiteBox,
        x: Tensor,
        index: Tensor,
        change: Tensor,
        rng: np.random.Generator,
    ) -> Tensor:
        """Take one step for each batch and return the new change, ``(1, F)``."""
        low, high = target.domain
        sign = -1 if self.goal is None else 1
        order = rng.permutation(len(x))
        for rows in np.array_split(order, -(-len(x) // self.batch_size)):
            batch, free = x[rows], change.clone().requires_grad_()
            logits = target.logits(clip(batch + free, batch, low, high))
            chosen = logits.softmax(dim=1).gather(1, index[rows][:, None])
            (gradient,) = torch.autograd.grad(sign * chosen.mean(), free)
            moved = change + self.step_size * direction(gradient, self.radius)
            change = project(moved, torch.zeros_like(moved), self.radius, -torch.inf, torch.inf)
        return change
