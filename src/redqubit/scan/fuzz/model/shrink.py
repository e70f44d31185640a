"""Make failing rows few and plain."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from redqubit.scan.fuzz.model.model import Array

PLAIN = (0.0, 1.0)


def shrink(rows: Array, fails: Callable[[Array], bool], trials: int = 200) -> Array:
    """Return fewer and plainer rows for which ``fails`` still holds, after ``trials`` calls."""
    left = trials

    def check(candidate: Array) -> bool:
        nonlocal left
        left -= 1
        return left >= 0 and fails(candidate)

    size = len(rows) // 2
    while size >= 1 and len(rows) > 1:
        for start in range(0, len(rows), size):
            candidate = np.delete(rows, slice(start, start + size), axis=0)
            if len(candidate) and check(candidate):
                rows = candidate
                break
        else:
            size //= 2
        size = min(size, len(rows) // 2)
    for place in np.ndindex(rows.shape):
        now = float(rows[place])
        for plain in (*PLAIN, round(now, 1), round(now, 3)) if np.isfinite(now) else PLAIN:
            if plain == now:
                break
            candidate = rows.copy()
            candidate[place] = plain
            if check(candidate):
                rows = candidate
                break
    return rows
