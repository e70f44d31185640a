"""A custom attack: move every sample toward its nearest neighbor of another class.

Run this file to check it against the contract and to see it in a report.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

import redqubit as rq
from redqubit.attacks import Evasion, contract
from redqubit.core.budget import Radius
from redqubit.models.split import split
from redqubit.models.target import Oracle
from redqubit.models.victim import Victim


@dataclass(frozen=True)
class TowardNeighbor:
    """No query and no gradient: only samples of one's own, read from ``target.auxiliary``."""

    name: ClassVar[str] = "toward_neighbor"
    technique: ClassVar[str] = "QML.T0010"
    title: ClassVar[str] = "Move toward the nearest other class"
    radius: Radius = Radius(0.3)  # noqa: RUF009 - a frozen value

    def run(self, target: Oracle, rng: np.random.Generator) -> Evasion:  # noqa: ARG002
        """Step toward the nearest sample of another class, by at most the radius a feature."""
        X, y = target.auxiliary
        apart = np.linalg.norm(target.X[:, None] - X, axis=2)
        apart[target.y[:, None] == y] = np.inf
        way = X[apart.argmin(axis=1)] - target.X
        return Evasion(target.X + np.clip(way, -self.radius.value, self.radius.value))


if __name__ == "__main__":
    contract(TowardNeighbor())
    X, y = rq.models.datasets.load("digits", classes=[0, 1, 2, 3])
    prepare = rq.models.Preprocess(reduce="pca", features=4)
    data = split(X, y, prepare, train=200, test=100, seed=7)
    victim = Victim.train(rq.models.QNN(epochs=10), data, seed=7)
    print(rq.report.text([rq.assess.run(TowardNeighbor(), victim, seed=7)]))
