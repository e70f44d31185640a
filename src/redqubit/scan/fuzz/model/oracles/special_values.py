"""M18: NaN, infinite, huge and denormal features give an error or finite outputs."""

from __future__ import annotations

import numpy as np

from redqubit.scan.fuzz.model.model import Array, Model
from redqubit.scan.fuzz.model.oracle import Breach, Oracle, uniform

SPECIAL = (np.nan, np.inf, -np.inf, 1e17, -1e17, 1e308, -1e308, 5e-324, 2.3e-308, -0.0, 0.0)


def inputs(model: Model, rows: int, rng: np.random.Generator) -> Array:
    """Draw rows in which one kind of special value stands in one place each."""
    drawn = uniform(model, rows, rng)
    drawn[np.arange(rows), rng.integers(model.features, size=rows)] = rng.choice(SPECIAL)
    return drawn


def relation(model: Model, rows: Array, _: np.random.Generator) -> Breach | None:
    """Call the model; an error is a good answer, as are finite outputs."""
    try:
        with np.errstate(all="ignore"):
            values = model(rows)
    except Exception:
        return None
    bad = ~np.isfinite(values).all(axis=1)
    if not bad.any():
        return None
    row = rows[int(np.argmax(bad))]
    odd = [value for value in row if not np.isfinite(value)]
    odd += [value for value in row if abs(value) > 1e6 or 0 < abs(value) < 1e-300]
    cause = f"the feature {odd[0]}" if odd else "a row of ordinary features"
    return Breach(float("inf"), f"{cause} gives outputs that are not finite, without an error")


ORACLE = Oracle(
    "M18",
    "special values",
    "NaN, infinite, huge and denormal features give an error or finite outputs.",
    "An error is always a good answer.",
    lambda _: "",
    relation,
    "Refuse rows that are not finite before they are encoded.",
    inputs=inputs,
    rows=4096,
    cwe=(20, 682),
)
