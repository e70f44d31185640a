"""A small circuit file that costs its reader gigabytes or hours, or that opens other files.

## What

OpenQASM 2 and 3 programs and QPY files whose cost, bounded without parsing them, is out of
proportion to their bytes: registers of a size no device has, gates defined by doubling, loops,
powers and expressions that explode, brackets and definitions nested deeper than parsers stand; and
programs that include a file by an absolute path or from outside their folder.

## Why bad

A parser or transpiler does what the text says: thirty bytes declare a billion qubits, 470 bytes
expand to millions of gates. An absolute include makes the reader open any file of the host, and
its error message repeats what stands there.

## Example

A benchmark folder holds `gate g16 a { g15 a; g15 a; }` down to `g0`; whoever transpiles it waits.

## Instead

Pass every circuit from outside through `redqubit.core.admission.admit` before a parser, with the
limits of the service, and parse with `include_path=()`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

from redqubit.core.admission import CAP, Estimate, estimate
from redqubit.scan.finding import Severity
from redqubit.scan.supply.archives import outside
from redqubit.scan.supply.data import Context, Data
from redqubit.scan.supply.hit import Hit, Report, Unread

ID: Final = "MOD-06"
NAME: Final = "Circuit bomb"
SEVERITY: Final[Severity] = "medium"
CWE: Final = (400, 1284, 73)
FRAMEWORKS: Final = ("qiskit", "cirq", "pennylane", "*")
ADVICE: Final = "admit circuits before parsing them, and find out who wrote this one"
BYTES: Final = 64 * 2**20
FREE: Final = 100_000  # operations that any file may ask for
PER_BYTE: Final = 64  # operations for each byte beyond that
# Beyond every device and simulator, and beyond what parsers that recurse survive.
MOST: Final = {
    "qubits": (100_000, "declares {:,} qubits"),
    "bits": (10_000_000, "declares {:,} bits"),
    "parameters": (10_000_000, "declares {:,} parameters"),
    "rounds": (10_000_000, "asks for {:,} rounds of loops"),
    "depth": (200, "has {:,} definitions that call each other"),
    "nesting": (200, "nests {:,} deep"),
    "growth": (1024.0, "holds an expression of up to 2**{:,.0f}"),
}
_FAULTS: Final = ("literals", "loops")


def check(data: Data, context: Context) -> Iterator[Report]:
    """Bound what a circuit file costs; QPY or OpenQASM, which is not parsed."""
    if data.size > BYTES:
        yield Unread(f"{context.name}: a circuit of over {BYTES // 2**20} MiB")
        return
    found = estimate(data.whole())
    problems = list(_costs(found))
    if problems:
        yield _hit(context, "medium", f"{problems[0]} in {found.unpacked:,} bytes", "cost")
    elif odd := next((fault for fault in found.faults if fault.rule in _FAULTS), None):
        yield _hit(context, "low", f"holds {odd.came}", odd.rule)
    elif not math.isfinite(found.magnitude):
        yield _hit(context, "low", "holds a number beyond floating point", "literals")
    for name in found.includes:
        if outside(name):
            yield _hit(context, "high", f"includes {name!r:.80}, outside its folder", name[:80])


def _costs(found: Estimate) -> Iterator[str]:
    if found.gates > FREE + PER_BYTE * found.unpacked:
        yield f"expands to {_count(found.gates)} operations"
    for name, (most, told) in MOST.items():
        if getattr(found, name) > most:
            yield told.format(getattr(found, name))


def _count(number: int) -> str:
    return f"{number:,}" if number < CAP else f"over {CAP:,}"


def _hit(context: Context, severity: Severity, problem: str, key: str) -> Hit:
    return Hit(
        ID,
        severity,
        f"the circuit {context.name} {problem}",
        key=f"{key} {context.name.partition('!')[2]}",
    )
