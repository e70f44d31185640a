"""Atoms multiply to the gate they came from."""

import numpy as np
import pytest
from qiskit.circuit import ParameterVector, QuantumCircuit
from qiskit.circuit.library import get_standard_gate_name_mapping
from qiskit.quantum_info import Operator, random_unitary

from redqubit.engine.canonical import Phase, Turn, basis_turn, canonical, of_matrix
from redqubit.engine.expression import Angle
from redqubit.engine.lowering import Operation, lower

NAMES = sorted(
    name
    for name, gate in get_standard_gate_name_mapping().items()
    if gate.num_qubits and name not in ("measure", "reset", "delay")
)


def distance(a, b):
    """Return the largest entry of the difference after removing the global phase."""
    overlap = np.vdot(a, b)
    return abs(a * (overlap / abs(overlap)) - b).max()


@pytest.mark.parametrize("kind", ["affine", "expression"])
@pytest.mark.parametrize("name", NAMES)
def test_atoms_multiply_to_the_gate(dense, name, kind):
    """The product of atoms is the gate up to a global phase, on qubits in any order."""
    gate = get_standard_gate_name_mapping()[name]
    rng = np.random.default_rng(5)
    order = [int(q) for q in rng.permutation(gate.num_qubits)]
    x, w = ParameterVector("x", 2), ParameterVector("w", 2)
    angles = [rng.normal() * x[i % 2] + rng.normal() * w[i // 2] + 0.3 for i in range(4)]
    if kind == "expression":
        angles = [angle * x[0] for angle in angles]
    circuit = QuantumCircuit(gate.num_qubits)
    circuit.append(gate.base_class(*angles[: len(gate.params)]), order)
    values = rng.normal(size=2), rng.normal(size=2)
    bound = dense.bind(circuit, list(x), list(w), *values)
    (operation,) = lower(circuit, list(x), list(w)).operations
    atoms = canonical(operation)
    assert distance(dense.product(atoms, gate.num_qubits, *values), Operator(bound).data) < 1e-12


@pytest.mark.parametrize("name", NAMES)
def test_edge_angles_have_atoms_too(dense, name):
    """Angles of 0, pi and multiples of pi/2 decompose as exactly as generic ones."""
    gate = get_standard_gate_name_mapping()[name]
    for value in (0.0, np.pi / 2, np.pi, -np.pi, 2 * np.pi):
        matrix = gate.base_class(*[value] * len(gate.params)).to_matrix()
        qubits = tuple(range(gate.num_qubits))
        atoms = of_matrix(matrix, qubits)
        assert distance(dense.product(atoms, len(qubits)), matrix) < 1e-12


def test_random_unitaries_become_atoms(dense):
    """A one-qubit unitary becomes a turn between phases, a larger one stays dense."""
    for seed in range(20):
        single, double = random_unitary(2, seed=seed).data, random_unitary(4, seed=seed).data
        atoms = of_matrix(single, (0,))
        assert sum(isinstance(atom, Turn) for atom in atoms) == 1
        assert distance(dense.product(atoms, 1), single) < 1e-12
        assert (
            distance(dense.product(of_matrix(double, (1, 0)), 2), dense.embed(double, (1, 0), 2))
            < 1e-12
        )


def test_a_turn_can_move_its_angle_into_a_phase(dense):
    """The change of basis around a phase is RY itself, so features can always sit in phases."""
    angle = Angle(0.4, ((0, 1.5),))
    direct = dense.product([Turn(0, angle)], 1, [0.8])
    moved = basis_turn(0, angle)
    assert all(atom.angle.is_constant for atom in moved if isinstance(atom, Turn))
    assert distance(dense.product(moved, 1, [0.8]), direct) < 1e-12


def test_features_stand_in_phases_and_single_turns_only():
    """No canonical form puts a feature anywhere else than in a phase or a one-qubit turn."""
    for name in NAMES:
        gate = get_standard_gate_name_mapping()[name]
        angles = tuple(Angle(0.0, ((0, 1.0),)) for _ in gate.params)
        if not angles:
            continue
        atoms = canonical(Operation(name, tuple(range(gate.num_qubits)), angles))
        assert all(isinstance(atom, Turn | Phase) for atom in atoms)
