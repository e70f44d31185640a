"""The bound holds: admission control never counts less than Qiskit finds after expansion."""

import io
import random
import warnings
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit import QuantumCircuit, qasm2, qasm3, qpy, transpile
from qiskit.circuit import ForLoopOp, IfElseOp, Instruction
from qiskit.circuit.library import (
    QFTGate,
    efficient_su2,
    get_standard_gate_name_mapping,
    quantum_volume,
    zz_feature_map,
)

from redqubit.core.admission import admit, estimate
from redqubit.scan.fuzz.payload.grammar import program

LEAVES = {*get_standard_gate_name_mapping(), "u1", "u2", "u3", "unitary", "barrier", "CX", "U"}


def operations(circuit: QuantumCircuit) -> int:
    """Count the operations of a circuit after expansion of its own gates and loops."""
    return sum(_expanded(item.operation) for item in circuit.data)


def _expanded(operation: Instruction) -> int:
    if isinstance(operation, ForLoopOp):
        indices, _, body = operation.params
        return len(list(indices)) * operations(body)
    if isinstance(operation, IfElseOp):
        return sum(operations(block) for block in operation.blocks)
    if operation.name in LEAVES or operation.definition is None:
        return 1
    return operations(operation.definition)


@settings(max_examples=150, deadline=None)
@given(st.randoms(use_true_random=False))
def test_bound_holds_for_openqasm_2(rng: random.Random) -> None:
    """Random programs with definitions, broadcast and conditions stay below the bound."""
    text = program(rng, 2)
    circuit = qasm2.loads(text)
    found = admit(text)
    assert found.gates >= operations(circuit)
    assert (found.qubits, found.bits) == (circuit.num_qubits, circuit.num_clbits)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@settings(max_examples=100, deadline=None)
@given(st.randoms(use_true_random=False))
def test_bound_holds_for_openqasm_3(rng: random.Random) -> None:
    """Random programs with modifiers, loops and branches stay below the bound."""
    pytest.importorskip("qiskit_qasm3_import")
    text = program(rng, 3)
    circuit = qasm3.loads(text)
    found = admit(text)
    assert found.gates >= operations(circuit)
    assert (found.qubits, found.bits) == (circuit.num_qubits, circuit.num_clbits)


@settings(max_examples=60, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(13, 18))
def test_bound_holds_for_qpy(rng: random.Random, version: int) -> None:
    """The walk through a QPY file of any version finds the qubits and enough operations."""
    pytest.importorskip("qiskit_qasm3_import")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        circuit = qasm3.loads(program(rng, 3))
        data = io.BytesIO()
        qpy.dump([circuit, circuit], data, version=version)
    found = admit(data.getvalue())
    assert found.gates >= 2 * operations(circuit)
    assert (found.qubits, found.programs) == (2 * circuit.num_qubits, 2)
    assert found.version == version


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_control_modifiers_are_bounded() -> None:
    """What Qiskit makes of controlled gates is at most a hundred gates for each control."""
    pytest.importorskip("qiskit_qasm3_import")
    head = 'OPENQASM 3.0; include "stdgates.inc"; gate g a, b { h a; rx(0.3) b; cx a, b; }'
    for gate, width in (("h", 1), ("u3(1, 2, 3)", 1), ("swap", 2), ("ccx", 3), ("g", 2)):
        for controls in range(1, 6):
            operands = ", ".join(f"q[{index}]" for index in range(width + controls))
            text = f"{head} qubit[{width + controls}] q; ctrl({controls}) @ {gate} {operands};"
            assert estimate(text).gates >= operations(qasm3.loads(text))


@pytest.mark.parametrize("export", [qasm2.dumps, qasm3.dumps])
def test_library_circuits_are_admitted(export: Callable[[QuantumCircuit], str]) -> None:
    """Exports of up to hundreds of qubits pass with an exact count."""
    circuits = [
        QFTGate(100).definition,
        efficient_su2(200, reps=3).assign_parameters([0.1] * 1600),
        zz_feature_map(60, reps=1).assign_parameters([0.7] * 60),
        transpile(quantum_volume(10, 5, seed=1), basis_gates=["u", "cx"]),
    ]
    for circuit in circuits:
        circuit.measure_all()
        found = admit(export(circuit))
        assert found.qubits == circuit.num_qubits
        assert len(circuit) <= found.gates <= len(circuit) + 2 * circuit.num_qubits


def test_wide_files_are_admitted() -> None:
    """A QPY file of a circuit on 300 qubits passes."""
    data = io.BytesIO()
    qpy.dump(QFTGate(300).definition, data)
    assert admit(data.getvalue()).qubits == 300
