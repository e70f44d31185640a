"""Encodes counter readings of a CSV file as basis states."""

import csv
import sys

import pennylane as qml

WIRES = 6
dev = qml.device("default.qubit", wires=WIRES)


@qml.qnode(dev)
def state(reading):
    qml.BasisEmbedding(reading, wires=range(WIRES))
    qml.QFT(wires=range(WIRES))
    return qml.probs(wires=range(WIRES))


@qml.qnode(dev)
def thresholds(row):
    qml.BasisEmbedding([float(v) for v in row], wires=range(WIRES))
    return qml.expval(qml.PauliZ(0))


def main(path: str) -> None:
    with open(path, newline="") as handle:
        for row in csv.reader(handle):
            if len(row) != WIRES:
                continue
            print(state(float(row[0])), thresholds(row))


if __name__ == "__main__":
    main(sys.argv[1])
