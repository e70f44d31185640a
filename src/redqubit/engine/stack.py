"""Small circuits as one matrix: all layers built at once, then multiplied in order.

For up to five qubits the states are so small that the number of tensor operations decides, not the
arithmetic. Every layer ``turns x gather x phases`` is one 2^n matrix; all layers come from one
lookup of turn entries, gathers folded into the lookup. Leading axes are those of the weights: none,
or one of models.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from redqubit.engine.expression import Angle
from redqubit.engine.plan import DenseStep, Gather, PhaseStep, Plan, Rotate, Step
from redqubit.engine.turns import entries, entry_index, generators

MOST_QUBITS = 5
ZERO = Angle()


@dataclass
class StackTape:
    """What the adjoint needs: turn matrices, factors, layers, and products of the first layers."""

    turns: torch.Tensor
    factors: torch.Tensor | None
    layers: tuple[torch.Tensor, ...]
    products: list[torch.Tensor]


@dataclass
class _Layer:
    """Phases, then a gather, then turns."""

    constant: np.ndarray
    terms: list[tuple[np.ndarray, Angle]]
    index: np.ndarray
    halves: list[Angle]


def fits(plan: Plan, steps: tuple[Step, ...]) -> bool:
    """Return whether the steps can be stacked: few qubits, weights only, no dense matrices."""
    return plan.n_qubits <= MOST_QUBITS and not any(
        isinstance(step, DenseStep) or (isinstance(step, PhaseStep) and step.sample_signs.size)
        for step in steps
    )


class Stack:
    """The steps of a plan as one matrix ``(..., N, N)`` of the weight angles, and its adjoint.

    ``angles`` lists the angles in the order this class takes them: half turn angles of each layer,
    highest qubit first, then the phase angles of each layer.
    """

    def __init__(
        self, plan: Plan, steps: tuple[Step, ...], dtype: torch.dtype, device: torch.device
    ) -> None:
        n, states = plan.n_qubits, 2**plan.n_qubits
        layers = _layers(plan, steps)
        width = max(len(layer.terms) for layer in layers)
        self._n, self._count, self._width = n, len(layers), width
        signs = np.zeros((len(layers), states, width))
        constants = np.stack([layer.constant for layer in layers])
        for row, layer in enumerate(layers):
            for column, (sign, _) in enumerate(layer.terms):
                signs[row, :, column] = sign
        self.angles: list[Angle] = [half for layer in layers for half in layer.halves]
        for layer in layers:
            phases = [angle for _, angle in layer.terms]
            self.angles += phases + [ZERO] * (width - len(phases))
        index = [
            entry_index(n, np.argsort(layer.index)) + 4 * n * row
            for row, layer in enumerate(layers)
        ]
        self._entries = torch.tensor(np.stack(index).ravel(), device=device)
        self._generators = torch.tensor(generators(n), dtype=dtype, device=device)
        self._signs = torch.tensor(signs, dtype=dtype, device=device)
        self._constants = torch.tensor(constants, dtype=dtype, device=device)
        self._one = torch.ones((), dtype=dtype, device=device)
        self._fixed: torch.Tensor | None = None
        if not width and constants.any():
            if abs(np.sin(constants)).max() < 1e-15:
                self._fixed = self._constants.cos().unsqueeze(1)
            else:
                self._fixed = torch.polar(self._one, self._constants).unsqueeze(1)

    @property
    def complex(self) -> bool:
        """Return whether the matrix is complex."""
        return self._width > 0 or (self._fixed is not None and self._fixed.is_complex())

    def forward(self, u: torch.Tensor) -> tuple[torch.Tensor, StackTape]:
        """Return the matrix for weight angles ``(..., T)``."""
        lead, count, n, states = u.shape[:-1], self._count, self._n, 1 << self._n
        flat = entries(u[..., : count * n]).flatten(-2)
        picked = flat.index_select(-1, self._entries).view(*lead, count, n, states, states)
        turns = picked.prod(-3)
        factors = self._factors(u) if self._width else self._fixed
        stacked = turns if factors is None else turns * factors
        layers = stacked.unbind(-3)
        products = [layers[0]]
        for layer in layers[1:]:
            products.append(layer @ products[-1])
        return products[-1], StackTape(turns, factors, layers, products)

    def _factors(self, u: torch.Tensor) -> torch.Tensor:
        """Return the factors of columns ``(..., layers, 1, N)``."""
        chosen = u[..., self._count * self._n :].reshape(*u.shape[:-1], self._count, self._width, 1)
        phases = self._constants + (self._signs @ chosen).squeeze(-1)
        return torch.polar(self._one, phases).unsqueeze(-2)

    def backward(self, conjugate: torch.Tensor, tape: StackTape) -> torch.Tensor:
        """Return the gradient ``(..., T)`` of the angles, given conj(gradient) of the matrix."""
        parts = []
        mu = conjugate
        for number in range(self._count - 1, 0, -1):
            parts.append(mu @ tape.products[number - 1].mT)
            mu = tape.layers[number].mT @ mu
        parts.append(mu)
        stacked = torch.stack(parts[::-1], -3)
        if tape.factors is not None:
            stacked = stacked * tape.factors  # conj(gradient) of the turns
        real = stacked.real if stacked.is_complex() else stacked
        correlation = (real @ tape.turns.mT).flatten(-2)
        du = (correlation @ self._generators).flatten(-2)
        if not self._width:
            return du
        slopes = (stacked.imag * tape.turns).sum(-2).unsqueeze(-2)
        phases = (slopes @ self._signs).flatten(-3)
        return torch.cat((du, -phases), -1)


def _layers(plan: Plan, steps: tuple[Step, ...]) -> list[_Layer]:
    """Split the steps into layers that end with turns; the last one may have none."""
    n, states = plan.n_qubits, 2**plan.n_qubits
    layers: list[_Layer] = []
    current = _Layer(np.zeros(states), [], np.arange(states), [ZERO] * n)
    pending = True
    for step in steps:
        if isinstance(step, PhaseStep):
            if step.constant is not None:
                current.constant = step.constant
            angles = plan.weight_angles[step.weight :]
            current.terms = list(zip(step.weight_signs.T, angles, strict=False))
        elif isinstance(step, Gather):
            current.index = step.index
        elif isinstance(step, Rotate):
            for window in step.windows:
                first = plan.windows[window.size][0] + window.position * window.size
                place = n - window.low - window.size
                halves = plan.weight_angles[first : first + window.size]
                current.halves[place : place + window.size] = halves
            layers.append(current)
            current = _Layer(np.zeros(states), [], np.arange(states), [ZERO] * n)
        pending = not isinstance(step, Rotate)
    return [*layers, current] if pending else layers
