"""All matrices of a schedule from weights and features, in a handful of batched torch calls.

Axes, in this order where they occur: N (which matrix), M (which model), m (trigonometric term),
then rows and columns.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from redqubit.engine.angle_map import AngleMap
from redqubit.engine.expression import Angle
from redqubit.engine.pauli_basis import Real
from redqubit.engine.transfer_factors import Factor, Harmonics
from redqubit.engine.transfer_schedule import ZERO, Chain, Schedule, Step

Key = tuple[tuple[Harmonics, ...], int]  # group of a matrix (empty harmonics: fixed), position


def trigonometric_terms(angles: torch.Tensor, harmonics: Sequence[Harmonics]) -> torch.Tensor:
    """Return the products ``(..., m)`` of (1, cos(h a/2), sin(h a/2), ...) over angles (..., a)."""
    total: torch.Tensor | None = None
    for axis, each in enumerate(harmonics):
        angle = angles[..., axis]
        columns = [torch.ones_like(angle)]
        for harmonic in each:
            turned = angle if harmonic == 2 else angle * (harmonic / 2)
            columns += [torch.cos(turned), torch.sin(turned)]
        terms = torch.stack(columns, dim=-1)
        total = terms if total is None else (total[..., None] * terms[..., None, :]).flatten(-2)
    return angles.new_ones(*angles.shape[:-1], 1) if total is None else total


def kron(matrices: Sequence[torch.Tensor]) -> torch.Tensor:
    """Return the Kronecker product over the last two axes; the first is the least significant."""
    total = matrices[0]
    for matrix in matrices[1:]:
        product = torch.einsum("...ij,...kl->...ikjl", matrix, total)
        rows, columns = (matrix.shape[i] * total.shape[i] for i in (-2, -1))
        total = product.reshape(*product.shape[:-4], rows, columns)
    return total


class _Bank:
    """The matrices of one width: fixed ones and trigonometric ones of the weights, in groups."""

    def __init__(self, width: int, angles: list[Angle]) -> None:
        self._size = 4**width
        self._angles = angles
        self._groups: dict[tuple[Harmonics, ...], list[Real]] = {(): [np.eye(self._size)[None]]}
        self._columns: dict[tuple[Harmonics, ...], list[list[int]]] = {}
        self.identity: Key = ((), 0)

    def add(self, item: Factor | Real) -> Key:
        """Register a matrix and return its key."""
        factor = item if isinstance(item, Factor) else Factor((), item[None])
        group = self._groups.setdefault(factor.harmonics, [])
        group.append(factor.coefficients)
        if factor.angles:
            first = len(self._angles)
            self._angles.extend(factor.angles)
            columns = list(range(first, first + len(factor.angles)))
            self._columns.setdefault(factor.harmonics, []).append(columns)
        return factor.harmonics, len(group) - 1

    def freeze(self, dtype: torch.dtype, device: torch.device) -> None:
        """Turn what was registered into tensors."""
        self._offsets: dict[tuple[Harmonics, ...], int] = {}
        self._tensors: list[tuple[tuple[Harmonics, ...], torch.Tensor, torch.Tensor | None]] = []
        position = 0
        for harmonics, group in self._groups.items():
            self._offsets[harmonics] = position
            position += len(group)
            stacked = torch.tensor(np.stack(group), dtype=dtype, device=device).flatten(2)
            columns = self._columns.get(harmonics)
            where = None if columns is None else torch.tensor(columns, device=device).reshape(-1)
            self._tensors.append((harmonics, stacked, where))

    def index(self, key: Key) -> int:
        """Return the position of a key's matrix in the table."""
        return self._offsets[key[0]] + key[1]

    def table(self, angles: torch.Tensor) -> torch.Tensor:
        """Return all matrices (N, M, D, D) for angles (A, M)."""
        parts = []
        models = angles.shape[1]
        for harmonics, coefficients, where in self._tensors:
            if where is None:
                parts.append(coefficients.expand(-1, models, -1))
                continue
            chosen = angles.index_select(0, where)
            chosen = chosen.reshape(len(coefficients), len(harmonics), models).transpose(1, 2)
            parts.append(torch.bmm(trigonometric_terms(chosen, harmonics), coefficients))
        total = parts[0] if len(parts) == 1 else torch.cat(parts)
        return total.reshape(-1, models, self._size, self._size)


