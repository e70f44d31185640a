"""Exact extraction: a QNN with angle encoding is a trigonometric polynomial, so interpolate it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal, TypeAlias, get_args

import numpy as np
import torch

from redqubit.attacks.clone import Clone
from redqubit.attacks.extraction import queries as sampling
from redqubit.attacks.extraction import trigonometric as trig
from redqubit.attacks.outcome import Array, Extraction
from redqubit.core.errors import InputError, unknown
from redqubit.engine.closed_form import ClosedForm
from redqubit.models.target import Oracle

Design: TypeAlias = Literal["period", "domain", "uniform", "in_distribution"]


@dataclass(frozen=True)
class FourierExtraction:
    """Recover the tensor that *is* the model from its probabilities.

    The log probabilities are the logits up to a constant a sample, and with angle encoding logits
    are trigonometric polynomials of known degrees, whatever the depth, entanglement and noise of
    the circuit. As many queries as coefficients determine them.

    Parameters
    ----------
    design
        ``period``: the grid ``2 pi k / (2 d + 1)`` over the full circle, ``(2 d + 1)^F`` queries,
        exact and best conditioned; it leaves the data domain, which a service can notice.
        ``domain``: a grid of as many points inside the domain, exact too. ``uniform`` and
        ``in_distribution`` (the attacker's own samples, then copies with noise): ridge regression
        on ``queries`` scattered points, for noisy answers or few queries.
    queries
        For the two scattered designs; grids need as many as there are coefficients.
    damping
        For the scattered designs, in (0, 1]: how much less a term is believed for each further
        feature in it; circuits of few layers have mostly terms of few features.
    penalty
        Ridge penalty relative to the kernel's scale; None chooses it by leave-one-out error.

    Source: Schreiber, Eisert, Meyer, Phys. Rev. Lett. 131, 100803 (2023), arXiv:2206.11740, for
    the surrogate; as an extraction with probabilities instead of expectation values it is ours.
    """

    name: ClassVar[str] = "fourier_extraction"
    technique: ClassVar[str] = "QML.T0021"
    title: ClassVar[str] = "Exact extraction by Fourier interpolation"

    design: Design = "period"
    queries: int = 256
    damping: float = 0.5
    penalty: float | None = None

    def __post_init__(self) -> None:
        if self.design not in get_args(Design):
            raise unknown("design", str(self.design), get_args(Design))
        if self.queries < 2 or not 0 < self.damping <= 1:
            raise InputError(
                f"queries must be >= 2 and damping in (0, 1], got {self.queries} and {self.damping}"
            )
        if self.penalty is not None and not self.penalty > 0:
            raise InputError(f"penalty must be None or > 0, got {self.penalty}")

    def run(self, target: Oracle, rng: np.random.Generator) -> Extraction:
        """Query, take logarithms, solve.

        Raises
        ------
        WithheldError
            The encoding is hidden, the service returns labels only, or there is no own data for
            the in-distribution design.
        """
        degrees = target.degrees
        count = trig.coefficients(degrees)
        values: dict[str, float] = {}
        if self.design == "period" or self.design == "domain":
            nodes = trig.full_period(degrees)
            if self.design == "domain":
                nodes = trig.inside(degrees, *target.domain)
            X = trig.grid(nodes)
            tensor = trig.interpolate(self._logits(target, X), nodes)
        else:
            X = sampling.draw(self.design, target, self.queries, rng)
            logits = self._logits(target, X)
            tensor, error = trig.ridge(X, logits, degrees, self.damping, self.penalty)
            values["leave_one_out_error"] = error
        form = ClosedForm(
            torch.tensor(tensor),
            torch.ones(len(degrees), dtype=torch.float64),
            torch.zeros(len(degrees), dtype=torch.float64),
        )
        values["queries"] = float(len(X))
        return Extraction(
            Clone(form, target.classes, target.n_features, form),
            X,
            (f"{len(X)} queries for {count} coefficients a logit ({self.design})",),
            values,
        )

    def _logits(self, target: Oracle, X: Array) -> Array:
        """Query ``X`` and return centered logits, ``(Q, C)``.

        An answer of exactly 0 was rounded: half of the smallest answer seen stands for it.
        """
        p = np.array(target.predict_proba(X))
        p[p <= 0] = p[p > 0].min(initial=1.0) / 2
        logits = np.log(p)
        return np.asarray(logits - logits.mean(axis=1, keepdims=True))
