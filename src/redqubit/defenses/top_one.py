"""Top-one answers: the service returns the winning label and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from redqubit.defenses.served import Served, behind
from redqubit.models.model import FloatArray
from redqubit.models.victim import Victim


class LabelModel(Served):
    """Answers probability 1 for the winning label and 0 for every other."""

    def predict_proba(self, X: Any) -> FloatArray:
        """Return the label as a one-hot row, ``(N, C)``."""
        return np.asarray(self.predict(X)[:, None] == self.classes_[None, :], dtype=np.float64)


@dataclass(frozen=True)
class TopOne:
    """Return labels only; accuracy stays the same.

    As for rounding, there is no gradient left to see but nothing is more robust: the adaptive
    attacker who holds the model uses the model itself.

    Source: Tramer et al., USENIX Security 2016, section 7 (labels only).
    """

    name: ClassVar[str] = "top_one"
    mitigation: ClassVar[str] = "QML.M0004"
    title: ClassVar[str] = "Top-one answers"
    cost: ClassVar[str] = "Nothing in accuracy; clients lose every score."

    def apply(self, victim: Victim, seed: int) -> Victim:  # noqa: ARG002 - nothing is random here
        """Put the victim's model behind a service that answers labels."""
        return behind(victim, LabelModel, victim.model, self.name)
