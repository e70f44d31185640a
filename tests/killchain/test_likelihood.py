"""How likely paths are to succeed."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redqubit.killchain.likelihood import FORMULA, sensitivity, simulate, union, what_if
from redqubit.killchain.path import cheapest

NAMES = "abcde"


@pytest.fixture(scope="module")
def fork(made):
    """Return a chain with a shared first step and two ways on, and its two paths."""
    t = made.technique
    chain = made.chain_of(
        [
            t("QML.T0001", (), ["a"]),
            t("QML.T0002", ["a"], hits=True),
            t("QML.T0003", ["a"], hits=True, days=2.0),
        ],
        mitigations=[
            made.mitigation("QML.M0001", ["QML.T0002"]),
            made.mitigation("QML.M0002", ["QML.T0001"], strength="partial"),
        ],
    )
    return chain, cheapest(made.attacker, made.pipeline, made.goal, chain).paths


@settings(max_examples=150, deadline=None)
@given(
    sets=st.lists(st.frozensets(st.sampled_from(NAMES), max_size=4), max_size=5),
    chances=st.lists(st.floats(0, 1), min_size=5, max_size=5),
)
def test_the_union_is_that_of_all_worlds(sets, chances):
    """Splitting on shared techniques gives the sum over every outcome of all techniques."""
    values = dict(zip(NAMES, chances, strict=True))
    total = 0.0
    for world in itertools.product((False, True), repeat=5):
        works = {name for name, flag in zip(NAMES, world, strict=True) if flag}
        if any(item <= works for item in sets):
            total += np.prod([values[n] if n in works else 1 - values[n] for n in NAMES])
    assert float(union(sets, values)) == pytest.approx(total, abs=1e-12)


def test_a_path_succeeds_if_each_step_does(made, fork):
    """Means agree with the exact product and union of the means, within five standard errors."""
    chain, paths = fork
    counts = {"QML.T0001": (5, 10), "QML.T0002": (8, 10), "QML.T0003": (2, 10)}
    found = simulate(paths, chain, made.pipeline, measured=counts, draws=40_000)
    p = {name: (s + 0.5) / (n + 1) for name, (s, n) in counts.items()}
    a, b, c = (p[name] for name in sorted(p))
    assert found.paths[0].mean == pytest.approx(a * b, abs=0.005)
    assert found.paths[1].mean == pytest.approx(a * c, abs=0.005)
    assert found.any_path.mean == pytest.approx(a * (1 - (1 - b) * (1 - c)), abs=0.005)
    for span in (*found.paths, found.any_path, *found.techniques.values()):
        assert 0 <= span.low <= span.mean <= span.high <= 1


def test_a_shared_step_fails_for_all_paths(made, fork):
    """Paths through one sure bottleneck are no likelier together than the bottleneck."""
    chain, paths = fork
    counts = {"QML.T0001": (1, 100), "QML.T0002": (99, 99), "QML.T0003": (99, 99)}
    found = simulate(paths, chain, made.pipeline, measured=counts)
    assert found.any_path.mean <= found.techniques["QML.T0001"].mean
    assert found.any_path.mean < sum(span.mean for span in found.paths)


def test_the_same_seed_gives_the_same_answer(made, fork):
    """Numbers depend on the seed alone, and a path's not on the other paths asked for."""
    chain, paths = fork
    one = simulate(paths, chain, made.pipeline, seed=4)
    assert one == simulate(paths, chain, made.pipeline, seed=4)
    assert one != simulate(paths, chain, made.pipeline, seed=5)
    alone = simulate(paths[1:], chain, made.pipeline, seed=4)
    assert alone.paths == one.paths[1:]
    assert alone.any_path == alone.paths[0]


def test_no_path_never_succeeds(made, fork):
    """Nothing to try means probability zero; nothing to do means one."""
    chain, _ = fork
    assert simulate([], chain, made.pipeline).any_path.mean == 0
    assert union([frozenset()], {}) == 1


def test_the_bottleneck_matters_most(made, fork):
    """The step of all paths has the greatest swing; without it no path is left."""
    chain, paths = fork
    found = sensitivity(paths, chain, made.pipeline)
    assert found[0].technique == "QML.T0001"
    assert found[0].impossible == 0
    for item in found:
        assert item.swing == pytest.approx(item.certain - item.impossible)
        assert item.swing > 0


def test_a_mitigation_lowers_what_it_touches(made, fork):
    """Blocking one way leaves the other; weakening the shared step lowers both."""
    chain, paths = fork
    blocked = what_if("QML.M0001", paths, chain, made.pipeline)
    assert blocked.after.paths[0].mean == 0
    assert blocked.after.paths[1] == blocked.before.paths[1]
    assert 0 < blocked.after.any_path.mean < blocked.before.any_path.mean
    weaker = what_if("QML.M0002", paths, chain, made.pipeline)
    for before, after in zip(weaker.before.paths, weaker.after.paths, strict=True):
        assert 0 < after.mean < before.mean


def test_the_formula_is_stated():
    """The text shown to users says how paths, techniques and intervals are reckoned."""
    for word in ("product", "Beta", "1/2", "n = 10", "once a trial", "95 %", "independence"):
        assert word in FORMULA
