"""M22: admission control never counts too little."""

from __future__ import annotations

from redqubit.core.admission import estimate
from redqubit.scan.fuzz.circuit.bench import Bench
from redqubit.scan.fuzz.circuit.oracle import Oracle
from redqubit.scan.fuzz.circuit.subject import Subject
from redqubit.scan.fuzz.circuit.verdict import Verdict


def nested(subject: Subject, levels: int) -> str:
    """Return OpenQASM 2 that defines the circuit as a gate and doubles it ``levels`` times."""
    names = [f"a{k}" for k in range(subject.qubits)]
    body = []
    for gate in subject.gates:
        angles = f"({','.join(map(repr, gate.angles))})" if gate.angles else ""
        body.append(f"{gate.name}{angles} {','.join(names[k] for k in gate.qubits)};")
    given = ",".join(names)
    lines = [*subject.header, f"gate g0 {given} {{ {' '.join(body)} }}"]
    for level in range(1, levels + 1):
        call = f"g{level - 1} {given};"
        lines.append(f"gate g{level} {given} {{ {call} {call} }}")
    lines.append(f"qreg q[{subject.qubits}];")
    lines.append(f"g{levels} {','.join(f'q[{k}]' for k in range(subject.qubits))};")
    return "\n".join(lines) + "\n"


def relation(subject: Subject, bench: Bench) -> Verdict:
    """Compare the bound with what is known to be in the text."""
    levels = int(bench.rng("M22", subject).integers(0, 12))
    for text, gates in (
        (subject.openqasm, len(subject.gates)),
        (nested(subject, levels), len(subject.gates) << levels),
    ):
        bound = bench.call("admission control", estimate, text)
        if bound.faults:
            return Verdict("differ", 0.0, f"a valid circuit is refused: {bound.faults[0].rule}")
        if bound.gates < gates or bound.qubits < subject.qubits:
            return Verdict(
                "differ",
                float(gates - bound.gates),
                f"{bound.gates} gates on {bound.qubits} qubits are bounded, {gates} on "
                f"{subject.qubits} are there",
            )
    return Verdict("agree")


ORACLE = Oracle(
    "M22",
    "admission bound",
    "The gates and qubits that admission control counts are at least those of the circuit.",
    "Gates are counted after the expansion of the definitions in the text itself.",
    relation,
    "Do not rely on the limits for this kind of text until the bound is corrected.",
)
