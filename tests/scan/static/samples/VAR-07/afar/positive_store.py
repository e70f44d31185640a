"""A store that a loop of another file fills."""

from pathlib import Path

import numpy as np

FOLDER = Path("/scratch/theta")  # of the ansatz


def dump(weights):
    target = FOLDER / "theta.npy"
    np.save(target, weights)  # finds: VAR-07


def export(weights):
    np.save(FOLDER / "exported.npy", weights)  # ok
