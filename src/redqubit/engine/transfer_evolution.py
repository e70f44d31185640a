"""Steps applied to a block of Pauli vectors, forward or backward in time, with their adjoint."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from redqubit.engine.transfer_schedule import Schedule

CHUNK_ELEMENTS = 2**20  # columns are taken together up to about the size of a core's cache


@dataclass(frozen=True)
class Move:
    """One step as data movement: bring the wires of the step to the front, multiply.

    ``shape`` are the sizes of the wires as they lie before the move, ``axes`` their new order.
    ``rows`` and ``columns`` are the sizes of the step's wires after and before it in time: 4, or
    less where only the first entries of the matrix are needed. ``inside`` and ``outside`` are
    their products on the side the move comes from and goes to.
    """

    group: int
    position: int
    shape: tuple[int, ...]
    axes: tuple[int, ...]
    rows: tuple[int, ...]
    columns: tuple[int, ...]
    inside: int
    outside: int

    @property
    def whole(self) -> bool:
        """Return whether the whole matrix is needed."""
        return min(*self.rows, *self.columns) == 4


@dataclass(frozen=True)
class Route:
    """All moves of one picture, and how the wires lie at the end (most significant first).

    ``first`` are the sizes of wires n-1, ..., 0 before the first move, ``sizes`` those after the
    last one, in ``order``; ``largest`` is the most rows a block has on the way.
    """

    moves: tuple[Move, ...]
    backward: bool
    first: tuple[int, ...]
    order: tuple[int, ...]
    sizes: tuple[int, ...]
    largest: int

    def operations(self, columns: int) -> float:
        """Return the multiply-adds for a block of ``columns`` vectors."""
        return float(columns) * sum(math.prod(move.shape) * move.outside for move in self.moves)


def route(
    schedule: Schedule,
    places: Sequence[tuple[int, int]],
    active: frozenset[int],
    *,
    backward: bool,
) -> Route:
    """Plan the moves of a schedule, forward (states) or backward (observables) in time.

    ``active`` are the wires on which some observable is not the identity. What does not influence
    them is left out: every step keeps the trace, so backward in time it maps identity to identity.
    Forward, a wire has the size of its start until its first step; backward, from it on.
    """
    reach, needed = set(active), []
    for step, place in zip(reversed(schedule.steps), reversed(places), strict=True):
        if reach & set(step.qubits):
            needed.append((step, place, frozenset(reach)))
            reach |= set(step.qubits)
    order = list(range(schedule.n_qubits))[::-1]
    if backward:
        sizes = [4 if wire in active else 1 for wire in range(schedule.n_qubits)]
    else:
        needed.reverse()
        sizes = [start.size if wire in reach else 1 for wire, start in enumerate(schedule.starts)]
    first = tuple(sizes[wire] for wire in order)
    moves, largest = [], math.prod(sizes)
    for step, (group, position), influenced in needed:
        front = list(step.qubits[::-1])
        columns = tuple(step.sizes[::-1])
        rows = tuple(4 if wire in influenced or not backward else 1 for wire in front)
        after = front + [wire for wire in order if wire not in front]
        goes, comes = (columns, rows) if backward else (rows, columns)
        moves.append(
            Move(
                group,
                position,
                tuple(sizes[wire] for wire in order),
                tuple(order.index(wire) for wire in after),
                rows,
                columns,
                math.prod(comes),
                math.prod(goes),
            )
        )
        for wire, size in zip(front, goes, strict=True):
            sizes[wire] = size
        order = after
        largest = max(largest, math.prod(sizes))
    ends = tuple(sizes[wire] for wire in order)
    return Route(tuple(moves), backward, first, tuple(order), ends, largest)


def evolve(
    plan: Route,
    block: torch.Tensor,
    matrices: Sequence[torch.Tensor],
    phases: Sequence[torch.Tensor],
    *,
    saved: int | None = None,
) -> torch.Tensor:
    """Apply all moves of ``plan`` to ``block (M, rows, columns)``.

    Parameters
    ----------
    block
        Pauli vectors of states (forward) or coefficients of observables (backward), one a column.
    matrices
        Groups of step matrices: (N, M, D, D) shared, then (N, M, m, D, D) sampled.
    phases
        ``phi (N, M or 1, m, columns)`` of each sampled group, in the same order.
    saved
        How many blocks to keep for the gradient; fewer are recomputed. None keeps all.
    """
    every = 1 if saved is None else max(1, math.ceil(len(plan.moves) / max(1, saved)))
    width = max(1, CHUNK_ELEMENTS // max(1, plan.largest * len(block)))
    if width >= block.shape[-1]:
        return _evolve(plan, every, block, matrices, phases)
    starts = range(0, block.shape[-1], width)
    pieces = [
        _evolve(
            plan,
            every,
            block[..., first : first + width].contiguous(),
            matrices,
            [phase[..., first : first + width] for phase in phases],
        )
        for first in starts
    ]
    return torch.cat(pieces, dim=-1)


def _evolve(
    plan: Route,
    every: int,
    block: torch.Tensor,
    matrices: Sequence[torch.Tensor],
    phases: Sequence[torch.Tensor],
) -> torch.Tensor:
    """Apply all moves to one block in the way that its gradient asks for."""
    tensors = (block, *matrices, *phases)
    if any(torch._C._functorch.is_functorch_wrapped_tensor(tensor) for tensor in tensors):
        return _plain(plan, block, _Tape(len(matrices), tensors[1:]))
    if not torch.is_grad_enabled() or not any(tensor.requires_grad for tensor in tensors):
        return _run(plan, block, _Tape(len(matrices), tensors[1:]))
    run: Callable[..., torch.Tensor] = _Evolve.apply
    return run(plan, every, len(matrices), *tensors)


class _Tape:
    """The tensors of one call: matrices and phases by group."""

    def __init__(self, n_matrices: int, tensors: Sequence[torch.Tensor]) -> None:
        self.matrices = tensors[:n_matrices]
        self.first_sampled = n_matrices - (len(tensors) - n_matrices)
        self.phases = tensors[n_matrices:]

    def phase(self, move: Move) -> torch.Tensor | None:
        """Return ``phi (M or 1, m, columns)`` of a sampled move, else None."""
        group = move.group - self.first_sampled
        return self.phases[group][move.position] if group >= 0 else None

    def matrix(self, move: Move) -> torch.Tensor:
        """Return the matrix (M, [m,] full, small) of a move, cut to the sizes of its wires."""
        matrix = self.matrices[move.group][move.position]
        if move.whole:
            return matrix
        return _window(matrix, move).reshape(
            *matrix.shape[:-2], math.prod(move.rows), math.prod(move.columns)
        )


def _window(matrix: torch.Tensor, move: Move) -> torch.Tensor:
    """Return the view of a matrix (..., D, D) with the first entries of each wire only."""
    sizes = (*move.rows, *move.columns)
    wide = matrix.view(*matrix.shape[:-2], *[4] * len(sizes))
    for axis, size in enumerate(sizes, start=-len(sizes)):
        if size < 4:
            wide = wide.narrow(axis, 0, size)
    return wide


def _gather(move: Move, block: torch.Tensor) -> torch.Tensor:
    """Bring the wires of a move to the front: (M, inside, rest x columns)."""
    models, _, columns = block.shape
    axes = (0, *(axis + 1 for axis in move.axes), len(move.axes) + 1)
    wide = block.view(models, *move.shape, columns).permute(axes)
    return wide.reshape(models, move.inside, -1)


def _scatter(move: Move, gradient: torch.Tensor, columns: int) -> torch.Tensor:
    """Undo `_gather` for a gradient: (M, rows, columns)."""
    models = gradient.shape[0]
    inverse = [0] * len(move.axes)
    for new, old in enumerate(move.axes):
        inverse[old] = new
    axes = (0, *(axis + 1 for axis in inverse), len(inverse) + 1)
    wide = gradient.view(models, *(move.shape[axis] for axis in move.axes), columns)
    return wide.permute(axes).reshape(models, -1, columns)


def _apply(plan: Route, tape: _Tape, move: Move, front: torch.Tensor, columns: int) -> torch.Tensor:
    """Multiply a gathered block; the result is (M, rows, columns)."""
    matrix, phase = tape.matrix(move), tape.phase(move)
    if plan.backward:
        matrix = matrix.mT
    if phase is None:
        return torch.bmm(matrix, front).view(front.shape[0], -1, columns)
    models, terms, outside, inside = matrix.shape
    stacked = torch.bmm(matrix.reshape(models, terms * outside, inside), front)
    stacked = stacked.view(models, terms, -1, columns)
    return (stacked * phase.unsqueeze(2)).sum(1)


def _plain(plan: Route, block: torch.Tensor, tape: _Tape) -> torch.Tensor:
    """Apply all moves under plain autograd: any derivative, and transforms of ``torch.func``."""
    columns = block.shape[-1]
    for move in plan.moves:
        block = _apply(plan, tape, move, _gather(move, block), columns)
    return block


def _run(plan: Route, block: torch.Tensor, tape: _Tape) -> torch.Tensor:
    """Apply all moves with two buffers: fresh memory for every move would cost more than it."""
    models, _, columns = block.shape
    buffers = [block.new_empty(models * plan.largest * columns) for _ in range(2)]
    for move in plan.moves:
        rows = math.prod(move.shape)
        gathered = buffers[0][: models * rows * columns]
        axes = (0, *(axis + 1 for axis in move.axes), len(move.axes) + 1)
        wide = block.view(models, *move.shape, columns).permute(axes)
        front = gathered.view(wide.shape).copy_(wide).view(models, move.inside, -1)
        if tape.phase(move) is not None:
            block = _apply(plan, tape, move, front, columns)
            continue
        matrix = tape.matrix(move)
        rest = front.shape[-1]
        target = buffers[1][: models * move.outside * rest].view(models, move.outside, rest)
        torch.bmm(matrix.mT if plan.backward else matrix, front, out=target)
        block = target.view(models, -1, columns)
    return block.clone() if block.numel() < plan.largest * models * columns else block


class _Evolve(torch.autograd.Function):
    """All moves with the adjoint as backward, and plain autograd for the second derivative."""

    @staticmethod
    def forward(
        ctx: Any, plan: Route, every: int, n_matrices: int, block: torch.Tensor, *rest: torch.Tensor
    ) -> torch.Tensor:
        tape, columns = _Tape(n_matrices, rest), block.shape[-1]
        kept, start = [], block
        for number, move in enumerate(plan.moves):
            if number % every == 0 and every > 1:
                kept.append(block)
            front = _gather(move, block)
            if every == 1:
                kept.append(front)
            block = _apply(plan, tape, move, front, columns)
        ctx.plan, ctx.every, ctx.n_matrices, ctx.columns = plan, every, n_matrices, columns
        ctx.n_kept = len(kept)
        ctx.save_for_backward(*kept, start, *rest)
        return block

    @staticmethod
    def backward(ctx: Any, gradient: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        saved = ctx.saved_tensors
        kept, inputs = saved[: ctx.n_kept], saved[ctx.n_kept :]
        rest = inputs[1:]
        plan, tape = ctx.plan, _Tape(ctx.n_matrices, rest)
        if torch.is_grad_enabled():
            needs = ctx.needs_input_grad[3:]
            block = _plain(plan, inputs[0], tape)
            chosen = [tensor for tensor, need in zip(inputs, needs, strict=True) if need]
            found = iter(
                torch.autograd.grad(block, chosen, gradient, create_graph=True, allow_unused=True)
            )
            return (None, None, None, *(next(found) if need else None for need in needs))
        wanted = ctx.needs_input_grad[4:]
        gradients = [
            torch.zeros_like(tensor, memory_format=torch.contiguous_format) if want else None
            for tensor, want in zip(rest, wanted, strict=True)
        ]
        adjoint = _Adjoint(plan, tape, gradients, ctx.columns)
        gradient = gradient.contiguous()
        for first in reversed(range(0, len(plan.moves), ctx.every)):
            moves = plan.moves[first : first + ctx.every]
            if ctx.every == 1:
                fronts = [kept[first]]
            else:
                fronts = adjoint.recompute(moves, kept[first // ctx.every])
            for move, front in zip(reversed(moves), reversed(fronts), strict=True):
                last = first == 0 and move is moves[0]
                gradient = adjoint.step(move, front, gradient, ctx.needs_input_grad[3] or not last)
        return None, None, None, gradient if ctx.needs_input_grad[3] else None, *gradients


class _Adjoint:
    """Carry a gradient back through the moves and collect those of matrices and phases."""

    def __init__(
        self,
        plan: Route,
        tape: _Tape,
        gradients: Sequence[torch.Tensor | None],
        columns: int,
    ) -> None:
        self._plan, self._tape, self._columns = plan, tape, columns
        self._matrices = gradients[: len(tape.matrices)]
        self._phases = gradients[len(tape.matrices) :]

    def recompute(self, moves: Sequence[Move], block: torch.Tensor) -> list[torch.Tensor]:
        """Return the gathered blocks of a stretch of moves from the block before it."""
        fronts = []
        for move in moves:
            fronts.append(_gather(move, block))
            if move is not moves[-1]:
                block = _apply(self._plan, self._tape, move, fronts[-1], self._columns)
        return fronts

    def step(
        self, move: Move, front: torch.Tensor, gradient: torch.Tensor, onward: bool
    ) -> torch.Tensor:
        """Add the gradients of one move; return that of its input (of no use if not ``onward``)."""
        matrix, phase = self._tape.matrix(move), self._tape.phase(move)
        models = front.shape[0]
        if phase is None:
            gradient = gradient.reshape(models, move.outside, -1)
            self._add(move, gradient, front, matrix)
            if not onward:
                return gradient
            back = torch.bmm(matrix if self._plan.backward else matrix.mT, gradient)
            return _scatter(move, back, self._columns)
        terms = matrix.shape[1]
        tall = matrix.reshape(models, terms * move.outside, move.inside)
        phase_gradient = self._phases[move.group - self._tape.first_sampled]
        if phase_gradient is not None:
            stacked = torch.bmm(tall, front).view(models, terms, -1, self._columns)
            total = (stacked * gradient.unsqueeze(1)).sum(2)
            if phase.shape[0] != models:
                total = total.sum(0, keepdim=True)
            phase_gradient[move.position].copy_(total)
        spread = gradient.unsqueeze(1) * phase.unsqueeze(2)
        spread = spread.reshape(models, terms * move.outside, -1)
        self._add(move, spread, front, matrix)
        if not onward:
            return gradient
        return _scatter(move, torch.bmm(tall.mT, spread), self._columns)

    def _add(
        self, move: Move, gradient: torch.Tensor, front: torch.Tensor, matrix: torch.Tensor
    ) -> None:
        total = self._matrices[move.group]
        if total is None:
            return
        left, right = (front, gradient) if self._plan.backward else (gradient, front)
        product = torch.bmm(left, right.mT).reshape(matrix.shape)
        target = total[move.position]
        if move.whole:
            target.copy_(product)
        else:
            window = _window(target, move)
            window.copy_(product.view(window.shape))
