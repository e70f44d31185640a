"""The oracles for models, one file each."""

from __future__ import annotations

from typing import Final

from redqubit.core.errors import unknown
from redqubit.scan.fuzz.model.oracle import Oracle
from redqubit.scan.fuzz.model.oracles import (
    batch_independence,
    bind_order,
    convergence,
    gradient,
    kernel_matrix,
    periodicity,
    scale_invariance,
    shot_noise,
    special_values,
)

ALL: Final[tuple[Oracle, ...]] = (
    periodicity.ORACLE,
    gradient.ORACLE,
    shot_noise.ORACLE,
    scale_invariance.ORACLE,
    special_values.ORACLE,
    kernel_matrix.ORACLE,
    batch_independence.ORACLE,
    bind_order.ORACLE,
    convergence.ORACLE,
)


def oracle(name: str) -> Oracle:
    """Return the oracle with this id; an unknown id is an error with the near miss."""
    for item in ALL:
        if item.id == name.upper():
            return item
    raise unknown("oracle", name, (item.id for item in ALL))


def chosen(names: tuple[str, ...] | None) -> tuple[Oracle, ...]:
    """Return the oracles with these ids, or all."""
    return ALL if names is None else tuple(oracle(name) for name in names)
