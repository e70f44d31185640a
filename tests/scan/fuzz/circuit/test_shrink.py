"""Failing circuits are made small and go on failing."""

from redqubit.scan.fuzz.circuit.generator import generate
from redqubit.scan.fuzz.circuit.shrink import shrink
from redqubit.scan.fuzz.circuit.subject import Gate, Subject


def test_two_gates_that_matter_are_left() -> None:
    """Of many gates the two that fail together remain, on the qubits they use, plainly turned."""
    noise = generate(1, 0, profiles=("rotation",), qubits=6).gates
    subject = Subject(6, (*noise, Gate("rx", (3,), (1.234,)), *noise, Gate("cz", (3, 5)), *noise))

    def fails(case: Subject) -> bool:
        names = [gate.name for gate in case.gates]
        return "rx" in names and "cz" in names[names.index("rx") :]

    small = shrink(subject, fails)
    assert [gate.name for gate in small.gates] == ["rx", "cz"]
    assert small.gates[0].angles == (0.0,)
    assert small.qubits <= 3


def test_what_fails_without_gates_becomes_empty() -> None:
    """A failure that needs no gate is reported on the empty circuit of one qubit."""
    small = shrink(generate(1, 1), lambda _: True)
    assert small.gates == ()
    assert small.qubits == 1


def test_the_trials_are_bounded() -> None:
    """However large the circuit, the relation is asked at most as often as allowed."""
    calls = []

    def fails(case: Subject) -> bool:
        calls.append(case)
        return len(case.gates) % 2 == 0

    shrink(generate(1, 2, depth=30), fails, trials=25)
    assert len(calls) <= 25
