"""The projected-gradient benchmark: one budget for all, judged by the plain reference.

Signs of gradients near zero depend on the last bit, so adversarial points of two correct
implementations may differ in single coordinates. The loss they reach does not: it is compared.
"""

from __future__ import annotations

import numpy as np
import torch

from benchmarks import reference
from benchmarks.workload import Workload

STEPS = 20
RADIUS = 0.2  # L-inf, radians
STEP = 0.025
LOW, HIGH = 0.0, float(np.pi)
JUDGED = 64


def outcome(work: Workload, adversarial: np.ndarray) -> dict[str, np.ndarray]:
    """Return the reference's loss at the first adversarial points, and how far they moved."""
    part = work.head_of(JUDGED)
    moved = np.abs(adversarial[: part.batch] - part.inputs).max()
    if moved > RADIUS * (1 + 1e-5):
        raise RuntimeError(f"left the ball: moved {moved:.6f}, allowed {RADIUS}")
    with torch.no_grad():
        loss = _loss(part, torch.tensor(adversarial[: part.batch].astype(np.float64)))
    return {"adversarial_loss": loss.numpy()}


def truth(work: Workload) -> dict[str, np.ndarray]:
    """Return the loss the attack reaches on the reference simulator."""
    part = work.head_of(JUDGED)
    center = torch.tensor(part.inputs.astype(np.float64))
    x = center.clone()
    for _ in range(STEPS):
        x.requires_grad_()
        (slope,) = torch.autograd.grad(_loss(part, x), x)
        x = (x.detach() + STEP * slope.sign()).clamp(center - RADIUS, center + RADIUS)
        x = x.clamp(LOW, HIGH)
    return {"adversarial_loss": _loss(part, x).detach().numpy()}


def _loss(work: Workload, x: torch.Tensor) -> torch.Tensor:
    values = reference.expectations(work, x, torch.tensor(work.weights.astype(np.float64)))
    logits = values @ torch.tensor(work.head.astype(np.float64)).T
    logits = logits + torch.tensor(work.bias.astype(np.float64))
    return torch.nn.functional.cross_entropy(logits, torch.tensor(work.labels))
