"""Attacks in several steps: what stands in them must agree with the rest of the chain."""

import pytest

from redqubit import killchain
from redqubit.killchain.path import Goal, cheapest
from redqubit.killchain.system import Attacker, ModelFacts, Pipeline, Placement, ServiceFacts

CHAIN = killchain.load()
TECHNIQUES = {item.id: item for item in CHAIN.techniques}
EVERYTHING = frozenset(item.id for item in CHAIN.traits)


def starts():
    """Return, for each actor, what it holds at best: every trait present, full knowledge."""
    known = {item.id for item in CHAIN.capabilities if item.knowledge}
    return {
        actor.id: known | {s.capability for s in actor.starts if s.when.met(EVERYTHING)}
        for actor in CHAIN.actors
    }


def done_in_order(case, held):
    """Say whether each step's requirement is met by what is held when its turn comes."""
    held = set(held)
    for step in case.steps:
        item = TECHNIQUES[step.technique]
        if not item.requires.met(frozenset(held)):
            return False
        held |= set(item.grants)
    return True


@pytest.mark.parametrize("case", CHAIN.cases, ids=lambda case: f"{case.id} {case.name}")
def test_some_actor_can_take_the_steps_in_their_order(case):
    """A case follows the requirements and grants of the graph."""
    able = [name for name, held in starts().items() if done_in_order(case, held)]
    assert able, f"nobody can do {case.id} in this order"


def test_an_intruder_at_the_racks_reaches_the_served_model():
    """The way from power traces to misclassified inputs is open to whoever reaches the racks."""
    case = next(item for item in CHAIN.cases if item.id == "QML.CS001")
    actor = next(item for item in CHAIN.actors if item.id == "physical-intruder")
    held = {start.capability for start in actor.starts if start.when.met(EVERYTHING)}
    assert case.kind == "composed"
    assert done_in_order(case, held)
    granted = {word for step in case.steps for word in TECHNIQUES[step.technique].grants}
    assert granted >= {"power-traces", "gate-list", "encoder-known", "ansatz-known", "surrogate"}
    assert "evasion" in TECHNIQUES[case.steps[-1].technique].grants


def test_the_search_finds_the_way_from_the_racks():
    """With few queries and no help from the encoder's period, the search returns that case."""
    case = next(item for item in CHAIN.cases if item.id == "QML.CS001")
    own = {f"C{i}": Placement("user") for i in range(1, 15)}
    pipeline = Pipeline(
        "served classifier",
        own | {name: Placement("quantum-cloud") for name in ("C6", "C7", "C8", "C9", "C10")},
        model=ModelFacts(family="QNN", encoder="angle"),
        service=ServiceFacts(queries="public"),
        mitigations=("QML.M0013",),
    )
    intruder = Attacker("physical-intruder", queries=20)
    found = cheapest(intruder, pipeline, Goal.of("evasion", CHAIN), CHAIN, k=20).paths
    assert {step.technique for step in case.steps} in [set(path.techniques) for path in found]


def test_there_are_cases_of_every_kind():
    """Published, composed and executed cases are all there, most of them in several steps."""
    assert {case.kind for case in CHAIN.cases} == {"published", "composed", "executed"}
    assert len(CHAIN.cases) >= 15
    assert all(len(case.steps) > 1 for case in CHAIN.cases)


def test_executed_cases_name_an_attack_that_exists():
    """The command of an executed case runs an attack whose technique is one of its steps."""
    attacks = {item.name: item.id for item in CHAIN.executables if item.kind == "attack"}
    for case in CHAIN.cases:
        if case.kind == "executed":
            program, verb, name = case.command.split()[:3]
            assert (program, verb) == ("redqubit", "attack")
            assert attacks[name] in {step.technique for step in case.steps}


def test_open_problems_touch_techniques():
    """Each open problem names techniques it is about, and no two have the same name."""
    assert len(CHAIN.challenges) >= 14
    assert all(item.techniques for item in CHAIN.challenges)
    assert len({item.name for item in CHAIN.challenges}) == len(CHAIN.challenges)
