"""Gradients as a quantum device can measure them, with the number of circuits they cost.

All return Jacobians of the expectation values. One execution is one circuit in one measurement
setting for one sample, repeated for all its shots.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np
import torch

from redqubit.core.errors import InputError, unknown
from redqubit.engine.expression import Angle
from redqubit.engine.lowering import Operation
from redqubit.engine.program import Program

By = Literal["weights", "features"]
MODELS_AT_ONCE = 64

# (base frequency, number of its multiples) of an expectation value in each angle of a gate: half
# the differences of the generator's eigenvalues. An angle in one phase or rotation has (1, 1).
_SPECTRA: dict[str, tuple[tuple[float, int], ...]] = {
    "r": ((1.0, 1), (1.0, 2)),
    "crx": ((0.5, 2),),
    "cry": ((0.5, 2),),
    "crz": ((0.5, 2),),
    "cu3": ((0.5, 2), (1.0, 1), (1.0, 1)),
    "cu": ((0.5, 2), (1.0, 1), (1.0, 1), (1.0, 1)),
    "xx_plus_yy": ((0.5, 2), (1.0, 2)),
    "xx_minus_yy": ((0.5, 2), (1.0, 2)),
}


@dataclass(frozen=True)
class Gradient:
    """A Jacobian ``(B, K, P)`` of the values by the parameters, and what it cost.

    ``executions`` counts circuits: samples x shifted circuits x measurement settings.
    """

    value: torch.Tensor
    executions: int


@dataclass(frozen=True)
class _Occurrence:
    """One angle of one operation: where it stands and how the values vary with it."""

    operation: int
    slot: int
    angle: Angle
    frequency: float
    multiples: int

    def rule(self) -> list[tuple[float, float]]:
        """Return ``(shift, coefficient)`` pairs whose weighted sum of values is the derivative.

        Source: Wierichs, Izaac, Wang and Lin (2022), Quantum 6, 677, equation 21 (equidistant
        frequencies); for one frequency it is the two-term rule of Schuld et al. (2019).
        """
        count = 2 * self.multiples
        pairs = []
        for number in range(count):
            point = (2 * number + 1) * math.pi / count
            sign = 1.0 if number % 2 == 0 else -1.0
            coefficient = self.frequency * sign / (2 * count * math.sin(point / 2) ** 2)
            pairs.append((point / self.frequency, coefficient))
        return pairs


def parameter_shift(
    program: Program,
    x: torch.Tensor,
    w: torch.Tensor,
    *,
    by: By = "weights",
    shots: int | None = None,
    rng: np.random.Generator | None = None,
) -> Gradient:
    """Return exact derivatives from shifted circuits, one gate angle at a time.

    Every occurrence of a parameter is shifted on its own and weighted by the slope of its angle,
    so repeated parameters and general expressions are right. Rotations and phases take 2 circuits
    an angle, controlled rotations and the like 4.

    Parameters
    ----------
    program
        With or without noise.
    x, w
        Samples ``(B, F)`` and weights ``(W,)``.
    by
        Differentiate by ``weights`` or ``features``.
    shots, rng
        Estimate each value from that many shots; None is exact.

    Raises
    ------
    InputError
        Amplitude encoding differentiated by features: it is no rotation.
    """
    _check(program, x, w, by, shots, rng)
    if by == "features" and program.lowered.amplitude:
        raise InputError(
            "amplitude encoding has no shift rule; use finite_difference or spsa for its features"
        )
    found = _occurrences(program.lowered.operations, by)
    points = [(row, *pair) for row, item in enumerate(found) for pair in item.rule()]
    shifted = program.replaced(
        replace(
            program.lowered,
            operations=_with_shifts(program.lowered.operations, found, program.n_weights),
            n_weights=program.n_weights + len(found),
        )
    )
    slopes = x.new_zeros(len(found), x.shape[0], program.n_observables)
    for first in range(0, len(points), MODELS_AT_ONCE):
        block = points[first : first + MODELS_AT_ONCE]
        rows = w.new_zeros(len(block), shifted.n_weights)
        rows[:, : len(w)] = w
        for line, (row, shift, _) in enumerate(block):
            rows[line, len(w) + row] = shift
        values = _values(shifted, x, rows, shots, rng)
        for value, (row, _, coefficient) in zip(values, block, strict=True):
            slopes[row] += coefficient * value.to(slopes)
    jacobian = torch.stack([_slope(item.angle, x, w, by) for item in found]) if found else None
    size = program.n_weights if by == "weights" else program.n_features
    total = x.new_zeros(x.shape[0], program.n_observables, size)
    if jacobian is not None:
        total = torch.einsum("jbk,jbp->bkp", slopes, jacobian.to(slopes))
    return Gradient(total, len(points) * len(x) * program.executions)


def finite_difference(
    program: Program,
    x: torch.Tensor,
    w: torch.Tensor,
    *,
    by: By = "weights",
    step: float = 0.01,
    shots: int | None = None,
    rng: np.random.Generator | None = None,
) -> Gradient:
    """Return central differences: two circuits a parameter, error of order ``step`` squared.

    Parameters are as for `parameter_shift`; ``step`` is in radians, positive.
    """
    _check(program, x, w, by, shots, rng, step)
    size = program.n_weights if by == "weights" else program.n_features
    columns = []
    for index in range(size):
        direction = torch.zeros(size, dtype=w.dtype, device=w.device)
        direction[index] = 1.0
        columns.append(_difference(program, x, w, direction, by, step, shots, rng))
    empty = x.new_zeros(x.shape[0], program.n_observables, 0)
    value = torch.stack(columns, -1) if columns else empty
    return Gradient(value, 2 * size * len(x) * program.executions)


def spsa(
    program: Program,
    x: torch.Tensor,
    w: torch.Tensor,
    rng: np.random.Generator,
    *,
    by: By = "weights",
    step: float = 0.1,
    repeats: int = 1,
    shots: int | None = None,
) -> Gradient:
    """Return estimates from random directions: two circuits a repeat, however many parameters.

    The mean over directions is the gradient up to order ``step`` squared. Parameters are as for
    `parameter_shift`; ``repeats`` directions are averaged.

    Source: Spall (1992), IEEE Trans. Autom. Control 37, 332, equation 2.2.
    """
    _check(program, x, w, by, shots, rng, step)
    if repeats < 1:
        raise InputError(f"spsa needs repeats >= 1, got {repeats}")
    shape = (program.n_weights,) if by == "weights" else (len(x), program.n_features)
    total = x.new_zeros(x.shape[0], program.n_observables, shape[-1])
    for _ in range(repeats):
        signs = 2.0 * rng.integers(0, 2, shape) - 1.0
        direction = torch.as_tensor(signs, dtype=w.dtype, device=w.device)
        difference = _difference(program, x, w, direction, by, step, shots, rng)
        spread = direction if by == "weights" else direction.unsqueeze(1)
        total += difference.to(total).unsqueeze(-1) * spread.to(total) / repeats
    return Gradient(total, 2 * repeats * len(x) * program.executions)


def _check(
    program: Program,
    x: torch.Tensor,
    w: torch.Tensor,
    by: str,
    shots: int | None,
    rng: np.random.Generator | None,
    step: float = 1.0,
) -> None:
    if by not in get_args(By):
        raise unknown("parameters to differentiate by", str(by), get_args(By))
    if x.dim() != 2 or w.dim() != 1 or x.shape[1] != program.n_features:
        raise InputError(
            f"gradients need x (B, {program.n_features}) and w ({program.n_weights},), got "
            f"{tuple(x.shape)} and {tuple(w.shape)}"
        )
    if shots is not None and rng is None:
        raise InputError("shots need a numpy Generator; pass rng")
    if not (math.isfinite(step) and step > 0):
        raise InputError(f"step must be a finite number > 0 (radians), got {step!r}")


def _values(
    program: Program,
    x: torch.Tensor,
    w: torch.Tensor,
    shots: int | None,
    rng: np.random.Generator | None,
) -> torch.Tensor:
    with torch.no_grad():
        if shots is None or rng is None:
            return program(x, w)
        return program.sample(x, w, shots, rng)


def _difference(
    program: Program,
    x: torch.Tensor,
    w: torch.Tensor,
    direction: torch.Tensor,
    by: By,
    step: float,
    shots: int | None,
    rng: np.random.Generator | None,
) -> torch.Tensor:
    """Return the central difference ``(B, K)`` along a direction."""
    signs = torch.tensor([step, -step], dtype=w.dtype, device=w.device)
    if by == "weights":
        plus, minus = _values(program, x, w + signs[:, None] * direction, shots, rng)
    else:
        batches = x + signs[:, None, None].to(x) * direction.to(x)
        plus, minus = _values(program, batches, w.expand(2, -1), shots, rng)
    slope: torch.Tensor = (plus - minus) / (2 * step)
    return slope


def _occurrences(operations: Iterable[Operation], by: By) -> list[_Occurrence]:
    found = []
    for position, operation in enumerate(operations):
        spectra = _SPECTRA.get(operation.name, ((1.0, 1),) * len(operation.angles))
        for slot, (angle, spectrum) in enumerate(zip(operation.angles, spectra, strict=True)):
            indices = angle.weight_indices if by == "weights" else angle.feature_indices
            if indices:
                found.append(_Occurrence(position, slot, angle, *spectrum))
    return found


def _with_shifts(
    operations: tuple[Operation, ...], found: list[_Occurrence], n_weights: int
) -> tuple[Operation, ...]:
    """Add a weight of its own, after the ``n_weights`` there are, to every occurrence's angle."""
    changed = list(operations)
    for row, item in enumerate(found):
        operation = changed[item.operation]
        angles = list(operation.angles)
        angles[item.slot] = item.angle.plus(Angle(weights=((n_weights + row, 1.0),)))
        changed[item.operation] = replace(operation, angles=tuple(angles))
    return tuple(changed)


def _slope(angle: Angle, x: torch.Tensor, w: torch.Tensor, by: By) -> torch.Tensor:
    """Return the derivatives ``(B, P)`` of an angle by the parameters, sample by sample."""
    of_weights = by == "weights"
    size = len(w) if of_weights else x.shape[1]
    if angle.expression is None:
        slopes = x.new_zeros(size)
        for index, slope in angle.weights if of_weights else angle.features:
            slopes[index] = slope
        return slopes.expand(len(x), size)
    expression = angle.expression
    if of_weights:

        def along(weights: torch.Tensor) -> torch.Tensor:
            return expression(x, weights).expand(len(x))

        jacobian: torch.Tensor = torch.autograd.functional.jacobian(along, w.detach())  # type: ignore[no-untyped-call]
        return jacobian
    rows = x.detach().clone().requires_grad_()
    (gradient,) = torch.autograd.grad(expression(rows, w.detach()).sum(), rows)
    slopes_of_rows: torch.Tensor = gradient
    return slopes_of_rows
