"""What all torch contenders share: leaves, loss, gradients of everything, and their names."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch

from benchmarks.contenders import Prepared
from benchmarks.workload import Workload

NAMES = ("weights", "inputs", "head", "bias")


def synchronize(work: Workload) -> None:
    """Wait until the device has done what was asked of it."""
    if work.device == "cuda":
        torch.cuda.synchronize()


def leaves(work: Workload) -> list[torch.Tensor]:
    """Return weights, inputs, head and bias on the workload's device, requiring gradients."""
    arrays = (work.weights, work.inputs, work.head, work.bias)
    return [torch.tensor(array, device=work.device, requires_grad=True) for array in arrays]


def torch_step(
    work: Workload,
    evaluate: Callable[[torch.Tensor, torch.Tensor], torch.Tensor],
    flat: bool = False,
) -> Prepared:
    """Wrap ``evaluate(x, w) -> (batch, n)`` into loss and gradients of everything.

    ``flat`` hands the weights over as one vector instead of (layers, n, 3).
    """
    weights, *others = leaves(work)
    if flat:
        weights = weights.detach().flatten().requires_grad_()
    tensors = [weights, *others]
    inputs, head, bias = others
    labels = torch.tensor(work.labels, device=work.device)

    def run() -> tuple[torch.Tensor, ...]:
        logits = torch.nn.functional.linear(evaluate(inputs, weights), head, bias)
        loss = torch.nn.functional.cross_entropy(logits, labels)
        gradients = torch.autograd.grad(loss, tensors)
        synchronize(work)
        return (loss, *gradients)

    def read(result: tuple[torch.Tensor, ...]) -> dict[str, np.ndarray]:
        arrays = [tensor.detach().cpu().numpy() for tensor in result]
        named = dict(zip(("loss", *NAMES), arrays, strict=True))
        return {**named, "weights": named["weights"].reshape(work.weights.shape)}

    return Prepared(run, read)
