"""M13: another coupling map or gate set gives the same distribution."""

from __future__ import annotations

import numpy as np

from redqubit.scan.fuzz.circuit import dense
from redqubit.scan.fuzz.circuit.bench import BASES, MAPS, Bench, preset
from redqubit.scan.fuzz.circuit.oracle import Oracle
from redqubit.scan.fuzz.circuit.subject import Subject
from redqubit.scan.fuzz.circuit.verdict import Undecidable, Verdict, judge


def relation(subject: Subject, bench: Bench) -> Verdict:
    """Compile for a drawn device and compare outcome probabilities with the reference."""
    if bench.passes is not None:
        raise Undecidable("the given passes decide on the device themselves")
    rng = bench.rng("M13", subject)
    level, base = int(rng.integers(4)), int(rng.integers(len(BASES)))
    shape = MAPS[int(rng.integers(len(MAPS)))]
    name = f"level {level} for a {shape} of {'/'.join(BASES[base])}"
    compiled = bench.compiled(subject, name, preset(level, subject.qubits, shape, base))
    before = np.abs(subject.unitary[:, 0]) ** 2
    distance = float(np.max(np.abs(before - np.abs(compiled[:, 0]) ** 2)))
    if distance <= 1e-9:  # distributions can hide phases
        distance = dense.distance(subject.unitary, compiled)
    return judge(distance, subject.turns, f"{name} changes the distribution", compiled=True)


ORACLE = Oracle(
    "M13",
    "device change",
    "Another coupling map or gate set leaves the distribution of outcomes.",
    "Devices may have more qubits than the circuit; small approximations are unknown.",
    relation,
    "Do not compile for this device at this level until it is fixed.",
)
