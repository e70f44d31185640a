"""Substitutes an attacker trains on stolen answers: a small QNN or a small classical network."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal, TypeAlias

import numpy as np
import torch
from torch import Tensor

from redqubit import circuits, engine
from redqubit.attacks.clone import Clone
from redqubit.attacks.outcome import Array
from redqubit.models.optimizers import make_optimizer
from redqubit.models.train import minimize

Family: TypeAlias = Literal["qnn", "mlp"]


@dataclass(frozen=True, eq=False)
class Substitute:
    """A model to be trained: its logits as a function of parameters, and where they start.

    ``forward`` maps parameters ``(P,)`` and samples ``(B, F)`` to logits ``(B, C)``; ``freeze``
    turns trained parameters into a function of samples alone, with its closed form or None.
    """

    start: Tensor
    forward: Callable[[Tensor, Tensor], Tensor]
    freeze: Callable[[Tensor], tuple[Callable[[Tensor], Tensor], Any]]


def qnn(features: int, classes: int, layers: int, rng: np.random.Generator) -> Substitute:
    """Build a QNN: RX angle encoding, strongly entangling layers, Z on each qubit, linear head."""
    circuit = circuits.join(
        circuits.angle(features), circuits.strongly_entangling(features, layers)
    )
    observables = ["I" * (features - 1 - k) + "Z" + "I" * k for k in range(features)]
    parameters = circuits.weights(circuit)
    program = engine.compile(circuit, observables, circuits.features(circuit), parameters)
    split, head = len(parameters), features * classes

    def parts(theta: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        weight = theta[split : split + head].view(classes, features)
        return theta[:split], weight, theta[split + head :]

    def forward(theta: Tensor, x: Tensor) -> Tensor:
        w, weight, bias = parts(theta)
        values = program(x, w)
        return values @ weight.to(values).T + bias.to(values)

    def freeze(theta: Tensor) -> tuple[Callable[[Tensor], Tensor], Any]:
        w, weight, bias = parts(theta)
        frozen = program.freeze(w)
        if frozen.closed_form is not None:
            form = frozen.closed_form.contract_head(weight, bias)
            return form, form

        def logits(x: Tensor) -> Tensor:
            values = frozen(x)
            return values @ weight.to(values).T + bias.to(values)

        return logits, None

    start = np.concatenate(
        [
            rng.uniform(0, 2 * np.pi, split),
            rng.normal(0, features**-0.5, head),
            np.zeros(classes),
        ]
    )
    return Substitute(torch.tensor(start), forward, freeze)


def mlp(features: int, classes: int, layers: int, rng: np.random.Generator) -> Substitute:
    """Build a network of ``layers`` tanh layers of 32 units; features enter centered on pi / 2."""
    widths = [features, *[32] * layers, classes]
    shapes = list(pairwise(widths))
    start = np.concatenate(
        [
            np.append(rng.normal(0, fan_in**-0.5, fan_in * fan_out), np.zeros(fan_out))
            for fan_in, fan_out in shapes
        ]
    )

    def forward(theta: Tensor, x: Tensor) -> Tensor:
        values, at = x - np.pi / 2, 0
        for layer, (fan_in, fan_out) in enumerate(shapes):
            values = values.tanh() if layer else values
            weight = theta[at : at + fan_in * fan_out].view(fan_in, fan_out)
            at += fan_in * fan_out
            values = values @ weight.to(values) + theta[at : at + fan_out].to(values)
            at += fan_out
        return values

    return Substitute(
        torch.tensor(start), forward, lambda theta: (lambda x: forward(theta, x), None)
    )


FAMILIES: dict[Family, Callable[[int, int, int, np.random.Generator], Substitute]] = {
    "qnn": qnn,
    "mlp": mlp,
}


def train(
    substitute: Substitute,
    X: Array,
    answers: Array,
    classes: Array,
    *,
    epochs: int,
    learning_rate: float,
    batch_size: int,
    rng: np.random.Generator,
) -> Clone:
    """Fit a substitute to answers ``(Q, C)`` (probabilities; one-hot for labels) at ``(Q, F)``.

    The loss is the cross entropy with the answers, which is the Kullback-Leibler divergence up to
    a constant.
    """
    x, soft = torch.tensor(X), torch.tensor(answers)

    def loss(theta: Tensor, rows: Tensor) -> Tensor:
        logits = substitute.forward(theta, x[rows]).double()
        return -(soft[rows] * logits.log_softmax(dim=-1)).sum(dim=-1).mean()

    theta, _ = minimize(
        substitute.start,
        loss,
        make_optimizer("adam", learning_rate, rng),
        rng,
        samples=len(X),
        batch_size=batch_size,
        epochs=epochs,
    )
    logits, form = substitute.freeze(theta)
    return Clone(logits, classes, X.shape[1], form)
