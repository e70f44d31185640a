"""Product states from one-qubit gates on |0...0>, and their adjoint.

Where the sample turns each qubit once, and that is all, the state is real and made in blocks of a
few qubits. Otherwise the gates act stage by stage on pairs ``(v0, v1)`` of shape ``(..., n, C)``,
with C the batch or 1, before the qubits are multiplied out. Leading axes are none or one of models;
angles of weights and samples may differ in that, and broadcast.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import torch

from redqubit.engine.plan import Stage, window_sizes

Pair = tuple[torch.Tensor, torch.Tensor]
ONE_BLOCK = 5


@dataclass
class Trace:
    """What the adjoint needs: values before every stage, its factors, blocks, outer products."""

    before: list[Pair] = field(default_factory=list)
    factors: list[Pair] = field(default_factory=list)
    blocks: list[torch.Tensor] = field(default_factory=list)
    outer: list[Pair] = field(default_factory=list)


@dataclass(frozen=True)
class _Block:
    """Tables for the product of ``size`` qubits from ``low`` on."""

    size: int
    low: int
    rows: torch.Tensor
    flips: torch.Tensor
    signs: torch.Tensor

    @classmethod
    def of(cls, size: int, low: int, n: int, dtype: torch.dtype, device: torch.device) -> _Block:
        """Build the tables: factors are rows ``cos`` of all n qubits, then rows ``sin``."""
        states, qubits = np.arange(2**size), np.arange(size)[:, None]
        bits = states >> qubits & 1
        return cls(
            size,
            low,
            torch.tensor((bits * n + low + qubits).ravel(), device=device),
            torch.tensor((states ^ (1 << qubits)).ravel(), device=device),
            torch.tensor(2.0 * bits - 1.0, dtype=dtype, device=device).unsqueeze(-1),
        )


class ProductStart:
    """Apply stages to all qubits at once and multiply the qubits out."""

    def __init__(
        self, stages: Sequence[Stage], n: int, dtype: torch.dtype, device: torch.device
    ) -> None:
        self._stages = stages
        self._n = n
        self._blocks: list[_Block] = []
        if len(stages) == 1 and stages[0].weight is None:
            low = 0
            for size in (n,) if n <= ONE_BLOCK else window_sizes(n):
                self._blocks.append(_Block.of(size, low, n, dtype, device))
                low += size

    @property
    def single(self) -> int | None:
        """Return the offset of the samples' angles where they turn each qubit once, else None."""
        return (self._stages[0].sample or 0) if self._blocks else None

    def __call__(self, u: torch.Tensor, phi: torch.Tensor, trace: Trace) -> torch.Tensor:
        """Return states ``(..., 2^n, C)`` for weight angles (..., T) and samples' (..., T, B)."""
        if self._blocks:
            return self._turned(phi, trace)
        v0, v1 = self._staged(u, phi, trace)
        return _multiply(torch.stack((v0, v1), -2), trace)

    def adjoint(
        self, lam: torch.Tensor, trace: Trace, du: torch.Tensor | None, dphi: torch.Tensor | None
    ) -> None:
        """Add the gradients of the angles to ``du (..., T)`` and ``dphi (..., T, B)``."""
        if self._blocks:
            if dphi is not None:
                self._turned_adjoint(lam, trace, dphi)
        else:
            self._staged_adjoint(_divide(lam, trace), trace, du, dphi)

    def _turned(self, phi: torch.Tensor, trace: Trace) -> torch.Tensor:
        first = self._stages[0].sample or 0
        half = phi[..., first : first + self._n, :]
        factors = torch.cat((half.cos(), half.sin()), -2)
        total: torch.Tensor | None = None
        for block in self._blocks:
            picked = factors.index_select(-2, block.rows)
            shape = (*half.shape[:-2], block.size, 1 << block.size, half.shape[-1])
            made = picked.view(shape).prod(-3)
            trace.blocks.append(made)
            total = made if total is None else _outer(made, total, trace)
        assert total is not None
        return total

    def _turned_adjoint(self, lam: torch.Tensor, trace: Trace, dphi: torch.Tensor) -> None:
        gradients = []
        for high, low in reversed(trace.outer):
            square = lam.view(*lam.shape[:-2], high.shape[-2], low.shape[-2], -1)
            gradients.append((square * low.unsqueeze(-3)).sum(-2))
            lam = (square * high.unsqueeze(-2)).sum(-3)
        gradients.append(lam)
        first = self._stages[0].sample or 0
        for block, gradient, made in zip(
            self._blocks, reversed(gradients), trace.blocks, strict=True
        ):
            # d cos = -sin, d sin = cos: the other amplitude of the qubit, with a sign
            other = made.index_select(-2, block.flips)
            other = other.view(*made.shape[:-2], block.size, *made.shape[-2:])
            slopes = (other * block.signs * gradient.unsqueeze(-3)).sum(-2)
            start = first + block.low
            dphi[..., start : start + block.size, :] += slopes

    def _staged(self, u: torch.Tensor, phi: torch.Tensor, trace: Trace) -> Pair:
        v1 = u.new_zeros(self._n, 1)
        v0 = v1 + 1
        for position, stage in enumerate(self._stages):
            angle = self._angle(stage, u, phi)
            trace.before.append((v0, v1))
            if stage.kind == "turn":
                cos, sin = angle.cos(), angle.sin()
                trace.factors.append((cos, sin))
                if position == 0:
                    v0, v1 = cos, sin
                else:
                    v0, v1 = cos * v0 - sin * v1, sin * v0 + cos * v1
            else:
                factor = torch.polar(torch.ones_like(angle), angle)
                trace.factors.append((factor, factor))
                v1 = v1 * factor
        v0, v1 = torch.broadcast_tensors(v0, v1)  # type: ignore[no-untyped-call]
        return (v0 if v0.dtype == v1.dtype else v0.to(v1.dtype)), v1

    def _angle(self, stage: Stage, u: torch.Tensor, phi: torch.Tensor) -> torch.Tensor:
        n = self._n
        if stage.weight is None:
            assert stage.sample is not None
            return phi[..., stage.sample : stage.sample + n, :]
        angle = u[..., stage.weight : stage.weight + n, None]
        if stage.sample is None:
            return angle
        return angle + phi[..., stage.sample : stage.sample + n, :]

    def _staged_adjoint(
        self,
        lam: torch.Tensor,
        trace: Trace,
        du: torch.Tensor | None,
        dphi: torch.Tensor | None,
    ) -> None:
        l0, l1 = lam.unbind(-2)
        for position in range(len(self._stages) - 1, -1, -1):
            stage, (v0, v1) = self._stages[position], trace.before[position]
            a, b = trace.factors[position]
            if stage.kind == "turn":
                l0, l1 = a * l0 + b * l1, a * l1 - b * l0
                gradient = _real_dot(l1, v0) - _real_dot(l0, v1)
            else:
                l1 = a.conj() * l1
                gradient = -(l1.conj() * v1).imag
                if not v1.is_complex():
                    l1 = l1.real
                if not v0.is_complex():
                    l0 = l0.real
            self._collect(stage, gradient, du, dphi)
            l0, l1 = l0.sum_to_size(v0.shape), l1.sum_to_size(v1.shape)

    def _collect(
        self,
        stage: Stage,
        gradient: torch.Tensor,
        du: torch.Tensor | None,
        dphi: torch.Tensor | None,
    ) -> None:
        n = self._n
        if stage.weight is not None and du is not None:
            du[..., stage.weight : stage.weight + n] += gradient.sum(-1)
        if stage.sample is not None and dphi is not None:
            part = dphi[..., stage.sample : stage.sample + n, :]
            part += gradient.sum_to_size(part.shape)


