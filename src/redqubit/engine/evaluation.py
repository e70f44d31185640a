"""What every way to evaluate a circuit offers, and the tables they share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import torch

from redqubit.engine.angle_map import AngleMap
from redqubit.engine.expression import Angle
from redqubit.engine.layers import Layers
from redqubit.engine.lowering import Lowered
from redqubit.engine.observables import Observable, Readout, flip_groups
from redqubit.engine.plan import WINDOW, WINDOW_OF_ARRAYS, Gather, Plan, Step, plan
from redqubit.engine.product import ProductStart

Gradients = tuple[torch.Tensor | None, torch.Tensor | None, torch.Tensor | None]
Needs = tuple[bool, bool, bool]


class Core(Protocol):
    """Angles ``u (..., T)``, ``phi (..., T, B)`` and an encoded start to values ``(..., K, C)``.

    Leading axes are none, or M models; those of ``u`` are the result's. C is B, or 1 where nothing
    depends on the sample. ``adjoint`` is None where autograd through ``plain`` is all there is.
    """

    weight_map: AngleMap
    sample_map: AngleMap

    def plain(
        self, u: torch.Tensor, phi: torch.Tensor, encoded: torch.Tensor | None
    ) -> torch.Tensor:
        """Return the values, differentiable by autograd any number of times."""

    @property
    def adjoint(self) -> Adjoint | None:
        """Return the faster evaluation with a first derivative of its own."""

    def memory(self, models: int, batch: int, *, gradient: bool) -> int:
        """Return the bytes of the states that are alive at once, roughly."""

    def operations(self, batch: int) -> float:
        """Return the multiply-adds of a forward pass, roughly."""

    def explain(self) -> str:
        """Say how samples are evaluated."""


class Adjoint(Protocol):
    """An evaluation without autograd, and the way back."""

    def forward(
        self, u: torch.Tensor, phi: torch.Tensor, encoded: torch.Tensor | None, *, tape: bool
    ) -> tuple[torch.Tensor, Any]:
        """Return the values and, if asked, what the way back needs."""

    def backward(self, gradient: torch.Tensor, tape: Any, needs: Needs) -> Gradients:
        """Return the gradients of ``u``, ``phi`` and ``encoded`` that are needed."""


@dataclass
class Setup:
    """A plan for one circuit, with the tables that both ways of evaluating it share.

    ``arrays`` lets numpy do the work that needs no autograd, which is for the CPU only.
    """

    lowered: Lowered
    observables: Sequence[Observable]
    dtype: torch.dtype
    device: torch.device
    whole_start: bool
    arrays: bool
    plan: Plan = field(init=False)
    steps: tuple[Step, ...] = field(init=False)

    def __post_init__(self) -> None:
        window = WINDOW_OF_ARRAYS if self.arrays else WINDOW
        self.plan = plan(self.lowered, whole_start=self.whole_start, window=window)
        self.diagonal = all(observable.is_diagonal for observable in self.observables)
        self.steps = self.plan.steps if self.diagonal else self.plan.steps + self.plan.trailing

    def start(self) -> ProductStart:
        """Return the product start."""
        return ProductStart(self.plan.stages, self.lowered.n_qubits)

    def readout(self) -> Readout:
        """Return the readout; the trailing gather goes into the signs of diagonal observables."""
        order = None
        for step in self.plan.trailing:
            if isinstance(step, Gather) and self.diagonal:
                order = step.index
        groups = flip_groups(self.observables, self.lowered.n_qubits)
        return Readout(groups, order, self.dtype, self.device)

    def layers(self, steps: Sequence[Step]) -> Layers:
        """Return the evolution through some steps."""
        return Layers(self.plan, steps, self.dtype, self.device)

    def map(self, angles: Sequence[Angle]) -> AngleMap:
        """Return the evaluation of some angles."""
        size = (self.lowered.n_features, self.lowered.n_weights)
        return AngleMap(angles, *size, self.dtype, self.device)

    @property
    def bytes(self) -> int:
        """Return the size of one amplitude."""
        return 8 if self.dtype == torch.float32 else 16


def matmul(left: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
    """Multiply matrices of which one may be real and the other complex."""
    if left.dtype == right.dtype:
        return torch.matmul(left, right)
    kind = torch.promote_types(left.dtype, right.dtype)
    return torch.matmul(left.to(kind), right.to(kind))


def with_models(tensor: torch.Tensor, axes: int) -> torch.Tensor:
    """Return a view with exactly one axis of models before the last ``axes``."""
    return tensor if tensor.dim() > axes else tensor.unsqueeze(0)
