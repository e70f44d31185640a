"""Campaign: steal a clone, craft adversarial samples on it, submit them to the victim."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from redqubit.attacks.evasion.loss import DEFAULT_RADIUS, Goal, require_angle
from redqubit.attacks.evasion.projected_gradient import ProjectedGradient
from redqubit.attacks.extraction.fourier_extraction import FourierExtraction
from redqubit.attacks.extraction.learned_extraction import LearnedExtraction
from redqubit.attacks.outcome import Evasion
from redqubit.core.budget import Cost, Radius
from redqubit.models.target import Oracle, WhiteBox

DEFAULT_EXTRACTION = LearnedExtraction()


@dataclass(frozen=True)
class TransferEvasion:
    """Chain an extraction and a white-box evasion of the clone; nothing but queries is needed.

    Parameters
    ----------
    radius
        In encoder angles, as in `ProjectedGradient`.
    extraction
        How the clone is made; its queries are most of the cost.
    steps, restarts
        Of projected gradient on the clone, which costs the victim nothing.
    goal
        A class to reach, or None to leave the true class.

    Source: Papernot et al., arXiv:1602.02697 (substitute and transfer); extraction as the first
    stage on QNNs from Kundu, Kundu, Ghosh, arXiv:2402.11687.
    """

    name: ClassVar[str] = "transfer_evasion"
    technique: ClassVar[str] = "QML.T0013"
    title: ClassVar[str] = "Extraction, then transfer evasion"

    radius: Radius = DEFAULT_RADIUS
    extraction: LearnedExtraction | FourierExtraction = DEFAULT_EXTRACTION
    steps: int = 20
    restarts: int = 3
    goal: Goal = None

    def __post_init__(self) -> None:
        require_angle(self.radius)
        self._evasion()  # refuses bad steps, restarts and goal early

    def _evasion(self) -> ProjectedGradient:
        return ProjectedGradient(
            self.radius, steps=self.steps, restarts=self.restarts, goal=self.goal
        )

    def run(self, target: Oracle, rng: np.random.Generator) -> Evasion:
        """Extract, attack the clone, submit; each stage's cost is in ``values``."""
        stolen = self.extraction.run(target, rng)
        extraction = target.meter.cost
        clone: Any = stolen.clone  # WhiteBox refuses one that cannot be differentiated
        local = WhiteBox(clone, target.X, target.y, *target.domain)
        crafted = self._evasion().run(local, rng)
        answers = target.predict(crafted.X)
        submission = _spent(target.meter.cost, extraction)
        changed = answers != target.y if self.goal is None else answers == self.goal
        return Evasion(
            crafted.X,
            (
                *stolen.steps,
                f"crafted on the clone with {local.meter.queries} queries of the attacker's own",
                f"submitted {len(answers)} samples; {int(changed.sum())} answers were as wanted",
            ),
            {
                "extraction_queries": float(extraction.queries),
                "extraction_shots": float(extraction.shots),
                "submission_queries": float(submission.queries),
                "submission_shots": float(submission.shots),
            },
            clone=stolen.clone,
        )


def _spent(after: Cost, before: Cost) -> Cost:
    return Cost(
        after.queries - before.queries,
        after.circuits - before.circuits,
        after.shots - before.shots,
    )
