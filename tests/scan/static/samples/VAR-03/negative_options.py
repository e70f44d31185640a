"""Options whose declaration bounds them; numbers that are drawn."""

import argparse
from typing import Annotated

import numpy as np
import pennylane as qml
import typer
from scipy.optimize import minimize

app = typer.Typer()


def rate(text: str) -> float:
    value = float(text)
    if not 1e-5 <= value <= 0.1:
        raise argparse.ArgumentTypeError("too large")
    return value


def within(low, high):
    def read(text):
        value = int(text)
        if not low <= value <= high:
            raise argparse.ArgumentTypeError("out of bounds")
        return value

    return read


def main(cost, theta):
    parser = argparse.ArgumentParser()
    parser.add_argument("--lr", type=rate, default=0.05)
    parser.add_argument("--steps", type=within(1, 500), default=50)
    parser.add_argument("--eta", type=lambda text: min(float(text), 0.5))
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    optimizer = qml.AdamOptimizer(stepsize=args.lr)  # ok
    for _ in range(args.steps):  # ok
        theta = optimizer.step(cost, theta)
    start = np.random.default_rng(args.seed).uniform(-1, 1, 6)
    return minimize(cost, start), qml.AdagradOptimizer(args.eta)  # ok


@app.command()
def train(lr: Annotated[float, typer.Option(min=1e-5, max=0.5)] = 0.02):
    return qml.AdamOptimizer(stepsize=lr)  # ok
