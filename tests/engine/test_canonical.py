"""Atoms multiply to the gate they came from."""

import numpy as np
import pytest
import torch
from qiskit.circuit import ParameterVector, QuantumCircuit
from qiskit.circuit.library import get_standard_gate_name_mapping
from qiskit.quantum_info import Operator, random_unitary

from redqubit.engine.canonical import Phase, Shuffle, Turn, basis_turn, canonical, of_matrix
from redqubit.engine.expression import Angle
from redqubit.engine.lowering import Operation, lower

NAMES = sorted(
    name
    for name, gate in get_standard_gate_name_mapping().items()
    if gate.num_qubits and name not in ("measure", "reset", "delay")
)


def matrix_of(atom, x, w):
    """Return an atom's matrix from its definition."""
    if isinstance(atom, Turn):
        half = float(atom.angle.value(x, w)) / 2
        return np.array([[np.cos(half), -np.sin(half)], [np.sin(half), np.cos(half)]])
    if isinstance(atom, Phase):
        phase = np.array(atom.constant or [0.0] * 2 ** len(atom.qubits))
        for angle, coefficients in atom.terms:
            phase = phase + float(angle.value(x, w)) * np.array(coefficients)
        return np.diag(np.exp(1j * phase))
    if isinstance(atom, Shuffle):
        return np.eye(len(atom.source))[list(atom.source)]
    return atom.matrix


def product(dense, atoms, n, x=(), w=()):
    """Multiply the embedded matrices of atoms."""
    x, w = (torch.tensor(np.asarray(v, dtype=float)) for v in (x, w))
    total = np.eye(2**n, dtype=complex)
    for atom in atoms:
        total = dense.embed(matrix_of(atom, x, w), atom.qubits, n) @ total
    return total


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
    assert distance(product(dense, atoms, gate.num_qubits, *values), Operator(bound).data) < 1e-12


@pytest.mark.parametrize("name", NAMES)
def test_edge_angles_have_atoms_too(dense, name):
    """Angles of 0, pi and multiples of pi/2 decompose as exactly as generic ones."""
    gate = get_standard_gate_name_mapping()[name]
    for value in (0.0, np.pi / 2, np.pi, -np.pi, 2 * np.pi):
        matrix = gate.base_class(*[value] * len(gate.params)).to_matrix()
        qubits = tuple(range(gate.num_qubits))
        atoms = of_matrix(matrix, qubits)
        assert distance(product(dense, atoms, len(qubits)), matrix) < 1e-12


def test_random_unitaries_become_atoms(dense):
    """A one-qubit unitary becomes a turn between phases, a larger one stays dense."""
    for seed in range(20):
        single, double = random_unitary(2, seed=seed).data, random_unitary(4, seed=seed).data
        atoms = of_matrix(single, (0,))
        assert sum(isinstance(atom, Turn) for atom in atoms) == 1
        assert distance(product(dense, atoms, 1), single) < 1e-12
        assert (
            distance(product(dense, of_matrix(double, (1, 0)), 2), dense.embed(double, (1, 0), 2))
            < 1e-12
        )


def test_a_turn_can_move_its_angle_into_a_phase(dense):
    """The change of basis around a phase is RY itself, so features can always sit in phases."""
    angle = Angle(0.4, ((0, 1.5),))
    direct = product(dense, [Turn(0, angle)], 1, [0.8])
    moved = basis_turn(0, angle)
    assert all(atom.angle.is_constant for atom in moved if isinstance(atom, Turn))
    assert distance(product(dense, moved, 1, [0.8]), direct) < 1e-12


def test_features_stand_in_phases_and_single_turns_only():
    """No canonical form puts a feature anywhere else than in a phase or a one-qubit turn."""
    for name in NAMES:
        gate = get_standard_gate_name_mapping()[name]
        angles = tuple(Angle(0.0, ((0, 1.0),)) for _ in gate.params)
        if not angles:
            continue
        atoms = canonical(Operation(name, tuple(range(gate.num_qubits)), angles))
        assert all(isinstance(atom, Turn | Phase) for atom in atoms)
