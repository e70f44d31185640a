"""M06: writing QPY in every version and reading it back keeps the circuit."""

from __future__ import annotations

import io
from typing import Any, Final

from redqubit.scan.fuzz.circuit.bench import Bench
from redqubit.scan.fuzz.circuit.frameworks import to_qiskit
from redqubit.scan.fuzz.circuit.oracle import Oracle
from redqubit.scan.fuzz.circuit.oracles.openqasm2 import same
from redqubit.scan.fuzz.circuit.subject import Subject
from redqubit.scan.fuzz.circuit.verdict import Verdict, worst

OLDEST: Final = 13  # older versions evaluate text when they are read


def round_trip(circuit: Any, version: int) -> Any:
    """Return the circuit after one round trip through bytes we have written ourselves."""
    from qiskit import qpy

    stream = io.BytesIO()
    qpy.dump(circuit, stream, version=version)
    stream.seek(0)
    (result,) = qpy.load(stream)
    return result


def versions() -> range:
    """Return the versions this Qiskit writes and that are safe to read."""
    from qiskit import qpy

    return range(max(OLDEST, qpy.QPY_COMPATIBILITY_VERSION), qpy.QPY_VERSION + 1)


def relation(subject: Subject, bench: Bench) -> Verdict:
    """Write, read and compare in every version."""
    circuit = to_qiskit(subject)
    verdicts = []
    for version in versions():
        back = bench.given(bench.call(f"QPY {version}", round_trip, circuit, version))
        verdicts.append(same(subject, back, f"QPY {version} changes the circuit"))
    return worst(verdicts)


ORACLE = Oracle(
    "M06",
    "QPY round trip",
    "A circuit written as QPY, in every version from 13 on, and read back does the same.",
    "Only bytes written a moment ago are read, never a file.",
    relation,
    "Exchange this circuit in another format, and report the version of QPY named.",
    severity="medium",
)
