"""Pauli observables: parsing, and their exact application to a batch of states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from qiskit.quantum_info import Pauli, SparsePauliOp

from redqubit.core.errors import InputError

Terms = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Observable:
    """A real sum of Pauli strings: ``(label, coefficient)`` pairs, rightmost letter qubit 0."""

    terms: Terms

    @property
    def is_diagonal(self) -> bool:
        """Return whether only I and Z occur."""
        return all(set(label) <= {"I", "Z"} for label, _ in self.terms)


def parse(observables: Sequence[str | Pauli | SparsePauliOp], n: int) -> tuple[Observable, ...]:
    """Read observables given as Pauli labels or Qiskit operators.

    Raises
    ------
    InputError
        No observable, wrong number of qubits, letters other than IXYZ, complex coefficients.
    """
    if isinstance(observables, str | Pauli | SparsePauliOp):
        raise InputError("observables must be a sequence, such as ['ZI', 'IZ']; got a single one")
    parsed = tuple(_parse_one(item, n) for item in observables)
    if not parsed:
        raise InputError("at least one observable is needed, got none")
    return parsed


def _parse_one(item: str | Pauli | SparsePauliOp, n: int) -> Observable:
    if isinstance(item, str):
        pairs = [(item, 1.0 + 0.0j)]
    elif isinstance(item, Pauli | SparsePauliOp):
        pairs = [(label, complex(c)) for label, c in SparsePauliOp(item).simplify().to_list()]
    else:
        raise InputError(
            f"an observable must be a Pauli label or SparsePauliOp, got {type(item).__name__}"
        )
    for label, coefficient in pairs:
        if len(label) != n or set(label) - set("IXYZ"):
            raise InputError(
                f"observable {label!r} must have {n} letters out of I, X, Y, Z, one a qubit, "
                "the rightmost for qubit 0"
            )
        if abs(coefficient.imag) > 1e-12 or not np.isfinite(coefficient):
            raise InputError(
                f"observable {label!r} needs a finite real coefficient, got {coefficient}"
            )
    return Observable(tuple((label, coefficient.real) for label, coefficient in pairs))


def z_signs(labels: Sequence[str]) -> npt.NDArray[np.float64]:
    """Return the diagonals ``(len(labels), 2^n)`` of labels, a letter other than I read as Z."""
    n = len(labels[0])
    masks = [sum(1 << q for q in range(n) if label[n - 1 - q] != "I") for label in labels]
    return np.stack([1.0 - 2.0 * (np.bitwise_count(np.arange(2**n) & m) & 1) for m in masks])


def flip_groups(observables: Sequence[Observable], n: int) -> dict[int, npt.NDArray[np.complex128]]:
    """Return ``{mask: C (K, 2^n)}`` with ``<O_j> = sum_k C[j, k] conj(psi[k]) psi[k ^ mask]``.

    ``mask`` holds the bits that X and Y flip; a mask of 0 is the diagonal part.
    """
    states = np.arange(2**n)
    groups: dict[int, npt.NDArray[np.complex128]] = {}
    for row, observable in enumerate(observables):
        for label, coefficient in observable.terms:
            letters = label[::-1]
            mask = sum(1 << q for q, letter in enumerate(letters) if letter in "XY")
            sign = sum(1 << q for q, letter in enumerate(letters) if letter in "ZY")
            # <k|P|k ^ mask>: Z gives (-1)^bit of k; Y|1> = -i|0>, Y|0> = i|1>
            phase = (-1j) ** letters.count("Y") * (
                1.0 - 2.0 * (np.bitwise_count(states & sign) & 1)
            )
            group = groups.setdefault(mask, np.zeros((len(observables), 2**n), dtype=complex))
            group[row] += coefficient * phase
    return groups


def readout_bytes(observables: Sequence[Observable], n: int) -> int:
    """Return how much `flip_groups` takes."""
    masks = {
        tuple(letter in "XY" for letter in label)
        for observable in observables
        for label, _ in observable.terms
    }
    return int(len(masks) * len(observables) * 2**n * 16)


class Readout:
    """Expectation values of observables in states ``(M, N, C)``, and their adjoint.

    Parameters
    ----------
    groups
        From `flip_groups`.
    order
        Logical basis state ``k`` is stored at ``order[k]``; allowed for diagonal observables only.
    """

    def __init__(
        self,
        groups: dict[int, npt.NDArray[np.complex128]],
        order: npt.NDArray[np.int64] | None,
        dtype: torch.dtype,
        device: torch.device,
    ) -> None:
        self._diagonal: torch.Tensor | None = None
        self._flips: list[tuple[torch.Tensor, torch.Tensor]] = []
        for mask, table in groups.items():
            if mask == 0:
                signs = table.real
                if order is not None:
                    stored = np.empty_like(signs)
                    stored[:, order] = signs
                    signs = stored
                self._diagonal = torch.tensor(signs, dtype=dtype, device=device)
            else:
                partner = torch.tensor(np.arange(table.shape[1]) ^ mask, device=device)
                complex_dtype = torch.complex64 if dtype == torch.float32 else torch.complex128
                flip = torch.tensor(table, dtype=complex_dtype, device=device)
                self._flips.append((partner, flip))

    @property
    def diagonal(self) -> torch.Tensor | None:
        """Return the signs ``(K, N)`` if every observable is diagonal, else None."""
        return None if self._flips else self._diagonal

    def __call__(self, psi: torch.Tensor) -> torch.Tensor:
        """Return the expectation values ``(M, K, C)``."""
        total: torch.Tensor | None = None
        if self._diagonal is not None:
            if psi.is_complex():
                parts = torch.view_as_real(psi).flatten(-2)
                total = self._diagonal @ (parts * parts)
                total = total.view(*total.shape[:-1], -1, 2).sum(-1)
            else:
                total = self._diagonal @ (psi * psi)
        for partner, table in self._flips:
            overlaps = psi.conj() * psi.index_select(-2, partner)
            value = (table @ overlaps.to(table.dtype)).real
            total = value if total is None else total + value
        assert total is not None
        return total

    def adjoint(self, gradient: torch.Tensor, psi: torch.Tensor) -> torch.Tensor:
        """Return the gradient ``(M, N, C)`` of the state, given that of the values."""
        total: torch.Tensor | None = None
        twice = gradient + gradient
        if self._diagonal is not None:
            if psi.is_complex():
                spread = twice.unsqueeze(-1).expand(*twice.shape, 2).flatten(-2)
                parts = torch.view_as_real(psi).flatten(-2) * (self._diagonal.mT @ spread)
                total = torch.view_as_complex(parts.view(*psi.shape, 2))
            else:
                total = psi * (self._diagonal.mT @ twice)
        for partner, table in self._flips:
            scale = table.mT @ twice.to(table.dtype)
            part = scale * psi.index_select(-2, partner)
            if not psi.is_complex():
                part = part.real
            total = part if total is None else total + part
        assert total is not None
        return total
