"""What the gradient attacks climb."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor

from redqubit.core.budget import Radius
from redqubit.core.errors import InputError, unknown
from redqubit.models.ascent import Loss, margin_loss
from redqubit.models.target import WhiteBox, class_index

LossName = Literal["cross_entropy", "margin"]
Goal = int | str | None
DEFAULT_RADIUS = Radius(0.1)


def loss_of(target: WhiteBox, name: LossName, goal: Goal = None) -> Loss:
    """Build the loss of the samples under attack: ``(N, F) -> (loss, rank)``, both ``(N,)``.

    Untargeted losses leave the true class, targeted ones approach the goal. The rank is the
    margin, so the iterate kept is the one that is furthest beyond (or closest to) the boundary.
    """
    wanted = target.y if goal is None else np.full(len(target.y), goal)
    index, sign = torch.as_tensor(class_index(target.classes, wanted)), 1 if goal is None else -1

    def loss(x: Tensor) -> tuple[Tensor, Tensor]:
        logits = target.logits(x)
        rank = sign * margin_loss(logits, index)
        if name == "margin":
            return rank, rank
        entropy = torch.nn.functional.cross_entropy(logits, index, reduction="none")
        return sign * entropy, rank

    return loss


def samples(target: WhiteBox) -> Tensor:
    """Return a writable copy of the samples under attack as a float64 tensor."""
    return torch.tensor(target.X, dtype=torch.float64)


def require_angle(radius: Radius) -> None:
    """Refuse a radius that is not in encoder angles, the space attacks move in."""
    if radius.space != "angle":
        raise InputError(
            f"attacks move encoder angles, so the radius needs space 'angle', got "
            f"{radius.space!r}; convert it through the preprocessing first"
        )


def require_choice(kind: str, value: Any, options: tuple[Any, ...]) -> None:
    """Refuse a value that is not among the options, naming the near miss."""
    if value not in options:
        raise unknown(kind, str(value), [str(option) for option in options])
