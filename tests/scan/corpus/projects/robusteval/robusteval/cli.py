"""Command line of the evaluation; radius and seed are checked."""

import argparse
import json
import math
import sys

import numpy as np
from sklearn.datasets import make_moons

from .attack import robust_accuracy


def radius(text: str) -> float:
    value = float(text)
    if not math.isfinite(value) or not 0 <= value <= math.pi:
        raise argparse.ArgumentTypeError("0 to pi radians")
    return value


def linear(x) -> float:
    return float(np.cos(x[0]) - np.cos(x[1]))


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="robusteval")
    parser.add_argument("--radius", type=radius, default=0.1)
    parser.add_argument("--seed", type=int, choices=range(100), default=0)
    args = parser.parse_args(argv)
    X, y = make_moons(50, noise=0.1, random_state=args.seed)
    X = (X - X.min(0)) / (X.max(0) - X.min(0)) * math.pi
    json.dump({"robust_accuracy": robust_accuracy(linear, X, 2 * y - 1, args.radius)}, sys.stdout)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
