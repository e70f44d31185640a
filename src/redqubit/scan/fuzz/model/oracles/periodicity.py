"""M14: the outputs repeat with the declared period, and training rows stay apart."""

from __future__ import annotations

import numpy as np

from redqubit.scan.fuzz.model.model import Array, Model
from redqubit.scan.fuzz.model.oracle import Breach, Oracle, Undecided, gap

LARGEST = 1e6


def relation(model: Model, rows: Array, rng: np.random.Generator) -> Breach | None:
    """Compare outputs with those of rows moved by whole periods."""
    alias = aliased(model)
    if alias is not None:
        return alias
    turns = rng.integers(-3, 4, rows.shape)
    if rng.random() < 0.1:
        turns = turns * 1000
    moved = rows + turns * model.periods
    if np.max(np.abs(moved)) > LARGEST:
        raise Undecided(f"features beyond {LARGEST:g} are rounded too coarsely")
    tolerance = model.tolerance + 2.0**-50 * float(np.max(np.abs(moved))) * model.features
    return gap(model(rows), model(moved), tolerance, "outputs change after whole periods")


def aliased(model: Model) -> Breach | None:
    """Return the first two training rows that differ and are the same modulo the period."""
    if model.rows is None:
        return None
    rows = np.asarray(model.rows, dtype=np.float64).reshape(-1, model.features)
    folded = np.round((rows / model.periods) % 1.0, 9) % 1.0
    seen: dict[bytes, int] = {}
    for index, key in enumerate(folded):
        first = seen.setdefault(key.tobytes(), index)
        distance = float(np.max(np.abs(rows[first] - rows[index])))
        if distance > 1e-6:
            return Breach(distance, f"training rows {first} and {index} are the same to the model")
    return None


ORACLE = Oracle(
    "M14",
    "encoding periodicity",
    "The outputs repeat with the declared period, and no two training rows differ by periods.",
    "The period is declared: half-angle encoders have 4 pi, scaled ones 2 pi over the scale.",
    lambda model: "" if model.period is not None else "the model declares no period",
    relation,
    "Scale the features into one period before encoding, or correct the declared period.",
    rows=4096,
)
