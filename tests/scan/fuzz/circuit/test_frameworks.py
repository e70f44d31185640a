"""Circuits in other frameworks are the same circuits."""

import numpy as np
import pytest
from qiskit.circuit import QuantumCircuit

from redqubit.scan.fuzz.circuit import dense
from redqubit.scan.fuzz.circuit.frameworks import (
    available,
    cirq_state,
    from_qiskit,
    pennylane_state,
    qiskit_state,
    steps,
    to_qiskit,
)
from redqubit.scan.fuzz.circuit.generator import generate
from redqubit.scan.fuzz.circuit.subject import SHAPES, Gate, Subject
from redqubit.scan.fuzz.circuit.verdict import Undecidable


def every_gate() -> Subject:
    """Return a circuit with each gate of the table, between rotations."""
    gates = [Gate("u", (k,), (0.3 + k, 0.8 * k, -1.1)) for k in range(3)]
    for index, (name, (width, turns)) in enumerate(SHAPES.items()):
        places = tuple((index + k) % 3 for k in range(width))
        gates += [Gate(name, places, tuple(0.4 + index + k for k in range(turns)))]
        gates += [Gate("ry", (index % 3,), (0.2 * index,))]
    return Subject(3, tuple(gates))


def test_qiskit_agrees_on_every_gate() -> None:
    """Qiskit's state vector of a circuit with all gates is that of the reference."""
    subject = every_gate()
    state = qiskit_state(to_qiskit(subject))
    assert dense.distance(subject.unitary[:, 0], state) < 1e-13


def test_cirq_agrees_on_every_gate() -> None:
    """Cirq's state vector of a circuit with all gates is that of the reference."""
    pytest.importorskip("cirq")
    subject = every_gate()
    assert dense.distance(subject.unitary[:, 0], cirq_state(subject)) < 1e-13


def test_pennylane_agrees_on_every_gate() -> None:
    """PennyLane's state vector of a circuit with all gates is that of the reference."""
    pytest.importorskip("pennylane")
    subject = every_gate()
    assert dense.distance(subject.unitary[:, 0], pennylane_state(subject)) < 1e-13


def test_circuits_come_back_from_qiskit() -> None:
    """To Qiskit and back is an equal circuit; a circuit with other gates is none of ours."""
    subject = generate(1, 0)
    assert from_qiskit(to_qiskit(subject), subject.seed) == subject
    other = QuantumCircuit(2)
    other.iswap(0, 1)
    assert from_qiskit(other) is None


def test_gates_outside_the_table_are_judged_by_their_matrix() -> None:
    """A gate defined elsewhere counts, whatever its name; what has no matrix is undecidable."""
    fake = QuantumCircuit(1, name="h")
    fake.x(0)
    circuit = QuantumCircuit(2)
    circuit.append(fake.to_gate(), [1])
    circuit.barrier()
    ((matrix, places),) = steps(circuit)
    np.testing.assert_allclose(matrix, [[0, 1], [1, 0]])
    assert places == (1,)
    measured = QuantumCircuit(1, 1)
    measured.measure(0, 0)
    with pytest.raises(Undecidable, match="measure"):
        steps(measured)


def test_missing_packages_are_known() -> None:
    """A package that does not exist is not available."""
    assert available("qiskit")
    assert not available("no_such_package_here")
