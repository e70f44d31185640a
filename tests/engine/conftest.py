"""A dense numpy reference simulator and random circuits over all standard gates."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from qiskit.circuit import ParameterVector, QuantumCircuit
from qiskit.circuit.library import get_standard_gate_name_mapping
from qiskit.quantum_info import Operator

from redqubit.engine.canonical import Phase, Shuffle, Turn

GATES = {
    name: gate
    for name, gate in get_standard_gate_name_mapping().items()
    if gate.num_qubits and name not in ("measure", "reset", "delay")
}
PAULIS = {
    "I": np.eye(2),
    "X": np.array([[0, 1], [1, 0]]),
    "Y": np.array([[0, -1j], [1j, 0]]),
    "Z": np.diag([1, -1]),
}


def embed(matrix, qubits, n):
    """Return the 2^n matrix of a gate, entry by entry from the bits of row and column."""
    size, k = 2**n, len(qubits)
    full = np.zeros((size, size), dtype=complex)
    for column in range(size):
        local = sum((column >> q & 1) << i for i, q in enumerate(qubits))
        rest = column & ~sum(1 << q for q in qubits)
        for out in range(2**k):
            row = rest | sum((out >> i & 1) << q for i, q in enumerate(qubits))
            full[row, column] += matrix[out, local]
    return full


def state(circuit, start=None):
    """Return the final state of a bound circuit by multiplying dense matrices."""
    n = circuit.num_qubits
    psi = np.eye(2**n, dtype=complex)[0] if start is None else np.array(start, dtype=complex)
    for item in circuit.data:
        if item.operation.name == "barrier":
            continue
        qubits = [circuit.find_bit(q).index for q in item.qubits]
        psi = embed(Operator(item.operation).data, qubits, n) @ psi
    return psi


def observable(label):
    """Return the dense matrix of a Pauli label whose rightmost letter is qubit 0."""
    full = np.eye(1)
    for letter in label:
        full = np.kron(full, PAULIS[letter])
    return full


def expectations(circuit, labels, start=None):
    """Return the expectation values of Pauli labels in the final state."""
    psi = state(circuit, start)
    return np.array([(psi.conj() @ observable(label) @ psi).real for label in labels])


def random_circuit(n, depth, rng, n_features=2, n_weights=3, names=None):
    """Return a random circuit over standard gates with affine angles, and its parameters."""
    x, w = ParameterVector("x", n_features), ParameterVector("w", n_weights)
    pool = [*x, *w]
    circuit = QuantumCircuit(n)
    names = [name for name in (names or GATES) if GATES[name].num_qubits <= n]
    for _ in range(depth):
        gate = GATES[names[rng.integers(len(names))]]
        angles = []
        for _ in gate.params:
            angle = rng.normal()
            if pool and rng.random() < 0.7:
                angle = angle + pool[rng.integers(len(pool))] * rng.normal()
            if pool and rng.random() < 0.2:
                angle = angle + pool[rng.integers(len(pool))] * rng.normal()
            angles.append(angle)
        qubits = rng.choice(n, gate.num_qubits, replace=False)
        circuit.append(gate.base_class(*angles), [int(q) for q in qubits])
    return circuit, list(x), list(w)


def bind(circuit, features, weights, x, w):
    """Return the circuit with numbers for features and weights."""
    values = {**dict(zip(features, x, strict=True)), **dict(zip(weights, w, strict=True))}
    return circuit.assign_parameters({p: v for p, v in values.items() if p in circuit.parameters})


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


def product(atoms, n, x=(), w=()):
    """Multiply the embedded matrices of atoms."""
    x, w = (torch.tensor(np.asarray(v, dtype=float)) for v in (x, w))
    total = np.eye(2**n, dtype=complex)
    for atom in atoms:
        total = embed(matrix_of(atom, x, w), atom.qubits, n) @ total
    return total


class _Reference(SimpleNamespace):
    """The reference functions; its name is short in failure reports."""

    def __repr__(self):
        return "dense"


@pytest.fixture(scope="session")
def dense():
    """Return the reference functions."""
    return _Reference(
        GATES=GATES,
        embed=embed,
        state=state,
        observable=observable,
        expectations=expectations,
        random_circuit=random_circuit,
        bind=bind,
        product=product,
    )
