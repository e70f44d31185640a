"""Adversarial training: the model learns from samples moved against its current weights."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import torch
from torch import Tensor

from redqubit.circuits import features, weights
from redqubit.core.budget import Radius
from redqubit.core.errors import InputError
from redqubit.core.streams import stream
from redqubit.engine import compile as compile_program
from redqubit.engine.noise import Noise
from redqubit.models.ascent import ascend
from redqubit.models.model import Model
from redqubit.models.optimizers import make_optimizer
from redqubit.models.qnn import QNN
from redqubit.models.train import minimize, sample_losses
from redqubit.models.victim import Recipe, Victim

Array = np.ndarray[Any, np.dtype[Any]]
DEFAULT_RADIUS = Radius(0.3)


@dataclass(frozen=True)
class AdversarialTraining:
    """Train on worst-case samples: minimize the loss at the worst point of each sample's ball.

    The victim's own recipe gives the starting point; then every batch is moved by projected
    gradient steps against the current weights before the weights learn from it. The model changes,
    nothing is hidden: the adaptive view is the hardened model itself.

    Parameters
    ----------
    radius
        Ball of the training samples, in encoder angles.
    steps
        Ascent steps a batch, of size ``radius / 2``; at least 1.
    epochs
        Passes over the data after the victim's own training.
    share
        Share of each batch that is moved, in (0, 1].

    Source: Madry et al., arXiv:1706.06083, section 2.1, eq. 2.1; on quantum classifiers Lu, Duan,
    Deng, Phys. Rev. Research 2, 033212 (2020), section IV.
    """

    name: ClassVar[str] = "adversarial_training"
    mitigation: ClassVar[str] = "QML.M0001"
    title: ClassVar[str] = "Adversarial training"
    cost: ClassVar[str] = "Each training step costs its ascent steps on top; usually some accuracy."

    radius: Radius = DEFAULT_RADIUS
    steps: int = 5
    epochs: int = 15
    share: float = 1.0

    def __post_init__(self) -> None:
        if self.radius.space != "angle":
            raise InputError(
                f"adversarial training moves encoder angles, got a radius in space "
                f"{self.radius.space!r}; use space='angle'"
            )
        if self.steps < 1 or self.epochs < 1:
            raise InputError(f"steps and epochs must be >= 1, got {self.steps} and {self.epochs}")
        if not 0 < self.share <= 1:
            raise InputError(f"share must be in (0, 1], got {self.share}")

    def apply(self, victim: Victim, seed: int) -> Victim:
        """Train a hardened model; poisoned data are trained on in the same way.

        Raises
        ------
        InputError
            The victim's recipe does not train a `QNN`.
        """
        recipe = HardenedRecipe(victim.recipe, self, victim.data.low, victim.data.high)
        model = recipe.fit(victim.data.X_train, victim.data.y_train, seed)
        return Victim(model, victim.data, recipe, victim.name, model, "exact", self.name)


@dataclass(frozen=True)
class HardenedRecipe:
    """Trains with ``recipe``, then adversarially, inside the domain ``low``, ``high`` ``(F,)``."""

    recipe: Recipe
    defense: AdversarialTraining
    low: Array
    high: Array

    def fit(self, X: Array, y: Array, seed: int) -> Model:
        """Train on ``X`` ``(N, F)`` and ``y`` ``(N,)``."""
        model = self.recipe.fit(X, y, seed)
        if not isinstance(model, QNN):
            raise InputError(
                f"adversarial training continues the training of a QNN, got "
                f"{type(model).__name__}; defend a QNN"
            )
        return harden(model, X, y, self.defense, self.low, self.high, seed)


def harden(
    model: QNN, X: Array, y: Array, defense: AdversarialTraining, low: Array, high: Array, seed: int
) -> QNN:
    """Continue the training of ``model`` on adversarial samples; returns a new model.

    The weights follow exact gradients, whatever shots or optimizer the model was trained with.
    """
    rng = stream(seed, defense.name)
    circuit = model.circuit_
    n = circuit.num_qubits
    labels = model.observables or ["I" * (n - 1 - q) + "Z" + "I" * q for q in range(n)]
    noise = model.noise if isinstance(model.noise, Noise | None) else Noise.from_json(model.noise)
    program = compile_program(
        circuit, labels, features(circuit), weights(circuit), noise=noise, dtype=model.dtype
    )
    shapes = [model.weights_.shape, model.head_weight_.shape, model.head_bias_.shape]
    count = model.weights_.size
    linear = model.head == "linear"
    parts = [model.weights_, *([model.head_weight_.ravel(), model.head_bias_] if linear else [])]
    real = torch.float64 if model.dtype == "complex128" else torch.float32
    theta = torch.tensor(np.concatenate(parts), dtype=real)
    x = torch.tensor(np.asarray(X), dtype=real)
    codes = torch.tensor(np.searchsorted(model.classes_, y))
    classes = len(model.classes_)

    def losses(theta: Tensor, x: Tensor, codes: Tensor) -> Tensor:
        values = program(x, theta[:count])
        if linear:
            head = theta[count : count + shapes[1][0] * shapes[1][1]].reshape(shapes[1])
            values = values @ head.mT + theta[-classes:]
        return sample_losses(values[..., :classes], codes, model.loss)

    def batch_loss(theta: Tensor, rows: Tensor) -> Tensor:
        moved = round(defense.share * len(rows))
        frozen, own = theta.detach(), codes[rows[:moved]]
        worst = ascend(
            lambda x: losses(frozen, x, own),
            x[rows[:moved]],
            defense.radius,
            steps=defense.steps,
            step_size=defense.radius.value / 2,
            low=low,
            high=high,
            start="random",
            rng=rng,
        )
        batch = torch.cat([worst, x[rows[moved:]]])
        return losses(theta, batch, codes[rows]).mean()

    theta, curve = minimize(
        theta,
        batch_loss,
        make_optimizer("adam", model.learning_rate, rng),
        rng,
        samples=len(X),
        batch_size=model.batch_size,
        epochs=defense.epochs,
    )
    hardened = copy.copy(model)  # without what is derived from the old weights
    flat = theta.detach().double().numpy()
    hardened.weights_ = flat[:count].copy()
    if linear:
        hardened.head_weight_ = flat[count:-classes].reshape(shapes[1]).copy()
        hardened.head_bias_ = flat[-classes:].copy()
    hardened.loss_curve_ = [*model.loss_curve_, *(float(loss) for loss in curve)]
    return hardened
