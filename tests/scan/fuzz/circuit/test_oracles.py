"""Each oracle agrees on clean circuits and differs for a fault of its own kind."""

import numpy as np
import pytest
from qiskit import transpile
from qiskit.circuit import QuantumCircuit
from qiskit.quantum_info import SparsePauliOp, Statevector

from redqubit.core.errors import InputError
from redqubit.scan.fuzz.circuit.bench import Bench
from redqubit.scan.fuzz.circuit.frameworks import available
from redqubit.scan.fuzz.circuit.generator import generate
from redqubit.scan.fuzz.circuit.oracle import Oracle
from redqubit.scan.fuzz.circuit.oracles import ALL, admission_bound, oracle
from redqubit.scan.fuzz.circuit.subject import Gate, Subject

GHZ = Subject(3, (Gate("h", (0,)), Gate("cx", (0, 1)), Gate("cx", (1, 2)), Gate("t", (2,))), 5)
BY_ID = pytest.mark.parametrize("item", ALL, ids=lambda item: item.id)


@BY_ID
def test_clean_circuits_agree(item: Oracle) -> None:
    """On the libraries as they are, a few circuits of every profile raise no alarm."""
    if not all(map(available, item.needs)):
        pytest.skip("an optional package is not installed")
    bench = Bench()
    for index in range(10):
        assert item.check(generate(11, index), bench).outcome == "agree"


@BY_ID
def test_huge_angles_raise_no_alarm(item: Oracle) -> None:
    """Angles of which a float holds no digits after the point are never a finding."""
    if not all(map(available, item.needs)):
        pytest.skip("an optional package is not installed")
    bench = Bench()
    for index in range(8):
        assert item.check(generate(12, index, profiles=("large",)), bench).outcome != "differ"


def larger(circuit: QuantumCircuit) -> QuantumCircuit:
    """Turn every qubit of circuits of more than 4 gates or 3 qubits, and leave others alone."""
    result = circuit.copy()
    if len(result.data) > 4 or result.num_qubits > 3:
        result.rx(0.3, range(circuit.num_qubits))
    return result


def plain(circuit: QuantumCircuit) -> QuantumCircuit:
    """Compile for no device at all."""
    return transpile(circuit, optimization_level=0)


@pytest.mark.parametrize("name", ["M01", "M02", "M03", "M04", "M05", "M06", "M07", "M13"])
def test_a_gate_too_many_is_noticed(name: str) -> None:
    """A rotation added to what the system under test returns is a difference."""
    item = oracle(name)
    if not all(map(available, item.needs)):
        pytest.skip("an optional package is not installed")

    def turned(circuit: QuantumCircuit) -> QuantumCircuit:
        result = circuit.copy()
        result.rx(0.3, range(circuit.num_qubits))
        return result

    assert item.check(GHZ, Bench(fault=turned)).outcome == "differ"


@pytest.mark.parametrize("name", ["M09", "M11", "M12"])
def test_faults_of_larger_circuits_are_noticed(name: str) -> None:
    """A fault that strikes only circuits over some size breaks relations between two circuits."""
    outcomes = {
        oracle(name).check(Subject(3, GHZ.gates, seed), Bench(passes=plain, fault=larger)).outcome
        for seed in range(5)
    }
    assert "differ" in outcomes


def test_positions_taken_for_names_are_noticed() -> None:
    """A fault that always strikes the first qubit breaks relabeling."""

    def first(circuit: QuantumCircuit) -> QuantumCircuit:
        result = circuit.copy()
        result.rx(0.3, 0)
        return result

    outcomes = {
        oracle("M10").check(Subject(3, GHZ.gates, seed), Bench(passes=plain, fault=first)).outcome
        for seed in range(5)
    }
    assert "differ" in outcomes


def test_given_simulators_are_compared() -> None:
    """A user's simulator that is right agrees, and one that is wrong or fails differs."""

    def right(circuit: QuantumCircuit, labels: list[str]) -> list[float]:
        state = Statevector(circuit)
        return [float(state.expectation_value(SparsePauliOp(label)).real) for label in labels]

    def mirrored(circuit: QuantumCircuit, labels: list[str]) -> list[float]:
        return right(circuit, [label[::-1] for label in labels])

    def silent(circuit: QuantumCircuit, labels: list[str]) -> list[float]:
        return [float("nan")] * len(labels)

    item = oracle("M03")
    subject = Subject(3, (Gate("ry", (0,), (0.4,)), Gate("ry", (1,), (1.1,))), 3)
    assert item.check(subject, Bench(simulators={"mine": right})).outcome == "agree"
    for wrong in (mirrored, silent, lambda *_: [1.0]):
        verdict = item.check(subject, Bench(simulators={"mine": wrong}))
        assert verdict.outcome == "differ"
        assert verdict.detail.startswith("mine and the reference")


def test_a_doubled_definition_holds_what_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """The text of M22 holds the gates it is said to hold, and a bound below that is noticed."""
    from qiskit import qasm2

    text = admission_bound.nested(GHZ, 2)
    circuit = qasm2.loads(text, custom_instructions=qasm2.LEGACY_CUSTOM_INSTRUCTIONS)
    assert circuit.decompose(reps=3).size() == 16
    np.testing.assert_equal(len(GHZ.gates) << 2, 16)
    real = admission_bound.estimate

    def short(text: str) -> object:
        from dataclasses import replace

        found = real(text)
        return replace(found, gates=found.gates // 2)

    monkeypatch.setattr(admission_bound, "estimate", short)
    assert oracle("M22").check(GHZ, Bench()).outcome == "differ"


def test_ids_are_unique_and_near_misses_named() -> None:
    """Each id occurs once; an unknown one is answered with the options."""
    assert len({item.id for item in ALL}) == len(ALL)
    assert oracle("m01").rule == "FUZ-01"
    with pytest.raises(InputError, match="allowed: M01"):
        oracle("M99")
