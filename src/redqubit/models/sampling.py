"""Expectation values in training: exact, or from shots with the gradient a device can measure."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from redqubit.engine import Program
from redqubit.engine.gradients import parameter_shift


class SampledExpectations:
    """Expectation values ``(M, B, K)`` of a program for samples ``(B, F)`` and weights ``(M, W)``.

    Without ``shots`` they are exact. With ``shots`` each value is estimated from that many
    repetitions, and so is every term of its parameter-shift gradient.
    """

    def __init__(self, program: Program, shots: int | None, rng: np.random.Generator) -> None:
        self.program = program
        self.shots = shots
        self.rng = rng

    def __call__(self, x: Tensor, w: Tensor) -> Tensor:
        """Return the values, differentiable in ``w``."""
        if self.shots is None:
            return self.program(x, w)
        values: Tensor = _Shots.apply(x, w, self)  # type: ignore[no-untyped-call]
        return values


class _Shots(torch.autograd.Function):
    """Sample in both directions."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, w: Tensor, values: SampledExpectations) -> Tensor:
        ctx.save_for_backward(x, w)
        ctx.values = values
        assert values.shots is not None
        return values.program.sample(x, w, values.shots, values.rng)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[None, Tensor, None]:
        x, w = ctx.saved_tensors
        values: SampledExpectations = ctx.values
        rows = [
            torch.einsum(
                "bk,bkp->p",
                gradient[m],
                parameter_shift(values.program, x, w[m], shots=values.shots, rng=values.rng).value,
            )
            for m in range(len(w))
        ]
        return None, torch.stack(rows), None


def shift_circuits(program: Program) -> int:
    """Return how many circuits the parameter shift runs for the weight gradient of one sample."""
    ideal = Program(program.lowered, ["Z" * program.n_qubits])
    x, w = torch.ones(1, program.n_features), torch.zeros(program.n_weights)
    return parameter_shift(ideal, x, w).executions * program.executions
