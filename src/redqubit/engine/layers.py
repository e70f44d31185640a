"""The steps of a plan on a batch of states ``(M, 2^n, C)``, and their hand-written adjoint.

M counts models (one weight vector each) and C the columns: samples, or 1 while nothing depends on
the sample yet. The state stays real as long as only real gates have acted.

Conventions of the adjoint: ``lam = dL/dRe(psi) + i dL/dIm(psi)`` for the real loss L, so
``dL = Re sum conj(lam) dpsi``. Turns of one layer commute, so all their gradients come from the
state after the layer.

Source: adjoint differentiation, Jones and Gacon (2020), arXiv:2009.02823, section 3.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from redqubit.engine.kernels import Kernels
from redqubit.engine.plan import DenseStep, Gather, PhaseStep, Plan, Rotate, Step
from redqubit.engine.turns import entries, entry_index, generators

Saved = tuple[Any, torch.Tensor | None]  # a state of the kernels' array type, and a factor


@dataclass
class Prepared:
    """Turn matrices of a window size ``(count, M, K, K)``, and factors ``(M, N, 1)`` of steps."""

    models: int
    windows: dict[int, torch.Tensor]
    factors: dict[int, torch.Tensor]


@dataclass
class Sums:
    """Gradients collected on the way back, turned into angle gradients by `Layers.finish`."""

    turns: dict[tuple[int, int], torch.Tensor]
    slopes: dict[int, torch.Tensor]
    dphi: torch.Tensor | None


@dataclass(frozen=True)
class _Moves:
    there: torch.Tensor
    back: torch.Tensor


@dataclass(frozen=True)
class _Phases:
    """Tables of a phase step: ``fixed`` factors if nothing varies, ``row`` among varying ones."""

    fixed: torch.Tensor | None
    row: int | None
    sample: int
    sample_signs: torch.Tensor | None


Table = _Moves | _Phases | torch.Tensor | None


class Layers:
    """Constant tables of a list of steps on one device, and the evolution through them."""

    def __init__(
        self, plan: Plan, steps: Sequence[Step], dtype: torch.dtype, device: torch.device
    ) -> None:
        self._n = plan.n_qubits
        self._windows = plan.windows
        self._tables: list[Table] = []
        varying: list[PhaseStep] = []
        for step in steps:
            self._tables.append(_table(step, varying, dtype, device))
        self._steps = tuple(steps)
        width = max((step.weight_signs.shape[1] for step in varying), default=0)
        states = 2**self._n
        signs = np.zeros((len(varying), states, width))
        constants = np.zeros((len(varying), states, 1))
        places = np.zeros((len(varying), width), dtype=np.int64)
        for row, step in enumerate(varying):
            count = step.weight_signs.shape[1]
            signs[row, :, :count] = step.weight_signs
            places[row, :count] = step.weight + np.arange(count)
            if step.constant is not None:
                constants[row, :, 0] = step.constant
        self._signs = torch.tensor(signs, dtype=dtype, device=device)
        self._constants = torch.tensor(constants, dtype=dtype, device=device)
        self._places = torch.tensor(places.ravel(), device=device)
        self._entries = {
            size: torch.tensor(entry_index(size).ravel(), device=device) for size in plan.windows
        }
        self._generators = {
            size: torch.tensor(generators(size), dtype=dtype, device=device)
            for size in plan.windows
        }

    def prepare(self, u: torch.Tensor) -> Prepared:
        """Build every matrix and factor that depends on weights only, for ``u (M, T)``."""
        models = u.shape[0]
        windows = {}
        for size, (offset, count) in self._windows.items():
            k = 1 << size
            parts = entries(u[:, offset : offset + size * count]).reshape(models * count, -1)
            picked = parts.index_select(1, self._entries[size]).view(-1, size, k * k)
            windows[size] = picked.prod(1).view(models, count, k, k).transpose(0, 1)
        factors = {}
        if len(self._signs):
            angles = self._weight_phases(u)
            polar = torch.polar(torch.ones_like(angles), angles)
            for number, table in enumerate(self._tables):
                if isinstance(table, _Phases) and table.row is not None:
                    factors[number] = polar[table.row].mT.unsqueeze(-1)
        return Prepared(models, windows, factors)

    def _weight_phases(self, u: torch.Tensor) -> torch.Tensor:
        """Return the phases ``(steps, N, M)`` that weights and constants give."""
        chosen = u.index_select(1, self._places).view(u.shape[0], len(self._signs), -1)
        return torch.baddbmm(self._constants, self._signs, chosen.permute(1, 2, 0))

    def forward(
        self,
        psi: torch.Tensor,
        phi: torch.Tensor,
        prepared: Prepared,
        saved: list[Saved] | None,
        kernels: Kernels,
    ) -> torch.Tensor:
        """Return the final state; append to ``saved`` what `backward` needs, one entry a step."""
        state = kernels.enter(psi)
        for number, (step, table) in enumerate(zip(self._steps, self._tables, strict=True)):
            keep: Saved = (None, None)
            if isinstance(step, Rotate):
                for window in step.windows:
                    matrix = prepared.windows[window.size][window.position]
                    state = kernels.multiply(state, matrix, window)
                keep = (state, None)
            elif isinstance(table, _Phases):
                factor = _factor(table, prepared.factors.get(number), phi)
                keep = (state, factor)
                state = kernels.scale(state, factor)
            elif isinstance(table, _Moves):
                state = kernels.gather(state, table.there)
            elif isinstance(step, DenseStep) and isinstance(table, torch.Tensor):
                keep = (state, None)
                moved = apply_dense(kernels.leave(state), table, step.qubits, self._n)
                state = kernels.enter(moved)
            if saved is not None:
                saved.append(keep)
        return kernels.leave(state)

    def backward(
        self,
        lam: torch.Tensor,
        prepared: Prepared,
        saved: list[Saved],
        sums: Sums,
        kernels: Kernels,
        *,
        weights: bool,
    ) -> torch.Tensor:
        """Return the gradient of the initial state; collect gradients of angles in ``sums``."""
        state = kernels.enter(lam)
        for number in range(len(self._steps) - 1, -1, -1):
            step, table = self._steps[number], self._tables[number]
            psi, factor = saved[number]
            if isinstance(step, Rotate):
                for window in step.windows:
                    if weights:
                        sums.turns[window.size, window.position] = kernels.correlate(
                            state, psi, window
                        )
                for window in step.windows:
                    matrix = prepared.windows[window.size][window.position]
                    state = kernels.multiply(state, matrix.mT, window)
            elif isinstance(table, _Phases) and factor is not None:
                state = kernels.scale(state, factor.conj().resolve_conj())
                _collect_phases(number, table, state, psi, sums, kernels, weights=weights)
                state = kernels.enter(_like(kernels.leave(state), kernels.leave(psi)))
            elif isinstance(table, _Moves):
                state = kernels.gather(state, table.back)
            elif isinstance(step, DenseStep) and isinstance(table, torch.Tensor):
                moved = apply_dense(kernels.leave(state), table.mH, step.qubits, self._n)
                state = kernels.enter(_like(moved, kernels.leave(psi)))
        return kernels.leave(state)

    def finish(self, sums: Sums, du: torch.Tensor) -> None:
        """Turn the collected correlations and slopes into the gradient ``du (M, T)``."""
        for size, (offset, count) in self._windows.items() if sums.turns else ():
            parts = [sums.turns[size, position] for position in range(count)]
            stacked = torch.stack(parts, 1)
            gradient = stacked.flatten(2) @ self._generators[size]
            du[:, offset : offset + count * size] = gradient.flatten(1)
        if sums.slopes:
            numbers = [
                number
                for number, table in enumerate(self._tables)
                if isinstance(table, _Phases) and table.row is not None
            ]
            stacked = torch.stack([sums.slopes[number] for number in numbers])
            gradient = torch.bmm(stacked, self._signs).transpose(0, 1).flatten(1)
            du.index_add_(1, self._places, gradient, alpha=-1)


def _table(step: Step, varying: list[PhaseStep], dtype: torch.dtype, device: torch.device) -> Table:
    """Return the constants of one step; steps whose phases vary with weights join ``varying``."""
    if isinstance(step, Gather):
        back = np.argsort(step.index)
        return _Moves(torch.tensor(step.index, device=device), torch.tensor(back, device=device))
    if isinstance(step, DenseStep):
        kind = torch.complex64 if dtype == torch.float32 else torch.complex128
        return torch.tensor(step.matrix, dtype=kind, device=device)
    if not isinstance(step, PhaseStep):
        return None
    fixed: torch.Tensor | None = None
    row: int | None = None
    if step.weight_signs.shape[1]:
        row = len(varying)
        varying.append(step)
    elif step.constant is not None:
        phases = np.exp(1j * step.constant)[:, None]
        if abs(phases.imag).max() < 1e-15:
            fixed = torch.tensor(phases.real, dtype=dtype, device=device)
        else:
            kind = torch.complex64 if dtype == torch.float32 else torch.complex128
            fixed = torch.tensor(phases, dtype=kind, device=device)
    signs = None
    if step.sample_signs.shape[1]:
        signs = torch.tensor(step.sample_signs, dtype=dtype, device=device)
    return _Phases(fixed, row, step.sample, signs)


def _factor(table: _Phases, by_weights: torch.Tensor | None, phi: torch.Tensor) -> torch.Tensor:
    """Return the factors ``(M, N, C)`` of a phase step."""
    known = table.fixed if by_weights is None else by_weights
    if table.sample_signs is None:
        assert known is not None
        return known
    count = table.sample_signs.shape[1]
    angles = table.sample_signs @ phi[:, table.sample : table.sample + count]
    factor = torch.polar(torch.ones_like(angles), angles)
    return factor if known is None else factor * known


def _collect_phases(
    number: int,
    table: _Phases,
    lam: Any,
    psi: Any,
    sums: Sums,
    kernels: Kernels,
    *,
    weights: bool,
) -> None:
    """Collect ``Im conj(lam) psi``: minus the gradient of the phase of each amplitude."""
    if weights and table.row is not None:
        sums.slopes[number] = kernels.row_slopes(lam, psi)
    if table.sample_signs is not None and sums.dphi is not None:
        part = table.sample_signs.mT @ kernels.slopes(lam, psi)
        if sums.dphi.shape[0] < part.shape[0]:
            part = part.sum(0, keepdim=True)
        sums.dphi[:, table.sample : table.sample + table.sample_signs.shape[1]] -= part


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
