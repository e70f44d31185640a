"""Numbers and names as a reader sees them."""

import math

import pytest

from redqubit.core.estimate import Rate
from redqubit.report import wording


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0, "0"),
        (6561, "6,561"),
        (999_999_999, "999,999,999"),
        (2.5e12, "2.5 × 10¹²"),
        (10**400, "over 10³⁰⁰"),
        (math.inf, "over 10³⁰⁰"),
        (math.nan, "–"),
    ],
)
def test_counts_stay_readable(value, written):
    """Thousands are separated, and billions become powers of ten."""
    assert wording.count(value) == written


@pytest.mark.parametrize(
    ("seconds", "written"),
    [
        (0.5, "0.50\u00a0s"),
        (95, "95.0\u00a0s"),
        (125, "2.1\u00a0min"),
        (9000, "2.5\u00a0h"),
        (1e12, "277,777,777.8\u00a0h"),
        (math.inf, "–"),
        (math.nan, "–"),
    ],
)
def test_durations_take_the_unit_that_fits(seconds, written):
    """Seconds, minutes or hours, whichever keeps the number short."""
    assert wording.duration(seconds) == written


def test_proportions_and_points():
    """Percentages carry one decimal, differences a true minus sign, and zero has no sign."""
    assert wording.percent(0.625) == "62.5\u00a0%"
    assert wording.percent(0.625, unit=False) == "62.5"
    assert wording.percent(None) == wording.percent(math.nan) == "–"
    assert wording.points(-0.012) == "−1.2"
    assert wording.points(-0.0001) == "0.0"
    assert wording.points(None) == "–"


def test_an_interval_is_written_in_percent():
    """The ends of the interval are percentages; nothing judged is a dash."""
    assert wording.interval(Rate(5, 10)) == "23.7 to 76.3"
    assert wording.interval(Rate(0, 0)) == wording.interval(None) == "–"


@pytest.mark.parametrize(
    ("name", "alone", "inside"),
    [
        ("projected_gradient", "Projected gradient", "projected gradient"),
        ("quid", "QUID", "QUID"),
        ("fourier_extraction", "Fourier extraction", "Fourier extraction"),
        ("euclidean distance", "Euclidean distance", "Euclidean distance"),
        ("", "", ""),
    ],
)
def test_registry_names_become_words(name, alone, inside):
    """Names start a line with a capital and stand in a sentence without, save proper names."""
    assert wording.title(name) == alone
    assert (wording.phrase(name) if name else "") == inside


def test_small_words():
    """Plurals and lists read like sentences."""
    assert wording.plural(1, "attack") == "1 attack"
    assert wording.plural(0, "attack") == "0 attacks"
    assert wording.listing(["a"]) == "a"
    assert wording.listing(["a", "b", "c"]) == "a, b or c"
    assert wording.number(0.30000000000000004) == "0.3"
    assert wording.number("x") == "x"
