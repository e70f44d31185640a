"""Circuits as data: inverses, text, storage and moved qubits."""

from typing import Any

import numpy as np
import pytest
from qiskit import qasm2
from qiskit.quantum_info import Operator

from redqubit.core.errors import InputError
from redqubit.scan.fuzz.circuit.generator import generate
from redqubit.scan.fuzz.circuit.subject import Gate, Subject, from_data


@pytest.mark.parametrize("index", range(12))
def test_the_inverse_gates_in_reverse_undo_a_circuit(index: int) -> None:
    """A circuit followed by its inverse is the identity."""
    subject = generate(3, index)
    back = tuple(gate.inverse for gate in reversed(subject.gates))
    both = Subject(subject.qubits, subject.gates + back)
    np.testing.assert_allclose(both.unitary, np.eye(1 << subject.qubits), atol=1e-12)


@pytest.mark.parametrize("index", range(12))
def test_the_text_is_the_circuit(index: int) -> None:
    """Qiskit reads the OpenQASM text as the same circuit."""
    subject = generate(4, index)
    circuit = qasm2.loads(subject.openqasm, custom_instructions=qasm2.LEGACY_CUSTOM_INSTRUCTIONS)
    assert Operator(circuit).equiv(Operator(subject.unitary))


@pytest.mark.parametrize("index", range(6))
def test_stored_circuits_come_back(index: int) -> None:
    """Reading what was stored gives an equal circuit with an equal digest."""
    subject = generate(5, index)
    assert from_data(subject.data) == subject
    assert from_data(subject.data).digest == subject.digest


def test_moved_qubits_conjugate_the_unitary() -> None:
    """Moving qubit 0 to 1 and 1 to 0 is a swap before and after."""
    subject = Subject(2, (Gate("cx", (0, 1)), Gate("t", (0,))))
    swap = np.eye(4)[[0, 2, 1, 3]]
    np.testing.assert_allclose(subject.moved([1, 0], 2).unitary, swap @ subject.unitary @ swap)


@pytest.mark.parametrize(
    ("data", "word"),
    [
        ([], "keys"),
        ({"qubits": 2, "seed": 0}, "keys"),
        ({"qubits": 99, "seed": 0, "gates": []}, "qubits"),
        ({"qubits": True, "seed": 0, "gates": []}, "qubits"),
        ({"qubits": 2, "seed": -1, "gates": []}, "seed"),
        ({"qubits": 2, "seed": 0, "gates": "x"}, "list"),
        ({"qubits": 2, "seed": 0, "gates": [["cxx", [0, 1], []]]}, "did you mean 'cx'"),
        ({"qubits": 2, "seed": 0, "gates": [["cx", [0], []]]}, "2 qubits"),
        ({"qubits": 2, "seed": 0, "gates": [["cx", [0, 0], []]]}, "twice"),
        ({"qubits": 2, "seed": 0, "gates": [["cx", [0, 2], []]]}, "qubit"),
        ({"qubits": 2, "seed": 0, "gates": [["rx", [0], ["a"]]]}, "finite"),
        ({"qubits": 2, "seed": 0, "gates": [["rx", [0], [float("inf")]]]}, "finite"),
        ({"qubits": 2, "seed": 0, "gates": [[["rx"], [0], [1.0]]]}, "name"),
    ],
)
def test_other_data_is_refused(data: Any, word: str) -> None:
    """Each departure from the format is an error that says which."""
    with pytest.raises(InputError, match=word):
        from_data(data)
