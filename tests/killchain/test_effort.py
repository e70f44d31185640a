"""The one number by which paths are ordered."""

import math
from dataclasses import replace

import pytest

from redqubit import killchain
from redqubit.killchain.effort import FORMULA, effort
from redqubit.killchain.model import Effort


def of(**fields):
    """Return the effort of a technique with this cost."""
    technique = killchain.load().techniques[0]
    return effort(replace(technique, cost=Effort("basis", **({"skill": "low"} | fields))))


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"days": (4, 9), "money": (0, 0)}, 6.0),
        ({"days": (4, 9), "money": (0, 0), "skill": "medium"}, 12.0),
        ({"days": (4, 9), "money": (0, 0), "skill": "high"}, 24.0),
        ({"days": (0, 10), "money": (0, 0)}, 1.0),
        ({"days": (0, 0), "money": (1000, 1000)}, 1.0),
        ({"days": (0, 0), "money": (0, 0), "queries": (10_000, 10_000)}, 1.0),
        ({"days": (0, 0), "money": (0, 0), "shots": (1e6, 1e6)}, 1.0),
        ({"days": (0, 0), "money": (0, 0)}, 0.01),
        ({}, 5.1),
    ],
)
def test_effort_is_the_stated_sum(fields, expected):
    """Days by skill, money, queries and shots add up; unknown days are 5, unknown money 100."""
    assert of(**fields) == pytest.approx(expected)


def test_every_technique_takes_something():
    """No technique that ships is free, and all efforts are finite with three decimals."""
    for technique in killchain.load().techniques:
        value = effort(technique)
        assert value >= 0.01
        assert math.isfinite(value)
        assert value == round(value, 3)


def test_the_formula_is_stated():
    """The text shown to users names each weight of the code."""
    for word in ("1,000", "10,000", "1,000,000", "0.01", "5", "100 USD", "person-days"):
        assert word in FORMULA
