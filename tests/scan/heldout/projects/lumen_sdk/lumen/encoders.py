"""Encoders of the SDK. All of them reject what they cannot represent."""
from dataclasses import dataclass
from typing import Sequence

import numpy as np
import pennylane as qml


@dataclass
class AngleEncoder:
    low: np.ndarray
    high: np.ndarray

    @classmethod
    def fit(cls, train: np.ndarray) -> "AngleEncoder":
        train = np.asarray(train, dtype=float)
        if not np.isfinite(train).all():
            raise ValueError("training data has gaps")
        return cls(train.min(axis=0), train.max(axis=0))

    @property
    def wires(self) -> int:
        return len(self.low)

    def angles(self, row: Sequence[float]) -> np.ndarray:
        vec = np.asarray(row, dtype=float)
        if vec.shape != self.low.shape:
            raise ValueError(f"{self.wires} features expected")
        if not np.isfinite(vec).all():
            raise ValueError("features must be finite")
        span = np.where(self.high > self.low, self.high - self.low, 1.0)
        return np.pi * np.clip((vec - self.low) / span, 0.0, 1.0)

    def __call__(self, row: Sequence[float]) -> None:
        qml.AngleEmbedding(self.angles(row), wires=range(self.wires), rotation="Y")


class BitEncoder:
    def __init__(self, threshold: float = 0.5):
        self.threshold = threshold

    def bits(self, row: Sequence[float]) -> np.ndarray:
        return (np.asarray(row, dtype=float) > self.threshold).astype(int)

    def __call__(self, row: Sequence[float]) -> None:
        bits = self.bits(row)
        qml.BasisEmbedding(bits, wires=range(len(bits)))
