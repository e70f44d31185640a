"""Minimal cuts with proof, and choke points."""

import itertools
import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redqubit.core.errors import InputError
from redqubit.killchain.cut import choke_points, minimal_cut
from redqubit.killchain.feasible import blocked_by
from redqubit.killchain.path import Goal
from redqubit.killchain.system import Attacker


def cheapest_cut(drawn, cost, least, paths):
    """Return the weight of the cheapest set that hits every path, by looking at all sets."""
    names = [item.id for item in drawn.chain.mitigations]
    weights = [
        sum(cost[name] for name in chosen)
        for size in range(len(names) + 1)
        for chosen in itertools.combinations(names, size)
        if all(path & blocked_by(chosen, drawn.chain, least) for path in paths)
    ]
    return min(weights, default=None)


@settings(max_examples=150, deadline=None)
@given(
    data=st.data(),
    least=st.sampled_from(["strong", "partial"]),
    budget=st.none() | st.integers(0, 4),
)
def test_the_cut_is_that_of_brute_force(made, data, least, budget):
    """Weight and possibility agree with all sets of mitigations, and the bound proves it."""
    drawn = data.draw(made.graphs())
    names = [item.id for item in drawn.chain.mitigations]
    cost = {name: float(data.draw(st.integers(0, 3))) for name in names}
    paths = made.brute_force(drawn.chain, drawn.start)
    best = cheapest_cut(drawn, cost, least, paths)
    found = minimal_cut(
        [made.attacker],
        made.pipeline,
        made.goal,
        drawn.chain,
        least=least,
        cost=cost,
        budget=budget,
    )
    assert found.optimal
    assert found.complete == (best is not None and (budget is None or best <= budget))
    if found.complete:
        assert found.weight == found.bound == best
        removed = blocked_by(found.mitigations, drawn.chain, least)
        assert all(path & removed for path in paths)
        assert found.attackers == ("someone",)
        assert found.kept == ()
    else:
        assert frozenset(found.kept) in paths
        assert found.path.techniques == found.kept
        assert found.attackers == ()
    assert found.explanation.endswith(".")


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_two_attackers_are_cut_off_together(made, data):
    """The cut for both hits all paths of both and weighs no less than either's alone."""
    drawn = data.draw(made.graphs())
    known = [item.id for item in drawn.chain.capabilities]
    second = replace(made.attacker, capabilities=tuple(known[:1]))
    both = minimal_cut([made.attacker, second], made.pipeline, made.goal, drawn.chain)
    alone = [
        minimal_cut([who], made.pipeline, made.goal, drawn.chain) for who in (made.attacker, second)
    ]
    assert both.complete == all(item.complete for item in alone)
    if both.complete:
        weights = [item.weight for item in alone]
        assert max(weights) <= both.weight <= sum(weights)
        start = set(drawn.start)
        removed = blocked_by(both.mitigations, drawn.chain)
        for held in (start, start | set(known[:1])):
            assert all(path & removed for path in made.brute_force(drawn.chain, held))


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_what_is_in_place_is_free(made, data):
    """After the mitigations of a cut are in place, nothing more is needed."""
    drawn = data.draw(made.graphs())
    found = minimal_cut([made.attacker], made.pipeline, made.goal, drawn.chain)
    placed = replace(made.pipeline, mitigations=found.mitigations)
    again = minimal_cut([made.attacker], placed, made.goal, drawn.chain)
    assert again.complete == found.complete
    if found.complete:
        assert (again.mitigations, again.weight) == ((), 0.0)


def fork(made):
    """Return two ways to the goal, one mitigation for each and a dear one for both."""
    t, m = made.technique, made.mitigation
    return made.chain_of(
        [t("QML.T0001", hits=True), t("QML.T0002", ["a"], hits=True)],
        start=["a"],
        mitigations=[
            m("QML.M0001", ["QML.T0001"]),
            m("QML.M0002", ["QML.T0002"]),
            m("QML.M0003", ["QML.T0001", "QML.T0002"]),
        ],
    )


def test_weights_decide_between_one_and_two(made):
    """One mitigation for both ways is best until it weighs more than the two."""
    chain = fork(made)
    scene = ([made.attacker], made.pipeline, made.goal, chain)
    assert minimal_cut(*scene).mitigations == ("QML.M0003",)
    dear = minimal_cut(*scene, cost={"QML.M0003": 2.5})
    assert dear.mitigations == ("QML.M0001", "QML.M0002")
    assert "Mitigation QML.M0001 and Mitigation QML.M0002" in dear.explanation


