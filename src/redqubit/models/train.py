"""The training loop: mini-batches, early stop, and one pass for several models."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Literal, Protocol, get_args

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from redqubit.core.errors import InputError, unknown
from redqubit.models.model import FloatArray
from redqubit.models.optimizers import Optimizer

LossName = Literal["cross_entropy", "mse"]
Watch = Callable[[int, FloatArray, Tensor], bool]


class BatchLoss(Protocol):
    """The mean loss ``(...)`` of the samples ``rows`` ``(B,)`` for parameters ``(..., P)``."""

    def __call__(self, theta: Tensor, rows: Tensor) -> Tensor:
        """Return it, differentiable in ``theta``."""
        ...


def sample_losses(logits: Tensor, codes: Tensor, loss: LossName) -> Tensor:
    """Return the losses ``(..., B)`` of logits ``(..., B, C)`` for class codes ``(..., B)``.

    ``mse`` is the squared distance to +1 for the true class and -1 for the others, averaged over
    classes: the ends of the range of an expectation value.
    """
    if loss not in get_args(LossName):
        raise unknown("loss", str(loss), get_args(LossName))
    codes = codes.expand(logits.shape[:-1])
    if loss == "cross_entropy":
        chosen = logits.gather(-1, codes.unsqueeze(-1)).squeeze(-1)
        return logits.logsumexp(-1) - chosen
    target = torch.full_like(logits, -1.0).scatter_(-1, codes.unsqueeze(-1), 1.0)
    return (logits - target).square().mean(-1)


def minimize(
    theta: Tensor,
    loss: BatchLoss,
    optimizer: Optimizer,
    rng: np.random.Generator,
    *,
    samples: int,
    batch_size: int,
    epochs: int,
    threshold: float | None = None,
    watch: Watch | None = None,
) -> tuple[Tensor, list[FloatArray]]:
    """Train parameters ``(..., P)``; return them and the mean losses ``(...)`` of each epoch.

    Parameters
    ----------
    rng
        Draws the order of samples; every model sees the same batches.
    samples
        How many samples there are.
    threshold
        A model whose mean loss over an epoch falls below it is left alone from then on.
    watch
        Called after each epoch with its number, losses and parameters; True ends the training.

    Raises
    ------
    InputError
        The loss is no longer finite.
    """
    active = torch.ones(theta.shape[:-1], dtype=torch.bool, device=theta.device)
    curve: list[FloatArray] = []
    for epoch in range(epochs):
        order = torch.as_tensor(rng.permutation(samples), device=theta.device)
        total = torch.zeros(theta.shape[:-1], dtype=theta.dtype, device=theta.device)
        for start in range(0, samples, batch_size):
            batch = order[start : start + batch_size]
            moved, losses = optimizer.step(theta, partial(loss, rows=batch))
            theta = moved if threshold is None else torch.where(active[..., None], moved, theta)
            total += losses * len(batch)
        mean: NDArray[np.float64] = (total / samples).double().cpu().numpy()
        if not np.isfinite(mean).all():
            raise InputError(
                f"the loss became {mean} in epoch {epoch + 1}; lower the learning rate"
            )
        curve.append(mean)
        if watch is not None and watch(epoch, mean, theta):
            break
        if threshold is not None:
            active &= torch.as_tensor(mean >= threshold, device=theta.device)
            if not active.any():
                break
    return theta, curve
