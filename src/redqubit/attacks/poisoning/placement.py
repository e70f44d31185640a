"""Where a poisoner spends his budget: scattered samples, or whole neighborhoods."""

from __future__ import annotations

from typing import Literal, TypeAlias

import numpy as np

from redqubit.attacks.outcome import Array

Placement: TypeAlias = Literal["scattered", "neighborhoods"]
SIZE = (
    40  # samples of a neighborhood: more than twice the voters of a usual nearest-neighbor filter
)


def choose(
    pool: Array, apart: Array | None, count: int, placement: Placement, rng: np.random.Generator
) -> Array:
    """Choose ``count`` indices out of ``pool`` (all of it, if it is smaller).

    Parameters
    ----------
    pool
        Indices to choose from.
    apart
        Distances ``(N, N)`` between all samples, for ``neighborhoods``; unused otherwise.
    placement
        ``scattered``: uniformly. ``neighborhoods``: random centers, each with its nearest samples,
        whose changed labels then vouch for each other before a filter that asks neighbors.
    """
    order = rng.permutation(pool)
    if placement == "scattered" or apart is None:
        return order[:count]
    chosen: list[int] = []
    left = set(order.tolist())
    for center in order.tolist():
        if len(chosen) >= min(count, len(order)):
            break
        if center not in left:
            continue
        near = [index for index in np.argsort(apart[center], kind="stable") if index in left]
        taken = near[: min(SIZE, count - len(chosen))]
        left -= set(taken)
        chosen += taken
    return np.array(chosen, dtype=int)
