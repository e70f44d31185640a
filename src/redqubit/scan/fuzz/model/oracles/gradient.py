"""M15: gradients agree with finite differences and the parameter-shift rule."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from redqubit.scan.fuzz.model.model import Array, Model, shaped
from redqubit.scan.fuzz.model.oracle import Breach, Oracle

STEP = 1e-4
ALLOWED = 1e-5


def differences(function: Callable[[Array], Array], at: Array, step: float, scale: float) -> Array:
    """Return central differences over ``scale`` by each entry of ``at``, as the last axis."""
    columns = []
    for index in range(at.shape[-1]):
        move = np.zeros(at.shape[-1])
        move[index] = step
        columns.append((function(at + move) - function(at - move)) / scale)
    return np.stack(columns, axis=-1)


def relation(model: Model, rows: Array, rng: np.random.Generator) -> Breach | None:
    """Compare the given gradients with differences of the outputs."""
    if model.gradient is not None:
        measured = differences(model, rows, STEP, 2 * STEP)
        breach = _compare(model.gradient(rows), measured, "the gradient by features")
        if breach is not None:
            return breach
    weighted, given = model.weighted, model.weight_gradient
    if weighted is None or given is None:
        return None
    start = np.asarray(model.weights, dtype=np.float64).ravel()
    weights = start + rng.uniform(-math.pi, math.pi, start.shape)

    def outputs(at: Array) -> Array:
        return shaped(weighted(at, rows), len(rows))

    slopes = given(weights, rows)
    breach = _compare(slopes, differences(outputs, weights, STEP, 2 * STEP), "the weight gradient")
    if breach is None and model.parameter_shift:
        shifted = differences(outputs, weights, math.pi / 2, 2.0)
        breach = _compare(slopes, shifted, "the weight gradient by parameter shift")
    return breach


def _compare(given: Any, measured: Array, name: str) -> Breach | None:
    slopes = np.asarray(given, dtype=np.float64)
    if slopes.size != measured.size:
        return Breach(float("inf"), f"{name} has shape {slopes.shape}, not {measured.shape}")
    gap = np.abs(slopes.reshape(measured.shape) - measured)
    relative = gap / np.maximum(1.0, np.abs(measured))
    distance = float(np.max(np.where(np.isfinite(relative), relative, np.inf)))
    return Breach(distance, f"{name} is wrong by {distance:.3g}") if distance > ALLOWED else None


def _missing(model: Model) -> str:
    if model.gradient is None and (model.weighted is None or model.weight_gradient is None):
        return "the model gives no gradient, nor weighted and weight_gradient"
    return ""


ORACLE = Oracle(
    "M15",
    "gradient consistency",
    "Gradients agree with central differences to 1e-5, and with the parameter-shift rule.",
    "The two-term rule is used only where the model declares that it is exact.",
    _missing,
    relation,
    "Check which derivative rule the framework uses, and weights that occur more than once.",
    rows=16,
)
