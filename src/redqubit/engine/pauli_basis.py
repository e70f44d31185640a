"""The real Pauli basis: states, observables and channels as vectors and matrices of 4^n reals.

A density matrix is ``rho = 2^-n sum_P r_P P`` with ``r_P = Tr(P rho)`` real. The index of a Pauli
string is ``sum_j p_j 4^j`` with ``p_j`` in (I, X, Y, Z) = (0, 1, 2, 3) on qubit ``j``: qubit 0 is
the least significant digit, as qubit 0 is the least significant bit of a state index.
"""

from __future__ import annotations

import functools

import numpy as np
import numpy.typing as npt
import torch

Real = npt.NDArray[np.float64]
Complex = npt.NDArray[np.complex128]

LETTERS = "IXYZ"
PAULIS: Complex = np.array(
    [[[1, 0], [0, 1]], [[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]], dtype=complex
)


@functools.cache
def pauli_rows(n_qubits: int) -> Complex:
    """Return (4^k, 4^k): row P is the matrix of P transposed and flattened, so rows @ vec(rho) = r.

    ``vec`` stacks the rows of the density matrix.
    """
    rows: Complex = np.ones((1, 1, 1), dtype=complex)
    for _ in range(n_qubits):
        rows = np.einsum("aij,bkl->abikjl", rows, PAULIS).reshape(
            rows.shape[0] * 4, rows.shape[1] * 2, rows.shape[2] * 2
        )
    return np.ascontiguousarray(rows.transpose(0, 2, 1).reshape(4**n_qubits, -1))


def transfer_of_kraus(kraus: Complex) -> Real:
    """Return the Pauli transfer matrix (4^k, 4^k) of Kraus operators (r, 2^k, 2^k).

    Entry (P, Q) is ``2^-k sum_K Tr(P K Q K^dagger)``.
    Source: Greenbaum (2015), arXiv:1509.02921, eq. 3.9.
    """
    dimension = kraus.shape[-1]
    rows = pauli_rows(dimension.bit_length() - 1)
    superoperator = np.einsum("rij,rkl->ikjl", kraus, kraus.conj())
    superoperator = superoperator.reshape(dimension**2, dimension**2)
    return np.ascontiguousarray((rows @ superoperator @ rows.conj().T).real / dimension)


def transfer_of_unitary(unitary: torch.Tensor) -> torch.Tensor:
    """Return the real Pauli transfer matrices (..., 4^k, 4^k) of unitaries (..., 2^k, 2^k)."""
    dimension = unitary.shape[-1]
    rows = torch.as_tensor(pauli_rows(dimension.bit_length() - 1)).to(unitary)
    squared = torch.einsum("...ij,...kl->...ikjl", unitary, unitary.conj())
    squared = squared.reshape(*unitary.shape[:-2], dimension**2, dimension**2)
    return (rows @ squared @ rows.mH).real / dimension


def pauli_index(label: str) -> int:
    """Return the index of a Pauli label; the rightmost letter acts on qubit 0."""
    index = 0
    for letter in label:
        index = 4 * index + LETTERS.index(letter)
    return index


def pauli_vector(states: torch.Tensor) -> torch.Tensor:
    """Return the real Pauli vectors (4^n, B) of pure states (B, 2^n)."""
    n_states, dimension = states.shape
    n_qubits = dimension.bit_length() - 1
    density = torch.einsum("bi,bj->ijb", states, states.conj())
    step = torch.as_tensor(pauli_rows(1)).to(states)
    for qubit in range(n_qubits):  # qubit 0 first: its digit ends up least significant
        # axes: high row bits, this row bit, high column bits, this column bit, digits so far
        rest = 2 ** (n_qubits - qubit - 1)
        density = density.reshape(rest, 2, rest, 2, -1).permute(1, 3, 0, 2, 4)
        density = (step @ density.reshape(4, -1)).reshape(4, rest, rest, -1)
        density = density.permute(1, 2, 0, 3)
    return density.reshape(4**n_qubits, n_states).real


def operator_of_vector(vector: torch.Tensor) -> torch.Tensor:
    """Return the Hermitian matrices (K, 2^n, 2^n) with Pauli coefficients ``vector`` (4^n, K)."""
    n_qubits = (vector.shape[0].bit_length() - 1) // 2
    n_operators = vector.shape[1]
    complex_dtype = torch.complex128 if vector.dtype == torch.float64 else torch.complex64
    paulis = torch.as_tensor(PAULIS).to(device=vector.device, dtype=complex_dtype)
    operator = vector.to(complex_dtype).reshape(-1, 1, 1, n_operators)
    for _ in range(n_qubits):  # the least significant digit becomes the lowest row and column bit
        digits, size = operator.shape[0] // 4, operator.shape[1]
        operator = operator.reshape(digits, 4, size, size, n_operators)
        operator = torch.einsum("dpijk,pab->daibjk", operator, paulis)
        operator = operator.reshape(digits, 2 * size, 2 * size, n_operators)
    return operator[0].permute(2, 0, 1)
