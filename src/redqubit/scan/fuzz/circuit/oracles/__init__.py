"""The oracles for circuits, one file each."""

from __future__ import annotations

from typing import Final

from redqubit.core.errors import unknown
from redqubit.scan.fuzz.circuit.oracle import Oracle
from redqubit.scan.fuzz.circuit.oracles import (
    admission_bound,
    chain,
    device_change,
    idle_qubits,
    independent_blocks,
    null_effect,
    openqasm2,
    openqasm3,
    output_invariance,
    qpy,
    relabeling,
    simulators,
    transpile_levels,
)

ALL: Final[tuple[Oracle, ...]] = (
    transpile_levels.ORACLE,
    output_invariance.ORACLE,
    simulators.ORACLE,
    openqasm2.ORACLE,
    openqasm3.ORACLE,
    qpy.ORACLE,
    chain.ORACLE,
    null_effect.ORACLE,
    relabeling.ORACLE,
    idle_qubits.ORACLE,
    independent_blocks.ORACLE,
    device_change.ORACLE,
    admission_bound.ORACLE,
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