def test_a_small_budget_cuts_off_as_many_attackers_as_it_can(made):
    """Who needs the cheaper mitigation is cut off; the other's path is shown."""
    chain = fork(made)
    other = replace(made.attacker, without=("a",))
    found = minimal_cut(
        [made.attacker, other],
        made.pipeline,
        made.goal,
        chain,
        cost={"QML.M0003": 9.0},
        budget=1,
    )
    assert (found.mitigations, found.weight, found.complete) == (("QML.M0001",), 1.0, False)
    assert found.attackers == ("someone 2",)
    assert found.kept == ("QML.T0002",)
    assert "budget" in found.explanation


def test_an_impossible_cut_shows_the_path_and_what_weaker_edges_would_do(made):
    """The path nothing prevents is named, and the cut that counts partial edges is offered."""
    chain = made.chain_of(
        [made.technique("QML.T0001", hits=True)],
        mitigations=[made.mitigation("QML.M0001", ["QML.T0001"], strength="partial")],
    )
    found = minimal_cut([made.attacker], made.pipeline, made.goal, chain)
    assert not found.complete
    assert found.kept == ("QML.T0001",)
    assert found.alternative.mitigations == ("QML.M0001",)
    assert "QML.T0001" in found.explanation
    assert "Mitigation QML.M0001" in found.explanation


def test_nothing_cuts_what_is_held_from_the_start(made):
    """A capability the attacker begins with has no step to prevent."""
    chain = made.chain_of([made.technique("QML.T0001", grants=["a"])], start=["a"])
    found = minimal_cut([made.attacker], made.pipeline, Goal("a", "capability"), chain)
    assert not found.complete
    assert found.kept == ()
    assert "held from the start" in found.explanation


def test_without_a_path_nothing_is_needed(made):
    """No mitigation is asked for, and that is optimal."""
    chain = made.chain_of([made.technique("QML.T0001", ["z"], hits=True)])
    found = minimal_cut([made.attacker], made.pipeline, made.goal, chain)
    assert (found.mitigations, found.weight, found.complete, found.optimal) == ((), 0, True, True)
    assert found.attackers == ("someone",)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"cost": {"QML.M001": 1}}, r"QML\.M0001"),
        ({"cost": {"QML.M0001": -1}}, "at least 0"),
        ({"cost": {"QML.M0001": float("nan")}}, "at least 0"),
        ({"budget": -1}, "at least 0"),
        ({"least": "hard"}, "strength"),
    ],
)
def test_bad_weights_are_refused(made, options, message):
    """Unknown mitigations, negative weights and unknown strengths are errors."""
    with pytest.raises(InputError, match=message):
        minimal_cut([made.attacker], made.pipeline, made.goal, fork(made), **options)


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_choke_points_lie_on_every_path(made, data):
    """They are the intersection of all minimal paths."""
    drawn = data.draw(made.graphs())
    paths = made.brute_force(drawn.chain, drawn.start)
    found = choke_points([made.attacker], made.pipeline, made.goal, drawn.chain)
    assert set(found.every) == (frozenset.intersection(*paths) if paths else set())
    assert found.paths == min(5, len(paths))
    assert all(found.counts[name] == found.paths for name in found.every)


def test_choke_points_of_several_attackers_are_those_all_share(made):
    """An attacker without a path has no say; each other one is listed."""
    chain = fork(made)
    attackers = [made.attacker, replace(made.attacker, without=("a",))]
    found = choke_points(attackers, made.pipeline, made.goal, chain)
    assert found.each == {"someone": (), "someone 2": ("QML.T0001",)}
    assert found.every == ()
    assert found.counts == {"QML.T0001": 2, "QML.T0002": 1}
    assert found.paths == 3


def test_two_thousand_techniques_take_seconds(made):
    """A cut of 35 mitigations out of 500 is proven in under 10 s (measured 1 s)."""
    chain = made.layered(2000, 3)
    begin = time.process_time()
    found = minimal_cut(
        [made.attacker, Attacker("other", skill="medium")], made.pipeline, made.goal, chain
    )
    assert time.process_time() - begin < 10
    assert found.complete
    assert found.optimal
    assert found.weight == found.bound == len(found.mitigations) > 10
