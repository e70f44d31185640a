"""The gate stops what is worse by more than chance, and only that."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from redqubit.assess.regression import compare, loss
from redqubit.core.errors import InputError
from redqubit.core.estimate import Z95, Rate
from redqubit.core.evidence import Evidence, Provenance

WHERE = Provenance(seed=1, versions={}, device="cpu", created="2026-11-20T00:00:00Z")


def baseline(successes, n=200):
    rates = {"clean_accuracy": Rate(successes, n)}
    return Evidence("a", "baseline", "", "none", "measured", WHERE, rates=rates)


def attacked(successes, n=200, **changes):
    rates = {"attacked_accuracy": Rate(successes, n), "clean_accuracy": Rate(n, n)}
    made = Evidence("b", "evasion", "QML.T0012", "square", "measured", WHERE, rates=rates)
    return dataclasses.replace(made, **changes)


def verdicts(*pair, **settings):
    return [row.verdict for row in compare(*pair, **settings)]


def test_the_same_run_passes():
    """Nothing is worse than itself."""
    run = [baseline(190), attacked(120)]
    assert verdicts(run, run) == ["no worse", "no worse"]


def test_a_collapse_is_stopped_and_scatter_is_not():
    """Half the accuracy is worse, two samples of two hundred are not."""
    assert verdicts([baseline(190)], [baseline(95)]) == ["worse"]
    assert verdicts([baseline(190)], [baseline(188)]) == ["no worse"]
    assert verdicts([attacked(120)], [attacked(60)]) == ["worse"]


def test_a_tolerance_allows_as_much():
    """What may be lost is subtracted from what was."""
    assert verdicts([baseline(190)], [baseline(150)]) == ["worse"]
    assert verdicts([baseline(190)], [baseline(150)], tolerance=0.3) == ["no worse"]


def test_theft_counts_the_other_way():
    """A copy that agrees more often is worse for the owner."""

    def stolen(n):
        made = attacked(0, kind="extraction", attack="learned_extraction", rates={})
        return dataclasses.replace(made, success=Rate(n, 200))

    assert verdicts([stolen(60)], [stolen(190)]) == ["worse"]
    assert verdicts([stolen(190)], [stolen(60)]) == ["no worse"]


@pytest.mark.parametrize(
    "changes",
    [
        {"defense": "top_one"},
        {"view": "exact"},
        {"repeat": 1},
        {"status": "failed"},
        {"parameters": {"steps": 5}},
    ],
)
def test_what_the_new_run_lacks_is_missing(changes):
    """Another defense, view, repeat or parameter is another measurement; a failed one is none."""
    assert verdicts([attacked(120)], [attacked(120, **changes)]) == ["missing"]


def test_an_empty_baseline_and_odd_tolerances_are_refused():
    """A gate without measurements would pass everything."""
    with pytest.raises(InputError, match="measured nothing"):
        compare([], [baseline(1)])
    with pytest.raises(InputError, match="tolerance"):
        compare([baseline(1)], [baseline(1)], tolerance=1.0)


def test_settings_of_one_attack_are_held_apart():
    """A weak and a strong setting are each compared with themselves."""
    run = [attacked(190, parameters={"queries": 10}), attacked(20, parameters={"queries": 900})]
    assert verdicts(run, run[::-1]) == ["no worse", "no worse"]


def test_a_folder_with_two_runs_is_refused():
    """Which of two equal measurements is meant cannot be known."""
    with pytest.raises(InputError, match="the new run holds accuracy under attack of square"):
        compare([attacked(120)], [attacked(120), attacked(60)])


@given(st.integers(0, 200), st.integers(0, 200))
def test_the_loss_lies_within_its_interval(a, b):
    """The interval holds the difference, and swapping the runs mirrors it."""
    lost, low, high = loss(Rate(a, 200), Rate(b, 200), Z95)
    assert low - 1e-12 <= lost <= high + 1e-12
    assert loss(Rate(b, 200), Rate(a, 200), Z95) == pytest.approx((-lost, -high, -low))


def test_newcombe_is_reproduced():
    """The published example 56/70 against 48/80 gives .2 with interval .0524 to .3339."""
    assert loss(Rate(56, 70), Rate(48, 80), Z95) == pytest.approx((0.2, 0.0524, 0.3339), abs=1e-4)


def test_equal_models_seldom_fail_a_gate_of_many_rates():
    """With forty rates of one model, fewer than 5 % of gates stop (binomial samples, 400 gates)."""
    rng = np.random.default_rng(5)
    stopped = 0
    for _ in range(400):
        draws = rng.binomial(200, 0.8, size=(2, 40))
        runs = [[attacked(int(n), repeat=i) for i, n in enumerate(row)] for row in draws]
        stopped += "worse" in verdicts(*runs)
    assert stopped <= 20
