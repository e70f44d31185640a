"""M05: writing OpenQASM 3 and reading it back keeps the circuit."""

from __future__ import annotations

from typing import Any

from redqubit.scan.fuzz.circuit.bench import Bench
from redqubit.scan.fuzz.circuit.frameworks import to_qiskit
from redqubit.scan.fuzz.circuit.oracle import Oracle
from redqubit.scan.fuzz.circuit.oracles.openqasm2 import same
from redqubit.scan.fuzz.circuit.subject import Subject
from redqubit.scan.fuzz.circuit.verdict import Undecidable, Verdict


def written(circuit: Any) -> str:
    """Return OpenQASM 3 text; what the format cannot say is undecidable."""
    from qiskit import qasm3

    try:
        return str(qasm3.dumps(circuit))
    except qasm3.QASM3ExporterError as error:
        raise Undecidable(f"OpenQASM 3 cannot say it: {error}") from error


def loaded(text: str) -> Any:
    """Return the circuit of OpenQASM 3 text."""
    from qiskit import qasm3

    return qasm3.loads(text)


def relation(subject: Subject, bench: Bench) -> Verdict:
    """Write, read and compare."""
    text = bench.call("the OpenQASM 3 writer", written, to_qiskit(subject))
    circuit = bench.given(bench.call("the OpenQASM 3 reader", loaded, text))
    return same(subject, circuit, "OpenQASM 3 changes the circuit")


ORACLE = Oracle(
    "M05",
    "OpenQASM 3 round trip",
    "A circuit written as OpenQASM 3 and read back does the same.",
    "Names and metadata may be lost; meaning is compared.",
    relation,
    "Exchange this circuit in another format, and report the writer or the reader.",
    severity="medium",
    needs=("qiskit_qasm3_import",),
)
