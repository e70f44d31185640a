"""Exact noiseless simulation of a batch of states, with a hand-written adjoint.

Two plans of one circuit: `_Evolve` sends every sample's state through the layers; `_Compose` first
multiplies the layers to one matrix, which pays when there are more samples than basis states and
features act at the start only. First derivatives come from the adjoint; second derivatives, and
transforms of ``torch.func``, take the same steps under plain autograd.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from redqubit.core.errors import BudgetExceededError, InputError
from redqubit.engine.angle_map import AngleMap
from redqubit.engine.layers import Layers, Prepared, Saved, Sums
from redqubit.engine.lowering import Lowered
from redqubit.engine.observables import Observable, Readout, flip_groups
from redqubit.engine.plan import DenseStep, Gather, PhaseStep, Plan, Rotate, plan
from redqubit.engine.product import ProductStart, Trace

Gradients = tuple[torch.Tensor | None, torch.Tensor | None, torch.Tensor | None]


@dataclass
class _Tape:
    """Everything one forward pass leaves for the adjoint."""

    trace: Trace
    prepared: Prepared
    saved: list[Saved]
    start: torch.Tensor
    matrix: torch.Tensor | None
    final: torch.Tensor


class _Core:
    """Angles and an optional encoded start ``(m, N, B)`` to expectation values ``(M, K, B)``."""

    def __init__(
        self,
        lowered: Lowered,
        observables: Sequence[Observable],
        dtype: torch.dtype,
        device: torch.device,
        *,
        compose: bool,
    ) -> None:
        self.plan: Plan = plan(lowered, whole_start=not compose)
        self.compose = compose
        self._states = 2**lowered.n_qubits
        diagonal = all(observable.is_diagonal for observable in observables)
        order = None
        steps = self.plan.steps
        if diagonal:
            for step in self.plan.trailing:
                if isinstance(step, Gather):
                    order = step.index
        else:
            steps += self.plan.trailing
        self.repeats_features = any(
            isinstance(step, PhaseStep) and step.sample_signs.size > 0 for step in steps
        )
        self._start = ProductStart(self.plan.stages, lowered.n_qubits)
        self._layers = Layers(self.plan, steps, dtype, device)
        self._trailing = Layers(self.plan, self.plan.trailing, dtype, device) if diagonal else None
        self._bytes = 8 if dtype == torch.float32 else 16
        self._readout = Readout(flip_groups(observables, lowered.n_qubits), order, dtype, device)
        size = (lowered.n_features, lowered.n_weights)
        self.weight_map = AngleMap(self.plan.weight_angles, *size, dtype, device)
        self.sample_map = AngleMap(self.plan.sample_angles, *size, dtype, device)

    def forward(
        self, u: torch.Tensor, phi: torch.Tensor, encoded: torch.Tensor | None, *, tape: bool
    ) -> tuple[torch.Tensor, _Tape | None]:
        """Return the values and, if asked, what the adjoint needs."""
        trace = Trace()
        saved: list[Saved] | None = [] if tape else None
        start = self._start(u, phi, trace) if encoded is None else encoded
        prepared = self._layers.prepare(u)
        matrix: torch.Tensor | None = None
        if self.compose:
            eye = torch.eye(self._states, dtype=u.dtype, device=u.device)
            eye = eye.expand(u.shape[0], -1, -1)
            matrix = self._layers.forward(eye, u, phi, prepared, saved)
            final = _matmul(matrix, start)
        else:
            shared = start.expand(u.shape[0], -1, -1).contiguous()
            final = self._layers.forward(shared, u, phi, prepared, saved)
        values = self._readout(final)
        if saved is None:
            return values, None
        return values, _Tape(trace, prepared, saved, start, matrix, final)

    def final_states(
        self, u: torch.Tensor, phi: torch.Tensor, encoded: torch.Tensor | None
    ) -> torch.Tensor:
        """Return the final states ``(M, N, C)``, differentiable by autograd."""
        start = self._start(u, phi, Trace()) if encoded is None else encoded
        psi = start.expand(u.shape[0], -1, -1).contiguous()
        for layers in (self._layers, self._trailing):
            if layers is not None:
                psi = layers.forward(psi, u, phi, layers.prepare(u), None)
        return psi

    def memory(self, models: int, batch: int, *, gradient: bool) -> int:
        """Return the bytes of the states that are alive at once, roughly."""
        columns = self._states if self.compose else batch
        kept = len(self.plan.steps) if gradient else 0
        size: int = models * self._states * self._bytes * ((4 + kept) * columns + 2 * batch)
        return size

    def operations(self, batch: int) -> float:
        """Return the multiply-adds of a forward pass, roughly."""
        columns = self._states if self.compose else batch
        total = float(self._states * batch * (self._states if self.compose else 0))
        for step in self.plan.steps:
            if isinstance(step, Rotate):
                total += sum(2.0 * 2**window.size for window in step.windows) * (
                    self._states * columns
                )
            elif isinstance(step, DenseStep):
                total += 4.0 * 2 ** len(step.qubits) * self._states * columns
            else:
                total += 4.0 * self._states * columns
        return total

    def backward(
        self,
        gradient: torch.Tensor,
        u: torch.Tensor,
        phi: torch.Tensor,
        encoded: torch.Tensor | None,
        tape: _Tape,
        needs: tuple[bool, bool, bool],
    ) -> Gradients:
        """Return the gradients of ``u``, ``phi`` and ``encoded`` that are needed."""
        du = torch.zeros_like(u) if needs[0] else None
        dphi = torch.zeros_like(phi) if needs[1] else None
        sums = Sums({}, {}, dphi)
        lam = self._readout.adjoint(gradient, tape.final)
        args = (u, phi, tape.prepared, tape.saved, sums)
        if tape.matrix is not None:
            lam_start = _like_start(_matmul(tape.matrix.mH, lam), tape.start)
            if needs[0]:
                lam_matrix = _matmul(lam, tape.start.mH)
                if lam_matrix.is_complex() and not tape.matrix.is_complex():
                    lam_matrix = lam_matrix.real
                self._layers.backward(lam_matrix, *args, weights=True)
        else:
            lam = self._layers.backward(lam, *args, weights=needs[0])
            lam_start = _like_start(lam, tape.start)
        if du is not None:
            self._layers.finish(sums, du)
        if encoded is not None:
            return du, dphi, lam_start if needs[2] else None
        if needs[0] or needs[1]:
            self._start.adjoint(lam_start, tape.trace, du, dphi)
        return du, dphi, None


def _matmul(left: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
    dtype = torch.promote_types(left.dtype, right.dtype)
    return left.to(dtype) @ right.to(dtype)


def _like_start(lam: torch.Tensor, start: torch.Tensor) -> torch.Tensor:
    if lam.is_complex() and not start.is_complex():
        lam = lam.real
    if start.shape[0] < lam.shape[0]:
        lam = lam.sum(0, keepdim=True)
    return lam


class _Adjoint(torch.autograd.Function):
    """Expectation values with the adjoint as backward, and autograd for the second derivative."""

    @staticmethod
    def forward(
        ctx: Any,
        core: _Core,
        u: torch.Tensor,
        phi: torch.Tensor,
        encoded: torch.Tensor | None,
    ) -> torch.Tensor:
        values, ctx.tape = core.forward(u, phi, encoded, tape=any(ctx.needs_input_grad))
        ctx.core = core
        ctx.save_for_backward(u, phi, encoded)
        return values

    @staticmethod
    def backward(ctx: Any, gradient: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        u, phi, encoded = ctx.saved_tensors
        core: _Core = ctx.core
        needs = ctx.needs_input_grad[1:]
        if not torch.is_grad_enabled():
            return (None, *core.backward(gradient, u, phi, encoded, ctx.tape, needs))
        values, _ = core.forward(u, phi, encoded, tape=False)
        if not values.requires_grad:  # constant: no angle depends on the inputs
            return (None, *(None for _ in needs))
        wanted = [t for t, need in zip((u, phi, encoded), needs, strict=True) if need]
        found = iter(
            torch.autograd.grad(values, wanted, gradient, create_graph=True, allow_unused=True)
        )
        return (None, *(next(found) if need else None for need in needs))


class StateVector:
    """A circuit as an exact differentiable function of features and weights, without noise.

    Parameters
    ----------
    lowered, observables
        The circuit and what is measured.
    dtype
        float32 or float64: the precision of angles and values; states are complex of the same.
    device
        Where the tensors live.
    memory_limit
        Bytes that one call may hold.
    """

    name = "state_vector"

    def __init__(
        self,
        lowered: Lowered,
        observables: Sequence[Observable],
        dtype: torch.dtype,
        device: torch.device,
        memory_limit: int,
    ) -> None:
        self._lowered, self._observables = lowered, observables
        self._dtype, self._device, self._limit = dtype, device, memory_limit
        self._cores: dict[bool, _Core] = {}
        self._evolve = self._core(compose=False)

    def _core(self, *, compose: bool) -> _Core:
        if compose not in self._cores:
            self._cores[compose] = _Core(
                self._lowered, self._observables, self._dtype, self._device, compose=compose
            )
        return self._cores[compose]

    def _chosen(self, batch: int) -> _Core:
        """Return the plan for a batch: one matrix for all samples where that is less work."""
        if self._evolve.repeats_features or batch < 2 * 2**self._lowered.n_qubits:
            return self._evolve
        return self._core(compose=True)

    def __call__(self, x: torch.Tensor, w: torch.Tensor) -> torch.Tensor:
        """Return values ``(M, B, K)`` for ``x (m, B, F)``, m being 1 or M, and ``w (M, W)``."""
        core = self._chosen(x.shape[1])
        gradient = torch.is_grad_enabled() and (x.requires_grad or w.requires_grad)
        self._check_memory(core, w.shape[0], x.shape[1], gradient=gradient)
        u = core.weight_map.of_weights(w)
        phi = core.sample_map.of_samples(x, w)
        encoded = self._encoded(x)
        if gradient and not _is_transformed(x, w):
            values: torch.Tensor = _Adjoint.apply(core, u, phi, encoded)  # type: ignore[no-untyped-call]
        else:
            values, _ = core.forward(u, phi, encoded, tape=False)
        return values.mT.expand(w.shape[0], x.shape[1], -1)

    def states(self, x: torch.Tensor, w: torch.Tensor) -> torch.Tensor:
        """Return the final states ``(M, B, 2^n)``, index bit 0 being qubit 0."""
        core = self._evolve
        self._check_memory(core, w.shape[0], x.shape[1], gradient=torch.is_grad_enabled())
        u = core.weight_map.of_weights(w)
        psi = core.final_states(u, core.sample_map.of_samples(x, w), self._encoded(x))
        if not psi.is_complex():
            psi = torch.complex(psi, torch.zeros_like(psi))
        return psi.mT.expand(w.shape[0], x.shape[1], -1)

    def freeze(self, w: torch.Tensor) -> Callable[[torch.Tensor], torch.Tensor]:
        """Return ``x (m, B, F) -> (M, B, K)`` for weights ``w (M, W)`` that stay as they are."""
        w = w.detach().clone()
        return lambda x: self(x, w)

    def _encoded(self, x: torch.Tensor) -> torch.Tensor | None:
        if not self._lowered.amplitude:
            return None
        amplitudes = self._lowered.amplitudes(x)
        if not _is_transformed(x) and not bool(torch.isfinite(amplitudes).all()):
            raise InputError(
                "amplitude encoding needs finite samples with at least one feature that is not 0"
            )
        return amplitudes.mT

    def memory(self, models: int, batch: int, *, gradient: bool) -> int:
        """Return the bytes that a call needs, roughly."""
        return self._chosen(batch).memory(models, batch, gradient=gradient)

    def operations(self, batch: int) -> float:
        """Return the multiply-adds of a forward pass, roughly."""
        return self._chosen(batch).operations(batch)

    def _check_memory(self, core: _Core, models: int, batch: int, *, gradient: bool) -> None:
        needed = core.memory(models, batch, gradient=gradient)
        if needed > self._limit:
            raise BudgetExceededError(
                f"{models * batch:,} states of {self._lowered.n_qubits} qubits need about "
                f"{needed / 2**30:.1f} GiB, the limit is {self._limit / 2**30:.1f} GiB; use a "
                "smaller batch, complex64, or raise memory_limit"
            )

    def explain(self, batch: int) -> str:
        """Say how a batch is evaluated and what it costs."""
        core = self._chosen(batch)
        turns = sum(isinstance(step, Rotate) for step in core.plan.steps)
        how = (
            "the layers are multiplied to one matrix, because samples outnumber basis states"
            if core.compose
            else "every sample's state goes through the layers"
        )
        return (
            f"state_vector: {2**self._lowered.n_qubits:,} amplitudes a sample in "
            f"{len(core.plan.steps)} fused steps, {turns} of them dense; {how}; about "
            f"{core.operations(batch):.2g} multiply-adds and "
            f"{core.memory(1, batch, gradient=True) / 2**20:.3g} MiB for {batch} samples with "
            "gradient"
        )


def _is_transformed(*tensors: torch.Tensor) -> bool:
    """Return whether ``torch.func`` wraps a tensor; custom functions do not compose with it."""
    return any(torch._C._functorch.is_functorch_wrapped_tensor(tensor) for tensor in tensors)
