"""Estimates that carry their sample size and interval."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from redqubit.core.errors import InputError

Z95 = 1.959963984540054


@dataclass(frozen=True)
class Rate:
    """A proportion of ``n`` trials with its 95 % Wilson score interval.

    Source: Wilson (1927), JASA 22, 209-212. ``value``, ``low`` and ``high`` are None when ``n`` is
    0: what cannot be judged is not a pass.
    """

    successes: int
    n: int

    def __post_init__(self) -> None:
        if not 0 <= self.successes <= self.n:
            raise InputError(f"a rate needs 0 <= successes <= n, got {self.successes} of {self.n}")

    @property
    def value(self) -> float | None:
        """Return successes over trials."""
        return self.successes / self.n if self.n else None

    def _wilson(self, sign: int) -> float | None:
        if not self.n:
            return None
        p, n = self.successes / self.n, self.n
        if (sign < 0 and self.successes == 0) or (sign > 0 and self.successes == n):
            return 0.0 if sign < 0 else 1.0  # exact end, free of rounding
        spread = Z95 * math.sqrt(p * (1 - p) / n + Z95**2 / (4 * n**2))
        return (p + Z95**2 / (2 * n) + sign * spread) / (1 + Z95**2 / n)

    @property
    def low(self) -> float | None:
        """Return the lower end of the interval."""
        return self._wilson(-1)

    @property
    def high(self) -> float | None:
        """Return the upper end of the interval."""
        return self._wilson(1)

    @classmethod
    def of(cls, flags: Sequence[bool] | np.ndarray) -> Rate:
        """Count the true entries of ``flags``."""
        array = np.asarray(flags, dtype=bool)
        return cls(int(array.sum()), int(array.size))

    def __str__(self) -> str:
        if self.value is None or self.low is None or self.high is None:
            return "not judged (n = 0)"
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}] (n = {self.n})"


@dataclass(frozen=True)
class Mean:
    """A mean of ``n`` measured values with its 95 % interval (normal approximation)."""

    value: float
    low: float
    high: float
    n: int

    @classmethod
    def of(cls, values: Sequence[float] | np.ndarray) -> Mean:
        """Average ``values``; the interval has zero width for a single value."""
        array = np.asarray(values, dtype=float)
        if array.size == 0:
            raise InputError("a mean needs at least one value, got none")
        center = float(array.mean())
        error = Z95 * float(array.std(ddof=1)) / math.sqrt(array.size) if array.size > 1 else 0.0
        return cls(center, center - error, center + error, int(array.size))
