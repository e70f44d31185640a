"""Noisy gates as real transfer matrices that are trigonometric polynomials of their angles."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch

from redqubit.core.errors import InputError
from redqubit.engine.expression import Angle
from redqubit.engine.gates import PARAMETERIZED
from redqubit.engine.lowering import Lowered, Operation
from redqubit.engine.noise import Noise
from redqubit.engine.pauli_basis import Real, transfer_of_kraus, transfer_of_unitary

Harmonics = tuple[int, ...]
HIGHEST = 4  # in units of half the angle: gates hold e^(i theta) at most, transfer matrices twice
MAX_WIDTH = 5
_ROUNDING = 1e-13


@dataclass(frozen=True, eq=False)
class Factor:
    """A transfer matrix ``sum_m phi_m C_m``: one gate and the noise that follows it.

    Parameters
    ----------
    qubits
        Qubits of the gate; ``qubits[0]`` is the least significant digit of the matrix.
    coefficients
        ``C`` (m, 4^k, 4^k), float64; a single matrix for a fixed gate.
    angles
        The angles that are not constant, in radians.
    harmonics
        For each angle the multiples of half of it that occur; ``phi`` is the product over the
        angles of ``(1, cos(h a / 2), sin(h a / 2), ...)``, the last angle running fastest.
    """

    qubits: tuple[int, ...]
    coefficients: Real
    angles: tuple[Angle, ...] = ()
    harmonics: tuple[Harmonics, ...] = ()

    @property
    def fixed(self) -> bool:
        """Return whether the matrix is constant."""
        return not self.angles

    @property
    def sampled(self) -> bool:
        """Return whether the matrix depends on features, hence differs from sample to sample."""
        return any(angle.feature_indices for angle in self.angles)


def half_basis(angles: np.ndarray, harmonics: Harmonics) -> Real:
    """Return ``(1, cos(h a / 2), sin(h a / 2), ...)`` on a new last axis."""
    columns = [np.ones_like(angles)]
    for harmonic in harmonics:
        columns += [np.cos(harmonic * angles / 2), np.sin(harmonic * angles / 2)]
    return np.stack(columns, axis=-1)


@functools.cache
def gate_polynomial(name: str, n_angles: int) -> tuple[Real, tuple[Harmonics, ...]]:
    """Return the transfer matrix of a parameterized gate as a trigonometric polynomial.

    The coefficients have shape (b_1, ..., b_a, 4^k, 4^k) with ``b = 1 + 2 len(harmonics)``; they
    come from exact interpolation on equidistant angles.
    """
    size = 2 * HIGHEST + 1
    nodes = 4 * np.pi * np.arange(size) / size
    grid = np.meshgrid(*[nodes] * n_angles, indexing="ij")
    unitary = PARAMETERIZED[name](*(torch.as_tensor(axis.reshape(-1)) for axis in grid))
    values = transfer_of_unitary(unitary).numpy()
    values = values.reshape(*[size] * n_angles, *values.shape[-2:])
    inverse = np.linalg.inv(half_basis(nodes, tuple(range(1, HIGHEST + 1))))
    for axis in range(n_angles):
        values = np.moveaxis(np.tensordot(inverse, values, (1, axis)), 0, axis)
    values = np.where(np.abs(values) < _ROUNDING, 0.0, values)
    harmonics = []
    for axis in range(n_angles):
        others = tuple(i for i in range(values.ndim) if i != axis)
        used = np.abs(values).max(axis=others) > 0
        found = tuple(h for h in range(1, HIGHEST + 1) if used[2 * h - 1] or used[2 * h])
        keep = [0, *(i for h in found for i in (2 * h - 1, 2 * h))]
        values = np.take(values, keep, axis=axis)
        harmonics.append(found)
    return np.ascontiguousarray(values), tuple(harmonics)


def factors_of(lowered: Lowered, noise: Noise | None) -> Iterator[Factor]:
    """Yield the factors of a circuit in order of time.

    Raises
    ------
    InputError
        A gate on more than 5 qubits, or noise that does not fit a gate.
    """
    for operation in lowered.operations:
        width = len(operation.qubits)
        if width > MAX_WIDTH:
            raise InputError(
                f"gate {operation.name!r} acts on {width} qubits; the Pauli-transfer program takes "
                f"gates on at most {MAX_WIDTH} (4^{MAX_WIDTH} x 4^{MAX_WIDTH} matrices), "
                "decompose it"
            )
        after = None
        if noise is not None:
            encodes = bool(operation.feature_indices)
            after = noise.transfer_after(operation.name, operation.qubits, encodes)
        parts = list(_parts(operation))
        yield from parts[:-1]
        last = parts[-1]
        if after is not None:
            last = Factor(last.qubits, after @ last.coefficients, last.angles, last.harmonics)
        yield last


def _parts(operation: Operation) -> Iterator[Factor]:
    """Split a gate into factors; only the Euler gates have more than one."""
    if operation.matrix is not None:
        matrix = transfer_of_kraus(np.asarray(operation.matrix)[None])
        matrix = np.where(np.abs(matrix) < _ROUNDING, 0.0, matrix)
        yield Factor(operation.qubits, matrix[None])
    elif operation.name in ("u", "u2", "u3"):  # Rz(phi) Ry(theta) Rz(lambda) up to a phase
        *first, phi, lam = operation.angles
        theta = first[0] if first else Angle(np.pi / 2)
        for name, angle in (("rz", lam), ("ry", theta), ("rz", phi)):
            yield _polynomial(Operation(name, operation.qubits, (angle,)))
    else:
        yield _polynomial(operation)


def _polynomial(operation: Operation) -> Factor:
    """Return the factor of a parameterized gate, with constant angles put in."""
    coefficients, harmonics = gate_polynomial(operation.name, len(operation.angles))
    kept: list[Angle] = []
    kept_harmonics: list[Harmonics] = []
    for angle, each in zip(operation.angles, harmonics, strict=True):
        axis = len(kept)
        if angle.feature_indices or angle.weight_indices:
            kept.append(angle)
            kept_harmonics.append(each)
        else:
            row = half_basis(np.array(_constant(angle)), each)
            coefficients = np.tensordot(row, coefficients, (0, axis))
    matrix = coefficients.reshape(-1, *coefficients.shape[-2:])
    return Factor(
        operation.qubits, np.ascontiguousarray(matrix), tuple(kept), tuple(kept_harmonics)
    )


def _constant(angle: Angle) -> float:
    nothing = torch.zeros(0, dtype=torch.float64)
    return float(angle.value(nothing, nothing))
