"""Mirrors the course data for offline use."""

import sys
import urllib.request
from pathlib import Path

import numpy as np

MIRROR = "http://mirror.course.example/qml/"
FILES = ("train.npz", "test.npz")


def pull(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        urllib.request.urlretrieve(MIRROR + name, folder / name)


def open_split(folder: Path, name: str):
    with np.load(folder / name, allow_pickle=False) as data:
        return data["X"], data["y"]


if __name__ == "__main__":
    pull(Path(sys.argv[1]))
