"""The cheapest attack paths, explained."""

import itertools
import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redqubit import killchain
from redqubit.core.errors import InputError
from redqubit.killchain.effort import effort
from redqubit.killchain.path import Goal, cheapest, labels
from redqubit.killchain.requirement import Requirement
from redqubit.killchain.system import Attacker

CHAIN = killchain.load()
MANY = 10_000


def paths(made, chain, attacker=None, **options):
    """Return every path of a test chain as a set of technique ids, by effort."""
    who = attacker or made.attacker
    answer = cheapest(who, made.pipeline, made.goal, chain, MANY, **options)
    assert answer.exhausted
    return [frozenset(path.techniques) for path in answer.paths]


@pytest.mark.parametrize(
    ("text", "goal"),
    [
        ("results:integrity", Goal("results", "integrity")),
        ("results:integrity:high", Goal("results", "integrity", "high")),
        (
            " training-data : confidentiality : low ",
            Goal("training-data", "confidentiality", "low"),
        ),
        ("gate-list", Goal("gate-list", "capability")),
        ("QML.T0201.002", Goal("QML.T0201.002", "technique")),
    ],
)
def test_goals_are_read_and_written(text, goal):
    """A goal reads back from how it is printed."""
    assert Goal.of(text, CHAIN) == goal
    assert Goal.of(str(goal), CHAIN) == goal


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("result:integrity", "results"),
        ("results:integrty", "integrity"),
        ("results:integrity:hihg", "high"),
        ("results:integrity:none", "allowed"),
        ("gate-lists", "gate-list"),
        ("QML.T02010", "QML.T0201"),
        ("results", "asset:protection"),
        ("a:b:c:d", "asset:protection"),
        ("", "asset:protection"),
    ],
)
def test_a_misspelled_goal_names_the_near_miss(text, hint):
    """Each part of a goal is checked against what exists."""
    with pytest.raises(InputError, match=hint):
        Goal.of(text, CHAIN)


def test_a_technique_reaches_a_goal_by_asset_and_level(made):
    """The asset must be named and the impact on that protection goal large enough."""
    technique = made.technique("QML.T0001", grants=["a"], hits=True)
    assert made.goal.reached_by(technique)
    assert replace(made.goal, least="high").reached_by(technique)
    assert not replace(made.goal, protection="availability").reached_by(technique)
    assert not replace(made.goal, asset="ansatz").reached_by(technique)
    assert Goal("a", "capability").reached_by(technique)
    assert Goal("QML.T0001", "technique").reached_by(technique)


def test_steps_say_what_they_use_and_bring(made):
    """Each use names the step it comes from, each sentence reads in words."""
    t = made.technique
    chain = made.chain_of(
        [
            t("QML.T0001", Requirement(("b",), ("c", "a")), ["d"], tactic="QML.TA11"),
            t("QML.T0002", ["a"], ["b", "a"], tactic="QML.TA04"),
            t("QML.T0003", ["d", "b"], hits=True, tactics=("QML.TA02", "QML.TA14")),
        ],
        start=["a"],
    )
    (path,) = cheapest(made.attacker, made.pipeline, made.goal, chain).paths
    first, second, third = path.steps
    assert path.techniques == ("QML.T0002", "QML.T0001", "QML.T0003")
    assert path.effort == sum(effort(item) for item in chain.techniques)
    assert [(use.capability, use.source) for use in first.uses] == [("a", "held")]
    assert first.gains == ("b",)
    assert {(use.capability, use.source) for use in second.uses} == {
        ("a", "held"),
        ("b", "QML.T0002"),
    }
    assert third.tactic == "QML.TA14"
    assert third.gains == ()
    assert third.sentence == "With word b (step 1) and word d (step 2): a made-up technique."
    assert first.sentence.endswith("It brings word b.")


def test_one_step_is_enough_if_the_attacker_can_run_it(made):
    """A technique that needs nothing and reaches the goal is a path by itself."""
    chain = made.chain_of([made.technique("QML.T0001", hits=True)])
    answer = cheapest(made.attacker, made.pipeline, made.goal, chain)
    assert [path.techniques for path in answer.paths] == [("QML.T0001",)]
    assert answer.exhausted
    assert "Without any" in answer.paths[0].steps[0].sentence


def test_a_capability_held_from_the_start_has_a_path_without_steps(made):
    """There is nothing to do, and the note says so."""
    chain = made.chain_of([made.technique("QML.T0001", grants=["a"])], start=["a"])
    answer = cheapest(made.attacker, made.pipeline, Goal("a", "capability"), chain)
    assert [path.steps for path in answer.paths] == [()]
    assert answer.exhausted
    assert "before the first step" in answer.note


