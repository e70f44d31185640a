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
import numpy.typing as npt
import torch

from redqubit.engine.kernels import Kernels
from redqubit.engine.plan import DenseStep, Gather, PhaseStep, Plan, Rotate, Step, Window
from redqubit.engine.turns import entry_index, generators

Saved = tuple[Any, torch.Tensor | None]  # a state of the kernels' array type, and a factor


@dataclass
class Prepared:
    """What depends on weights only: turn matrices by window size, and factors by step."""

    models: int
    windows: dict[int, Any]
    factors: dict[int, torch.Tensor]


@dataclass
class Sums:
    """Gradients collected on the way back, turned into angle gradients by `Layers.finish`."""

    turns: dict[Window, torch.Tensor]
    slopes: dict[int, torch.Tensor]
    dphi: torch.Tensor | None


@dataclass(frozen=True)
class _Moves:
    """A gather, and its inverse."""

    there: torch.Tensor
    back: torch.Tensor

    @classmethod
    def of(cls, index: npt.NDArray[np.int64], device: torch.device) -> _Moves:
        back = np.argsort(index)
        return cls(torch.tensor(index, device=device), torch.tensor(back, device=device))


@dataclass(frozen=True)
class _Phases:
    """A phase step and the gather that follows it, which moves first so the phase is in place.

    ``fixed`` are the factors if nothing varies, ``row`` the place among the steps that vary with
    weights. Factors are in the order after the gather, ``signs`` of the way back in that before it.
    """

    moves: _Moves | None
    fixed: torch.Tensor | None
    row: int | None
    sample: slice
    sample_signs: torch.Tensor | None
    signs: torch.Tensor | None


Part = Rotate | _Moves | _Phases | DenseStep


