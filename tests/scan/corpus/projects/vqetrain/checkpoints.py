"""Writes checkpoints that the inference service polls."""

import json
from pathlib import Path

import numpy as np

MODEL = Path("/srv/model")


class Checkpointer:
    def __init__(self, folder: Path = MODEL, every: int = 10) -> None:
        self.folder = folder
        self.every = every

    def __call__(self, step: int, weights: np.ndarray) -> None:
        if step % self.every == 0:
            np.save(self.folder / "weights.npy", weights)

    def summary(self, step: int, weights: np.ndarray) -> None:
        with open(self.folder / "weights.json", "w") as out:
            json.dump({"step": step, "weights": weights.tolist()}, out)


class AtomicCheckpointer(Checkpointer):
    def __call__(self, step: int, weights: np.ndarray) -> None:
        if step % self.every == 0:
            tmp = self.folder / f".weights-{step}.npy"
            np.save(tmp, weights)
            tmp.rename(self.folder / "weights.npy")
