"""Command line comparison of stored classifiers."""

import argparse

from qiskit_machine_learning.algorithms.classifiers import NeuralNetworkClassifier, PegasosQSVC


def open_model(path: str, kind: str):
    if kind == "pegasos":
        return PegasosQSVC.load(path)
    return NeuralNetworkClassifier.load(path)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("models", nargs=2)
    parser.add_argument("--kind", choices=["pegasos", "nn"], default="nn")
    args = parser.parse_args()
    first, second = (open_model(path, args.kind) for path in args.models)
    print(type(first).__name__, type(second).__name__)


if __name__ == "__main__":
    main()
