"""M11: qubits nothing acts on leave the others alone."""

from __future__ import annotations

import numpy as np

from redqubit.scan.fuzz.circuit import dense
from redqubit.scan.fuzz.circuit.bench import Bench, spread
from redqubit.scan.fuzz.circuit.oracle import Oracle
from redqubit.scan.fuzz.circuit.subject import QUBITS, Subject
from redqubit.scan.fuzz.circuit.verdict import Undecidable, Verdict, judge


def relation(subject: Subject, bench: Bench) -> Verdict:
    """Add one or two idle qubits anywhere and compare the block in which they stay in state 0."""
    rng = bench.rng("M11", subject)
    width = subject.qubits + int(rng.integers(1, 3))
    if width > QUBITS:
        raise Undecidable(f"{width} qubits are more than the dense reference holds")
    places = sorted(int(k) for k in rng.choice(width, subject.qubits, replace=False))
    options = bench.compilers(width)
    name = list(options)[int(rng.integers(len(options)))]
    narrow = bench.compiled(subject, name, bench.compilers(subject.qubits)[name])
    wide = bench.compiled(subject.moved(places, width), name, options[name])
    index = spread(places)
    distance = dense.distance(narrow, wide[np.ix_(index, index)])
    detail = f"{name}: {width - subject.qubits} idle qubits change the result"
    return judge(distance, subject.turns, detail, compiled=True)


ORACLE = Oracle(
    "M11",
    "idle qubits",
    "Qubits nothing acts on stay in state 0 and leave the state of the others alone.",
    "The wider circuit is compiled for a wider device; both layouts are undone.",
    relation,
    "Look for a place that counts qubits of the register instead of qubits in use.",
)
