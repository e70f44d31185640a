"""Exact noiseless simulation of a batch of states, with a hand-written adjoint.

First derivatives come from the adjoint; second derivatives, and transforms of ``torch.func``, take
the same steps under plain autograd.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import torch

from redqubit.core.errors import BudgetExceededError, InputError
from redqubit.engine.composed import Composed
from redqubit.engine.evaluation import Adjoint, Core, Setup
from redqubit.engine.evolved import Evolved
from redqubit.engine.lowering import Lowered
from redqubit.engine.observables import Observable, readout_bytes
from redqubit.engine.plan import table_bytes
from redqubit.engine.stack import MOST_QUBITS, fits

Tensors = tuple[torch.Tensor, ...]


class _Node(Protocol):
    """A function of tensors with an adjoint of its own."""

    def forward(self, tensors: Tensors, *, tape: bool) -> tuple[torch.Tensor, Any]:
        """Return the values and, if asked, what the adjoint needs."""

    def backward(
        self, gradient: torch.Tensor, tensors: Tensors, tape: Any, needs: Sequence[bool]
    ) -> Sequence[torch.Tensor | None]:
        """Return the gradients that are needed."""

    def plain(self, *tensors: torch.Tensor) -> torch.Tensor:
        """Return the values, differentiable by autograd any number of times."""


class _Angles:
    """Values ``(..., K, C)`` of angles of weights and samples and, optionally, encoded states."""

    def __init__(self, core: Core, adjoint: Adjoint) -> None:
        self._core, self._adjoint = core, adjoint

    def forward(self, tensors: Tensors, *, tape: bool) -> tuple[torch.Tensor, Any]:
        """Return the values and, if asked, what the adjoint needs."""
        return self._adjoint.forward(*_three(tensors), tape=tape)

    def backward(
        self, gradient: torch.Tensor, tensors: Tensors, tape: Any, needs: Sequence[bool]
    ) -> Sequence[torch.Tensor | None]:
        """Return the gradients that are needed."""
        wanted = (needs[0], needs[1], len(needs) > 2 and needs[2])
        found = self._adjoint.backward(gradient, tape, wanted)
        return found[: len(tensors)]

    def plain(self, *tensors: torch.Tensor) -> torch.Tensor:
        """Return the values, differentiable by autograd any number of times."""
        return self._core.plain(*_three(tensors))


class _Inputs:
    """Values ``(..., K, C)`` of ``x (..., B, F)`` and ``w (..., W)`` where all angles are affine.

    The angles are part of this one node, because each further node costs as much time as a small
    circuit takes.
    """

    def __init__(self, core: Core, adjoint: Adjoint) -> None:
        self._core, self._adjoint = core, adjoint

    def forward(self, tensors: Tensors, *, tape: bool) -> tuple[torch.Tensor, Any]:
        """Return the values and, if asked, what the adjoint needs."""
        u, phi = _angles(self._core, *tensors)
        return self._adjoint.forward(u, phi, None, tape=tape)

    def backward(
        self, gradient: torch.Tensor, tensors: Tensors, tape: Any, needs: Sequence[bool]
    ) -> Sequence[torch.Tensor | None]:
        """Return the gradients that are needed."""
        x, w = tensors
        of_x, of_w = needs
        samples = self._core.sample_map
        mixed = of_w and samples.uses_weights
        wanted = (of_w, of_x or mixed, False)
        du, dphi, _ = self._adjoint.backward(gradient, tape, wanted)
        dx = dw = None
        if du is not None:
            dw = self._core.weight_map.of_weights_adjoint(du)
        if dphi is not None and of_x:
            dx = samples.of_samples_adjoint(dphi)
            dx = dx if dx.shape == x.shape else dx.sum_to_size(x.shape)
        if dphi is not None and dw is not None and mixed:
            dw = dw + samples.of_weights_adjoint(dphi.sum(-1)).sum_to_size(w.shape)
        return dx, dw

    def plain(self, *tensors: torch.Tensor) -> torch.Tensor:
        """Return the values, differentiable by autograd any number of times."""
        return self._core.plain(*_angles(self._core, *tensors), None)


def _three(tensors: Tensors) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor | None]:
    u, phi, *encoded = tensors
    return u, phi, encoded[0] if encoded else None


def _angles(core: Core, x: torch.Tensor, w: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    return core.weight_map.of_weights(w), core.sample_map.of_samples(x, w)


class _Adjoint(torch.autograd.Function):
    """A node with its adjoint as backward, and autograd for the second derivative."""

    @staticmethod
    def forward(ctx: Any, node: _Node, *tensors: torch.Tensor) -> torch.Tensor:
        values, ctx.tape = node.forward(tensors, tape=True)
        ctx.node = node
        ctx.save_for_backward(*tensors)
        return values

    @staticmethod
    def backward(ctx: Any, gradient: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        tensors, node, needs = ctx.saved_tensors, ctx.node, ctx.needs_input_grad[1:]
        if not torch.is_grad_enabled():
            return (None, *node.backward(gradient, tensors, ctx.tape, needs))
        values = node.plain(*tensors)
        if not values.requires_grad:  # constant: no angle depends on the inputs
            return (None, *(None for _ in needs))
        wanted = [tensor for tensor, need in zip(tensors, needs, strict=True) if need]
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
        self._lowered, self._limit = lowered, memory_limit
        tables = table_bytes(lowered, dtype.itemsize) + readout_bytes(observables, lowered.n_qubits)
        self._refuse_beyond_limit(tables, "the tables of this circuit and its observables")
        self._arguments = (lowered, observables, dtype, device)
        self._core = core_of(*self._arguments, arrays=device.type == "cpu")
        self._states_core: Evolved | None = None
        maps = (self._core.weight_map, self._core.sample_map)
        self._affine = not lowered.amplitude and all(each.affine for each in maps)
        self._node: _Node | None = None
        if self._core.adjoint is not None:
            kind = _Inputs if self._affine else _Angles
            self._node = kind(self._core, self._core.adjoint)

    def __call__(self, x: torch.Tensor, w: torch.Tensor) -> torch.Tensor:
        """Return values ``(..., B, K)`` for ``x (..., B, F)`` and ``w (..., W)``.

        Leading axes are none, or M models; ``x`` may lack the one that ``w`` has.
        """
        gradient = torch.is_grad_enabled() and (x.requires_grad or w.requires_grad)
        models = w.shape[0] if w.dim() > 1 else 1
        needed = self._core.memory(models, x.shape[-2], gradient=gradient)
        self._refuse_beyond_limit(needed, f"{models * x.shape[-2]:,} states")
        values = self._values(x, w, gradient=gradient)
        if values.shape[-1] < x.shape[-2]:  # nothing depends on the sample
            values = values.expand(*values.shape[:-1], x.shape[-2])
        return values.mT

    def _values(self, x: torch.Tensor, w: torch.Tensor, *, gradient: bool) -> torch.Tensor:
        tensors: Tensors = (x, w)
        if not self._affine:
            tensors = (*_angles(self._core, x, w), *self._encoded(x))
        node = self._node
        if node is None or _is_transformed(x, w):
            if self._affine:
                tensors = _angles(self._core, x, w)
            return self._core.plain(*_three(tensors))
        if gradient:
            values: torch.Tensor = _Adjoint.apply(node, *tensors)  # type: ignore[no-untyped-call]
            return values
        return node.forward(tensors, tape=False)[0]

    def states(self, x: torch.Tensor, w: torch.Tensor) -> torch.Tensor:
        """Return the final states ``(..., B, 2^n)``, index bit 0 being qubit 0."""
        if self._states_core is None:
            self._states_core = Evolved(Setup(*self._arguments, whole_start=True, arrays=False))
        core = self._states_core
        models = w.shape[0] if w.dim() > 1 else 1
        needed = core.memory(models, x.shape[-2], gradient=torch.is_grad_enabled())
        self._refuse_beyond_limit(needed, f"{models * x.shape[-2]:,} states")
        psi = core.states(*_three((*_angles(core, x, w), *self._encoded(x))))
        if not psi.is_complex():
            psi = torch.complex(psi, torch.zeros_like(psi))
        return psi.expand(*psi.shape[:-1], x.shape[-2]).mT

    def freeze(self, w: torch.Tensor) -> Callable[[torch.Tensor], torch.Tensor]:
        """Return ``x (B, F) -> (B, K)`` for weights ``w (W,)`` that stay as they are."""
        w = w.detach().clone()
        return lambda x: self(x, w)

    def _encoded(self, x: torch.Tensor) -> Tensors:
        if not self._lowered.amplitude:
            return ()
        amplitudes = self._lowered.amplitudes(x)
        if not _is_transformed(x) and not bool(torch.isfinite(amplitudes).all()):
            raise InputError(
                "amplitude encoding needs finite samples with at least one feature that is not 0"
            )
        return (amplitudes.mT,)

    @property
    def composed(self) -> bool:
        """Return whether the layers become one matrix for all samples."""
        return isinstance(self._core, Composed)

    def memory(self, models: int, batch: int, *, gradient: bool) -> int:
        """Return the bytes that a call needs, roughly."""
        return self._core.memory(models, batch, gradient=gradient)

    def operations(self, batch: int) -> float:
        """Return the multiply-adds of a forward pass, roughly."""
        return self._core.operations(batch)

    def _refuse_beyond_limit(self, needed: int, what: str) -> None:
        if needed > self._limit:
            raise BudgetExceededError(
                f"{what} need about {needed / 2**30:.1f} GiB on {self._lowered.n_qubits} qubits, "
                f"the limit is {self._limit / 2**30:.1f} GiB; use fewer samples at once, "
                "complex64, or raise memory_limit"
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


def core_of(
    lowered: Lowered,
    observables: Sequence[Observable],
    dtype: torch.dtype,
    device: torch.device,
    *,
    arrays: bool,
) -> Core:
    """Return the faster way to evaluate a circuit."""
    if lowered.n_qubits <= MOST_QUBITS:
        setup = Setup(lowered, observables, dtype, device, whole_start=False, arrays=arrays)
        if fits(setup.plan, setup.steps):
            return Composed(setup)
    return Evolved(Setup(lowered, observables, dtype, device, whole_start=True, arrays=arrays))
