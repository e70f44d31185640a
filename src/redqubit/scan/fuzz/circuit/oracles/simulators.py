"""M03: Qiskit, Cirq, PennyLane, given simulators and the dense reference agree."""

from __future__ import annotations

import numpy as np

from redqubit.scan.fuzz.circuit import dense
from redqubit.scan.fuzz.circuit.bench import Bench
from redqubit.scan.fuzz.circuit.frameworks import (
    available,
    cirq_state,
    pennylane_state,
    qiskit_state,
    to_qiskit,
)
from redqubit.scan.fuzz.circuit.oracle import Oracle
from redqubit.scan.fuzz.circuit.oracles.output_invariance import labels
from redqubit.scan.fuzz.circuit.subject import Subject
from redqubit.scan.fuzz.circuit.verdict import Verdict, judge, worst


def relation(subject: Subject, bench: Bench) -> Verdict:
    """Compare state vectors up to one phase, and expectation values of given simulators."""
    circuit = bench.given(to_qiskit(subject))
    expected = subject.unitary[:, 0]
    states = {"Qiskit": bench.call("Qiskit", qiskit_state, circuit)}
    if available("cirq"):
        states["Cirq"] = bench.call("Cirq", cirq_state, subject)
    if available("pennylane"):
        states["PennyLane"] = bench.call("PennyLane", pennylane_state, subject)
    verdicts = [
        judge(dense.distance(expected, state), subject.turns, f"{name} and the reference differ")
        for name, state in states.items()
    ]
    if bench.simulators:
        asked = labels(bench.rng("M03", subject), subject.qubits)
        before = dense.expectation(asked, expected)
        for name, simulate in bench.simulators.items():
            values = np.asarray(bench.call(name, simulate, circuit, asked), dtype=np.float64)
            gap = np.abs(values - before) if values.shape == before.shape else np.array([np.inf])
            distance = float(np.max(np.where(np.isfinite(gap), gap, np.inf)))
            verdicts.append(judge(distance, subject.turns, f"{name} and the reference differ"))
    return worst(verdicts)


ORACLE = Oracle(
    "M03",
    "frameworks agree",
    "Qiskit, Cirq, PennyLane, given simulators and the dense reference give the same state.",
    "Qubit order is reversed for Cirq and PennyLane; one global phase is free.",
    relation,
    "Check the gate conventions (qubit order, sign and half of angles) of the simulator named.",
)
