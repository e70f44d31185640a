"""One number for what a technique takes, so that paths can be ordered."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from redqubit.killchain.model import Technique

SKILL: Final[Mapping[str, float]] = {"low": 1.0, "medium": 2.0, "high": 4.0}
UNKNOWN_DAYS: Final = 5.0
UNKNOWN_MONEY: Final = 100.0
MONEY_A_DAY: Final = 1_000.0
QUERIES_A_DAY: Final = 10_000.0
SHOTS_A_DAY: Final = 1_000_000.0
LEAST: Final = 0.01

FORMULA: Final = (
    "effort = max(0.01, skill x days + money / 1,000 + queries / 10,000 + shots / 1,000,000) in "
    "person-days of a beginner. Each quantity is the geometric middle of its range, where a low "
    "end below a hundredth of the high end counts as that hundredth; skill is 1 (low), 2 (medium) "
    "or 4 (high). Unknown days count as 5 and unknown money as 100 USD; unknown queries and shots "
    "count as none, because most techniques need none. The weights are ours: they order paths and "
    "are no forecast."
)


def effort(technique: Technique) -> float:
    """Return what a technique takes, in person-day equivalents, rounded to 0.001; at least 0.01.

    ``effort = max(0.01, skill * days + money / 1000 + queries / 10000 + shots / 1000000)`` over
    the geometric middle of each range. A low end below a hundredth of the high end counts as that
    hundredth, so that a range from 0 has a middle: a tenth of its high end. Skill counts 1, 2 or 4.
    Unknown days count as 5, unknown money as 100 US dollars, unknown queries and shots as none.

    Notes
    -----
    The weights are ours. A million shots at about 0.001 US dollars each, near the list prices of
    quantum clouds, and a day of an engineer both cost about 1,000 US dollars.
    """
    cost = technique.cost
    days = UNKNOWN_DAYS if cost.days is None else _middle(cost.days)
    money = UNKNOWN_MONEY if cost.money is None else _middle(cost.money)
    queries = 0.0 if cost.queries is None else _middle(cost.queries)
    shots = 0.0 if cost.shots is None else _middle(cost.shots)
    total = (
        SKILL[cost.skill] * days
        + money / MONEY_A_DAY
        + queries / QUERIES_A_DAY
        + shots / SHOTS_A_DAY
    )
    return round(max(LEAST, total), 3)


def _middle(span: tuple[float, float]) -> float:
    """Return the geometric middle of a range; 0 for the range (0, 0)."""
    low, high = span
    return math.sqrt(max(low, high / 100) * high)
