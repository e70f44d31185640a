"""M10: relabeling the qubits permutes the output and does nothing else."""

from __future__ import annotations

from redqubit.scan.fuzz.circuit import dense
from redqubit.scan.fuzz.circuit.bench import Bench, spread
from redqubit.scan.fuzz.circuit.oracle import Oracle
from redqubit.scan.fuzz.circuit.subject import Subject
from redqubit.scan.fuzz.circuit.verdict import Verdict, judge


def relation(subject: Subject, bench: Bench) -> Verdict:
    """Permute the qubits, compile both circuits and permute the result back."""
    rng = bench.rng("M10", subject)
    name, compiler = bench.drawn(subject.qubits, rng)
    places = [int(k) for k in rng.permutation(subject.qubits)]
    index = spread(places)
    permuted = bench.compiled(subject.moved(places, subject.qubits), name, compiler)
    distance = dense.distance(bench.compiled(subject, name, compiler), permuted[index][:, index])
    detail = f"{name}: qubits renamed to {places} change the result"
    return judge(distance, subject.turns, detail, compiled=True)


ORACLE = Oracle(
    "M10",
    "relabeling",
    "Renaming the qubits renames the output and changes nothing else.",
    "The two compiled circuits may have different layouts; both are undone.",
    relation,
    "Look for a place where qubits are taken by position instead of by name.",
)