def _real_dot(left: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
    """Return Re(conj(left) right)."""
    if left.is_complex():
        return (left.conj() * right).real
    return left * right


def _outer(high: torch.Tensor, low: torch.Tensor, trace: Trace) -> torch.Tensor:
    trace.outer.append((high, low))
    return (high.unsqueeze(-2) * low.unsqueeze(-3)).flatten(-3, -2)


def _multiply(blocks: torch.Tensor, trace: Trace) -> torch.Tensor:
    """Multiply ``(..., n, 2, C)`` to ``(..., 2^n, C)``: first pairs, then row by row."""
    while blocks.shape[-3] % 2 == 0:
        high, low = blocks[..., 1::2, :, :], blocks[..., 0::2, :, :]
        blocks = _outer(high, low, trace)
    rows = blocks.unbind(-3)
    total = rows[0]
    for row in rows[1:]:
        total = _outer(row, total, trace)
    return total


def _divide(lam: torch.Tensor, trace: Trace) -> torch.Tensor:
    """Return the adjoint of `_multiply`: the gradient ``(..., n, 2, C)`` of the blocks."""
    rest: list[torch.Tensor] = []
    outer = list(trace.outer)
    rows = lam.dim()
    while outer and outer[-1][0].dim() == rows:
        high, low = outer.pop()
        to_high, lam = _divide_outer(lam, high, low)
        rest.append(to_high)
    blocks = torch.stack([lam, *reversed(rest)], -3)
    while outer:
        blocks = torch.stack(_divide_outer(blocks, *outer.pop())[::-1], -3).flatten(-4, -3)
    return blocks


def _divide_outer(
    lam: torch.Tensor, high: torch.Tensor, low: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the gradients of both factors of an outer product."""
    square = lam.reshape(*lam.shape[:-2], high.shape[-2], low.shape[-2], -1)
    to_high = (square * low.conj().unsqueeze(-3)).sum(-2)
    return to_high, (square * high.conj().unsqueeze(-2)).sum(-3)