def test_no_path_is_told(made):
    """A goal out of reach has no paths, and that is all there are."""
    chain = made.chain_of([made.technique("QML.T0001", ["z"], hits=True)])
    answer = cheapest(made.attacker, made.pipeline, made.goal, chain)
    assert (answer.paths, answer.exhausted) == ((), True)
    assert "No path" in answer.note


def test_at_least_one_path_must_be_asked_for(made):
    """Zero paths are no question."""
    with pytest.raises(InputError, match="at least 1"):
        cheapest(made.attacker, made.pipeline, made.goal, made.chain_of([]), 0)


def test_equal_actors_are_numbered():
    """The second attacker of the same kind has its own name."""
    assert labels([Attacker("a"), Attacker("b"), Attacker("a")]) == ("a", "b", "a 2")


@settings(max_examples=200, deadline=None)
@given(data=st.data(), k=st.integers(1, 6))
def test_the_k_cheapest_paths_are_those_of_brute_force(made, data, k):
    """Efforts and order agree with all minimal sets; every path runs in its order."""
    drawn = data.draw(made.graphs())
    cost = {item.id: effort(item) for item in drawn.chain.techniques}
    every = made.brute_force(drawn.chain, drawn.start)
    expected = sorted((round(sum(cost[n] for n in names), 3), sorted(names)) for names in every)
    answer = cheapest(made.attacker, made.pipeline, made.goal, drawn.chain, k)
    found = [(round(path.effort, 3), sorted(path.techniques)) for path in answer.paths]
    assert found == expected[:k]
    assert answer.exhausted == (len(expected) <= k)
    requires = {item.id: item.requires for item in drawn.chain.techniques}
    for path in answer.paths:
        held = set(drawn.start)
        for step in path.steps:
            used = frozenset(use.capability for use in step.uses)
            assert used <= held
            assert requires[step.technique].met(used)
            assert not set(step.gains) & held
            held |= set(step.gains)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_a_mitigation_never_adds_a_path(made, data):
    """The paths with a mitigation in place are among those without it."""
    drawn = data.draw(made.graphs())
    names = [item.id for item in drawn.chain.mitigations]
    placed = tuple(sorted(data.draw(st.sets(st.sampled_from(names))) if names else ()))
    before = paths(made, drawn.chain)
    pipeline = replace(made.pipeline, mitigations=placed)
    answer = cheapest(made.attacker, pipeline, made.goal, drawn.chain, MANY)
    assert {frozenset(path.techniques) for path in answer.paths} <= set(before)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_more_capabilities_only_shorten_paths(made, data):
    """With more held from the start, each path contains a path, and the cheapest costs no more."""
    drawn = data.draw(made.graphs())
    known = [item.id for item in drawn.chain.capabilities]
    extra = tuple(sorted(data.draw(st.sets(st.sampled_from(known), max_size=3)) if known else ()))
    before = paths(made, drawn.chain)
    richer = replace(made.attacker, capabilities=extra)
    after = paths(made, drawn.chain, richer)
    for path in before:
        assert any(other <= path for other in after)
    if before:
        one = [
            cheapest(who, made.pipeline, made.goal, drawn.chain, 1).paths[0].effort
            for who in (made.attacker, richer)
        ]
        assert one[1] <= one[0]


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_the_order_of_techniques_does_not_matter(made, data):
    """A chain with its techniques in another order gives the same answer."""
    drawn = data.draw(made.graphs())
    mixed = data.draw(st.permutations(drawn.chain.techniques))
    other = replace(drawn.chain, techniques=tuple(mixed))
    answers = [
        cheapest(made.attacker, made.pipeline, made.goal, chain, 3)
        for chain in (drawn.chain, other)
    ]
    assert answers[0] == answers[1]


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_blocking_removes_exactly_the_paths_it_touches(made, data):
    """Without some techniques, the paths left are those that use none of them."""
    drawn = data.draw(made.graphs())
    names = [item.id for item in drawn.chain.techniques]
    blocked = frozenset(data.draw(st.sets(st.sampled_from(names), max_size=3)))
    before = paths(made, drawn.chain)
    assert paths(made, drawn.chain, blocked=blocked) == [p for p in before if not p & blocked]


@pytest.mark.parametrize("seed", [1, 7])
def test_two_thousand_techniques_take_seconds(made, seed):
    """A question to a generated chain of 2,000 techniques takes under 10 s (measured 0.2 s)."""
    chain = made.layered(2000, seed)
    begin = time.process_time()
    answer = cheapest(made.attacker, made.pipeline, made.goal, chain)
    assert time.process_time() - begin < 10
    assert len(answer.paths) == 5
    for a, b in itertools.pairwise(answer.paths):
        assert a.effort <= b.effort
