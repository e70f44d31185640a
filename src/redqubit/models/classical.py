"""A small classical network: the analogue that shows what is quantum about a result."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any, Self

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from redqubit.core.errors import InputError
from redqubit.core.streams import stream
from redqubit.models.classifier import Classifier, whole
from redqubit.models.model import FloatArray
from redqubit.models.optimizers import make_optimizer
from redqubit.models.train import minimize, sample_losses


class ClassicalNetwork(Classifier):
    """A network of tanh layers with a linear output, trained with cross entropy and Adam.

    Parameters
    ----------
    hidden
        Widths of the hidden layers; ``()`` is softmax regression.
    learning_rate, batch_size, epochs
        Of Adam; batches are drawn without replacement.
    loss_threshold
        Stop once the mean loss of an epoch is below it.
    seed
        Of the initial weights and the order of samples, unless ``fit`` gets another.

    Attributes
    ----------
    classes_, n_features_in_
        As in scikit-learn.
    theta_, center_
        All weights and biases, layer by layer, and the mean of the training samples, which is
        subtracted first.
    loss_curve_
        Mean loss of each epoch.
    """

    def __init__(
        self,
        hidden: tuple[int, ...] = (16,),
        *,
        learning_rate: float = 0.03,
        batch_size: int = 32,
        epochs: int = 50,
        loss_threshold: float | None = None,
        seed: int = 0,
    ) -> None:
        self.hidden = hidden
        self.learning_rate = learning_rate
        self.batch_size = batch_size
        self.epochs = epochs
        self.loss_threshold = loss_threshold
        self.seed = seed

    def fit(self, X: ArrayLike, y: ArrayLike, *, seed: int | None = None) -> Self:
        """Train on samples ``(N, F)`` and labels ``(N,)``; the same seed gives the same network."""
        seed = self.seed if seed is None else seed
        matrix, codes = self._training_data(X, y)
        self.center_ = matrix.mean(axis=0)
        self._widths = self._layer_widths()
        rng = stream(seed, "classical")
        theta = np.concatenate(
            [
                np.append(rng.normal(0.0, fan_in**-0.5, fan_in * fan_out), np.zeros(fan_out))
                for fan_in, fan_out in pairwise(self._widths)
            ]
        )
        x, labels = torch.as_tensor(matrix - self.center_), torch.as_tensor(codes)

        def batch_loss(theta: Tensor, rows: Tensor) -> Tensor:
            logits = self._forward(theta, x[rows])
            return sample_losses(logits, labels[rows], "cross_entropy").mean()

        trained, curve = minimize(
            torch.as_tensor(theta),
            batch_loss,
            make_optimizer("adam", self.learning_rate, rng),
            rng,
            samples=len(matrix),
            batch_size=whole("batch_size", self.batch_size),
            epochs=whole("epochs", self.epochs),
            threshold=self.loss_threshold,
        )
        self.theta_: FloatArray = trained.numpy()
        self.loss_curve_ = [float(value) for value in curve]
        return self

    def logits(self, x: Tensor) -> Tensor:
        """Return logits ``(B, C)`` of samples ``(B, F)``, differentiable in ``x``."""
        self._require_fit()
        center = torch.as_tensor(self.center_).to(x)
        return self._forward(torch.as_tensor(self.theta_).to(x), x - center)

    def scores(self, X: ArrayLike) -> FloatArray:
        """Return logits as numbers, ``(N, C)``."""
        queries = torch.as_tensor(self._queries(X))
        with torch.no_grad():
            scores: FloatArray = self.logits(queries).numpy()
        return scores

    def _layer_widths(self) -> list[int]:
        hidden = [whole("the width of a hidden layer", width) for width in self.hidden]
        return [self.n_features_in_, *hidden, len(self.classes_)]

    def _restore(
        self, classes: NDArray[Any], n_features: int, arrays: Mapping[str, FloatArray]
    ) -> None:
        """Become the trained network that a file describes; misfits are InputErrors."""
        self.classes_, self.n_features_in_ = classes, n_features
        self._widths = self._layer_widths()
        size = sum((fan_in + 1) * fan_out for fan_in, fan_out in pairwise(self._widths))
        for name, shape in (("theta", (size,)), ("center", (n_features,))):
            if arrays[name].shape != shape:
                raise InputError(f"{name} must have shape {shape}, got {arrays[name].shape}")
        self.theta_, self.center_ = arrays["theta"], arrays["center"]

    def _forward(self, theta: Tensor, x: Tensor) -> Tensor:
        start = 0
        for layer, (fan_in, fan_out) in enumerate(pairwise(self._widths)):
            middle, end = start + fan_in * fan_out, start + (fan_in + 1) * fan_out
            x = x.tanh() if layer else x
            x = x @ theta[start:middle].view(fan_in, fan_out) + theta[middle:end]
            start = end
        return x
