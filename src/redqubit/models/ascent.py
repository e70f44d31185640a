"""Projected gradient ascent in a ball within the domain box; attacks and training share it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeAlias

import numpy as np
import torch
from torch import Tensor

from redqubit.core.budget import Radius
from redqubit.core.errors import InputError

Loss: TypeAlias = Callable[[Tensor], Tensor | tuple[Tensor, Tensor]]
Bound: TypeAlias = Tensor | np.ndarray | float
Start: TypeAlias = Literal["center", "random"]


def ascend(
    loss_fn: Loss,
    x0: Tensor,
    radius: Radius,
    *,
    steps: int,
    step_size: float | None = None,
    low: Bound,
    high: Bound,
    start: Start = "center",
    restarts: int = 1,
    rng: np.random.Generator | None = None,
) -> Tensor:
    """Move every sample to where its loss is highest inside the ball and the box.

    Parameters
    ----------
    loss_fn
        ``(B, F) -> (B,)``, differentiable; the loss of a sample depends on that sample alone. Or a
        pair ``(loss, rank)``: the loss is climbed, the iterate of highest rank is kept.
    x0
        Centers of the balls, ``(B, F)``, in radians; never written to.
    radius
        Size and norm of the ball. L-inf climbs the sign of the gradient, L2 its direction.
    steps
        Gradient steps a restart, at least 1.
    step_size
        In radians; None is ``2.5 * radius / steps``, enough to cross the ball.
    low, high
        Domain box, a number or ``(F,)``.
    start
        ``center``: the first restart starts at the sample, every other one at a random point of
        the ball. ``random``: all start at random points.
    restarts
        At least 1; each sample keeps its best iterate over all of them.
    rng
        Needed as soon as one start is random.

    Returns
    -------
    Tensor
        ``(B, F)``, per sample the best of all iterates, starting points included.

    Raises
    ------
    InputError
        ``steps`` or ``restarts`` below 1, or a random start without ``rng``.

    Source: Madry et al., arXiv:1706.06083, section 2.1; the default step size is Foolbox's.
    """
    if steps < 1 or restarts < 1:
        raise InputError(f"ascent needs steps >= 1 and restarts >= 1, got {steps} and {restarts}")
    size = 2.5 * radius.value / steps if step_size is None else step_size
    center = x0.detach()
    best, best_rank = center.clone(), torch.full_like(center[:, 0], -torch.inf)
    for restart in range(restarts):
        x = center
        if start == "random" or restart > 0:
            if rng is None:
                raise InputError("a random start needs rng, got None; pass a numpy Generator")
            x = random_points(center, radius, low, high, rng)
        for step in range(steps + 1):
            last = step == steps
            x = x.clone().requires_grad_(not last)
            answer = loss_fn(x)
            loss, rank = answer if isinstance(answer, tuple) else (answer, answer)
            better = rank.detach() > best_rank
            best_rank = torch.where(better, rank.detach().to(best_rank), best_rank)
            best = torch.where(better[:, None], x.detach(), best)
            if not last:
                (gradient,) = torch.autograd.grad(loss.sum(), x)
                moved = x.detach() + size * direction(gradient, radius)
                x = project(moved, center, radius, low, high)
    return best


def direction(gradient: Tensor, radius: Radius) -> Tensor:
    """Return the steepest step of unit size in the radius' norm for ``(B, F)`` gradients.

    The sign for L-inf, the unit vector for L2; a gradient of zero gives no step.
    """
    if radius.norm == "linf":
        return gradient.sign()
    length, tiny = gradient.norm(dim=1, keepdim=True), torch.finfo(gradient.dtype).tiny
    return torch.where(length > 0, gradient / length.clamp_min(tiny), torch.zeros_like(gradient))


def project(x: Tensor, center: Tensor, radius: Radius, low: Bound, high: Bound) -> Tensor:
    """Return the point nearest to ``x`` (Euclidean) in the ball around ``center`` within the box.

    ``x`` and ``center`` are ``(B, F)``. A center outside the box widens the box to itself, so the
    set is never empty and a radius of zero changes nothing.
    """
    floor, ceiling = _box(center, low, high)
    if radius.norm == "linf":
        floor = torch.maximum(floor, center - radius.value)
        ceiling = torch.minimum(ceiling, center + radius.value)
        return torch.minimum(torch.maximum(x, floor), ceiling)
    return _project_l2(x, center, radius.value, floor, ceiling)


def random_points(
    center: Tensor, radius: Radius, low: Bound, high: Bound, rng: np.random.Generator
) -> Tensor:
    """Draw one point for each row of ``center``, uniform in the ball, then projected on the box."""
    shape = tuple(center.shape)
    if radius.norm == "linf":
        offset = rng.uniform(-radius.value, radius.value, shape)
    else:
        normal = rng.normal(size=shape)
        length = np.linalg.norm(normal, axis=1, keepdims=True)
        scale = radius.value * rng.uniform(size=(shape[0], 1)) ** (1 / shape[1])
        offset = normal * scale / np.maximum(length, np.finfo(float).tiny)
    return project(center + torch.as_tensor(offset).to(center), center, radius, low, high)


def clip(x: Tensor, center: Tensor, low: Bound, high: Bound) -> Tensor:
    """Return ``x`` cut to the domain box, widened where ``center`` lies outside of it."""
    floor, ceiling = _box(center, low, high)
    return torch.minimum(torch.maximum(x, floor), ceiling)


def margin_loss(logits: Tensor, y: Tensor) -> Tensor:
    """Return how far the best wrong class leads: ``(B, C)``, class indices ``(B,)`` -> ``(B,)``.

    Positive exactly where the prediction is wrong.
    """
    own = logits.gather(1, y[:, None])[:, 0]
    others = logits.scatter(1, y[:, None], -torch.inf)
    return others.max(dim=1).values - own


def _box(center: Tensor, low: Bound, high: Bound) -> tuple[Tensor, Tensor]:
    # np.array copies: torch warns about memory it must not write to
    ends = (end if isinstance(end, Tensor) else torch.tensor(np.array(end)) for end in (low, high))
    floor, ceiling = (end.to(center).expand_as(center) for end in ends)
    return torch.minimum(floor, center), torch.maximum(ceiling, center)


def _project_l2(x: Tensor, center: Tensor, value: float, floor: Tensor, ceiling: Tensor) -> Tensor:
    # KKT: the nearest point is center + clip(s * offset) for the largest s <= 1 that fits the
    # ball. The squared length is sum(min(s |offset|, room)^2): it grows with s and has one break
    # per feature, where s |offset| reaches the wall, so sorting the breaks solves for s exactly.
    offset = x - center
    size, tiny = offset.abs(), torch.finfo(x.dtype).tiny
    room = torch.minimum(torch.where(offset > 0, ceiling - center, center - floor), size)
    breaks, order = (room / size.clamp_min(tiny)).sort(dim=1)
    size, room = size.gather(1, order), room.gather(1, order)
    free = size.square().flip(1).cumsum(1).flip(1)  # features not yet at the wall
    walled = room.square().cumsum(1) - room.square()
    fits = walled + breaks.square() * free >= value**2
    first = fits.to(torch.int8).argmax(dim=1, keepdim=True)
    rest = (value**2 - walled.gather(1, first)).clamp_min(0)
    exact = (rest / free.gather(1, first).clamp_min(tiny)).sqrt()
    scale = torch.where(fits.any(dim=1, keepdim=True), exact, torch.ones_like(exact))
    return torch.minimum(torch.maximum(center + scale * offset, floor), ceiling)
