"""Small circuits as one matrix: all layers built at once, then multiplied pair by pair.

For up to five qubits the states are so small that the number of tensor operations decides, not the
arithmetic. Every layer ``turns x gather x phases`` is one 2^n matrix; all layers come from one
lookup of turn entries (gathers are folded into the lookup), and a tree of products gives the
circuit's matrix, which then acts on the encoded samples.
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
    """What the adjoint needs: turn matrices, factors, and the levels of the product tree."""

    turns: torch.Tensor
    factors: torch.Tensor | None
    levels: list[torch.Tensor]

    @property
    def complex(self) -> bool:
        """Return whether the matrix is complex."""
        return self.levels[-1].is_complex()


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
    """The steps of a plan as one matrix ``(M, N, N)`` of the weight angles, and its adjoint.

    ``angles`` lists the angles in the order this class takes them: half turn angles of each layer,
    highest qubit first, then the phase angles of each layer.
    """

    def __init__(
        self, plan: Plan, steps: tuple[Step, ...], dtype: torch.dtype, device: torch.device
    ) -> None:
        n, states = plan.n_qubits, 2**plan.n_qubits
        layers = _layers(plan, steps)
        self._n, self._count = n, len(layers)
        width = max((len(layer.terms) for layer in layers), default=0)
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
        self._constants = torch.tensor(constants, dtype=dtype, device=device).unsqueeze(-1)
        self._width = width
        self._phased = width > 0 or bool(constants.any())
        self._real = width == 0 and bool(abs(np.sin(constants)).max() < 1e-15)

    def forward(self, u: torch.Tensor) -> tuple[torch.Tensor, StackTape]:
        """Return the matrix for weight angles ``(M, T)``."""
        models, count, n, states = u.shape[0], self._count, self._n, 1 << self._n
        parts = entries(u[:, : count * n]).view(models, -1).index_select(1, self._entries)
        turns = parts.view(-1, n, states * states).prod(1).view(models, count, states, states)
        factors = self._factors(u) if self._phased else None
        stacked = turns if factors is None else turns * factors
        levels = [stacked]
        while stacked.shape[1] > 1:
            stacked = _multiply_pairs(stacked)
            levels.append(stacked)
        return stacked[:, 0], StackTape(turns, factors, levels)

    def _factors(self, u: torch.Tensor) -> torch.Tensor:
        """Return the factors of columns ``(M, layers, 1, N)``."""
        models, count, n = u.shape[0], self._count, self._n
        if self._width:
            chosen = u[:, count * n :].reshape(models, count, self._width)
            phases = torch.baddbmm(self._constants, self._signs, chosen.permute(1, 2, 0))
            phases = phases.permute(2, 0, 1)
        else:
            phases = self._constants.permute(2, 0, 1)
        if self._real:
            return phases.cos().unsqueeze(2)
        return torch.polar(torch.ones_like(phases), phases).unsqueeze(2)

    def backward(self, conjugate: torch.Tensor, tape: StackTape) -> torch.Tensor:
        """Return the gradient ``(M, T)`` of the angles, given conj(gradient) of the matrix."""
        models, count, states = conjugate.shape[0], self._count, 1 << self._n
        mu = conjugate.unsqueeze(1)
        for level in reversed(tape.levels[:-1]):
            mu = _divide_pairs(mu, level)
        if tape.factors is not None:
            mu = mu * tape.factors  # conj(gradient) of the turns
        real = (mu.real if mu.is_complex() else mu).reshape(-1, states, states)
        turns = tape.turns.view(-1, states, states)
        correlation = torch.bmm(real, turns.mT).view(models * count, -1)
        du = (correlation @ self._generators).view(models, -1)
        if not self._width:
            return du
        slopes = (mu.imag * tape.turns).sum(2).transpose(0, 1)
        phases = torch.bmm(slopes, self._signs).transpose(0, 1).flatten(1)
        return torch.cat((du, -phases), 1)


def _multiply_pairs(stacked: torch.Tensor) -> torch.Tensor:
    """Multiply neighbors, the later one on the left; a last single one stays."""
    pairs = stacked.shape[1] // 2 * 2
    product = torch.matmul(stacked[:, 1:pairs:2], stacked[:, 0:pairs:2])
    if pairs == stacked.shape[1]:
        return product
    return torch.cat((product, stacked[:, pairs:]), 1)


def _divide_pairs(mu: torch.Tensor, level: torch.Tensor) -> torch.Tensor:
    """Return conj(gradient) of the factors, given that of the products `_multiply_pairs` made."""
    pairs = level.shape[1] // 2 * 2
    products = mu[:, : pairs // 2]
    later = torch.matmul(products, level[:, 0:pairs:2].mT)
    earlier = torch.matmul(level[:, 1:pairs:2].mT, products)
    both = torch.stack((earlier, later), 2).flatten(1, 2)
    if pairs == level.shape[1]:
        return both
    return torch.cat((both, mu[:, pairs // 2 :]), 1)


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
