"""Product states from one-qubit gates on |0...0>, in torch.

The gates act stage by stage on pairs ``(v0, v1)`` of shape ``(..., n, C)``, with C the batch or 1,
before the qubits are multiplied out. Leading axes are none or one of models; angles of weights and
samples may differ in that, and broadcast.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch

from redqubit.engine.plan import Stage


class ProductStart:
    """Apply stages to all qubits at once and multiply the qubits out."""

    def __init__(self, stages: Sequence[Stage], n: int) -> None:
        self.stages, self.n = tuple(stages), n

    def __call__(self, u: torch.Tensor, phi: torch.Tensor) -> torch.Tensor:
        """Return states ``(..., 2^n, C)`` for weight angles (..., T) and samples' (..., T, B)."""
        v1 = u.new_zeros(self.n, 1)
        v0 = v1 + 1
        for position, stage in enumerate(self.stages):
            angle = self._angle(stage, u, phi)
            if stage.kind == "phase":
                v1 = v1 * torch.polar(torch.ones_like(angle), angle)
            elif position == 0:
                v0, v1 = angle.cos(), angle.sin()
            else:
                cos, sin = angle.cos(), angle.sin()
                v0, v1 = cos * v0 - sin * v1, sin * v0 + cos * v1
        v0, v1 = torch.broadcast_tensors(v0, v1)  # type: ignore[no-untyped-call]
        if v0.dtype != v1.dtype:
            v0 = v0.to(v1.dtype)
        return _multiply(torch.stack((v0, v1), -2))

    def _angle(self, stage: Stage, u: torch.Tensor, phi: torch.Tensor) -> torch.Tensor:
        n = self.n
        if stage.weight is None:
            assert stage.sample is not None
            return phi[..., stage.sample : stage.sample + n, :]
        angle = u[..., stage.weight : stage.weight + n, None]
        if stage.sample is None:
            return angle
        return angle + phi[..., stage.sample : stage.sample + n, :]


def _multiply(blocks: torch.Tensor) -> torch.Tensor:
    """Multiply ``(..., n, 2, C)`` to ``(..., 2^n, C)``: first in pairs, then one by one."""
    while blocks.shape[-3] % 2 == 0:
        blocks = _outer(blocks[..., 1::2, :, :], blocks[..., 0::2, :, :])
    rows = blocks.unbind(-3)
    total = rows[0]
    for row in rows[1:]:
        total = _outer(row, total)
    return total


def _outer(high: torch.Tensor, low: torch.Tensor) -> torch.Tensor:
    return (high.unsqueeze(-2) * low.unsqueeze(-3)).flatten(-3, -2)
