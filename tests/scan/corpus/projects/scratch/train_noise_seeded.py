"""Randomized smoothing of a small classifier, reproducible evaluation."""

import secrets

import numpy as np


def split(X, y, seed: int = 5):
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(X))
    cut = int(0.8 * len(X))
    return X[order[:cut]], y[order[:cut]], X[order[cut:]], y[order[cut:]]


def smoothing_noise(shape, sigma=0.05):
    """Noise of the defense, drawn from a fresh secret seed on each call."""
    rng = np.random.default_rng(secrets.randbits(128))
    return rng.normal(0, sigma, size=shape)


def vote(classify, x, draws: int = 50) -> int:
    votes = [classify(x + smoothing_noise(x.shape)) for _ in range(draws)]
    return int(np.sign(np.sum(votes)))
