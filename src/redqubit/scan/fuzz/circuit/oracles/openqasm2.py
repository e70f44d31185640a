"""M04: writing OpenQASM 2 and reading it back keeps the circuit."""

from __future__ import annotations

from typing import Any

from redqubit.scan.fuzz.circuit import dense
from redqubit.scan.fuzz.circuit.bench import Bench, action
from redqubit.scan.fuzz.circuit.frameworks import from_qiskit, to_qiskit
from redqubit.scan.fuzz.circuit.oracle import Oracle
from redqubit.scan.fuzz.circuit.subject import Subject
from redqubit.scan.fuzz.circuit.verdict import Undecidable, Verdict, judge


def same(subject: Subject, circuit: Any, detail: str) -> Verdict:
    """Compare a circuit that was read back: gate by gate, and by its unitary if gates differ."""
    if from_qiskit(circuit, subject.seed) == subject:
        return Verdict("agree")
    if circuit.num_qubits != subject.qubits:
        return Verdict("differ", float("inf"), f"{detail}: it has {circuit.num_qubits} qubits")
    distance = dense.distance(subject.unitary, action(circuit, subject.qubits))
    return judge(distance, subject.turns, detail)


def written(circuit: Any) -> str:
    """Return OpenQASM 2 text; what the format cannot say is undecidable."""
    from qiskit import qasm2

    try:
        return str(qasm2.dumps(circuit))
    except qasm2.QASM2ExportError as error:
        raise Undecidable(f"OpenQASM 2 cannot say it: {error}") from error


def loaded(text: str) -> Any:
    """Return the circuit of OpenQASM 2 text, without opening any file it names."""
    from qiskit import qasm2

    return qasm2.loads(text, include_path=(), custom_instructions=qasm2.LEGACY_CUSTOM_INSTRUCTIONS)


def relation(subject: Subject, bench: Bench) -> Verdict:
    """Write, read and compare."""
    text = bench.call("the OpenQASM 2 writer", written, to_qiskit(subject))
    circuit = bench.given(bench.call("the OpenQASM 2 reader", loaded, text))
    return same(subject, circuit, "OpenQASM 2 changes the circuit")


ORACLE = Oracle(
    "M04",
    "OpenQASM 2 round trip",
    "A circuit written as OpenQASM 2 and read back does the same.",
    "Names, metadata and the global phase may be lost; meaning is compared.",
    relation,
    "Exchange this circuit in another format, and report the writer or the reader.",
    severity="medium",
)
