"""M01: compiling at any level keeps what the circuit does."""

from __future__ import annotations

from redqubit.scan.fuzz.circuit import dense
from redqubit.scan.fuzz.circuit.bench import Bench, action
from redqubit.scan.fuzz.circuit.oracle import Oracle
from redqubit.scan.fuzz.circuit.subject import Subject
from redqubit.scan.fuzz.circuit.verdict import Verdict, judge, worst


def relation(subject: Subject, bench: Bench) -> Verdict:
    """Compare the unitary before and after every compiler, by the compiled circuit's layout."""
    expected = subject.unitary
    verdicts = []
    for name, compiler in bench.compilers(subject.qubits).items():
        compiled = bench.compile(subject, name, compiler)
        distance = dense.distance(expected, action(compiled, subject.qubits))
        verdict = judge(distance, subject.turns, f"{name} changes the unitary", compiled=True)
        if (
            verdict.outcome == "differ"
            and bench.fault is None
            and _qiskit_agrees(subject, compiled)
        ):
            verdict = Verdict("unknown", distance, f"{name}: two references disagree")
        verdicts.append(verdict)
    return worst(verdicts)


def _qiskit_agrees(subject: Subject, compiled: object) -> bool:
    """Ask Qiskit's own layout-aware operator before a difference is believed."""
    from qiskit.quantum_info import Operator

    operator = Operator.from_circuit(compiled)
    return operator.dim == (1 << subject.qubits,) * 2 and bool(
        operator.equiv(Operator(subject.unitary), atol=1e-6)
    )


ORACLE = Oracle(
    "M01",
    "transpile keeps the unitary",
    "Transpile levels 0 to 3, or the given passes, keep the unitary up to one global phase.",
    "The layout of the compiled circuit is undone first: a permuted output is no difference.",
    relation,
    "Do not compile with this level or pass until it is fixed; test with the stored circuit.",
)
