"""Where an extraction asks: inputs drawn for a prediction service."""

from __future__ import annotations

from typing import Literal, TypeAlias

import numpy as np

from redqubit.attacks.outcome import Array
from redqubit.models.target import Oracle

Source: TypeAlias = Literal["uniform", "in_distribution"]
NOISE = 0.1  # of a feature's range, standard deviation around the attacker's own samples


def draw(source: Source, target: Oracle, count: int, rng: np.random.Generator) -> Array:
    """Draw ``count`` inputs in the domain, ``(count, F)``.

    ``uniform`` fills the box. ``in_distribution`` takes the attacker's own samples first, each
    once in random order, then copies of them with Gaussian noise.
    """
    low, high = target.domain
    if source == "uniform":
        return np.asarray(rng.uniform(low, high, (count, target.n_features)))
    own = target.auxiliary[0]
    fresh = rng.permutation(len(own))[:count]
    copied = rng.integers(0, len(own), count - len(fresh))
    noisy = own[copied] + NOISE * (high - low) * rng.normal(size=(len(copied), own.shape[1]))
    return np.concatenate([own[fresh], np.clip(noisy, low, high)])
