"""M20: a row's outputs do not depend on the other rows of its batch or on their order."""

from __future__ import annotations

import numpy as np

from redqubit.scan.fuzz.model.model import Array, Model
from redqubit.scan.fuzz.model.oracle import Breach, Oracle, gap

SINGLES = 4


def relation(model: Model, rows: Array, rng: np.random.Generator) -> Breach | None:
    """Compare a batch with the same rows in another order, and with some rows alone."""
    together = model(rows)
    order = rng.permutation(len(rows))
    shuffled = model(rows[order])
    breach = gap(together[order], shuffled, model.tolerance, "outputs depend on the order of rows")
    if breach is not None:
        return breach
    picked = rng.choice(len(rows), min(SINGLES, len(rows)), replace=False)
    alone = np.concatenate([model(rows[[index]]) for index in picked])
    detail = "outputs of a row alone and in a batch differ"
    return gap(together[picked], alone, model.tolerance, detail)


ORACLE = Oracle(
    "M20",
    "batch independence",
    "A row's outputs are the same alone, in a batch and in any order.",
    "For exact outputs: declare outputs without shot noise.",
    lambda _: "",
    relation,
    "Look for statistics taken over a batch, and for state kept between calls.",
    rows=64,
)
