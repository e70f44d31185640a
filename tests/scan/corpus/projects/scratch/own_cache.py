"""Caches expensive kernel matrices next to the script."""

import pickle
from pathlib import Path

import numpy as np

CACHE = Path(__file__).with_name("kernel.pkl")


def round_trip(kernel: np.ndarray) -> np.ndarray:
    with CACHE.open("wb") as out:
        pickle.dump(kernel, out)
    with CACHE.open("rb") as handle:
        return pickle.load(handle)


def copy(kernel: np.ndarray) -> np.ndarray:
    return pickle.loads(pickle.dumps(kernel))


def plain(path: Path) -> np.ndarray:
    return np.load(path)


if __name__ == "__main__":
    K = np.eye(4)
    assert np.array_equal(round_trip(K), copy(K))
