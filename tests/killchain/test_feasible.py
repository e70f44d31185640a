"""What an attacker can run, and what stands in the way."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redqubit import killchain
from redqubit.core.errors import InputError
from redqubit.killchain.feasible import blocked_by, blocks, judge, reachable, ways
from redqubit.killchain.model import Effort
from redqubit.killchain.requirement import Requirement
from redqubit.killchain.system import Attacker, Placement, ProviderFacts

CHAIN = killchain.load()


def test_steps_become_possible_in_their_order(made):
    """A technique whose requirement an earlier one grants comes after it, and says so."""
    t = made.technique
    chain = made.chain_of(
        [t("QML.T0001", ["b"], ["c"]), t("QML.T0002", ["a"], ["b"]), t("QML.T0003", ["x"])],
        start=["a"],
    )
    reach = reachable(made.attacker, made.pipeline, chain)
    assert reach.feasible == ("QML.T0002", "QML.T0001")
    assert reach.start == {"a"}
    assert reach.held == {"a", "b", "c"}
    assert reach.verdicts["QML.T0002"].when == "now"
    later = reach.verdicts["QML.T0001"]
    assert (later.feasible, later.when) == (True, "after steps")
    assert "word b" in later.reason
    never = reach.verdicts["QML.T0003"]
    assert (never.feasible, never.missing, never.when) == (False, ("x",), "not")
    assert "word x" in never.reason


def test_without_a_set_the_start_is_judged(made):
    """Judging without a set of capabilities means before the first step."""
    later = made.technique("QML.T0001", ["b"])
    first = made.technique("QML.T0002", ["a"], ["b"])
    chain = made.chain_of([later, first], start=["a"])
    alone = judge(later, made.attacker, made.pipeline, chain)
    assert (alone.feasible, alone.missing) == (False, ("b",))
    assert judge(later, made.attacker, made.pipeline, chain, frozenset("ab")).feasible


@pytest.mark.parametrize(
    ("fields", "attacker", "word"),
    [
        ({"hardware": ("photonic",)}, {}, "photonic"),
        ({"components": ("C9",)}, {}, "has no"),
        ({"applies": Requirement(("federated",))}, {}, "lacks"),
        ({"cost": Effort("b", "high")}, {"skill": "medium"}, "skill"),
        ({"cost": Effort("b", "low", queries=(100, 200))}, {"queries": 99}, "queries"),
        ({"cost": Effort("b", "low", shots=(100, 200))}, {"shots": 99}, "shots"),
        ({"cost": Effort("b", "low", money=(100, 200))}, {"money": 99}, "dollars"),
        ({"cost": Effort("b", "low", days=(100, 200))}, {"days": 99}, "days"),
    ],
)
def test_each_obstacle_is_told(made, fields, attacker, word):
    """Hardware, component, trait, skill and every budget can stand in the way, each in words."""
    technique = made.technique("QML.T0001", **fields)
    chain = made.chain_of([technique])
    chain = replace(chain, traits=CHAIN.traits)
    verdict = judge(technique, Attacker("someone", **attacker), made.pipeline, chain)
    assert not verdict.feasible
    assert verdict.missing == ()
    assert word in verdict.reason
    assert verdict.reason in verdict.obstacles
    assert verdict.applies is (word not in ("photonic", "has no", "lacks"))
    assert (
        technique.id
        not in reachable(Attacker("someone", **attacker), made.pipeline, chain).feasible
    )


def test_a_budget_is_compared_with_the_low_end(made):
    """A technique that may cost less than the budget is possible."""
    technique = made.technique("QML.T0001", cost=Effort("b", "low", queries=(100, 200)))
    attacker = Attacker("someone", queries=100)
    assert judge(technique, attacker, made.pipeline, made.chain_of([technique])).feasible


def test_strong_prevention_blocks_and_detection_does_not(made):
    """Only preventing edges of the asked strength count; a parent's edge counts for its child."""
    chain = made.chain_of(
        [made.technique(f"QML.T000{i}") for i in range(4)] + [made.technique("QML.T0000.001")],
        mitigations=[
            made.mitigation("QML.M0000", ["QML.T0000"]),
            made.mitigation("QML.M0001", ["QML.T0001"], strength="partial"),
            made.mitigation("QML.M0002", ["QML.T0002"], kind="detect"),
            made.mitigation("QML.M0003", ["QML.T0003"], strength="unknown"),
        ],
    )
    every = [item.id for item in chain.mitigations]
    assert blocked_by(every, chain) == {"QML.T0000", "QML.T0000.001"}
    assert blocked_by(every, chain, "partial") == {"QML.T0000", "QML.T0000.001", "QML.T0001"}
    assert blocks(["QML.M0002"], chain) == {"QML.M0002": frozenset()}
    placed = replace(made.pipeline, mitigations=("QML.M0000", "QML.M0001"))
    verdicts = reachable(made.attacker, placed, chain, blocked=frozenset({"QML.T0002"})).verdicts
    assert [name for name, verdict in verdicts.items() if not verdict.feasible] == [
        "QML.T0000",
        "QML.T0002",
        "QML.T0000.001",
    ]
    assert "Mitigation QML.M0000" in verdicts["QML.T0000.001"].reason


