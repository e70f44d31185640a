"""From angles to expectation values and back: state by state, or one matrix for all samples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import torch

from redqubit.engine.angle_map import AngleMap
from redqubit.engine.expression import Angle
from redqubit.engine.layers import Layers, Prepared, Saved, Sums
from redqubit.engine.lowering import Lowered
from redqubit.engine.observables import Observable, Readout, flip_groups
from redqubit.engine.plan import DenseStep, Gather, Plan, Rotate, Step, plan
from redqubit.engine.product import ProductStart, Trace
from redqubit.engine.stack import MOST_QUBITS, Stack, StackTape, fits

Gradients = tuple[torch.Tensor | None, torch.Tensor | None, torch.Tensor | None]
Needs = tuple[bool, bool, bool]


class Core(Protocol):
    """Angles ``u (..., T)``, ``phi (..., T, B)`` and an encoded start to values ``(..., K, C)``.

    Leading axes are none, or M models; those of ``u`` are the result's. C is B, or 1 where nothing
    depends on the sample.
    """

    weight_map: AngleMap
    sample_map: AngleMap

    def forward(
        self, u: torch.Tensor, phi: torch.Tensor, encoded: torch.Tensor | None, *, tape: bool
    ) -> tuple[torch.Tensor, Any]:
        """Return the values and, if asked, what the adjoint needs."""

    def backward(
        self,
        gradient: torch.Tensor,
        u: torch.Tensor,
        phi: torch.Tensor,
        encoded: torch.Tensor | None,
        tape: Any,
        needs: Needs,
    ) -> Gradients:
        """Return the gradients of ``u``, ``phi`` and ``encoded`` that are needed."""

    def memory(self, models: int, batch: int, *, gradient: bool) -> int:
        """Return the bytes of the states that are alive at once, roughly."""

    def operations(self, batch: int) -> float:
        """Return the multiply-adds of a forward pass, roughly."""

    def explain(self) -> str:
        """Say how samples are evaluated."""


@dataclass
class _Setup:
    """A plan for one circuit, with the tables that both ways of evaluating it share."""

    lowered: Lowered
    observables: Sequence[Observable]
    dtype: torch.dtype
    device: torch.device
    whole_start: bool
    plan: Plan = field(init=False)
    steps: tuple[Step, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.plan = plan(self.lowered, whole_start=self.whole_start)
        self.diagonal = all(observable.is_diagonal for observable in self.observables)
        self.steps = self.plan.steps if self.diagonal else self.plan.steps + self.plan.trailing

    def start(self) -> ProductStart:
        """Return the product start."""
        return ProductStart(self.plan.stages, self.lowered.n_qubits, self.dtype, self.device)

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


def core_of(
    lowered: Lowered, observables: Sequence[Observable], dtype: torch.dtype, device: torch.device
) -> Core:
    """Return the faster way to evaluate a circuit."""
    if lowered.n_qubits <= MOST_QUBITS:
        setup = _Setup(lowered, observables, dtype, device, whole_start=False)
        if fits(setup.plan, setup.steps):
            return Composed(setup)
    return evolved(lowered, observables, dtype, device)


def evolved(
    lowered: Lowered, observables: Sequence[Observable], dtype: torch.dtype, device: torch.device
) -> Evolved:
    """Return the evaluation state by state."""
    return Evolved(_Setup(lowered, observables, dtype, device, whole_start=True))


@dataclass
class _Path:
    trace: Trace
    prepared: Prepared
    saved: list[tuple[Saved, Saved]]
    final: torch.Tensor
    start: torch.Size


class Evolved:
    """Every sample's state goes through the layers."""

    def __init__(self, setup: _Setup) -> None:
        self._setup = setup
        self._states = 2**setup.lowered.n_qubits
        self._start = setup.start()
        self._layers = setup.layers(setup.steps)
        self._readout = setup.readout()
        self.weight_map = setup.map(setup.plan.weight_angles)
        self.sample_map = setup.map(setup.plan.sample_angles)
        self._dense = sum(isinstance(step, Rotate | DenseStep) for step in setup.steps)

    def forward(
        self, u: torch.Tensor, phi: torch.Tensor, encoded: torch.Tensor | None, *, tape: bool
    ) -> tuple[torch.Tensor, _Path | None]:
        """Return the values and, if asked, what the adjoint needs."""
        trace = Trace()
        saved: list[tuple[Saved, Saved]] | None = [] if tape else None
        start = self._start(u, phi, trace) if encoded is None else encoded
        prepared = self._layers.prepare(_models(u, 1))
        shared = start.expand(prepared.models, *start.shape[-2:]).contiguous()
        final = self._layers.forward(shared, _models(phi, 2), prepared, saved)
        values = self._readout(final).reshape(*u.shape[:-1], -1, final.shape[-1])
        if saved is None:
            return values, None
        return values, _Path(trace, prepared, saved, final, start.shape)

    def states(
        self, u: torch.Tensor, phi: torch.Tensor, encoded: torch.Tensor | None
    ) -> torch.Tensor:
        """Return the final states ``(..., N, C)``, differentiable by autograd."""
        psi = self._start(u, phi, Trace()) if encoded is None else encoded
        models = _models(u, 1)
        psi = psi.expand(models.shape[0], *psi.shape[-2:]).contiguous()
        parts = [self._layers]
        if self._setup.diagonal:
            parts.append(self._setup.layers(self._setup.plan.trailing))
        for layers in parts:
            psi = layers.forward(psi, _models(phi, 2), layers.prepare(models), None)
        return psi.reshape(*u.shape[:-1], *psi.shape[-2:])

    def backward(
        self,
        gradient: torch.Tensor,
        u: torch.Tensor,
        phi: torch.Tensor,
        encoded: torch.Tensor | None,
        tape: _Path,
        needs: Needs,
    ) -> Gradients:
        """Return the gradients of ``u``, ``phi`` and ``encoded`` that are needed."""
        du = torch.zeros_like(u) if needs[0] else None
        dphi = torch.zeros_like(phi) if needs[1] else None
        sums = Sums({}, {}, None if dphi is None else _models(dphi, 2))
        lam = self._readout.adjoint(_models(gradient, 2), tape.final)
        lam = self._layers.backward(lam, tape.prepared, tape.saved, sums, weights=needs[0])
        if du is not None:
            self._layers.finish(sums, _models(du, 1))
        if encoded is not None:
            return du, dphi, lam.sum_to_size(tape.start) if needs[2] else None
        if du is not None or dphi is not None:
            self._start.adjoint(lam.sum_to_size(tape.start), tape.trace, du, dphi)
        return du, dphi, None

    def memory(self, models: int, batch: int, *, gradient: bool) -> int:
        """Return the bytes of the states that are alive at once, roughly."""
        kept = len(self._setup.steps) if gradient else 0
        size: int = models * self._states * batch * self._setup.bytes * (4 + kept)
        return size

    def operations(self, batch: int) -> float:
        """Return the multiply-adds of a forward pass, roughly."""
        each = 0.0
        for step in self._setup.steps:
            if isinstance(step, Rotate):
                each += sum(2.0 * 2**window.size for window in step.windows)
            elif isinstance(step, DenseStep):
                each += 4.0 * 2 ** len(step.qubits)
            else:
                each += 4.0
        total: float = each * self._states * batch
        return total

    def explain(self) -> str:
        """Say how samples are evaluated."""
        return (
            f"every sample's state goes through {len(self._setup.steps)} fused steps, "
            f"{self._dense} of them matrix products"
        )


