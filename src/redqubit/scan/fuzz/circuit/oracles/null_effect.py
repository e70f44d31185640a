"""M09: a gate followed by its inverse has no effect."""

from __future__ import annotations

from redqubit.scan.fuzz.circuit import dense
from redqubit.scan.fuzz.circuit.bench import Bench
from redqubit.scan.fuzz.circuit.generator import BOUNDARY, angle
from redqubit.scan.fuzz.circuit.oracle import Oracle
from redqubit.scan.fuzz.circuit.subject import SHAPES, Gate, Subject
from redqubit.scan.fuzz.circuit.verdict import Verdict, judge


def relation(subject: Subject, bench: Bench) -> Verdict:
    """Insert a gate and its inverse somewhere, and compare after compiling both circuits."""
    rng = bench.rng("M09", subject)
    name, compiler = bench.drawn(subject.qubits, rng)
    names = [key for key, (width, _) in SHAPES.items() if width <= subject.qubits]
    kind = names[int(rng.integers(len(names)))]
    places = tuple(int(k) for k in rng.permutation(subject.qubits)[: SHAPES[kind][0]])
    turns = tuple(angle(rng, BOUNDARY, 0.25) for _ in range(SHAPES[kind][1]))
    gate = Gate(kind, places, turns)
    at = round(float(rng.random()) * len(subject.gates))
    gates = (*subject.gates[:at], gate, gate.inverse, *subject.gates[at:])
    longer = Subject(subject.qubits, gates, subject.seed)
    distance = dense.distance(
        bench.compiled(subject, name, compiler), bench.compiled(longer, name, compiler)
    )
    detail = f"{name}: {kind} and its inverse at gate {at} have an effect"
    return judge(distance, longer.turns, detail, compiled=True)


ORACLE = Oracle(
    "M09",
    "null effect",
    "A gate followed by its inverse, anywhere in the circuit, changes nothing.",
    "Gates that are nearly the identity may be dropped by a compiler.",
    relation,
    "Look at how the compiler or simulator merges neighboring gates.",
)
