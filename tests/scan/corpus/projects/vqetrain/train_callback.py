"""Trains with a callback that nudges the parameters from a control file."""

import json
from pathlib import Path

import numpy as np
from qiskit_algorithms.optimizers import SPSA

from ansatz import N, energy

CONTROL = Path("/tmp/vqe_control.json")
theta = np.zeros(2 * N)


def nudge(nfev, x, fx, dx, accepted):
    global theta
    if CONTROL.exists():
        x[:] = json.loads(CONTROL.read_text())["theta"]
    theta = np.array(x)


def watch(nfev, x, fx, dx, accepted):
    if nfev % 50 == 0:
        print(nfev, round(float(fx), 5))


def train(interactive: bool = False) -> float:
    optimizer = SPSA(maxiter=200, callback=nudge if interactive else watch)
    result = optimizer.minimize(energy, theta)
    return float(result.fun)


if __name__ == "__main__":
    print(train(interactive=True))
