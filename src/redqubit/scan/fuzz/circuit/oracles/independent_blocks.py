"""M12: blocks that share no qubit act as their tensor product."""

from __future__ import annotations

import numpy as np

from redqubit.scan.fuzz.circuit import dense
from redqubit.scan.fuzz.circuit.bench import Bench, spread
from redqubit.scan.fuzz.circuit.generator import generate
from redqubit.scan.fuzz.circuit.oracle import Oracle
from redqubit.scan.fuzz.circuit.subject import QUBITS, Gate, Subject
from redqubit.scan.fuzz.circuit.verdict import Undecidable, Verdict, judge


def relation(subject: Subject, bench: Bench) -> Verdict:
    """Set a second block of two qubits beside the first, and compare with both alone."""
    rng = bench.rng("M12", subject)
    other = generate(subject.seed % 2**31, 0, qubits=2, depth=3)
    width = subject.qubits + other.qubits
    if width > QUBITS:
        raise Undecidable(f"{width} qubits are more than the dense reference holds")
    places = [int(k) for k in rng.permutation(width)]
    first = subject.moved(places[: subject.qubits], width)
    second = other.moved(places[subject.qubits :], width)
    both = Subject(width, _merged(first.gates, second.gates, rng), subject.seed)
    options = bench.compilers(width)
    name = list(options)[int(rng.integers(len(options)))]
    index = spread(places)
    together = bench.compiled(both, name, options[name])[np.ix_(index, index)]
    alone = [
        bench.compiled(part, name, bench.compilers(part.qubits)[name]) for part in (subject, other)
    ]
    distance = dense.distance(np.kron(alone[1], alone[0]), together)
    detail = f"{name}: two independent blocks influence each other"
    return judge(distance, both.turns, detail, compiled=True)


def _merged(
    first: tuple[Gate, ...], second: tuple[Gate, ...], rng: np.random.Generator
) -> tuple[Gate, ...]:
    """Return both sequences as one, in a drawn order that keeps each one's own."""
    taken = rng.permutation([0] * len(first) + [1] * len(second))
    sources = (iter(first), iter(second))
    return tuple(next(sources[int(k)]) for k in taken)


ORACLE = Oracle(
    "M12",
    "independent blocks",
    "Blocks that share no qubit do together what each does alone.",
    "Gates are interleaved in a drawn order; both layouts are undone.",
    relation,
    "Look for passes that move a gate past one it does not commute with, or mix up qubits.",
)
