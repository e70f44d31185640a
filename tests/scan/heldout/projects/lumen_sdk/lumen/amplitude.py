"""Load spectra as quantum amplitudes."""
import sys

import numpy as np
import pennylane as qml

WIRES = range(3)
dev = qml.device("lightning.qubit", wires=3)


@qml.qnode(dev)
def spectrum_state(row):
    qml.AmplitudeEmbedding(row, wires=WIRES, pad_with=0.0, normalize=True)
    qml.QFT(wires=WIRES)
    return qml.probs(wires=WIRES)


@qml.qnode(dev)
def overlap_state(amplitudes):
    qml.StatePrep(amplitudes, wires=WIRES)
    qml.adjoint(qml.QFT)(wires=WIRES)
    return qml.probs(wires=WIRES)


def checked_state(row):
    vector = np.asarray(row, dtype=float)
    if vector.shape != (8,) or not np.isfinite(vector).all():
        raise ValueError("a spectrum has eight finite bins")
    norm = np.linalg.norm(vector)
    if norm < 1e-9:
        raise ValueError("empty spectrum")
    return overlap_state(vector / norm)


def main(path: str) -> None:
    table = np.genfromtxt(path, delimiter=";", skip_header=1)
    table = np.atleast_2d(table)
    if not np.isfinite(table).all():
        sys.exit("the table has gaps")
    for row in table:
        print(np.round(spectrum_state(row), 3))
    reference = np.loadtxt(path + ".ref")[:8]
    print("reference", np.round(overlap_state(reference), 3))


if __name__ == "__main__":
    main(sys.argv[1])
