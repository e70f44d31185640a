"""Prediction rounding: the service answers probabilities with few digits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from redqubit.core.errors import InputError
from redqubit.defenses.served import Served, behind
from redqubit.models.model import FloatArray, Model
from redqubit.models.victim import Victim


class RoundedModel(Served):
    """Answers probabilities that are multiples of ``10**-decimals``; labels are untouched."""

    def __init__(self, base: Model, decimals: int) -> None:
        super().__init__(base)
        self.decimals = decimals

    def predict_proba(self, X: Any) -> FloatArray:
        """Return rounded probabilities ``(N, C)`` that still add up to 1."""
        return rounded(self.base.predict_proba(X), self.decimals)


@dataclass(frozen=True)
class PredictionRounding:
    """Round the probabilities a client sees; the labels, hence the accuracy, stay the same.

    An attacker who knows the defense ignores it where he holds the model: rounding has gradient
    zero everywhere, so white-box attacks on the rounded model fail without any robustness gained.
    His adaptive view is the model itself.

    Parameters
    ----------
    decimals
        Digits after the point, at least 0.

    Source: Tramer et al., USENIX Security 2016, section 7 (rounding against extraction).
    """

    name: ClassVar[str] = "prediction_rounding"
    mitigation: ClassVar[str] = "QML.M0003"
    title: ClassVar[str] = "Prediction rounding"
    cost: ClassVar[str] = "Nothing in accuracy; clients lose digits of every score."

    decimals: int = 1

    def __post_init__(self) -> None:
        if not 0 <= self.decimals <= 15:
            raise InputError(f"decimals must be 0 to 15, got {self.decimals}")

    def apply(self, victim: Victim, seed: int) -> Victim:  # noqa: ARG002 - nothing is random here
        """Put the victim's model behind the rounding."""
        return behind(
            victim, lambda model: RoundedModel(model, self.decimals), victim.model, self.name
        )


def rounded(probabilities: FloatArray, decimals: int) -> FloatArray:
    """Round rows ``(N, C)`` to multiples of ``10**-decimals`` by the largest-remainder method.

    Rows still add up to 1, a larger probability never becomes the smaller one, and no entry moves
    by a whole unit.
    """
    unit = 10.0**decimals
    shares = np.asarray(probabilities, dtype=np.float64) * unit
    whole = np.floor(shares)
    missing = np.rint(unit - whole.sum(axis=1)).astype(int)
    # Ties of remainders go to the larger probability, so that the order of a row survives.
    order = np.lexsort((-shares, -np.round(shares - whole, 12)), axis=1)
    rank = np.empty_like(order)
    np.put_along_axis(rank, order, np.arange(shares.shape[1])[None, :], axis=1)
    return np.asarray((whole + (rank < missing[:, None])) / unit)
