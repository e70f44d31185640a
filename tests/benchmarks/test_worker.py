"""A worker measures who is right, names who could not run, and rejects who is wrong."""

import numpy as np
import pytest
from benchmarks import worker
from benchmarks.cases import CASES, Case, Entrant, Group, plan
from benchmarks.contenders import NotRunError, Prepared
from benchmarks.worker import Settings, WrongResultError, deviation, reason_of, run_group

TRUTH = {"loss": np.array(2.0)}


def contender(value):
    return lambda work: Prepared(lambda: value, lambda result: {"loss": np.array(result)})


def refuse(work):
    raise NotRunError("too slow here")


def crash(work):
    raise ValueError("boom\nsecond line")


def absent(work):
    raise ModuleNotFoundError("No module named 'peer'", name="peer")


BUILDERS = {
    "benchmarks.contenders.right": contender(2.0),
    "benchmarks.contenders.wrong": contender(2.1),
    "benchmarks.contenders.refuse": refuse,
    "benchmarks.contenders.crash": crash,
    "benchmarks.contenders.absent": absent,
    "benchmarks.truth": lambda work: TRUTH,
}


@pytest.fixture
def measure(monkeypatch):
    """Return a function that runs the given entrants as a case of their own."""

    def run(*entrants, n=4, only="", quick=False):
        case = Case("try", "Try", ((n, 8),), ((n, 8),), entrants, "truth")
        monkeypatch.setitem(CASES, "try", case)
        monkeypatch.setattr(worker, "resolve", BUILDERS.__getitem__)
        group = Group("try", ((n, 8),), "complex128")
        return run_group(group, Settings(only, quick, 0.001), lambda line: None)

    return run


def test_right_contender_gets_a_row(measure):
    """A contender that agrees with the reference gets times and its deviation."""
    rows, errors = measure(Entrant("peer", "right"))
    assert errors == []
    assert rows[0].median_ms is not None
    assert rows[0].max_error == 0.0


def test_wrong_contender_is_an_error(measure):
    """A contender that disagrees with the reference is an error and gets no row."""
    rows, errors = measure(Entrant("peer", "wrong"), Entrant("other", "right"))
    assert [row.engine for row in rows] == ["other"]
    assert "peer deviates by 5.0e-02" in errors[0]


def test_what_did_not_run_has_a_reason(measure):
    """Refusal, limit, crash and absence each leave a row with the reason and no time."""
    rows, errors = measure(
        Entrant("a", "refuse"),
        Entrant("b", "right", limit=3, reason="too big"),
        Entrant("c", "crash"),
        Entrant("d", "absent"),
    )
    assert errors == []
    assert all(row.median_ms is None for row in rows)
    reasons = ["too slow here", "too big", "failed: ValueError: boom", "not installed: peer"]
    assert [row.reason for row in rows] == reasons


def test_own_failure_is_an_error(measure):
    """A crash of our own engine fails the run."""
    _, errors = measure(Entrant("redqubit", "crash"))
    assert "boom" in errors[0]


def test_only_and_quick_leave_out(measure):
    """A text selects contenders by name; a quick run leaves out slow compilers."""
    entrants = (Entrant("fast", "right"), Entrant("slow", "right", quick=False))
    assert [row.engine for row in measure(*entrants, only="FAST")[0]] == ["fast"]
    assert [row.engine for row in measure(*entrants, quick=True)[0]] == ["fast"]


def test_only_what_can_runs_on_an_accelerator():
    """On an accelerator those contenders enter that can use it; on the processor all do."""
    both, one = Entrant("both", "a.b", cuda=True), Entrant("one", "a.b")
    assert worker.enters(both, "cuda", Settings())
    assert not worker.enters(one, "cuda", Settings())
    assert worker.enters(one, "cpu", Settings())


@pytest.mark.parametrize(
    ("result", "says"),
    [
        ({}, "no output"),
        ({"gain": np.array(1.0)}, "gain"),
        ({"loss": np.array([2.0])}, "shape"),
    ],
)
def test_unusable_results_are_wrong(result, says):
    """A missing, unknown or misshapen output is a wrong result."""
    with pytest.raises(WrongResultError, match=says):
        deviation(result, TRUTH)


def test_not_a_number_deviates_without_bound():
    """A result that is not a number deviates by infinity."""
    assert deviation({"loss": np.array(np.nan)}, TRUTH) == np.inf


def test_deviation_is_relative_to_the_largest_entry():
    """Each output is scaled by its own largest true entry, and the worst output counts."""
    truth = {"a": np.array([10.0, 1.0]), "b": np.array([0.1])}
    assert deviation({"a": np.array([10.0, 1.5]), "b": np.array([0.1])}, truth) == 0.05
    assert deviation({"a": np.array([10.0, 1.0]), "b": np.array([0.2])}, truth) == 1.0


def test_reason_of_an_empty_exception_is_its_type():
    """An exception without text is named by its type."""
    assert reason_of(MemoryError()) == "failed: MemoryError: "


def test_plan_has_every_size_in_every_precision():
    """A full plan holds each size of each case once a precision; growth shares one process."""
    groups = plan(tuple(CASES), ("complex64", "complex128"), "cpu", False)
    for case in CASES.values():
        mine = [group for group in groups if group.case == case.name]
        precisions = len(case.dtypes)
        assert len(mine) == precisions * (1 if case.together else len(case.sizes))
        sizes = [size for group in mine for size in group.sizes]
        assert sorted(sizes) == sorted(case.sizes * precisions)


def test_limits_have_reasons():
    """Whoever stops at a size says why, and builders are named as module and function."""
    for case in CASES.values():
        for entrant in case.entrants:
            assert (entrant.limit is None) == (entrant.reason == "")
            assert entrant.builder.count(".") == 1
