"""Trains with SciPy; stops on values that are not finite."""

import json
import os
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from ansatz import N, energy


class Diverged(RuntimeError):
    """The energy is not a number any more."""


def guarded(values: np.ndarray) -> float:
    found = energy(values)
    if not np.isfinite(found):
        raise Diverged("the energy is not finite")
    return found


def train(seed: int = 0, maxiter: int = 150) -> np.ndarray:
    start = np.random.default_rng(seed).uniform(-np.pi, np.pi, 2 * N)
    history: list[float] = []
    result = minimize(guarded, start, method="COBYLA", options={"maxiter": maxiter},
                      callback=lambda x: history.append(float(np.linalg.norm(x))))
    return result.x


def keep(values: np.ndarray, path: Path = Path("theta.json")) -> None:
    tmp = path.with_suffix(".tmp")
    tmp.write_text(json.dumps(values.tolist()))
    os.replace(tmp, path)


if __name__ == "__main__":
    keep(train())
