"""Scores a CSV file given on the command line."""

import argparse

import numpy as np
import pennylane as qml

WIRES = 4
dev = qml.device("lightning.qubit", wires=WIRES)
weights = np.linspace(0.1, 0.8, 8).reshape(2, 4)


@qml.qnode(dev)
def score(row):
    qml.AngleEmbedding(row, wires=range(WIRES), rotation="Z")
    qml.BasicEntanglerLayers(weights, wires=range(WIRES))
    return qml.expval(qml.PauliZ(0))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("table")
    args = parser.parse_args()
    table = np.genfromtxt(args.table, delimiter=",")
    if table.shape[1] != WIRES:
        raise SystemExit(f"{WIRES} columns are expected")
    for row in table:
        print(float(score(row)))


if __name__ == "__main__":
    main()
