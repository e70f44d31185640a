"""The steps of a plan on a batch of states ``(M, 2^n, C)``, and their hand-written adjoint.

M counts models (one weight vector each) and C the columns: samples, or 1 while nothing depends on
the sample yet. The state stays real as long as only real gates have acted.

Conventions of the adjoint: ``lam = dL/dRe(psi) + i dL/dIm(psi)`` for the real loss L, so
``dL = Re sum conj(lam) dpsi``. A turn has the generator J / 2 with ``J = [[0, -1], [1, 0]]``; turns
of one layer commute, so all their gradients come from the state after the layer.

Source: adjoint differentiation, Jones and Gacon (2020), arXiv:2009.02823, section 3.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from redqubit.engine.plan import DenseStep, Gather, PhaseStep, Plan, Rotate, Step, Window

Saved = torch.Tensor | None


@dataclass
class Prepared:
    """Matrices of all turn windows by size ``(M, count, K, K)`` and phase factors of all steps."""

    windows: dict[int, torch.Tensor]
    factors: dict[int, torch.Tensor]


@dataclass
class Sums:
    """Gradients collected on the way back, turned into angle gradients by `Layers.finish`."""

    turns: dict[int, dict[int, torch.Tensor]]
    phases: dict[int, torch.Tensor]
    dphi: torch.Tensor | None


@dataclass(frozen=True)
class _PhaseTable:
    constant: torch.Tensor | None
    fixed: torch.Tensor | None
    weight: int
    weight_signs: torch.Tensor
    sample: int
    sample_signs: torch.Tensor


class Layers:
    """Constant tables of a list of steps on one device, and the evolution through them."""

    def __init__(
        self, plan: Plan, steps: Sequence[Step], dtype: torch.dtype, device: torch.device
    ) -> None:
        self._n = plan.n_qubits
        self._plan = plan
        self._dtype = dtype
        self._steps: list[tuple[Step, object]] = []
        for step in steps:
            self._steps.append((step, self._table(step, dtype, device)))
        self._generators = {
            size: torch.tensor(_generators(size), dtype=dtype, device=device)
            for size in plan.windows
        }

    def _table(self, step: Step, dtype: torch.dtype, device: torch.device) -> object:
        if isinstance(step, Gather):
            inverse = np.argsort(step.index)
            return (
                torch.tensor(step.index, device=device),
                torch.tensor(inverse, device=device),
            )
        if isinstance(step, DenseStep):
            kind = torch.complex64 if dtype == torch.float32 else torch.complex128
            return torch.tensor(step.matrix, dtype=kind, device=device)
        if isinstance(step, PhaseStep):
            return _phase_table(step, dtype, device)
        return None

    def prepare(self, u: torch.Tensor) -> Prepared:
        """Build every matrix and factor that depends on weights only, for ``u (M, T)``."""
        windows = {}
        for size, (offset, count) in self._plan.windows.items():
            angles = u[:, offset : offset + size * count].view(-1, count, size)
            windows[size] = turn_matrices(angles)
        factors = {}
        for number, (_, table) in enumerate(self._steps):
            if isinstance(table, _PhaseTable) and not table.sample_signs.shape[1]:
                if table.fixed is not None:
                    factors[number] = table.fixed
                else:
                    angle = _weight_phase(table, u)
                    factors[number] = torch.complex(angle.cos(), angle.sin())
        return Prepared(windows, factors)

    def forward(
        self,
        psi: torch.Tensor,
        u: torch.Tensor,
        phi: torch.Tensor,
        prepared: Prepared,
        saved: list[Saved] | None,
    ) -> torch.Tensor:
        """Return the final state; append to ``saved`` what `backward` needs, one entry a step."""
        for number, (step, table) in enumerate(self._steps):
            keep: Saved = None
            if isinstance(step, Rotate):
                psi = self._rotate(psi, step.windows, prepared, adjoint=False)
                keep = psi
            elif isinstance(table, _PhaseTable):
                keep = psi
                psi = psi * self._factor(number, table, u, phi, prepared)
            elif isinstance(step, Gather):
                psi = psi.index_select(1, table[0])  # type: ignore[index]
            elif isinstance(table, torch.Tensor) and isinstance(step, DenseStep):
                keep = psi
                psi = apply_dense(psi, table, step.qubits, self._n)
            if saved is not None:
                saved.append(keep)
        return psi

    def _factor(
        self,
        number: int,
        table: _PhaseTable,
        u: torch.Tensor,
        phi: torch.Tensor,
        prepared: Prepared,
    ) -> torch.Tensor:
        known = prepared.factors.get(number)
        if known is not None:
            return known
        count = table.sample_signs.shape[1]
        angle = table.sample_signs @ phi[:, table.sample : table.sample + count]
        if table.weight_signs.shape[1]:
            angle = angle + _weight_phase(table, u)
        elif table.constant is not None:
            angle = angle + table.constant
        return torch.complex(angle.cos(), angle.sin())

    def _rotate(
        self, psi: torch.Tensor, windows: tuple[Window, ...], prepared: Prepared, *, adjoint: bool
    ) -> torch.Tensor:
        flat = real_view(psi)
        for window in windows:
            matrix = prepared.windows[window.size][:, window.position]
            if adjoint:
                matrix = matrix.mT
            flat = apply_window(flat, matrix, window.low, window.size)
        return flat if not psi.is_complex() else complex_view(flat, psi.shape)

    def backward(
        self,
        lam: torch.Tensor,
        u: torch.Tensor,
        phi: torch.Tensor,
        prepared: Prepared,
        saved: list[Saved],
        sums: Sums,
        *,
        weights: bool,
    ) -> torch.Tensor:
        """Return the gradient of the initial state; collect gradients of angles in ``sums``."""
        for number in range(len(self._steps) - 1, -1, -1):
            step, table = self._steps[number]
            psi = saved[number]
            if isinstance(step, Rotate) and psi is not None:
                if weights:
                    self._collect_turns(lam, psi, step.windows, sums)
                lam = self._rotate(lam, step.windows, prepared, adjoint=True)
            elif isinstance(table, _PhaseTable) and psi is not None:
                factor = self._factor(number, table, u, phi, prepared)
                lam = lam * factor.conj().resolve_conj()
                self._collect_phases(number, table, lam, psi, sums, weights=weights)
                lam = _like(lam, psi)
            elif isinstance(step, Gather):
                lam = lam.index_select(1, table[1])  # type: ignore[index]
            elif isinstance(table, torch.Tensor) and isinstance(step, DenseStep):
                lam = apply_dense(lam, table.mH, step.qubits, self._n)
                if psi is not None:
                    lam = _like(lam, psi)
        return lam

    def _collect_turns(
        self, lam: torch.Tensor, psi: torch.Tensor, windows: tuple[Window, ...], sums: Sums
    ) -> None:
        left, right = real_view(lam), real_view(psi)
        for window in windows:
            sums.turns.setdefault(window.size, {})[window.position] = correlate(
                left, right, window.low, window.size
            )

    def _collect_phases(
        self,
        number: int,
        table: _PhaseTable,
        lam: torch.Tensor,
        psi: torch.Tensor,
        sums: Sums,
        *,
        weights: bool,
    ) -> None:
        weights = weights and table.weight_signs.shape[1] > 0
        count = table.sample_signs.shape[1]
        if not weights and not (count and sums.dphi is not None):
            return
        slopes = (lam.conj() * psi).imag
        if weights:
            sums.phases[number] = slopes.sum(-1)
        if count and sums.dphi is not None:
            part = table.sample_signs.mT @ slopes
            if sums.dphi.shape[0] < part.shape[0]:
                part = part.sum(0, keepdim=True)
            sums.dphi[:, table.sample : table.sample + count] -= part

    def finish(self, sums: Sums, du: torch.Tensor) -> None:
        """Turn the collected correlations and slopes into the gradient ``du (M, T)``."""
        for size, parts in sums.turns.items():
            offset, count = self._plan.windows[size]
            stacked = torch.stack([parts[position] for position in range(count)], 1)
            gradient = stacked.flatten(2) @ self._generators[size]
            du[:, offset : offset + count * size] = gradient.flatten(1)
        for number, slopes in sums.phases.items():
            table = self._steps[number][1]
            assert isinstance(table, _PhaseTable)
            count = table.weight_signs.shape[1]
            du[:, table.weight : table.weight + count] = -(slopes @ table.weight_signs)


def _phase_table(step: PhaseStep, dtype: torch.dtype, device: torch.device) -> _PhaseTable:
    constant = fixed = None
    if step.constant is not None:
        constant = torch.tensor(step.constant, dtype=dtype, device=device).unsqueeze(-1)
        if not step.weight_signs.size and not step.sample_signs.size:
            phases = np.exp(1j * step.constant)
            if abs(phases.imag).max() < 1e-15:
                fixed = torch.tensor(phases.real, dtype=dtype, device=device).unsqueeze(-1)
            else:
                fixed = torch.complex(constant.cos(), constant.sin())
    return _PhaseTable(
        constant,
        fixed,
        step.weight,
        torch.tensor(step.weight_signs, dtype=dtype, device=device),
        step.sample,
        torch.tensor(step.sample_signs, dtype=dtype, device=device),
    )


def _weight_phase(table: _PhaseTable, u: torch.Tensor) -> torch.Tensor:
    """Return the phases ``(M, N, 1)`` that weights and constants give."""
    count = table.weight_signs.shape[1]
    angle = table.weight_signs @ u[:, table.weight : table.weight + count].unsqueeze(-1)
    return angle if table.constant is None else angle + table.constant


def _generators(size: int) -> np.ndarray:
    """Return ``(K^2, size)``: column j maps the correlation of a window to its j-th gradient."""
    states = np.arange(2**size)
    columns = []
    for bit in range(size - 1, -1, -1):
        table = np.zeros((2**size, 2**size))
        table[states, states ^ (1 << bit)] = np.where(states >> bit & 1, 0.5, -0.5)
        columns.append(table.ravel())
    return np.stack(columns, 1)


def turn_matrices(angles: torch.Tensor) -> torch.Tensor:
    """Return the Kronecker products ``(M, count, 2^k, 2^k)`` of RY of angles ``(M, count, k)``."""
    half = angles * 0.5
    cos, sin = half.cos(), half.sin()
    blocks = torch.stack((cos, -sin, sin, cos), -1).view(*cos.shape, 2, 2)
    while blocks.shape[2] > 1:
        if blocks.shape[2] % 2:
            first = kron(blocks[:, :, 0:1], blocks[:, :, 1:2])
            return kron(first, blocks[:, :, 2:3]).squeeze(2)  # windows have at most four qubits
        blocks = kron(blocks[:, :, 0::2], blocks[:, :, 1::2])
    whole: torch.Tensor = blocks.squeeze(2)
    return whole


def kron(high: torch.Tensor, low: torch.Tensor) -> torch.Tensor:
    """Return the Kronecker products of two batches of matrices."""
    product = high[..., :, None, :, None] * low[..., None, :, None, :]
    return product.flatten(-4, -3).flatten(-2)


def real_view(psi: torch.Tensor) -> torch.Tensor:
    """Return a state as real numbers ``(M, N, C)`` or ``(M, N, 2 C)``, without a copy."""
    return torch.view_as_real(psi).flatten(-2) if psi.is_complex() else psi


def complex_view(flat: torch.Tensor, shape: torch.Size) -> torch.Tensor:
    """Undo `real_view`."""
    return torch.view_as_complex(flat.view(*shape, 2))


def apply_window(flat: torch.Tensor, matrix: torch.Tensor, low: int, size: int) -> torch.Tensor:
    """Multiply ``(M, N, R)`` by matrices ``(M, K, K)`` on qubits ``low .. low + size - 1``."""
    models, states, columns = flat.shape
    k = 1 << size
    before = states >> (low + size)
    spread = matrix.unsqueeze(1).expand(models, before, k, k).reshape(-1, k, k)
    return torch.bmm(spread, flat.reshape(models * before, k, -1)).view(models, states, columns)


def correlate(left: torch.Tensor, right: torch.Tensor, low: int, size: int) -> torch.Tensor:
    """Return ``(M, K, K)`` sums of products of ``left`` and ``right`` over all but a window."""
    models, states, _ = left.shape
    k = 1 << size
    before = states >> (low + size)
    shape = (models * before, k, -1)
    product = torch.bmm(left.reshape(shape), right.reshape(shape).mT)
    return product.view(models, before, k, k).sum(1) if before > 1 else product


def apply_dense(
    psi: torch.Tensor, matrix: torch.Tensor, qubits: tuple[int, ...], n: int
) -> torch.Tensor:
    """Multiply ``(M, N, C)`` by a constant complex matrix on any qubits."""
    models, _, columns = psi.shape
    axes = [n - qubit for qubit in reversed(qubits)]  # axis 0 is the model
    front = list(range(1, len(axes) + 1))
    grid = psi.reshape(models, *(2,) * n, columns).movedim(axes, front)
    shape = grid.shape
    result = matrix @ grid.reshape(models, len(matrix), -1).to(matrix.dtype)
    back = result.view(shape).movedim(front, axes)
    return back.reshape(models, -1, columns)


def _like(lam: torch.Tensor, psi: torch.Tensor) -> torch.Tensor:
    """Reduce a gradient to the shape and kind of the state it belongs to."""
    if lam.is_complex() and not psi.is_complex():
        lam = lam.real.contiguous()
    if psi.shape[-1] < lam.shape[-1]:
        lam = lam.sum(-1, keepdim=True)
    return lam
