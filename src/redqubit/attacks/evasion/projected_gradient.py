"""Projected gradient ascent on the loss: the standard white-box evasion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, get_args

import numpy as np

from redqubit.attacks.evasion.loss import (
    DEFAULT_RADIUS,
    Goal,
    LossName,
    loss_of,
    require_angle,
    require_choice,
    samples,
)
from redqubit.attacks.outcome import Evasion
from redqubit.core.budget import Radius
from redqubit.core.errors import InputError
from redqubit.models.ascent import Start, ascend
from redqubit.models.target import WhiteBox


@dataclass(frozen=True)
class ProjectedGradient:
    """Climb the loss in small steps, projecting back on the ball and the domain after each.

    Parameters
    ----------
    radius
        In encoder angles, L-inf or L2.
    steps
        Gradient steps a restart, at least 1.
    step_size
        Radians; None is 2.5 * radius / steps.
    restarts
        At least 1; every sample keeps its best point of all restarts. On trained QNNs one ascent
        is often caught: at 0.5 rad three restarts break a third of what one leaves standing.
    start
        ``center``: the first restart starts at the sample, the others at random points of the ball;
        ``random``: all start at random points.
    loss
        ``cross_entropy`` or the logit ``margin``; both keep the iterate of largest margin.
    goal
        A class to reach, or None to leave the true class.

    Source: Madry et al., arXiv:1706.06083, section 2.1; on quantum classifiers Lu, Duan, Deng,
    Phys. Rev. Research 2, 033212 (2020), section III.
    """

    name: ClassVar[str] = "projected_gradient"
    technique: ClassVar[str] = "QML.T0010.002"
    title: ClassVar[str] = "Projected gradient"

    radius: Radius = DEFAULT_RADIUS
    steps: int = 20
    step_size: float | None = None
    restarts: int = 3
    start: Start = "center"
    loss: LossName = "cross_entropy"
    goal: Goal = None

    def __post_init__(self) -> None:
        require_angle(self.radius)
        require_choice("start", self.start, get_args(Start))
        require_choice("loss", self.loss, get_args(LossName))
        if self.steps < 1 or self.restarts < 1:
            raise InputError(
                f"steps and restarts must be >= 1, got {self.steps} and {self.restarts}"
            )

    def run(self, target: WhiteBox, rng: np.random.Generator) -> Evasion:
        """Climb from every start and keep each sample's best point."""
        low, high = target.domain
        best = ascend(
            loss_of(target, self.loss, self.goal),
            samples(target),
            self.radius,
            steps=self.steps,
            step_size=self.step_size,
            low=low,
            high=high,
            start=self.start,
            restarts=self.restarts,
            rng=rng,
        )
        return Evasion(best.numpy())
