"""Command line training with free hyperparameters."""

import argparse

import numpy as np
from qiskit_algorithms.optimizers import COBYLA, SPSA

from ansatz import N, energy


def clamp(value: int, low: int, high: int) -> int:
    return max(low, min(value, high))


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--maxiter", type=int, default=100)
    parser.add_argument("--rate", type=float, default=0.1)
    parser.add_argument("--method", choices=["spsa", "cobyla"], default="spsa")
    return parser.parse_args()


def main() -> None:
    args = parse()
    start = np.random.default_rng(0).normal(size=2 * N)
    if args.method == "spsa":
        optimizer = SPSA(maxiter=args.maxiter, learning_rate=args.rate, perturbation=0.1)
    else:
        optimizer = COBYLA(maxiter=clamp(args.maxiter, 1, 1000))
    print(optimizer.minimize(energy, start).fun)


if __name__ == "__main__":
    main()
