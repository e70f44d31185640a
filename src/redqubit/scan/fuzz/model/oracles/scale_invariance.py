"""M17: amplitude encoding sees the direction of a row, not its length."""

from __future__ import annotations

import numpy as np

from redqubit.scan.fuzz.model.model import Array, Model
from redqubit.scan.fuzz.model.oracle import Breach, Oracle, gap, uniform

SCALES = (1e-3, 0.5, 2.0, 10.0, 1e3)


def inputs(model: Model, rows: int, rng: np.random.Generator) -> Array:
    """Draw rows that are not nearly zero."""
    drawn = uniform(model, rows, rng)
    small = np.linalg.norm(drawn, axis=1) < 1e-3 * (model.high - model.low)
    drawn[small, 0] = model.high if model.high != 0 else model.low
    return drawn


def relation(model: Model, rows: Array, rng: np.random.Generator) -> Breach | None:
    """Compare outputs of rows and of their multiples; a row of zeros has to be refused."""
    if (np.linalg.norm(rows, axis=1) > 0).all():
        scale = float(rng.choice(SCALES))
        detail = f"outputs change when rows are multiplied by {scale:g}"
        breach = gap(model(rows), model(scale * rows), 10 * model.tolerance, detail)
        if breach is not None:
            return breach
    try:
        values = model(np.zeros((1, model.features)))
    except Exception:
        return None
    what = "finite outputs" if np.isfinite(values).all() else "outputs that are not finite"
    return Breach(float("inf"), f"a row of zeros has no direction but gives {what}")


ORACLE = Oracle(
    "M17",
    "amplitude scale invariance",
    "Multiples of a row give the same outputs, and a row of zeros is refused.",
    "Rows that are nearly zero are not drawn: their direction is rounding.",
    lambda model: "" if model.amplitude else "the model declares no amplitude encoder",
    relation,
    "Normalize rows in one place before encoding, and raise an error for a row of zeros.",
    inputs=inputs,
)