class Layers:
    """Constant tables of a list of steps on one device, and the evolution through them."""

    def __init__(
        self, plan: Plan, steps: Sequence[Step], dtype: torch.dtype, device: torch.device
    ) -> None:
        self._n = plan.n_qubits
        self._windows = plan.windows
        self._dtype, self._device = dtype, device
        self._complex = torch.complex64 if dtype == torch.float32 else torch.complex128
        varying: list[tuple[PhaseStep, npt.NDArray[np.int64]]] = []
        self._parts = self._tables(steps, varying)
        self._varying = [
            number
            for number, part in enumerate(self._parts)
            if isinstance(part, _Phases) and part.row is not None
        ]
        self._matrices = {
            number: torch.tensor(part.matrix, dtype=self._complex, device=device)
            for number, part in enumerate(self._parts)
            if isinstance(part, DenseStep)
        }
        width = max((step.weight_signs.shape[1] for step, _ in varying), default=0)
        signs = np.zeros((len(varying), 2**self._n, width), np.float32)
        orders = np.zeros((len(varying), 2**self._n), dtype=np.int64)
        constants = np.zeros((len(varying), 2**self._n, 1))
        places = np.zeros((len(varying), width), dtype=np.int64)
        for row, (step, order) in enumerate(varying):
            count = step.weight_signs.shape[1]
            signs[row, :, :count] = step.weight_signs
            orders[row] = order + row * 2**self._n
            places[row, :count] = step.weight + np.arange(count)
            if step.constant is not None:
                constants[row, :, 0] = step.constant
        self._signs = torch.tensor(signs, dtype=dtype, device=device)
        self._orders = torch.tensor(orders.ravel(), device=device)
        self._constants = torch.tensor(constants, dtype=dtype, device=device)
        self._places = torch.tensor(places.ravel(), device=device)
        self._entries = {
            size: torch.tensor(entry_index(size).ravel(), device=device) for size in plan.windows
        }
        self._generators = {
            size: torch.tensor(generators(size), dtype=dtype, device=device)
            for size in plan.windows
        }

    def _tables(
        self, steps: Sequence[Step], varying: list[tuple[PhaseStep, npt.NDArray[np.int64]]]
    ) -> list[Part]:
        """Join phases with the gather after them; list those that vary with weights."""
        parts: list[Part] = []
        states = np.arange(2**self._n)
        followed = [*steps[1:], None][: len(steps)]
        for step, following in zip(steps, followed, strict=True):
            if isinstance(step, Rotate | DenseStep):
                parts.append(step)
            elif isinstance(step, PhaseStep):
                order = following.index if isinstance(following, Gather) else states
                moves = _Moves.of(order, self._device) if isinstance(following, Gather) else None
                row = len(varying) if step.weight_signs.shape[1] else None
                if row is not None:
                    varying.append((step, order))
                parts.append(self._phases(step, order, moves, row))
            elif not parts or not isinstance(parts[-1], _Phases):
                parts.append(_Moves.of(step.index, self._device))
        return parts

    def _phases(
        self,
        step: PhaseStep,
        order: npt.NDArray[np.int64],
        moves: _Moves | None,
        row: int | None,
    ) -> _Phases:
        fixed: torch.Tensor | None = None
        if step.constant is not None and row is None:
            factors = np.exp(1j * step.constant[order])[:, None]
            if abs(factors.imag).max() < 1e-15:
                fixed = torch.tensor(factors.real, dtype=self._dtype, device=self._device)
            else:
                fixed = torch.tensor(factors, dtype=self._complex, device=self._device)
        count = step.sample_signs.shape[1]
        after = before = None
        if count:
            ordered = step.sample_signs[order]
            after = torch.tensor(ordered, dtype=self._dtype, device=self._device)
            before = torch.tensor(step.sample_signs.T, dtype=self._dtype, device=self._device)
        return _Phases(moves, fixed, row, slice(step.sample, step.sample + count), after, before)

    def prepare(self, u: torch.Tensor, kernels: Kernels) -> Prepared:
        """Build every matrix and factor that depends on weights only, for ``u (M, T)``."""
        windows = {}
        for size, (offset, count) in self._windows.items():
            half = u[:, offset : offset + size * count].view(-1, count, size)
            windows[size] = kernels.turns(half, self._entries[size])
        factors: dict[int, torch.Tensor] = {}
        if self._varying:
            chosen = u.index_select(1, self._places).view(u.shape[0], len(self._signs), -1)
            angles = torch.baddbmm(self._constants, self._signs, chosen.permute(1, 2, 0))
            polar = torch.polar(torch.ones_like(angles), angles).flatten(0, 1)
            ordered = polar.index_select(0, self._orders).view(angles.shape)
            columns = ordered.mT.unsqueeze(-1).unbind(0)
            factors = dict(zip(self._varying, columns, strict=True))
        return Prepared(u.shape[0], windows, factors)

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
        for number, part in enumerate(self._parts):
            keep: Saved = (None, None)
            if isinstance(part, Rotate):
                matrices = [prepared.windows[w.size][w.position] for w in part.windows]
                state = kernels.multiply(state, matrices, part.windows)
                keep = (state, None)
            elif isinstance(part, _Phases):
                factor = _factor(part, prepared.factors.get(number), phi)
                keep = (state, factor)
                if part.moves is None:
                    state = kernels.scale(state, factor)
                else:
                    state = kernels.scale_own(kernels.gather(state, part.moves.there), factor)
            elif isinstance(part, _Moves):
                state = kernels.gather(state, part.there)
            else:
                keep = (state, None)
                matrix = self._matrices[number]
                state = kernels.enter(apply_dense(kernels.leave(state), matrix, part.qubits))
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
        """Return the gradient of the initial state; collect gradients of angles in ``sums``.

        ``lam`` may be overwritten.
        """
        state = kernels.enter(lam)
        for number in range(len(self._parts) - 1, -1, -1):
            part, (psi, factor) = self._parts[number], saved[number]
            if isinstance(part, Rotate):
                if weights:
                    found = kernels.correlate(state, psi, part.windows)
                    sums.turns.update(zip(part.windows, found, strict=True))
                matrices = [prepared.windows[w.size][w.position].mT for w in part.windows]
                state = kernels.multiply(state, matrices, part.windows)
            elif isinstance(part, _Phases) and factor is not None:
                state = kernels.scale_own(state, factor.conj().resolve_conj())
                if part.moves is not None:
                    state = kernels.gather(state, part.moves.back)
                _collect_phases(number, part, state, psi, sums, kernels, weights=weights)
                state = kernels.enter(_like(kernels.leave(state), kernels.leave(psi)))
            elif isinstance(part, _Moves):
                state = kernels.gather(state, part.back)
            elif isinstance(part, DenseStep):
                matrix = self._matrices[number].mH
                moved = apply_dense(kernels.leave(state), matrix, part.qubits)
                state = kernels.enter(_like(moved, kernels.leave(psi)))
        return kernels.leave(state)

    def finish(self, sums: Sums, du: torch.Tensor) -> None:
        """Turn the collected correlations and slopes into the gradient ``du (M, T)``."""
        for size, (offset, count) in self._windows.items() if sums.turns else ():
            parts = sorted((w.position, q) for w, q in sums.turns.items() if w.size == size)
            stacked = torch.stack([correlation for _, correlation in parts], 1)
            gradient = stacked.flatten(2) @ self._generators[size]
            du[:, offset : offset + count * size] = gradient.flatten(1)
        if sums.slopes:
            slopes = torch.stack([sums.slopes[number] for number in sorted(sums.slopes)])
            gradient = torch.bmm(slopes, self._signs).transpose(0, 1).flatten(1)
            du.index_add_(1, self._places, gradient, alpha=-1)


def _factor(part: _Phases, by_weights: torch.Tensor | None, phi: torch.Tensor) -> torch.Tensor:
    """Return the factors ``(M, N, C)`` of a phase step."""
    known = part.fixed if by_weights is None else by_weights
    if part.sample_signs is None:
        assert known is not None
        return known
    angles = part.sample_signs @ phi[:, part.sample]
    factor = torch.polar(torch.ones_like(angles), angles)
    return factor if known is None else factor * known


def _collect_phases(
    number: int,
    part: _Phases,
    lam: Any,
    psi: Any,
    sums: Sums,
    kernels: Kernels,
    *,
    weights: bool,
) -> None:
    """Collect ``Im conj(lam) psi``: minus the gradient of the phase of each amplitude."""
    if weights and part.row is not None:
        sums.slopes[number] = kernels.row_slopes(lam, psi)
    if part.signs is not None and sums.dphi is not None:
        found = part.signs @ kernels.slopes(lam, psi)
        if sums.dphi.shape[0] < found.shape[0]:
            found = found.sum(0, keepdim=True)
        sums.dphi[:, part.sample] -= found


def apply_dense(psi: torch.Tensor, matrix: torch.Tensor, qubits: tuple[int, ...]) -> torch.Tensor:
    """Multiply ``(M, N, C)`` by a constant complex matrix on any qubits."""
    models, states, columns = psi.shape
    n = states.bit_length() - 1
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
