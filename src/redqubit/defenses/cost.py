"""What a defense costs: accuracy on clean data before and after, and changed answers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from redqubit.core.estimate import Rate
from redqubit.models.victim import Victim


@dataclass(frozen=True)
class Price:
    """Clean test accuracy without and with a defense, and how often both answer differently."""

    before: Rate
    after: Rate
    changed: Rate


def price(victim: Victim, defended: Victim) -> Price:
    """Measure on the test data what ``defended`` gave up compared to ``victim``."""
    X, y = victim.data.X_test, victim.data.y_test
    first, second = np.asarray(victim.model.predict(X)), np.asarray(defended.model.predict(X))
    return Price(Rate.of(first == y), Rate.of(second == y), Rate.of(first != second))
