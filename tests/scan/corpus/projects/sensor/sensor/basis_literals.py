"""Basis states used in calibration."""

import pennylane as qml

dev = qml.device("default.qubit", wires=3)
PATTERNS = ([0, 0, 0], [1, 0, 1], [1, 1, 1])


@qml.qnode(dev)
def readout(bits):
    qml.BasisEmbedding(bits, wires=range(3))
    return qml.probs(wires=range(3))


@qml.qnode(dev)
def rotated():
    qml.RX(0.25, wires=0)
    qml.RY(3.0 / 2, wires=1)
    qml.AngleEmbedding([0.1, 0.2, 0.3], wires=range(3))
    return qml.probs(wires=range(3))


def calibration() -> list[float]:
    return [float(readout(pattern)[int("".join(map(str, pattern)), 2)]) for pattern in PATTERNS]


if __name__ == "__main__":
    print(calibration(), rotated())
