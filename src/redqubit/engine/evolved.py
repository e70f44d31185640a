"""Evaluation state by state, through the fused steps of the plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from redqubit.engine.evaluation import Gradients, Needs, Setup, with_models
from redqubit.engine.kernels import Kernels, NumpyKernels, TorchKernels
from redqubit.engine.layers import Layers, Prepared, Saved, Sums
from redqubit.engine.plan import DenseStep, Rotate
from redqubit.engine.product_adjoint import ArrayStart, StartTape


@dataclass
class _Path:
    u: torch.Tensor
    phi: torch.Tensor
    encoded: bool
    beginning: StartTape | None
    prepared: Prepared
    saved: list[Saved]
    final: torch.Tensor
    start: torch.Size


class Evolved:
    """Every sample's state goes through the layers.

    The class is its own adjoint: the same steps with other kernels, and back.
    """

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._states = 2**setup.lowered.n_qubits
        self._start = setup.start()
        self._arrays = ArrayStart(self._start.stages, self._start.n)
        self._layers = setup.layers(setup.steps)
        self._readout = setup.readout()
        self.weight_map = setup.map(setup.plan.weight_angles)
        self.sample_map = setup.map(setup.plan.sample_angles)
        self._kernels: Kernels = NumpyKernels() if setup.arrays else TorchKernels()
        self._dense = sum(isinstance(step, Rotate | DenseStep) for step in setup.steps)

    @property
    def adjoint(self) -> Evolved:
        """Return itself."""
        return self

    def forward(
        self, u: torch.Tensor, phi: torch.Tensor, encoded: torch.Tensor | None, *, tape: bool
    ) -> tuple[torch.Tensor, _Path | None]:
        """Return the values and, if asked, what the adjoint needs."""
        saved: list[Saved] | None = [] if tape else None
        beginning: StartTape | None = None
        if encoded is not None:
            start = encoded
        elif self._setup.arrays:
            made, beginning = self._arrays.forward(u.detach().numpy(), phi.detach().numpy())
            start = torch.from_numpy(made)
        else:
            start = self._start(u, phi)
        prepared = self._layers.prepare(with_models(u, 1), self._kernels)
        shared = start.expand(prepared.models, *start.shape[-2:]).contiguous()
        samples = with_models(phi, 2)
        final = self._layers.forward(shared, samples, prepared, saved, self._kernels)
        values = self._readout(final).reshape(*u.shape[:-1], -1, final.shape[-1])
        if saved is None:
            return values, None
        return values, _Path(
            u, phi, encoded is not None, beginning, prepared, saved, final, start.shape
        )

    def plain(
        self, u: torch.Tensor, phi: torch.Tensor, encoded: torch.Tensor | None
    ) -> torch.Tensor:
        """Return the values, differentiable by autograd any number of times."""
        psi = self._through(u, phi, encoded, [self._layers])
        return self._readout(psi).reshape(*u.shape[:-1], -1, psi.shape[-1])

    def states(
        self, u: torch.Tensor, phi: torch.Tensor, encoded: torch.Tensor | None
    ) -> torch.Tensor:
        """Return the final states ``(..., N, C)``, differentiable by autograd."""
        parts = [self._layers]
        if self._setup.diagonal:
            parts.append(self._setup.layers(self._setup.plan.trailing))
        psi = self._through(u, phi, encoded, parts)
        return psi.reshape(*u.shape[:-1], *psi.shape[-2:])

    def _through(
        self,
        u: torch.Tensor,
        phi: torch.Tensor,
        encoded: torch.Tensor | None,
        parts: Sequence[Layers],
    ) -> torch.Tensor:
        """Return the states ``(M, N, C)`` after some layers, by differentiable kernels."""
        psi = self._start(u, phi) if encoded is None else encoded
        models, kernels = with_models(u, 1), TorchKernels()
        psi = psi.expand(models.shape[0], *psi.shape[-2:]).contiguous()
        for layers in parts:
            prepared = layers.prepare(models, kernels)
            psi = layers.forward(psi, with_models(phi, 2), prepared, None, kernels)
        return psi

    def backward(self, gradient: torch.Tensor, tape: _Path, needs: Needs) -> Gradients:
        """Return the gradients of ``u``, ``phi`` and ``encoded`` that are needed."""
        du = torch.zeros_like(tape.u) if needs[0] else None
        dphi = torch.zeros_like(tape.phi) if needs[1] else None
        sums = Sums({}, {}, None if dphi is None else with_models(dphi, 2))
        lam = self._readout.adjoint(with_models(gradient, 2), tape.final)
        arguments = (tape.prepared, tape.saved, sums, self._kernels)
        lam = self._layers.backward(lam, *arguments, weights=needs[0])
        if du is not None:
            self._layers.finish(sums, with_models(du, 1))
        if lam.shape != tape.start:
            lam = lam[0] if len(lam) == 1 and len(tape.start) == 2 else lam.sum_to_size(tape.start)
        if tape.encoded:
            return du, dphi, lam if needs[2] else None
        if tape.beginning is not None:
            arrays = [None if part is None else part.numpy() for part in (du, dphi)]
            self._arrays.backward(lam.numpy(), tape.beginning, *arrays)
        else:
            self._start_by_autograd(lam, tape, du, dphi)
        return du, dphi, None

    def _start_by_autograd(
        self,
        lam: torch.Tensor,
        tape: _Path,
        du: torch.Tensor | None,
        dphi: torch.Tensor | None,
    ) -> None:
        """Add the gradients through the start, on devices without arrays."""
        with torch.enable_grad():
            inputs = tape.u.detach().requires_grad_(), tape.phi.detach().requires_grad_()
            start = self._start(*inputs)
        if start.requires_grad:
            found = torch.autograd.grad(start, inputs, lam, allow_unused=True)
            for total, part in zip((du, dphi), found, strict=True):
                if total is not None and part is not None:
                    total += part

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
