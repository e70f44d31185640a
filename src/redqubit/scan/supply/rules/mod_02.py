"""A QPY file is of a version, or has fields, that make reading it dangerous.

## What

The header of QPY circuit files (also inside archives, compressed, or as base64 in JSON): the
format version, the encoding of symbolic expressions, the number of circuits, and every length the
file claims, from version 13 on down to single instructions, compared with the bytes that are
there. Nothing is loaded.

## Why bad

Up to version 12 a QPY file carries expressions as text, which releases of Qiskit before 1.4.2
evaluate as Python code; versions 10 to 12 with the symengine encoding hand bytes to a native
deserializer that can crash the process. Lengths and counts over the file's size make readers
allocate memory until the host gives up.

## Example

A job queue stores circuits as version 12 files; one of them holds an expression that is code.

## Instead

Write QPY of version 13 or later, require it with `min_qpy_version` in Qiskit's settings or by
checking the seventh byte, and read files of others with Qiskit 1.4.2 or later only.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

from redqubit.core.admission import estimate
from redqubit.scan.finding import Severity
from redqubit.scan.supply.data import Context, Data
from redqubit.scan.supply.hit import Hit, Report

ID: Final = "MOD-02"
NAME: Final = "Unsafe QPY file"
SEVERITY: Final[Severity] = "high"
CWE: Final = (502, 1284)
FRAMEWORKS: Final = ("qiskit",)
ADVICE: Final = "have it written again as QPY version 13 or later, and refuse older ones"
MAGIC: Final = b"QISKIT"
SAFE: Final = 13  # the first version without expressions as text
NEWEST: Final = 18
QUBITS: Final = 100_000
BYTES: Final = 64 * 2**20  # of a file that is followed to its end
_FILE: Final = struct.Struct("!6sBBBBQ")
_CIRCUIT: Final = {  # by the first version that has it
    1: struct.Struct("!HdIIQIQ"),
    2: struct.Struct("!H1cHIIQIQ"),
    12: struct.Struct("!H1cHIIQIQI"),
}
_REGISTER: Final = 8  # bytes, at least, in every version
_INSTRUCTION: Final = 25


def check(data: Data, context: Context) -> Iterator[Report]:
    """Check the header of a QPY file and of its first circuits."""
    head = data.at(0, _FILE.size + 2)
    if len(head) < _FILE.size + (head[6:7] >= b"\x0a"):
        yield _hit(context, "high", "is cut off within its header", "cut")
        return
    _, version, major, minor, patch, count = _FILE.unpack_from(head)
    start = _FILE.size
    if version >= 10:
        encoding = head[start : start + 1]
        start += 1
        yield from _encoding(context, version, encoding)
    if version == 0 or version > NEWEST:
        yield _hit(
            context, "low", f"claims version {version}; 1 to {NEWEST} are known", f"v{version}"
        )
        return
    if version < SAFE:
        yield _hit(
            context,
            "high",
            f"has version {version} (written by Qiskit {major}.{minor}.{patch}); up to version 12 "
            "expressions are text, which Qiskit before 1.4.2 runs as code (CVE-2025-2000)",
            "old",
        )
        start += version >= 5  # what kind of programs follow
        yield from _lengths(data, context, version, count, start)
    elif data.size <= BYTES:
        for fault in estimate(data.whole(), "qpy").faults:
            if fault.rule == "length fields":
                yield _hit(context, "high", f"claims {fault.came}", "lengths")


def _encoding(context: Context, version: int, encoding: bytes) -> Iterator[Hit]:
    if encoding == b"e" and version < SAFE:
        yield _hit(
            context,
            "high",
            f"has version {version} with symengine expressions, a native format that can crash "
            "Qiskit before 1.3.0 (CVE-2025-1403)",
            "symengine",
        )
    elif encoding not in (b"p", b"e"):
        yield _hit(context, "medium", f"has the unknown expression encoding {encoding!r}", "code")


def _lengths(
    data: Data, context: Context, version: int, count: int, start: int
) -> Iterator[Report]:
    header = _CIRCUIT[max(first for first in _CIRCUIT if first <= version)]
    if count * header.size > data.size - start:
        yield _hit(
            context,
            "high",
            f"claims {count:,} circuits, which do not fit into its {data.size:,} bytes",
            "count",
        )
        return
    problem = _circuit(data, version, header, start) if count else None
    if problem:
        yield _hit(context, *problem, key="circuit 0")


def _circuit(
    data: Data, version: int, header: struct.Struct, place: int
) -> tuple[Severity, str] | None:
    fields = header.unpack(data.at(place, header.size))
    if version == 1:
        name, _, qubits, _, metadata, registers, instructions = fields
        phase = variables = 0
    else:
        name, _, phase, qubits, _, metadata, registers, instructions, *more = fields
        variables = more[0] if more else 0
    left = data.size - place - header.size
    if name + phase + metadata > left:
        return "high", f"claims {name + phase + metadata:,} bytes of text where {left:,} are left"
    parts = registers * _REGISTER + instructions * _INSTRUCTION
    if parts + variables > left:
        return "high", f"claims {instructions:,} instructions, which do not fit into the file"
    if qubits > QUBITS:
        return "medium", f"claims {qubits:,} qubits, more than any device or simulator has"
    return None


def _hit(context: Context, severity: Severity, problem: str, key: str) -> Hit:
    return Hit(
        ID,
        severity,
        f"the QPY file {context.name} {problem}",
        key=f"{key} {context.name.partition('!')[2]}",
    )
