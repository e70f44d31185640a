"""Baseline of the robustness study: kernel SVM on the wind-farm table."""
from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
import pennylane as qml
from sklearn.preprocessing import MinMaxScaler
from sklearn.svm import SVC

COLS = ["wind", "pitch", "yaw", "temp"]
dev = qml.device("default.qubit", wires=len(COLS))


@qml.qnode(dev)
def fidelity(a, b):
    qml.AngleEmbedding(a, wires=range(4))
    qml.adjoint(qml.AngleEmbedding)(b, wires=range(4))
    return qml.probs(wires=range(4))


def gram(left, right):
    return np.array([[fidelity(a, b)[0] for b in right] for a in left])


def split(X, y, share: float = 0.3):
    order = np.random.permutation(len(X))
    cut = int(len(X) * (1 - share))
    return X[order[:cut]], X[order[cut:]], y[order[:cut]], y[order[cut:]]


def main() -> None:
    ap = argparse.ArgumentParser()
    ap.add_argument("table", type=Path)
    args = ap.parse_args()
    frame = pd.read_csv(args.table).dropna()
    X = MinMaxScaler((0, np.pi)).fit_transform(frame[COLS])
    y = frame["icing"].to_numpy()
    X_train, X_test, y_train, y_test = split(X, y)
    svm = SVC(kernel="precomputed").fit(gram(X_train, X_train), y_train)
    print("accuracy", svm.score(gram(X_test, X_train), y_test))


if __name__ == "__main__":
    main()
