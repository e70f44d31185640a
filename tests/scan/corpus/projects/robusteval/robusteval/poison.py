"""Label flips for a poisoning test."""

import numpy as np


def flip(y, fraction=0.1):
    y = np.array(y, copy=True)
    chosen = np.random.choice(len(y), int(fraction * len(y)), replace=False)
    y[chosen] = -y[chosen]
    return y


def flip_seeded(y, fraction=0.1, seed=0):
    rng = np.random.default_rng(seed)
    y = np.array(y, copy=True)
    chosen = rng.choice(len(y), int(fraction * len(y)), replace=False)
    y[chosen] = -y[chosen]
    return y


def agreement(a, b) -> float:
    return float(np.mean(np.asarray(a) == np.asarray(b)))
