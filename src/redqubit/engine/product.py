"""Product states from one-qubit gates on |0...0>, and their adjoint."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch

from redqubit.engine.plan import Stage

Pair = tuple[torch.Tensor, torch.Tensor]


@dataclass
class Trace:
    """What the adjoint needs: the values before and after every stage and every outer product."""

    before: list[Pair] = field(default_factory=list)
    factors: list[Pair] = field(default_factory=list)
    outer: list[Pair] = field(default_factory=list)


class ProductStart:
    """Apply stages to all qubits at once and multiply the qubits out.

    Vectors are kept as pairs ``(v0, v1)`` of shape ``(m, n, C)``, with C the batch or 1.
    """

    def __init__(self, stages: Sequence[Stage], n: int) -> None:
        self._stages = stages
        self._n = n

    def __call__(self, u: torch.Tensor, phi: torch.Tensor, trace: Trace) -> torch.Tensor:
        """Return states ``(m, 2^n, C)`` for weight angles (M, T) and sample angles (m, T, B)."""
        n = self._n
        v1 = u.new_zeros(1, n, 1)
        v0 = v1 + 1
        for position, stage in enumerate(self._stages):
            angle = self._angle(stage, u, phi)
            if stage.kind == "turn":
                half = angle * 0.5
                cos, sin = half.cos(), half.sin()
                trace.before.append((v0, v1))
                trace.factors.append((cos, sin))
                if position == 0:
                    v0, v1 = cos, sin
                else:
                    v0, v1 = cos * v0 - sin * v1, sin * v0 + cos * v1
            else:
                factor = torch.complex(angle.cos(), angle.sin())
                trace.before.append((v0, v1))
                trace.factors.append((factor, factor))
                v1 = v1 * factor
        v0, v1 = torch.broadcast_tensors(v0, v1)  # type: ignore[no-untyped-call]
        if v0.dtype != v1.dtype:
            v0 = v0.to(v1.dtype)
        return _multiply(torch.stack((v0, v1), 2), trace)

    def _angle(self, stage: Stage, u: torch.Tensor, phi: torch.Tensor) -> torch.Tensor:
        n = self._n
        if stage.weight is None:
            assert stage.sample is not None
            return phi[:, stage.sample : stage.sample + n]
        angle = u[:, stage.weight : stage.weight + n, None]
        if stage.sample is None:
            return angle
        return angle + phi[:, stage.sample : stage.sample + n]

    def adjoint(
        self, lam: torch.Tensor, trace: Trace, du: torch.Tensor | None, dphi: torch.Tensor | None
    ) -> None:
        """Add the gradients of the angles to ``du (M, T)`` and ``dphi (m, T, B)``."""
        l0, l1 = _divide(lam, trace).unbind(2)
        for position in range(len(self._stages) - 1, -1, -1):
            stage, (v0, v1) = self._stages[position], trace.before[position]
            a, b = trace.factors[position]
            if stage.kind == "turn":
                r0, r1 = a * l0 + b * l1, a * l1 - b * l0
                gradient = (_real_dot(r1, v0) - _real_dot(r0, v1)) * 0.5
                l0, l1 = r0, r1
            else:
                l1 = a.conj() * l1
                gradient = -(l1.conj() * v1).imag
                if not v1.is_complex():
                    l1 = l1.real
                if not v0.is_complex():
                    l0 = l0.real
            self._collect(stage, gradient, du, dphi)
            l0, l1 = _reduce_to(l0, v0), _reduce_to(l1, v1)

    def _collect(
        self,
        stage: Stage,
        gradient: torch.Tensor,
        du: torch.Tensor | None,
        dphi: torch.Tensor | None,
    ) -> None:
        n = self._n
        if stage.weight is not None and du is not None:
            du[:, stage.weight : stage.weight + n] += gradient.sum(-1)
        if stage.sample is not None and dphi is not None:
            part = gradient.sum(0, keepdim=True) if dphi.shape[0] < gradient.shape[0] else gradient
            dphi[:, stage.sample : stage.sample + n] += part


def _real_dot(left: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
    """Return Re(conj(left) right)."""
    if left.is_complex():
        return (left.conj() * right).real
    return left * right


def _reduce_to(value: torch.Tensor, like: torch.Tensor) -> torch.Tensor:
    """Sum a gradient over the axes along which ``like`` was broadcast."""
    for axis in (0, -1):
        if like.shape[axis] < value.shape[axis]:
            value = value.sum(axis, keepdim=True)
    return value


def _multiply(blocks: torch.Tensor, trace: Trace) -> torch.Tensor:
    """Multiply ``(m, n, 2, C)`` to ``(m, 2^n, C)``: pairs while the count is even, then rows."""
    while blocks.shape[1] % 2 == 0:
        high, low = blocks[:, 1::2], blocks[:, 0::2]
        trace.outer.append((high, low))
        blocks = (high.unsqueeze(3) * low.unsqueeze(2)).flatten(2, 3)
    total = blocks[:, 0]
    for position in range(1, blocks.shape[1]):
        high = blocks[:, position]
        trace.outer.append((high, total))
        total = (high.unsqueeze(2) * total.unsqueeze(1)).flatten(1, 2)
    return total


def _divide(lam: torch.Tensor, trace: Trace) -> torch.Tensor:
    """Return the adjoint of `_multiply`: the gradient ``(m, n, 2, C)`` of the blocks."""
    rest: list[torch.Tensor] = []
    outer = list(trace.outer)
    while outer and outer[-1][0].dim() == 3:
        high, low = outer.pop()
        square = lam.reshape(-1, high.shape[1], low.shape[1], lam.shape[-1])
        rest.append((square * low.conj().unsqueeze(1)).sum(2))
        lam = (square * high.conj().unsqueeze(2)).sum(1)
    blocks = torch.stack([lam, *reversed(rest)], 1)
    while outer:
        high, low = outer.pop()
        square = blocks.reshape(*blocks.shape[:2], high.shape[2], low.shape[2], -1)
        pair = (
            (square * high.conj().unsqueeze(3)).sum(2),
            (square * low.conj().unsqueeze(2)).sum(3),
        )
        blocks = torch.stack(pair, 2).flatten(1, 2)
    return blocks
