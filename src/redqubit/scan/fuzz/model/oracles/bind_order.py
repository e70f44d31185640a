"""M21: the order in which named parameters are given does not matter."""

from __future__ import annotations

import numpy as np

from redqubit.scan.fuzz.model.model import Array, Model
from redqubit.scan.fuzz.model.oracle import Breach, Oracle, gap


def relation(model: Model, rows: Array, rng: np.random.Generator) -> Breach | None:
    """Bind each row by names, in two orders, and compare with the outputs by position."""
    assert model.named is not None
    expected = model(rows)
    for index, row in enumerate(rows):
        pairs = list(zip(model.names, (float(value) for value in row), strict=True))
        order = rng.permutation(len(pairs))
        for given in (pairs, [pairs[k] for k in order]):
            values = np.asarray(model.named(dict(given)), dtype=np.float64).reshape(1, -1)
            names = ", ".join(name for name, _ in given)
            detail = f"outputs change when features are bound in the order {names}"
            breach = gap(expected[[index]], values, model.tolerance, detail)
            if breach is not None:
                return breach
    return None


ORACLE = Oracle(
    "M21",
    "bind order",
    "Named parameters give the same outputs in any order, and the same as by position.",
    "Names sort differently as text than as numbers: x[10] stands before x[2].",
    lambda model: "" if model.named is not None else "the model declares no named and names",
    relation,
    "Bind parameters by name, or sort vector elements by their index.",
    rows=8,
)
