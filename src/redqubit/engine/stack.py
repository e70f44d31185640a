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
    """The steps of a plan as one matrix ``(..., N, N)`` of the weight angles.

    Attributes
    ----------
    angles
        In the order of ``u``: half turn angles of each layer, highest qubit first, then ``width``
        phase angles of each layer.
    entries
        Where each entry of each layer's turn matrix finds its factors, one a qubit.
    signs, constants
        Phases of a layer's columns: ``constants (count, N) + signs (count, N, width) @ angles``.
    fixed
        The factors of columns where no phase depends on weights, None if all are 1.
    """

    def __init__(
        self, plan: Plan, steps: tuple[Step, ...], dtype: torch.dtype, device: torch.device
    ) -> None:
        n, states = plan.n_qubits, 2**plan.n_qubits
        layers = _layers(plan, steps)
        width = max(len(layer.terms) for layer in layers)
        self.n, self.count, self.width = n, len(layers), width
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
        self.entries = torch.tensor(np.stack(index).ravel(), device=device)
        self.generators = torch.tensor(generators(n), dtype=dtype, device=device)
        self.signs = torch.tensor(signs, dtype=dtype, device=device)
        self.constants = torch.tensor(constants, dtype=dtype, device=device)
        self.fixed: torch.Tensor | None = None
        if not width and constants.any():
            if abs(np.sin(constants)).max() < 1e-15:
                self.fixed = self.constants.cos().unsqueeze(1)
            else:
                self.fixed = _polar(self.constants).unsqueeze(1)

    @property
    def complex(self) -> bool:
        """Return whether the matrix is complex."""
        return self.width > 0 or (self.fixed is not None and self.fixed.is_complex())

    def __call__(self, u: torch.Tensor) -> torch.Tensor:
        """Return the matrix for weight angles ``(..., T)``."""
        lead, count, n, states = u.shape[:-1], self.count, self.n, 1 << self.n
        flat = entries(u[..., : count * n]).flatten(-2)
        picked = flat.index_select(-1, self.entries).view(*lead, count, n, states, states)
        stacked = picked.prod(-3)
        if self.width:
            chosen = u[..., count * n :].reshape(*lead, count, self.width, 1)
            phases = self.constants + (self.signs @ chosen).squeeze(-1)
            stacked = stacked * _polar(phases).unsqueeze(-2)
        elif self.fixed is not None:
            stacked = stacked * self.fixed
        layers = stacked.unbind(-3)
        product: torch.Tensor = layers[0]
        for layer in layers[1:]:
            product = layer @ product
        return product


def _polar(phases: torch.Tensor) -> torch.Tensor:
    return torch.polar(torch.ones_like(phases), phases)


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
