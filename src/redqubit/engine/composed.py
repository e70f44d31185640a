"""Evaluation of small circuits: the layers become one matrix for all samples."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from redqubit.engine.evaluation import Gradients, Needs, Setup, matmul
from redqubit.engine.product_adjoint import Array, ArrayStart, StartTape, join
from redqubit.engine.small import MatrixTape, SmallMatrix
from redqubit.engine.stack import Stack


class Composed:
    """The layers become one matrix, which acts on all encoded samples."""

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        self.states_count = 2**setup.lowered.n_qubits
        self.start = setup.start()
        self.stack = Stack(setup.plan, setup.steps, setup.dtype, setup.device)
        self.readout = setup.readout()
        places = [stage.weight for stage in setup.plan.stages if stage.weight is not None]
        self.first = max(places, default=-setup.lowered.n_qubits) + setup.lowered.n_qubits
        leading = setup.plan.weight_angles[: self.first]  # those of the start
        self.weight_map = setup.map([*leading, *self.stack.angles])
        self.sample_map = setup.map(setup.plan.sample_angles)
        self.adjoint = SmallAdjoint(self) if setup.arrays else None

    def plain(
        self, u: torch.Tensor, phi: torch.Tensor, encoded: torch.Tensor | None
    ) -> torch.Tensor:
        """Return the values, differentiable by autograd any number of times."""
        start = self.start(u, phi) if encoded is None else encoded
        return self.readout(matmul(self.stack(u[..., self.first :]), start))

    def memory(self, models: int, batch: int, *, gradient: bool) -> int:
        """Return the bytes of the states that are alive at once, roughly."""
        layers = 4 * len(self.setup.steps) * self.states_count if gradient else self.states_count
        size: int = models * self.states_count * self.setup.bytes * (4 * batch + layers)
        return size

    def operations(self, batch: int) -> float:
        """Return the multiply-adds of a forward pass, roughly."""
        layers = 4.0 * self.states_count**3 * len(self.setup.steps)
        total: float = 2.0 * self.states_count**2 * batch + layers
        return total

    def explain(self) -> str:
        """Say how samples are evaluated."""
        return (
            f"its {len(self.setup.steps)} fused steps become one matrix, which then acts on all "
            "samples"
        )


@dataclass
class _Product:
    phi: tuple[int, ...]
    encoded: bool
    beginning: StartTape | None
    layers: MatrixTape
    matrix: Array
    start: Array
    final: Array


class SmallAdjoint:
    """The evaluation of `Composed` in numpy, and the way back.

    Where the encoded states are real and the observables diagonal, real and imaginary parts of
    the final states are computed apart, as twice the rows: everything on samples is real then.
    """

    def __init__(self, core: Composed) -> None:
        self._start = ArrayStart(core.start.stages, core.start.n)
        self._readout, self._first = core.readout, core.first
        self._matrix = SmallMatrix(core.stack)
        self._complex = core.stack.complex
        diagonal = core.readout.diagonal
        self._signs: Array | None = None
        if diagonal is not None:
            self._signs = np.concatenate((diagonal.numpy(), diagonal.numpy()), 1)
            self._twice = 2 * self._signs.T

    def forward(
        self, u: torch.Tensor, phi: torch.Tensor, encoded: torch.Tensor | None, *, tape: bool
    ) -> tuple[torch.Tensor, _Product | None]:
        """Return the values and, if asked, what the way back needs."""
        angles, beginning = u.detach().numpy(), None
        if encoded is not None:
            start: Array = encoded.detach().numpy()
        else:
            start, beginning = self._start.forward(angles, phi.detach().numpy())
        matrix, layers = self._matrix.forward(angles[..., self._first :])
        values: torch.Tensor
        if self._signs is not None and not np.iscomplexobj(start):
            if self._complex:
                matrix = np.concatenate((matrix.real, matrix.imag), -2)
            final = matrix @ start
            values = torch.from_numpy(self._signs[:, : final.shape[-2]] @ (final * final))
        else:
            final = matrix @ start
            values = self._readout(torch.from_numpy(final))
        return values, _Product(
            phi.shape, encoded is not None, beginning, layers, matrix, start, final
        ) if tape else None

    def backward(self, gradient: torch.Tensor, tape: _Product, needs: Needs) -> Gradients:
        """Return the gradients of ``u``, ``phi`` and ``encoded`` that are needed."""
        start, final = tape.start, tape.final
        real = self._signs is not None and not np.iscomplexobj(start)
        if real:
            lam = (self._twice[: final.shape[-2]] @ gradient.resolve_neg().numpy()) * final
        else:
            lam = self._readout.adjoint(gradient, torch.from_numpy(final)).numpy()
        du: Array | None = None
        if needs[0]:
            conjugate = self._conjugate(lam, start, real=real)
            du = self._matrix.backward(conjugate, tape.layers)
            if self._first:
                none = np.zeros((*du.shape[:-1], self._first), du.dtype)
                du = np.concatenate((none, du), -1)
        dphi: Array | None = np.zeros(tape.phi, lam.real.dtype) if needs[1] else None
        lam_start = tape.matrix.conj().mT @ lam
        if lam_start.ndim > start.ndim:
            lam_start = lam_start.sum(0)
        if np.iscomplexobj(lam_start) and not np.iscomplexobj(start):
            lam_start = lam_start.real
        if tape.beginning is not None and (needs[1] or (needs[0] and self._first > 0)):
            self._start.backward(lam_start, tape.beginning, du, dphi)
        of_encoded = lam_start if tape.encoded and needs[2] else None
        return _tensor(du), _tensor(dphi), _tensor(of_encoded)

    def _conjugate(self, lam: Array, start: Array, *, real: bool) -> Array:
        """Return the conjugate of the gradient of the circuit's matrix."""
        mu: Array = (lam if real else lam.conj()) @ start.mT
        if not self._complex:
            return np.ascontiguousarray(mu.real)
        if not real:
            return mu
        states = mu.shape[-1]
        return join(mu[..., :states, :], -mu[..., states:, :])


def _tensor(array: Array | None) -> torch.Tensor | None:
    return None if array is None else torch.from_numpy(np.ascontiguousarray(array))
