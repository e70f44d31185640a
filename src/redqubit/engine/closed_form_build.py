"""Building the closed form of a circuit with frozen weights, or saying why there is none.

Three ways. ``product``: every feature turns one wire once, at its start; one pass of the
observables backward through the circuit, noise included, leaves the tensor itself.
``interpolation``: features appear several times, inside the circuit or in joint gates; the outputs
on an equidistant grid determine the trigonometric polynomial exactly. ``quadratic``: amplitude
encoding.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from qiskit.quantum_info import Pauli, SparsePauliOp

from redqubit.core.errors import BudgetExceededError, InputError
from redqubit.engine.closed_form import ClosedForm, QuadraticForm
from redqubit.engine.expression import Angle
from redqubit.engine.lowering import Lowered
from redqubit.engine.noise import Noise
from redqubit.engine.pauli_basis import operator_of_vector
from redqubit.engine.pauli_transfer import MEMORY_LIMIT, PauliTransferProgram
from redqubit.engine.transfer_factors import Factor, factors_of, half_basis
from redqubit.engine.transfer_schedule import Schedule, schedule

Method = Literal["product", "interpolation", "quadratic"]
Evaluate = Callable[[torch.Tensor], torch.Tensor]
Observables = Sequence[str | Pauli | SparsePauliOp]

MOST_ELEMENTS = 2**24
MOST_OPERATIONS = 1e12
BLOCK_BYTES = 2**23
_COMMENSURATE = 1e-9
_LARGEST_RATIO = 12


@dataclass(frozen=True)
class Coverage:
    """How a closed form would be built, and what that costs.

    Parameters
    ----------
    method
        See the module.
    degrees
        Trigonometric degree in each feature; empty for ``quadratic``.
    scales, offsets
        ``angle = scale * x + offset`` of each feature.
    elements
        Numbers in the tensor.
    evaluations
        Grid points to evaluate, 0 where none are needed.
    operations
        Multiply-adds, roughly; one core does 1e10 a second and more.
    """

    method: Method
    degrees: tuple[int, ...]
    scales: tuple[float, ...]
    offsets: tuple[float, ...]
    elements: int
    evaluations: int
    operations: float


def cost(
    lowered: Lowered, n_observables: int, w: torch.Tensor, noise: Noise | None = None
) -> Coverage:
    """Return how the closed form for weights ``w (W,)`` would be built, without building it.

    Raises
    ------
    InputError
        No closed form exists: an angle is not affine in the features, or one feature has
        frequencies without a common measure; the message says which.
    """
    factors = list(factors_of(lowered, noise))
    plan = schedule(lowered.n_qubits, factors, given=lowered.amplitude)
    vectors = 4.0**lowered.n_qubits
    matrices = sum(
        16.0 if len(step.qubits) == 2 else 4.0 ** len(step.qubits) for step in plan.steps
    )
    if lowered.amplitude:
        _refuse_reuse(factors)
        elements = n_observables * 4**lowered.n_qubits
        return Coverage("quadratic", (), (), (), elements, 0, n_observables * vectors * matrices)
    slopes = _feature_slopes(factors, lowered, w)
    single = _single_uses(plan, lowered, w)
    if single is not None:
        degrees, scales, offsets = single
    else:
        degrees, scales = _degrees(slopes, lowered.n_features)
        offsets = (0.0,) * lowered.n_features
    points = math.prod(2 * degree + 1 for degree in degrees)
    elements = n_observables * points
    if single is not None:
        backward = n_observables * vectors * matrices
        return Coverage("product", degrees, scales, offsets, elements, 0, backward)
    noisy = noise is not None and not noise.ideal
    forward = vectors * matrices if noisy else 2.0**lowered.n_qubits * 4 * len(factors)
    if plan.product_encoding:
        forward = min(forward, n_observables * vectors)
    operations = points * forward
    return Coverage("interpolation", degrees, scales, offsets, elements, points, operations)


def build(
    lowered: Lowered,
    observables: Observables,
    w: torch.Tensor,
    noise: Noise | None = None,
    *,
    evaluate: Evaluate | None = None,
    max_elements: int = MOST_ELEMENTS,
    max_operations: float = MOST_OPERATIONS,
    memory_limit: int = MEMORY_LIMIT,
) -> ClosedForm | QuadraticForm:
    """Return the closed form of the expectation values for frozen weights.

    Parameters
    ----------
    lowered, observables, noise
        As for `PauliTransferProgram`.
    w
        Weights (W,).
    evaluate
        ``x (B, F) -> (B, K)`` in float64 for interpolation, with these weights; the noisy program
        where it is not given.
    max_elements, max_operations
        Limits on the size of the tensor and the work to build it.
    memory_limit
        Bytes that building may hold.

    Raises
    ------
    InputError
        No closed form exists; the message names the reason.
    BudgetExceededError
        It would be larger or dearer than the limits.
    """
    coverage = cost(lowered, len(observables), w, noise)
    if coverage.elements > max_elements or coverage.operations > max_operations:
        raise BudgetExceededError(
            f"the closed form has {coverage.elements:,} numbers and takes about "
            f"{coverage.operations:.1g} multiply-adds ({coverage.method}); the limits are "
            f"{max_elements:,} and {max_operations:.1g}"
        )
    program = PauliTransferProgram(lowered, observables, noise, memory_limit=memory_limit)
    w = w.detach().to("cpu", torch.float64)
    if coverage.method == "quadratic":
        return _quadratic(program, lowered, w)
    if coverage.method == "product":
        return _product(program, lowered, coverage, w)
    return _interpolate(coverage, evaluate or program.freeze(w), lowered.n_qubits)


def _chunks(total: int, size: int) -> list[range]:
    size = max(1, size)
    return [range(first, min(first + size, total)) for first in range(0, total, size)]


def _tensor(program: PauliTransferProgram, w: torch.Tensor) -> torch.Tensor:
    """Return the observables before the circuit, (d_1, ..., d_n, K), a few columns at a time."""
    size = BLOCK_BYTES // (8 * 4**program.n_qubits)
    parts = [
        program.heisenberg_tensor(w, columns) for columns in _chunks(program.n_observables, size)
    ]
    return torch.cat(parts, dim=-1)


def _product(
    program: PauliTransferProgram, lowered: Lowered, coverage: Coverage, w: torch.Tensor
) -> ClosedForm:
    tensor = _tensor(program, w)  # wires without features have size 1
    plan = schedule(lowered.n_qubits, list(factors_of(lowered, program.noise)))
    wires = {}
    for wire, start in enumerate(plan.starts):
        if start.rotation is not None:
            (feature,) = start.rotation.angles[0].feature_indices
            wires[feature] = wire
    order = [wires[feature] for feature in sorted(wires)]
    rest = [wire for wire in range(lowered.n_qubits) if wire not in order]
    tensor = tensor.permute(lowered.n_qubits, *order, *rest)
    shape = [2 * degree + 1 for degree in coverage.degrees]
    return ClosedForm(
        tensor.reshape(-1, *shape),
        torch.tensor(coverage.scales, dtype=torch.float64),
        torch.tensor(coverage.offsets, dtype=torch.float64),
    )


def _quadratic(program: PauliTransferProgram, lowered: Lowered, w: torch.Tensor) -> QuadraticForm:
    tensor = _tensor(program, w)
    wires = range(lowered.n_qubits - 1, -1, -1)
    vector = tensor.permute(*wires, lowered.n_qubits).reshape(4**lowered.n_qubits, -1)
    matrices = operator_of_vector(vector.contiguous()).real  # amplitudes are real
    place = torch.tensor(lowered.amplitude_order)
    ordered = torch.zeros(
        len(matrices), lowered.n_features, lowered.n_features, dtype=torch.float64
    )
    ordered[:, place[:, None], place] = matrices
    return QuadraticForm(ordered)


def _interpolate(coverage: Coverage, evaluate: Evaluate, n_qubits: int) -> ClosedForm:
    scales = torch.tensor(coverage.scales, dtype=torch.float64)
    offsets = torch.tensor(coverage.offsets, dtype=torch.float64)
    sizes = [2 * degree + 1 for degree in coverage.degrees]
    size = min(4096, max(64, BLOCK_BYTES // (8 * 4**n_qubits)))
    strides = [math.prod(sizes[axis + 1 :]) for axis in range(len(sizes))]
    values = []
    with torch.no_grad():
        for chunk in _chunks(coverage.evaluations, size):
            points = torch.arange(chunk.start, chunk.stop)
            angles = torch.zeros(len(points), len(sizes), dtype=torch.float64)
            for axis, (stride, each) in enumerate(zip(strides, sizes, strict=True)):
                angles[:, axis] = (points // stride % each).double() * (2 * math.pi / each)
            values.append(evaluate((angles - offsets) / scales).double().cpu())
    tensor = torch.cat(values).reshape(*sizes, -1)
    for axis, each in enumerate(sizes):
        nodes_of_axis = 2 * np.pi * np.arange(each) / each
        harmonics = tuple(2 * m for m in range(1, (each - 1) // 2 + 1))
        inverse = torch.tensor(np.linalg.inv(half_basis(nodes_of_axis, harmonics)))
        tensor = torch.tensordot(inverse, tensor, dims=([1], [axis])).movedim(0, axis)
    return ClosedForm(tensor.movedim(-1, 0).contiguous(), scales, offsets)


def affine(angle: Angle, n_features: int, w: torch.Tensor) -> tuple[float, dict[int, float]] | None:
    """Return constant and slopes of an angle in the features for frozen weights, else None.

    An expression is affine if it agrees with its own differences at scattered points.
    """
    w = w.detach().to("cpu", torch.float64)
    used = angle.feature_indices
    probes = torch.zeros(2 * len(used) + 3, n_features, dtype=torch.float64)
    for row, feature in enumerate(used, start=1):
        probes[row, feature] = 1.0
    scattered = np.random.default_rng(0).normal(size=(len(used) + 2, len(used)))
    probes[len(used) + 1 :, list(used)] = torch.tensor(scattered)
    values = angle.value(probes, w).expand(len(probes)).numpy()
    if not np.isfinite(values).all():
        return None
    constant = float(values[0])
    slopes = values[1 : len(used) + 1] - constant
    predicted = constant + scattered @ slopes
    if np.abs(predicted - values[len(used) + 1 :]).max() > 1e-9 * (1 + np.abs(values).max()):
        return None
    return constant, {f: float(s) for f, s in zip(used, slopes, strict=True) if abs(s) > 1e-15}


def _feature_slopes(
    factors: Sequence[Factor], lowered: Lowered, w: torch.Tensor
) -> dict[int, list[tuple[float, tuple[int, ...]]]]:
    """Return for each feature the slopes of the angles it is in, with their harmonics."""
    slopes: dict[int, list[tuple[float, tuple[int, ...]]]] = {}
    for factor in factors:
        for angle, harmonics in zip(factor.angles, factor.harmonics, strict=True):
            if not angle.feature_indices:
                continue
            found = affine(angle, lowered.n_features, w)
            if found is None:
                names = ", ".join(f"x[{i}]" for i in angle.feature_indices)
                raise InputError(
                    "no closed form: an angle is not an affine function of the features "
                    f"({names}), so the outputs are no trigonometric polynomial of them"
                )
            for feature, slope in found[1].items():
                slopes.setdefault(feature, []).append((abs(slope), harmonics))
    return slopes


def _single_uses(
    plan: Schedule, lowered: Lowered, w: torch.Tensor
) -> tuple[tuple[int, ...], tuple[float, ...], tuple[float, ...]] | None:
    """Return degrees, scales and offsets if each feature turns one wire once at its start."""
    if not plan.product_encoding or any(start.kind == "vector" for start in plan.starts):
        return None
    degrees = [0] * lowered.n_features
    scales, offsets = [1.0] * lowered.n_features, [0.0] * lowered.n_features
    for start in plan.starts:
        if start.rotation is None:
            continue
        angle = start.rotation.angles[0]
        found = affine(angle, lowered.n_features, w)
        if found is None or len(angle.feature_indices) != 1 or len(found[1]) != 1:
            return None
        ((feature, slope),) = found[1].items()
        if degrees[feature]:
            return None
        degrees[feature], scales[feature], offsets[feature] = 1, slope, found[0]
    return tuple(degrees), tuple(scales), tuple(offsets)


def _degrees(
    slopes: dict[int, list[tuple[float, tuple[int, ...]]]], n_features: int
) -> tuple[tuple[int, ...], tuple[float, ...]]:
    """Return the degree and the base frequency of each feature."""
    degrees, scales = [0] * n_features, [1.0] * n_features
    for feature, uses in slopes.items():
        frequencies = [slope * h / 2 for slope, harmonics in uses for h in harmonics]
        base = _measure(frequencies)
        if base is None:
            raise InputError(
                f"no closed form: feature x[{feature}] enters with frequencies "
                f"{sorted(set(frequencies))} that have no common measure"
            )
        highest = sum(slope * max(harmonics) / 2 for slope, harmonics in uses)
        degrees[feature], scales[feature] = round(highest / base), base
    return tuple(degrees), tuple(scales)


def _measure(frequencies: Sequence[float]) -> float | None:
    """Return the largest number of which all frequencies are multiples, None if there is none."""
    smallest = min(frequencies)
    for divisor in range(1, _LARGEST_RATIO + 1):
        base = smallest / divisor
        ratios = np.array(frequencies) / base
        if np.abs(ratios - np.round(ratios)).max() < _COMMENSURATE * ratios.max():
            return base
    return None


def _refuse_reuse(factors: Sequence[Factor]) -> None:
    if any(factor.sampled for factor in factors):
        raise InputError(
            "no closed form: features are amplitudes and angles at once, so the outputs are "
            "neither a quadratic form nor a trigonometric polynomial"
        )
