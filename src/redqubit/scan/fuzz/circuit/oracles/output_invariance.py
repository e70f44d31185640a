"""M02: a model's expectation values are the same before and after compiling."""

from __future__ import annotations

import numpy as np

from redqubit.scan.fuzz.circuit import dense
from redqubit.scan.fuzz.circuit.bench import Bench
from redqubit.scan.fuzz.circuit.frameworks import steps
from redqubit.scan.fuzz.circuit.oracle import Oracle
from redqubit.scan.fuzz.circuit.subject import QUBITS, Subject
from redqubit.scan.fuzz.circuit.verdict import Undecidable, Verdict, judge

LABELS = 6


def labels(rng: np.random.Generator, qubits: int) -> list[str]:
    """Draw Pauli labels that are not the identity."""
    drawn = ["".join("IXYZ"[k] for k in rng.integers(0, 4, qubits)) for _ in range(LABELS)]
    return [label if label.strip("I") else "Z" * qubits for label in drawn]


def relation(subject: Subject, bench: Bench) -> Verdict:
    """Compare expectation values, with each observable moved by the compiled circuit's layout."""
    from qiskit.quantum_info import SparsePauliOp

    rng = bench.rng("M02", subject)
    name, compiler = bench.drawn(subject.qubits, rng)
    asked = labels(rng, subject.qubits)
    compiled = bench.compile(subject, name, compiler)
    width = compiled.num_qubits
    if width > QUBITS:
        raise Undecidable(f"{width} qubits are more than the dense reference holds")
    moved = asked
    if compiled.layout is not None:
        operators = [SparsePauliOp(label).apply_layout(compiled.layout) for label in asked]
        moved = [str(operator.paulis[0]) for operator in operators]
    before = dense.expectation(asked, subject.unitary[:, 0])
    start = np.zeros((1 << width, 1), dtype=np.complex128)
    start[0] = 1
    after = dense.expectation(moved, dense.apply(steps(compiled), width, start)[:, 0])
    distance = float(np.max(np.abs(before - after)))
    return judge(distance, subject.turns, f"{name} changes expectation values", compiled=True)


ORACLE = Oracle(
    "M02",
    "model output survives compiling",
    "Expectation values of a model are the same before and after compiling.",
    "The observables are moved by the layout, too.",
    relation,
    "Apply the layout of the compiled circuit to the observable; if it is, report the compiler.",
)
