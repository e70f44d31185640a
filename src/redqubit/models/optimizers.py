"""Optimizers as pure steps on one flat tensor; several models may share it as rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, Protocol, get_args

import numpy as np
import torch
from torch import Tensor

from redqubit.core.errors import InputError, unknown

Loss = Callable[[Tensor], Tensor]


class Optimizer(Protocol):
    """Improves parameters ``(..., P)`` by one step; keeps its moments from step to step."""

    def step(self, theta: Tensor, loss: Loss) -> tuple[Tensor, Tensor]:
        """Return new parameters and the losses ``(...)`` seen in this step, one for each model."""
        ...


class Adam:
    """Adam, or with ``amsgrad`` the variant whose step sizes never grow again.

    Source: Kingma, Ba, arXiv:1412.6980, algorithm 1; Reddi, Kale, Kumar, ICLR 2018, arXiv:
    1904.09237, algorithm 2, with the bias correction PyTorch adds to it.
    """

    def __init__(self, learning_rate: float, *, amsgrad: bool = False) -> None:
        self.learning_rate = learning_rate
        self.amsgrad = amsgrad
        self._count = 0

    def step(self, theta: Tensor, loss: Loss) -> tuple[Tensor, Tensor]:
        """Differentiate the loss once; rows of ``theta`` do not influence each other."""
        theta = theta.detach().requires_grad_()
        losses = loss(theta)
        (gradient,) = torch.autograd.grad(losses.sum(), theta)
        return self._update(theta.detach(), gradient), losses.detach()

    @torch.no_grad()
    def _update(self, theta: Tensor, gradient: Tensor) -> Tensor:
        if self._count == 0:
            self._first, self._second = torch.zeros_like(theta), torch.zeros_like(theta)
            self._largest = torch.zeros_like(theta)
        self._count += 1
        self._first = self._first.lerp(gradient, 0.1)
        self._second = self._second.lerp(gradient * gradient, 0.001)
        second = self._second
        if self.amsgrad:
            second = self._largest = torch.maximum(self._largest, second)
        rate = self.learning_rate / (1 - 0.9**self._count)
        scale = (second / (1 - 0.999**self._count)).sqrt().add_(1e-8)
        return theta - rate * self._first / scale


class SPSA:
    """Simultaneous perturbation: two loss evaluations a step, whatever the number of parameters.

    Gains ``a_k = a / (k + 10)^0.602`` and ``c_k = 0.1 / k^0.101``; ``a`` is chosen so that the
    first steps of ``learning_rate`` 0.03 are of that order.

    Source: Spall, IEEE Transactions on Aerospace and Electronic Systems 34, 817 (1998), section 3.
    """

    def __init__(self, learning_rate: float, rng: np.random.Generator) -> None:
        self.learning_rate = learning_rate
        self._rng = rng
        self._count = 0

    @torch.no_grad()
    def step(self, theta: Tensor, loss: Loss) -> tuple[Tensor, Tensor]:
        """Evaluate at ``theta + c d`` and ``theta - c d`` for random signs ``d``."""
        self._count += 1
        signs = self._rng.choice((-1.0, 1.0), size=theta.shape[-1])  # the same for every model
        direction = torch.as_tensor(signs, dtype=theta.dtype, device=theta.device)
        reach = 0.1 / self._count**0.101
        gain = self.learning_rate * 10**0.602 / (self._count + 10) ** 0.602
        plus, minus = loss(theta + reach * direction), loss(theta - reach * direction)
        slope = (plus - minus) / (2 * reach)
        return theta - gain * slope.unsqueeze(-1) * direction, (plus + minus) / 2


OptimizerName = Literal["adam", "amsgrad", "spsa"]
OPTIMIZERS: tuple[str, ...] = get_args(OptimizerName)


def make_optimizer(name: str, learning_rate: float, rng: np.random.Generator) -> Optimizer:
    """Return the optimizer called ``name``; ``rng`` draws the directions of SPSA."""
    if name not in OPTIMIZERS:
        raise unknown("optimizer", str(name), OPTIMIZERS)
    if not np.isfinite(learning_rate) or learning_rate <= 0:
        raise InputError(f"learning_rate must be a finite number > 0, got {learning_rate!r}")
    if name == "spsa":
        return SPSA(learning_rate, rng)
    return Adam(learning_rate, amsgrad=name == "amsgrad")
