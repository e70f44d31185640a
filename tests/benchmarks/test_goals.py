"""Goals are judged from rows, by medians, against the fastest peer."""

import pytest
from benchmarks.goals import all_goals, best_peer, number
from benchmarks.rows import Row


def timed(engine, median, case="w1", n=8, batch=128, dtype="complex64", **more):
    return Row(case, n, batch, dtype, engine, median, median / 2, **more)


def goal(text):
    (found,) = [goal for goal in all_goals() if text in goal.text]
    return found


W1 = [timed("redqubit", 2.0), timed("fast peer", 12.0), timed("slow peer", 90.0)]


def test_factor_is_against_the_best_peer():
    """W1 compares with the fastest contender that is not ours."""
    finding = goal("W1, n = 8, complex64").measure(W1)
    assert finding.value == 6.0
    assert "fast peer" in finding.detail
    assert goal("W1, n = 8, complex64").met(finding)


def test_own_variants_are_no_peers():
    """A second row of ours never counts as the best peer."""
    rows = [*W1, timed("redqubit frozen", 0.1)]
    assert best_peer(rows, "w1", 8, 128, "complex64").engine == "fast peer"


def test_other_precisions_devices_and_gaps_are_not_compared():
    """Rows of another precision, of an accelerator, or without time change no factor."""
    rows = [
        *W1,
        timed("double peer", 0.1, dtype="complex128"),
        timed("graphics peer", 0.1, device="some GPU"),
        Row("w1", 8, 128, "complex64", "absent peer", reason="not installed"),
    ]
    assert goal("W1, n = 8, complex64").measure(rows).value == 6.0


def test_missing_rows_are_not_judged():
    """A goal whose rows are missing is neither met nor failed."""
    for each in all_goals():
        assert each.measure([]) is None
        assert each.met(None) is None


def test_gram_goal_wants_small_factors():
    """The Gram matrix meets its goal within twice the time of one matrix product, not beyond."""
    product = timed("one matrix product", 10.0, "w3", 8, 1000, "complex128")
    aim = goal("W3, n = 8, complex128")
    for own, met in ((19.0, True), (21.0, False)):
        rows = [product, timed("redqubit any encoder", own, "w3", 8, 1000, "complex128")]
        assert aim.met(aim.measure(rows)) is met


def test_attack_goal_is_a_time():
    """Projected gradient meets its goal in less than a second, whatever the peer takes."""
    aim = goal("PGD, n = 8, complex64")
    assert aim.met(aim.measure([timed("redqubit", 999.0, "pgd", 8, 1000)]))
    assert not aim.met(aim.measure([timed("redqubit", 1001.0, "pgd", 8, 1000)]))


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "–"), (0.1234, "0.123"), (12.34, "12.3"), (123.4, "123"), (12345.0, "12,300")],
)
def test_numbers_have_three_digits(value, text):
    """Numbers show three significant digits."""
    assert number(value) == text
