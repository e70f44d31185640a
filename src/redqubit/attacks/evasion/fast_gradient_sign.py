"""The fast gradient sign method: one step of full size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import torch

from redqubit.attacks.evasion.loss import DEFAULT_RADIUS, Goal, loss_of, require_angle, samples
from redqubit.attacks.outcome import Evasion
from redqubit.core.budget import Radius
from redqubit.models.ascent import direction, project
from redqubit.models.target import WhiteBox


@dataclass(frozen=True)
class FastGradientSign:
    """Move each sample once, by the whole radius, along the sign of its loss gradient.

    Parameters
    ----------
    radius
        In encoder angles. With the L2 norm the step follows the gradient itself.
    goal
        A class to reach, or None to leave the true class.

    Source: Goodfellow et al., arXiv:1412.6572, section 4; on quantum classifiers Lu, Duan, Deng,
    Phys. Rev. Research 2, 033212 (2020), section III.
    """

    name: ClassVar[str] = "fast_gradient_sign"
    technique: ClassVar[str] = "QML.T0010.001"
    title: ClassVar[str] = "Fast gradient sign method"

    radius: Radius = DEFAULT_RADIUS
    goal: Goal = None

    def __post_init__(self) -> None:
        require_angle(self.radius)

    def run(self, target: WhiteBox, rng: np.random.Generator) -> Evasion:  # noqa: ARG002
        """Take one step; nothing is random."""
        x = samples(target)
        loss = loss_of(target, "cross_entropy", self.goal)
        start = x.clone().requires_grad_()
        climbed, _ = loss(start)
        (gradient,) = torch.autograd.grad(climbed.sum(), start)
        low, high = target.domain
        step = self.radius.value * direction(gradient, self.radius)
        return Evasion(project(x + step, x, self.radius, low, high).numpy())
