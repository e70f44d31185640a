"""Intervals against closed forms and their promised coverage."""

import numpy as np
import pytest

from redqubit.core.errors import InputError
from redqubit.core.estimate import Mean, Rate


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [
        (0, 10, 0.0, 0.2775),
        (5, 10, 0.2366, 0.7634),
        (10, 10, 0.7225, 1.0),
        (81, 263, 0.2553, 0.3662),
    ],
)
def test_wilson_interval_equals_published_values(successes, n, low, high):
    """The interval equals the tables of Newcombe (1998), method 3, to four digits."""
    rate = Rate(successes, n)
    assert rate.low == pytest.approx(low, abs=5e-5)
    assert rate.high == pytest.approx(high, abs=5e-5)


def test_interval_covers_the_true_rate_about_95_percent():
    """Averaged over true rates, the interval contains the truth in 93 to 97 percent of samples."""
    rng = np.random.default_rng(0)
    truth = rng.uniform(0.05, 0.95, 4000)
    rates = [Rate(int(rng.binomial(50, p)), 50) for p in truth]
    covered = np.mean([r.low <= p <= r.high for r, p in zip(rates, truth, strict=True)])
    assert 0.93 < covered < 0.97


def test_nothing_measured_is_not_a_value():
    """A rate without trials has no value and no interval."""
    assert Rate(0, 0).value is None
    assert Rate(0, 0).low is None
    assert "not judged" in str(Rate(0, 0))


def test_mean_interval_shrinks_with_the_square_root_of_n():
    """Four times the sample halves the interval."""
    wide = Mean.of(np.tile([0.0, 1.0], 50))
    narrow = Mean.of(np.tile([0.0, 1.0], 200))
    assert (wide.high - wide.low) / (narrow.high - narrow.low) == pytest.approx(2.0, rel=0.01)
    with pytest.raises(InputError, match="at least one"):
        Mean.of([])
