"""Evaluate a stored scikit model on stored features."""

import pickle
import sys

import joblib
import numpy as np


def main(argv: list[str]) -> None:
    with open(argv[1], "rb") as handle:
        model = pickle.load(handle)
    scaler = joblib.load(argv[2])
    X = np.load(argv[3], allow_pickle=True)
    print(model.predict(scaler.transform(X)))


if __name__ == "__main__":
    main(sys.argv)
