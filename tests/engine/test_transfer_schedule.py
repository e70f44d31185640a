"""Circuits become few steps: one-qubit gates are absorbed, starts know their encoding."""

import pytest
from qiskit.circuit import ParameterVector, QuantumCircuit

from redqubit.engine.lowering import lower
from redqubit.engine.transfer_factors import factors_of
from redqubit.engine.transfer_schedule import schedule

X, W = ParameterVector("x", 4), ParameterVector("w", 8)


def planned(circuit, given=False):
    """Return the schedule of a circuit over X and W."""
    factors = list(factors_of(lower(circuit, list(X), list(W)), None))
    return schedule(circuit.num_qubits, factors, given=given)


def test_one_qubit_gates_are_absorbed():
    """Rotations before, between and after two CNOTs leave two steps."""
    circuit = QuantumCircuit(2)
    for layer in range(3):
        for qubit in range(2):
            circuit.ry(W[2 * layer + qubit], qubit)
        if layer < 2:
            circuit.cx(0, 1)
    plan = planned(circuit)
    assert len(plan.steps) == 2
    assert all(step.left[0] for step in plan.steps[1:])
    assert not plan.steps[0].left[0]


@pytest.mark.parametrize(
    ("gates", "kind", "size"),
    [
        ([], "zero", 1),
        ([("h",), ("ry", W[0])], "zero", 1),
        ([("rx", X[0])], "rotation", 3),
        ([("h",), ("rz", X[0]), ("ry", W[0])], "rotation", 3),
        ([("ry", W[0]), ("rz", X[0])], "vector", 4),
        ([("rx", X[0]), ("rz", X[1]), ("ry", W[0])], "vector", 4),
    ],
)
def test_start_of_a_wire_depends_on_its_encoding(gates, kind, size):
    """No feature, one rotation after fixed gates, or anything else give sizes 1, 3 and 4."""
    circuit = QuantumCircuit(2)
    for name, *angles in gates:
        getattr(circuit, name)(*angles, 0)
    circuit.cx(0, 1)
    plan = planned(circuit)
    assert (plan.starts[0].kind, plan.starts[0].size) == (kind, size)
    assert plan.product_encoding


def test_encoding_after_a_joint_gate_is_a_step():
    """A feature behind an entangling gate cannot be part of the start."""
    circuit = QuantumCircuit(2)
    circuit.cx(0, 1)
    circuit.rx(X[0], 1)
    circuit.ry(W[0], 1)
    plan = planned(circuit)
    assert not plan.product_encoding
    assert [step.core.sampled for step in plan.steps] == [False, True, False]


def test_given_state_has_no_start():
    """With amplitudes every wire is a Pauli vector and its first gates are a chain."""
    circuit = QuantumCircuit(2)
    circuit.ry(W[0], 0)
    circuit.cx(0, 1)
    plan = planned(circuit, given=True)
    assert [start.size for start in plan.starts] == [4, 4]
    assert len(plan.steps[0].right[0]) == 1


def test_lone_wire_gets_a_step_of_its_own():
    """A wire that meets no other still has its gates applied."""
    circuit = QuantumCircuit(2)
    circuit.ry(W[0], 1)
    plan = planned(circuit)
    assert [step.qubits for step in plan.steps] == [(0,), (1,)]