class _StepGroup:
    """The steps of one width (and, for sampled steps, one set of harmonics)."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.steps: list[Step] = []
        self.cores: list[Key] = []
        self.right: list[list[int]] = []
        self.left: list[list[int]] = []


class Tables:
    """The matrices of a schedule as functions of the weights and features.

    Parameters
    ----------
    schedule
        Starts and steps of the circuit.
    n_features, n_weights
        Widths of ``x`` and ``w``.
    dtype, device
        float32 or float64, and where.
    """

    def __init__(
        self,
        schedule: Schedule,
        n_features: int,
        n_weights: int,
        dtype: torch.dtype,
        device: torch.device,
    ) -> None:
        self._dtype, self._device = dtype, device
        self._sizes = (n_features, n_weights)
        self._starts = schedule.starts
        angles: list[Angle] = []
        self._banks: dict[int, _Bank] = {1: _Bank(1, angles)}
        self._chains: list[list[Key]] = [[self._banks[1].identity]]
        self._shared: dict[int, _StepGroup] = {}
        self._sampled: dict[tuple[int, tuple[Harmonics, ...]], _StepGroup] = {}
        places = [self._place(step, angles) for step in schedule.steps]
        order: list[_StepGroup] = [*self._shared.values(), *self._sampled.values()]
        # for each step its group and its position there
        self.places = [(order.index(group), position) for group, position in places]
        self.n_shared = len(self._shared)
        for bank in self._banks.values():
            bank.freeze(dtype, device)
        self._angles = self._map(angles)
        self._freeze_chains()
        self._freeze_groups()
        self._freeze_starts()

    def _tensor(self, array: Real) -> torch.Tensor:
        return torch.tensor(array, dtype=self._dtype, device=self._device)

    def _map(self, angles: Sequence[Angle]) -> AngleMap:
        return AngleMap(angles, *self._sizes, self._dtype, self._device)

    def _place(self, step: Step, angles: list[Angle]) -> tuple[_StepGroup, int]:
        width = len(step.qubits)
        if step.core.sampled:
            group = self._sampled.setdefault((width, step.core.harmonics), _StepGroup(width))
        else:
            group = self._shared.setdefault(width, _StepGroup(width))
            bank = self._banks.setdefault(width, _Bank(width, angles))
            group.cores.append(bank.add(step.core))
        group.steps.append(step)
        group.right.append([self._chain(chain) for chain in step.right])
        group.left.append([self._chain(chain) for chain in step.left])
        return group, len(group.steps) - 1

    def _chain(self, chain: Chain) -> int:
        if not chain:
            return 0
        self._chains.append([self._banks[1].add(item) for item in chain])
        return len(self._chains) - 1

    def _freeze_chains(self) -> None:
        """Sort chains by length: each length is one batched product."""
        bank, lengths = self._banks[1], sorted({len(chain) for chain in self._chains})
        self._chain_rows: list[list[torch.Tensor]] = []
        place: dict[int, int] = {}
        for length in lengths:
            members = [i for i, chain in enumerate(self._chains) if len(chain) == length]
            place.update({member: len(place) + i for i, member in enumerate(members)})
            rows = [[bank.index(self._chains[i][r]) for i in members] for r in range(length)]
            self._chain_rows.append([torch.tensor(row, device=self._device) for row in rows])
        self._chain_place = place

    def _freeze_groups(self) -> None:
        def rows(lists: list[list[int]]) -> list[torch.Tensor] | None:
            if not any(any(row) for row in lists):
                return None
            columns = zip(*lists, strict=True)
            return [
                torch.tensor([self._chain_place[i] for i in c], device=self._device)
                for c in columns
            ]

        self._cores = [
            torch.tensor([self._banks[g.width].index(key) for key in g.cores], device=self._device)
            for g in self._shared.values()
        ]
        groups = [*self._shared.values(), *self._sampled.values()]
        self._right = [rows(group.right) for group in groups]
        self._left = [rows(group.left) for group in groups]
        self._coefficients, self._sampled_angles = [], []
        for group in self._sampled.values():
            stacked = np.stack([step.core.coefficients for step in group.steps])
            self._coefficients.append(self._tensor(stacked))
            angles = [angle for step in group.steps for angle in step.core.angles]
            self._sampled_angles.append(self._map(angles))

    def _freeze_starts(self) -> None:
        first = [start.rotation.angles[0] for start in self._starts if start.rotation is not None]
        self._rotations = self._map(first)
        self._before: dict[int, list[tuple[Factor, torch.Tensor, AngleMap]]] = {}
        for wire, start in enumerate(self._starts):
            self._before[wire] = [
                (
                    factor,
                    self._tensor(factor.coefficients),
                    self._map(factor.angles),
                )
                for factor in start.before
            ]

    def matrices(self, w: torch.Tensor) -> list[torch.Tensor]:
        """Return the matrices of each group of steps for weights ``w (M, W)``.

        Shared groups come first, (N, M, D, D); sampled ones have a term axis, (N, M, m, D, D).
        """
        angles = self._angles.of_weights(w).T
        tables = {width: bank.table(angles) for width, bank in self._banks.items()}
        chains = self._chain_products(tables[1])
        result = []
        for i, group in enumerate(self._shared.values()):
            matrix = tables[group.width].index_select(0, self._cores[i])
            right, left = self._right[i], self._left[i]
            if right is not None:
                matrix = matrix @ kron([chains.index_select(0, rows) for rows in right])
            if left is not None:
                matrix = kron([chains.index_select(0, rows) for rows in left]) @ matrix
            result.append(matrix)
        for i, coefficients in enumerate(self._coefficients, start=self.n_shared):
            n, m, size, _ = coefficients.shape
            right = self._right[i]
            stacked = coefficients.reshape(n, 1, m * size, size).expand(-1, len(w), -1, -1)
            if right is not None:
                stacked = stacked @ kron([chains.index_select(0, rows) for rows in right])
            result.append(stacked.reshape(n, len(w), m, size, size))
        return result

    def _chain_products(self, table: torch.Tensor) -> torch.Tensor:
        products = []
        for rows in self._chain_rows:
            total = table.index_select(0, rows[0])
            for row in rows[1:]:
                total = table.index_select(0, row) @ total
            products.append(total)
        return products[0] if len(products) == 1 else torch.cat(products)

    def phases(self, x: torch.Tensor, w: torch.Tensor) -> list[torch.Tensor]:
        """Return ``phi (N, M or 1, m, B)`` of each group of sampled steps."""
        result = []
        for group, table in zip(self._sampled.values(), self._sampled_angles, strict=True):
            harmonics = group.steps[0].core.harmonics
            angles = table.of_samples(x[None], w)  # (M or 1, N a, B)
            shape = (angles.shape[0], len(group.steps), len(harmonics), len(x))
            angles = angles.reshape(shape).movedim(2, -1)
            result.append(trigonometric_terms(angles, harmonics).permute(1, 0, 3, 2))
        return result

    def starts(self, x: torch.Tensor, w: torch.Tensor) -> list[torch.Tensor]:
        """Return the vector of each wire, (M or 1, B, size), before its first step."""
        angles = self._rotations.of_samples(x[None], w)
        turned = torch.stack([torch.ones_like(angles), torch.cos(angles), torch.sin(angles)], -1)
        result, column = [], 0
        for wire, start in enumerate(self._starts):
            if start.kind == "zero":
                result.append(x.new_ones(1, len(x), 1))
            elif start.kind == "rotation":
                result.append(turned[:, column])
                column += 1
            else:
                result.append(self._vector(wire, x, w))
        return result

    def _vector(self, wire: int, x: torch.Tensor, w: torch.Tensor) -> torch.Tensor:
        """Follow a qubit through its own gates, sample by sample."""
        vector = self._tensor(ZERO).expand(1, len(x), 4)
        for factor, coefficients, table in self._before[wire]:
            if factor.fixed:
                vector = vector @ coefficients[0].T
            else:
                angles = table.of_samples(x[None], w).movedim(1, -1)
                terms = trigonometric_terms(angles, factor.harmonics)
                vector = torch.einsum("abm,mij,abj->abi", terms, coefficients, vector)
        return vector
