"""Interleaved timing: contenders take turns, so that a busy moment hits all of them."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

ROUNDS = 9
MAX_REPEATS = 400
MIN_REPEATS = 3
# Below this a call runs from caches that the contender before has emptied: warm them, untimed.
WARM_BELOW_S = 0.02

Step = Callable[[], Any]


@dataclass(frozen=True)
class Timing:
    """Median and minimum seconds a call over ``repeats`` timed calls."""

    median_s: float
    min_s: float
    repeats: int


def repeats_for(estimate_s: float, budget_s: float) -> int:
    """Return how many calls fit the budget, 3 to 400, or 1 where a single one exceeds it."""
    if estimate_s > budget_s:
        return 1
    return min(MAX_REPEATS, max(MIN_REPEATS, int(budget_s / max(estimate_s, 1e-9))))


def interleave(
    steps: Sequence[Step], budget_s: float, clock: Callable[[], float] = time.perf_counter
) -> list[Timing]:
    """Time every step, all of them in turn over several rounds.

    Parameters
    ----------
    steps
        Warm callables (compiled, called once).
    budget_s
        Seconds each step may use in all; a step slower than that is timed once.
    clock
        Seconds, monotonic.
    """
    collecting = gc.isenabled()
    gc.collect()
    gc.disable()
    try:
        estimates = [_timed(step, clock) for step in steps]
        counts = [repeats_for(estimate, budget_s) for estimate in estimates]
        samples: list[list[float]] = [[] for _ in steps]
        for turn in range(ROUNDS):
            for step, estimate, count, times in zip(steps, estimates, counts, samples, strict=True):
                quota = (turn + 1) * count // ROUNDS - turn * count // ROUNDS
                if quota and estimate < WARM_BELOW_S:
                    step()
                times.extend(_timed(step, clock) for _ in range(quota))
            gc.collect()
    finally:
        if collecting:
            gc.enable()
    return [Timing(statistics.median(times), min(times), len(times)) for times in samples]


def _timed(step: Step, clock: Callable[[], float]) -> float:
    start = clock()
    step()
    return clock() - start
