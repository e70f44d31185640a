"""M16: estimates from shots are as near to the exact outputs as their variance says."""

from __future__ import annotations

import numpy as np

from redqubit.scan.fuzz.model.model import Array, Model, shaped
from redqubit.scan.fuzz.model.oracle import Breach, Oracle, Undecided

SHOTS = (200, 1000, 5000)
SIGMAS = 5.0


def relation(model: Model, rows: Array, rng: np.random.Generator) -> Breach | None:
    """Estimate every row; a breach has to come again with 4 times the shots."""
    exact = model(rows)
    if not (np.abs(exact) <= 1 + 1e-9).all():
        raise Undecided("outputs are no expectation values in [-1, 1]")
    shots = int(rng.choice(SHOTS))
    first = _excess(model, rows, exact, shots, int(rng.integers(2**31)))
    if first is None:
        return None
    return _excess(model, rows, exact, 4 * shots, int(rng.integers(2**31)))


def _excess(model: Model, rows: Array, exact: Array, shots: int, seed: int) -> Breach | None:
    """Return the breach of 5 standard deviations by one output, or of the mean square by all."""
    assert model.sampled is not None
    estimate = shaped(model.sampled(rows, shots, seed), len(rows))
    variance = np.clip(1 - exact**2, 0, None) / shots
    distance = np.abs(estimate - exact)
    if not np.isfinite(distance).all():
        return Breach(float("inf"), "an estimate is not finite")
    bound = SIGMAS * np.sqrt(variance) + 10 / shots  # the second term is for nearly pure outcomes
    if (distance > bound).any():
        worst = float(np.max(distance / bound))
        return Breach(
            float(np.max(distance)),
            f"an estimate from {shots} shots is off by {worst:.3g} times 5 standard deviations",
        )
    noisy = variance > 25 / shots**2  # where the normal approximation holds
    count = int(noisy.sum())
    if count < 8:
        return None
    square = float(np.mean(distance[noisy] ** 2 / variance[noisy]))
    if square > 1 + 6 * np.sqrt(2 / count) + 18 / count:
        root = np.sqrt(square)
        return Breach(root, f"the noise from {shots} shots is {root:.3g} times what it should be")
    return None


ORACLE = Oracle(
    "M16",
    "shot-noise bound",
    "Estimates from shots are within 5 standard deviations, and their mean square within 6.",
    "A breach has to come again with 4 times the shots and another seed.",
    lambda model: "" if model.sampled is not None else "the model declares no sampled outputs",
    relation,
    "Check that the number of shots arrives at the device and that estimates are not biased.",
    rows=64,
)