def test_unknown_mitigations_and_strengths_are_refused():
    """The near miss is named."""
    with pytest.raises(InputError, match=r"QML\.M0001"):
        blocked_by(["QML.M001"], CHAIN)
    with pytest.raises(InputError, match="partial"):
        blocked_by([], CHAIN, "part")


def test_the_smallest_way_to_meet_a_requirement_comes_first():
    """Alternatives are weighed over the whole expression, also when they overlap."""
    wanted = Requirement(("a", Requirement(any=("b", "c"))), (Requirement(("c", "d")), "c"))
    assert ways(wanted, frozenset()) == (frozenset("ac"),)
    assert ways(wanted, frozenset("c")) == (frozenset("a"),)
    assert ways(Requirement(), frozenset()) == (frozenset(),)


def test_every_technique_that_ships_gets_a_reason(made):
    """For any example actor each verdict has a sentence, and infeasible ones an obstacle."""
    pipeline = replace(
        made.pipeline,
        components={f"C{i}": Placement("user") for i in range(1, 16)},
        provider=ProviderFacts(tenancy="multi-tenant"),
    )
    for actor in CHAIN.actors:
        reach = reachable(Attacker(actor.id), pipeline, CHAIN)
        assert set(reach.verdicts) == {item.id for item in CHAIN.techniques}
        for verdict in reach.verdicts.values():
            assert verdict.reason.endswith(".")
            assert verdict.feasible == (not verdict.obstacles)
            assert verdict.feasible == (verdict.technique in reach.feasible)
            assert not set(verdict.missing) & reach.held


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_more_capabilities_never_take_anything_away(made, data):
    """What is held and what is feasible only grow when the attacker starts with more."""
    drawn = data.draw(made.graphs())
    extra = data.draw(st.sets(st.sampled_from("abcdef"), max_size=3))
    chain = drawn.chain
    known = {item.id for item in chain.capabilities}
    richer = replace(made.attacker, capabilities=tuple(sorted(extra & known)))
    before = reachable(made.attacker, made.pipeline, chain)
    after = reachable(richer, made.pipeline, chain)
    assert before.held <= after.held
    assert set(before.feasible) <= set(after.feasible)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_blocking_never_adds_anything(made, data):
    """What is held and what is feasible only shrink when techniques are taken away."""
    drawn = data.draw(made.graphs())
    names = [item.id for item in drawn.chain.techniques]
    blocked = frozenset(data.draw(st.sets(st.sampled_from(names), max_size=3)))
    before = reachable(made.attacker, made.pipeline, drawn.chain)
    after = reachable(made.attacker, made.pipeline, drawn.chain, blocked=blocked)
    assert after.held <= before.held
    assert set(after.feasible) <= set(before.feasible) - blocked
