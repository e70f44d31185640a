"""A custom attack: move every sample toward the center of the domain, as far as allowed."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from redqubit.attacks import Evasion, contract
from redqubit.core.budget import Radius
from redqubit.models.target import Oracle


@dataclass(frozen=True)
class TowardCenter:
    """Angles near the middle of the domain put every qubit near the equator."""

    name: ClassVar[str] = "toward_center"
    technique: ClassVar[str] = "QML.T0010"
    title: ClassVar[str] = "Move toward the center"
    radius: Radius = Radius(0.3)  # noqa: RUF009 - a frozen value

    def run(self, target: Oracle, rng: np.random.Generator) -> Evasion:
        """Go a random part of the way first, and all of it where that was not enough."""
        way = np.mean(target.domain, axis=0) - target.X
        step = np.clip(way, -self.radius.value, self.radius.value)
        part = target.X + rng.uniform(size=(len(way), 1)) * step
        stubborn = target.predict(part) == target.y
        return Evasion(np.where(stubborn[:, None], target.X + step, part))


if __name__ == "__main__":
    contract(TowardCenter())
    print("toward_center keeps the contract")
