"""Randomized noise before the readout, or on the encoded angles."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import torch
from scipy.special import softmax
from torch import Tensor

from redqubit.core.errors import InputError
from redqubit.core.streams import seed_of, stream
from redqubit.defenses.served import behind
from redqubit.models.model import FloatArray, Model
from redqubit.models.victim import Victim

if TYPE_CHECKING:
    from redqubit.engine.closed_form import ClosedForm

Array = np.ndarray[Any, np.dtype[Any]]


class SmoothModel:
    """The exact expectation of a model over normal random angles added to its features.

    ``keep`` is what a layer behind it leaves of every expectation value; the head's bias stays.

    Raises
    ------
    InputError
        The model has no closed form of angle-encoded features.
    """

    def __init__(self, base: Any, rotation: float, keep: float = 1.0) -> None:
        form = base.closed_form() if callable(getattr(base, "closed_form", None)) else None
        if form is None or not hasattr(form, "scales"):
            raise InputError(
                f"the expectation over random rotations needs the closed form of an angle-encoded "
                f"model, got {type(base).__name__} without one; use rotation=0"
            )
        self.form: ClosedForm = damped(form, rotation)
        if keep != 1.0:
            bias = torch.as_tensor(base.head_bias_, dtype=torch.float64)
            scale = keep * torch.eye(len(bias), dtype=torch.float64)
            self.form = self.form.contract_head(scale, (1 - keep) * bias)
        self.classes_ = base.classes_
        self.n_features_in_ = base.n_features_in_

    def logits(self, x: Tensor) -> Tensor:
        """Return the expected logits ``(B, C)``, differentiable in ``x``."""
        return self.form(x)

    def scores(self, X: Any) -> FloatArray:
        """Return the expected logits ``(N, C)``."""
        with torch.no_grad():
            values: FloatArray = self.form(torch.tensor(np.asarray(X, dtype=np.float64))).numpy()
        return values

    def predict(self, X: Any) -> Array:
        """Return the label of each sample, ``(N,)``."""
        return np.asarray(self.classes_[self.scores(X).argmax(axis=1)])

    def predict_proba(self, X: Any) -> FloatArray:
        """Return the softmax of `scores`, ``(N, C)``."""
        return np.asarray(softmax(self.scores(X), axis=1))

    def closed_form(self) -> ClosedForm:
        """Return the expected logits as a tensor."""
        return self.form


class NoisyModel:
    """A quantum classifier with a noise layer, as its owner serves it.

    ``scores`` are what a client gets: with shots each observable is estimated from that many
    outcomes, with rotations every query is encoded with random extra angles. The randomness is a
    function of the seed and the batch of samples: the same batch gets the same answer, so results
    do not depend on what was asked before. ``logits`` are their exact expectation.
    """

    def __init__(self, base: Any, layer: NoiseLayer, seed: int) -> None:
        for name in ("logits", "expectation_values", "head_weight_", "head_bias_", "closed_form"):
            if not hasattr(base, name):
                raise InputError(
                    f"a noise layer needs a quantum model with observables and a head, got "
                    f"{type(base).__name__} without {name}"
                )
        self.base, self.layer, self.seed = base, layer, seed
        self.shots = layer.shots  # what a query costs
        self.classes_ = base.classes_
        self.n_features_in_ = base.n_features_in_
        self._expected = SmoothModel(base, layer.rotation) if layer.rotation else base

    def logits(self, x: Tensor) -> Tensor:
        """Return the expected logits ``(B, C)`` over noise and shots, differentiable in ``x``."""
        clean = self._expected.logits(x)
        bias = torch.as_tensor(self.base.head_bias_).to(clean)
        logits: Tensor = self._keep * (clean - bias) + self._bias(bias)
        return logits

    def scores(self, X: Any) -> FloatArray:
        """Return the logits ``(N, C)`` a client gets."""
        samples = np.asarray(X, dtype=np.float64)
        rng = stream(self.seed, "noise layer", hashlib.sha256(samples.tobytes()).hexdigest())
        if self.layer.rotation:
            samples = samples + self.layer.rotation * rng.normal(size=samples.shape)
        values = self._keep * np.asarray(self.base.expectation_values(samples))
        if self.layer.shots is not None:
            heads = rng.binomial(self.layer.shots, np.clip((1 + values) / 2, 0, 1))
            values = 2 * heads / self.layer.shots - 1
        return np.asarray(values @ self.base.head_weight_.T + self._bias(self.base.head_bias_))

    def predict(self, X: Any) -> Array:
        """Return the label of each sample, ``(N,)``."""
        return np.asarray(self.classes_[self.scores(X).argmax(axis=1)])

    def predict_proba(self, X: Any) -> FloatArray:
        """Return the softmax of `scores`, ``(N, C)``."""
        return np.asarray(softmax(self.scores(X), axis=1))

    def encoder_states(self, X: Any) -> Array:
        """Return the noiseless states of the encoder, ``(N, 2^n)``."""
        return np.asarray(self.base.encoder_states(X))

    def closed_form(self) -> ClosedForm | None:
        """Return the exact logits as a tensor, or None where the answers are random."""
        if self.layer.shots is not None or self.layer.rotation:
            return None
        form = self.base.closed_form()
        if form is None:
            return None
        bias = torch.as_tensor(self.base.head_bias_, dtype=torch.float64)
        scale = self._keep * torch.eye(len(bias), dtype=torch.float64)
        scaled: ClosedForm = form.contract_head(scale, self._bias(bias) - self._keep * bias)
        return scaled

    @property
    def _keep(self) -> float:
        return 1 - self.layer.probability

    def _bias(self, bias: Any) -> Any:
        return self._keep * bias if self.layer.scale_bias else bias


@dataclass(frozen=True)
class NoiseLayer:
    """Depolarize before the readout, or turn every encoded angle at random.

    Depolarizing multiplies each Pauli expectation value by ``1 - probability``. With the bias
    scaled alike the largest logit stays the largest: **at infinite shots no prediction changes,
    for clean and adversarial inputs alike**. What is left are finite shots, an unscaled bias, and
    attackers whose gradient estimate drowns in shot noise. So the adaptive view is the model
    without shot noise, with exact gradients; over random rotations it is the exact expectation,
    ``exp(-m^2 rotation^2 / 2)`` times each term of frequency m.

    Parameters
    ----------
    probability
        Of full depolarization, in [0, 1).
    rotation
        Standard deviation (radians) of a random angle added to each feature, at least 0.
    shots
        Outcomes each observable is estimated from; None serves expectation values.
    scale_bias
        Whether the head's bias shrinks with the expectation values.

    Source: Du et al., Phys. Rev. Research 3, 023153 (2021), arXiv:2003.09416, section III
    (depolarizing); Huang et al., arXiv:2211.00887 (random rotations). That depolarizing alone
    moves no decision follows from the linearity of the readout.
    """

    name: ClassVar[str] = "noise_layer"
    mitigation: ClassVar[str] = "QML.M0002"
    title: ClassVar[str] = "Randomized noise layer"
    cost: ClassVar[str] = "1/(1 - p)^2 times the shots for the same precision."

    probability: float = 0.5
    rotation: float = 0.0
    shots: int | None = 128
    scale_bias: bool = True

    def __post_init__(self) -> None:
        if not 0 <= self.probability < 1:
            raise InputError(f"probability must be in [0, 1), got {self.probability}")
        if not (math.isfinite(self.rotation) and self.rotation >= 0):
            raise InputError(f"rotation must be a finite angle >= 0, got {self.rotation}")
        if self.shots is not None and self.shots < 1:
            raise InputError(f"shots must be None or >= 1, got {self.shots}")

    def apply(self, victim: Victim, seed: int) -> Victim:
        """Put the noise layer on the victim's model; nothing is trained again."""

        def serve(model: Model) -> Model:
            return NoisyModel(model, self, seed_of(seed, self.name))

        exact: Any = victim.model  # a common factor moves no decision; one beside the bias does
        keep = 1.0 if self.scale_bias else 1 - self.probability
        if self.rotation:
            exact = SmoothModel(victim.model, self.rotation, keep)
        elif keep != 1.0:
            exact = NoisyModel(victim.model, replace(self, shots=None), seed)
        return behind(victim, serve, exact, self.name)


def damped(form: ClosedForm, rotation: float) -> ClosedForm:
    """Return the expectation of a closed form over normal angles added to every feature.

    ``E cos(m s (x + d)) = exp(-(m s rotation)^2 / 2) cos(m s x)`` for a feature of scale s.
    """
    tensor = form.tensor.clone()
    for feature, size in enumerate(tensor.shape[1:]):
        frequency = (torch.arange(size, dtype=torch.float64) + 1) // 2 * form.scales[feature]
        factor = torch.exp(-((frequency * rotation) ** 2) / 2)
        tensor *= factor.reshape([-1 if axis == feature + 1 else 1 for axis in range(tensor.dim())])
    return type(form)(tensor, form.scales, form.offsets)
