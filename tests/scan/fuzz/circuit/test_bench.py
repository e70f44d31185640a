"""The system under test: layouts are undone, exceptions become verdicts."""

import numpy as np
import pytest
from qiskit.circuit import QuantumCircuit

from redqubit.core.errors import InputError
from redqubit.scan.fuzz.circuit import dense
from redqubit.scan.fuzz.circuit.bench import BASES, MAPS, Bench, action, layout, preset
from redqubit.scan.fuzz.circuit.frameworks import to_qiskit
from redqubit.scan.fuzz.circuit.generator import generate
from redqubit.scan.fuzz.circuit.oracles import oracle
from redqubit.scan.fuzz.circuit.subject import Gate, Subject
from redqubit.scan.fuzz.circuit.verdict import Undecidable

TANGLED = Subject(4, tuple(Gate("cx", pair) for pair in ((0, 3), (1, 3), (0, 2), (2, 1), (3, 1))))


def test_a_permuted_output_is_no_difference() -> None:
    """Where routing permutes the qubits, the layout brings the unitary back."""
    compiled = preset(0, 4)(to_qiskit(TANGLED))
    assert layout(compiled, 4)[1] != [0, 1, 2, 3]
    assert dense.distance(TANGLED.unitary, action(compiled, 4)) < 1e-12


@pytest.mark.parametrize("shape", MAPS)
@pytest.mark.parametrize("base", range(len(BASES)))
def test_every_device_is_compiled_for(shape: str, base: int) -> None:
    """Each coupling map with each gate set gives the unitary back."""
    subject = generate(2, 0, profiles=("entangling",))
    compiled = preset(1, subject.qubits, shape, base)(to_qiskit(subject))
    assert dense.distance(subject.unitary, action(compiled, subject.qubits)) < 1e-9


def test_what_leaks_into_spare_qubits_is_missing() -> None:
    """A circuit that moves the state to a qubit it does not own is far from the identity."""
    circuit = QuantumCircuit(3)
    circuit.swap(0, 2)
    assert np.linalg.norm(action(circuit, 2)) < 1.5


def test_circuits_that_are_too_wide_are_undecidable() -> None:
    """The dense reference holds no 13 qubits."""
    with pytest.raises(Undecidable, match="13 qubits"):
        action(QuantumCircuit(13), 2)


def test_a_compiler_that_raises_differs_and_one_that_measures_is_unknown() -> None:
    """An exception on a valid circuit is a finding; a circuit without a unitary is none."""

    def broken(_: QuantumCircuit) -> QuantumCircuit:
        raise RuntimeError("no\nsuch  pass")

    def measuring(circuit: QuantumCircuit) -> QuantumCircuit:
        result = circuit.copy()
        result.measure_all()
        return result

    verdict = oracle("M01").check(TANGLED, Bench(passes=broken))
    assert verdict.outcome == "differ"
    assert "the given compiler raised RuntimeError: no such pass" in verdict.detail
    assert oracle("M01").check(TANGLED, Bench(passes=measuring)).outcome == "unknown"


def test_passes_are_a_function_or_run() -> None:
    """Anything else is an error that says so."""
    with pytest.raises(InputError, match="method run, not int"):
        Bench(passes=3)