@dataclass
class _Product:
    trace: Trace
    stack: StackTape
    matrix: torch.Tensor
    start: torch.Tensor
    final: torch.Tensor


class Composed:
    """The layers become one matrix, which acts on all encoded samples.

    Where the encoded states are real and the observables diagonal, real and imaginary parts of
    the final states are computed apart, as twice the rows: everything on samples is real then.
    """

    def __init__(self, setup: _Setup) -> None:
        self._setup = setup
        self._states = 2**setup.lowered.n_qubits
        self._start = setup.start()
        self._stack = Stack(setup.plan, setup.steps, setup.dtype, setup.device)
        self._readout = setup.readout()
        signs = self._readout.diagonal
        self._signs = None if signs is None else torch.cat((signs, signs), 1)
        self._twice = None if signs is None else 2.0 * torch.cat((signs, signs), 1).mT.contiguous()
        places = [stage.weight for stage in setup.plan.stages if stage.weight is not None]
        self._first = max(places, default=-setup.lowered.n_qubits) + setup.lowered.n_qubits
        leading = setup.plan.weight_angles[: self._first]  # those of the start
        self.weight_map = setup.map([*leading, *self._stack.angles])
        self.sample_map = setup.map(setup.plan.sample_angles)

    def forward(
        self, u: torch.Tensor, phi: torch.Tensor, encoded: torch.Tensor | None, *, tape: bool
    ) -> tuple[torch.Tensor, _Product | None]:
        """Return the values and, if asked, what the adjoint needs."""
        trace = Trace()
        start = self._start(u, phi, trace) if encoded is None else encoded
        matrix, stack = self._stack.forward(u[..., self._first :] if self._first else u)
        if self._signs is not None and not start.is_complex():
            if self._stack.complex:
                matrix = torch.view_as_real(matrix).movedim(-1, -3).flatten(-3, -2)
            final = matrix @ start
            values = self._signs[:, : final.shape[-2]] @ (final * final)
        else:
            final = _matmul(matrix, start)
            values = self._readout(final)
        return values, _Product(trace, stack, matrix, start, final) if tape else None

    def backward(
        self,
        gradient: torch.Tensor,
        u: torch.Tensor,
        phi: torch.Tensor,
        encoded: torch.Tensor | None,
        tape: _Product,
        needs: Needs,
    ) -> Gradients:
        """Return the gradients of ``u``, ``phi`` and ``encoded`` that are needed."""
        matrix, start, final = tape.matrix, tape.start, tape.final
        real = self._signs is not None and not start.is_complex()
        if self._twice is not None and real:
            lam = (self._twice[: final.shape[-2]] @ gradient) * final
        else:
            lam = self._readout.adjoint(gradient, final)
        du = None
        if needs[0]:
            du = self._stack.backward(self._conjugate(lam, start, real=real), tape.stack)
            if self._first:
                du = torch.cat((torch.zeros_like(u[..., : self._first]), du), -1)
        dphi = torch.zeros_like(phi) if needs[1] else None
        of_start = needs[1] or (needs[0] and self._first > 0)
        if not (of_start if encoded is None else needs[2]):
            return du, dphi, None
        lam_start = _matmul(matrix.mH, lam)
        if lam_start.is_complex() and not start.is_complex():
            lam_start = lam_start.real
        lam_start = lam_start.sum_to_size(start.shape)
        if encoded is not None:
            return du, dphi, lam_start
        self._start.adjoint(lam_start.contiguous(), tape.trace, du, dphi)
        return du, dphi, None

    def _conjugate(self, lam: torch.Tensor, start: torch.Tensor, *, real: bool) -> torch.Tensor:
        """Return the conjugate of the gradient of the circuit's matrix."""
        if not real:
            mu = _matmul(lam.conj(), start.mT)
            return mu if self._stack.complex else mu.real
        mu = lam @ start.mT
        if not self._stack.complex:
            return mu
        return torch.complex(mu[..., : self._states, :], -mu[..., self._states :, :])

    def memory(self, models: int, batch: int, *, gradient: bool) -> int:
        """Return the bytes of the states that are alive at once, roughly."""
        layers = 4 * len(self._setup.steps) * self._states if gradient else 2 * self._states
        size: int = models * self._states * self._setup.bytes * (4 * batch + layers)
        return size

    def operations(self, batch: int) -> float:
        """Return the multiply-adds of a forward pass, roughly."""
        layers = 4.0 * self._states**3 * len(self._setup.steps)
        total: float = 2.0 * self._states**2 * batch + layers
        return total

    def explain(self) -> str:
        """Say how samples are evaluated."""
        return (
            f"its {len(self._setup.steps)} fused steps become one matrix, which then acts on all "
            "samples"
        )


def _matmul(left: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
    if left.dtype == right.dtype:
        return torch.matmul(left, right)
    kind = torch.promote_types(left.dtype, right.dtype)
    return torch.matmul(left.to(kind), right.to(kind))


def _models(tensor: torch.Tensor, axes: int) -> torch.Tensor:
    """Return a view with exactly one axis of models before the last ``axes``."""
    return tensor if tensor.dim() > axes else tensor.unsqueeze(0)
