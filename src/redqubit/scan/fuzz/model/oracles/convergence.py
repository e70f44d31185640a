"""M26: training reaches the declared loss from wherever it begins."""

from __future__ import annotations

import math

import numpy as np

from redqubit.scan.fuzz.model.model import Array, Model
from redqubit.scan.fuzz.model.oracle import Breach, Oracle

NEIGHBORS = 6
NEAR = 0.1  # radians


def inputs(model: Model, _: int, rng: np.random.Generator) -> Array:
    """Draw weights to begin with, shape (1, weights)."""
    size = np.asarray(model.weights, dtype=np.float64).size
    return rng.uniform(-math.pi, math.pi, (1, size))


def relation(model: Model, rows: Array, rng: np.random.Generator) -> Breach | None:
    """Train once; around a start that fails, look how much of the neighborhood fails, too."""
    loss = _loss(model, rows[0])
    if loss <= model.converged:
        return None
    moves = rng.uniform(-NEAR, NEAR, (NEIGHBORS, rows.shape[1]))
    failing = sum(_loss(model, rows[0] + move) > model.converged for move in moves)
    return Breach(
        loss - model.converged,
        f"training ends at the loss {loss:.3g} over {model.converged:g}, and so it does from "
        f"{failing} of {NEIGHBORS} starts nearby",
    )


def _loss(model: Model, weights: Array) -> float:
    assert model.train is not None
    loss = float(model.train(weights))
    return loss if math.isfinite(loss) else math.inf


ORACLE = Oracle(
    "M26",
    "convergence",
    "Training reaches the declared loss from any drawn start.",
    "The loss that counts as success is declared, since no training always reaches the optimum.",
    lambda model: "" if model.train is not None else "the model declares no train and converged",
    relation,
    "Start several times and keep the best, or change the learning rate or the initial weights.",
    inputs=inputs,
    rows=1,
    severity="low",
)
