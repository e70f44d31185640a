"""Exact noiseless simulation of a batch of states, with a hand-written adjoint.

First derivatives come from the adjoint; second derivatives, and transforms of ``torch.func``, take
the same steps under plain autograd.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch

from redqubit.core.errors import BudgetExceededError, InputError
from redqubit.engine.evolution import Core, Evolved, core_of, evolved
from redqubit.engine.lowering import Lowered
from redqubit.engine.observables import Observable


class _Adjoint(torch.autograd.Function):
    """Expectation values with the adjoint as backward, and autograd for the second derivative."""

    @staticmethod
    def forward(
        ctx: Any,
        core: Core,
        u: torch.Tensor,
        phi: torch.Tensor,
        encoded: torch.Tensor | None,
    ) -> torch.Tensor:
        values, ctx.tape = core.forward(u, phi, encoded, tape=True)
        ctx.core = core
        ctx.save_for_backward(u, phi, encoded)
        return values

    @staticmethod
    def backward(ctx: Any, gradient: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        u, phi, encoded = ctx.saved_tensors
        core: Core = ctx.core
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
        self._core = core_of(lowered, observables, dtype, device)
        self._states_core: Evolved | None = None

    def __call__(self, x: torch.Tensor, w: torch.Tensor) -> torch.Tensor:
        """Return values ``(M, B, K)`` for ``x (m, B, F)``, m being 1 or M, and ``w (M, W)``."""
        core = self._core
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
        if self._states_core is None:
            arguments = (self._lowered, self._observables, self._dtype, self._device)
            self._states_core = evolved(*arguments)
        core = self._states_core
        self._check_memory(core, w.shape[0], x.shape[1], gradient=torch.is_grad_enabled())
        u = core.weight_map.of_weights(w)
        psi = core.states(u, core.sample_map.of_samples(x, w), self._encoded(x))
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
        return self._core.memory(models, batch, gradient=gradient)

    def operations(self, batch: int) -> float:
        """Return the multiply-adds of a forward pass, roughly."""
        return self._core.operations(batch)

    def _check_memory(self, core: Core, models: int, batch: int, *, gradient: bool) -> None:
        needed = core.memory(models, batch, gradient=gradient)
        if needed > self._limit:
            raise BudgetExceededError(
                f"{models * batch:,} states of {self._lowered.n_qubits} qubits need about "
                f"{needed / 2**30:.1f} GiB, the limit is {self._limit / 2**30:.1f} GiB; use a "
                "smaller batch, complex64, or raise memory_limit"
            )

    def explain(self, batch: int) -> str:
        """Say how a batch is evaluated and what it costs."""
        size = 2**self._lowered.n_qubits
        memory = self.memory(1, batch, gradient=True) / 2**20
        return (
            f"state_vector, {size:,} amplitudes a sample: {self._core.explain()}; about "
            f"{self.operations(batch):.2g} multiply-adds and {memory:.3g} MiB for {batch} samples "
            "with gradient"
        )


def _is_transformed(*tensors: torch.Tensor) -> bool:
    """Return whether ``torch.func`` wraps a tensor; custom functions do not compose with it."""
    return any(torch._C._functorch.is_functorch_wrapped_tensor(tensor) for tensor in tensors)
