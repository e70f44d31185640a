"""Drawings of techniques, cases, paths and pipelines."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redqubit.killchain.exchange import dataflow, drawing
from redqubit.killchain.model import Case, Step
from redqubit.killchain.path import Goal, Path, Use
from redqubit.killchain.path import Step as PathStep
from redqubit.killchain.requirement import Requirement


def arrows(made):
    return {(arrow.source, arrow.target) for arrow in made.arrows}


def whole(made):
    """Check that arrows and groups name boxes that exist, each once."""
    names = [node.id for node in made.nodes]
    assert len(set(names)) == len(names)
    assert {end for pair in arrows(made) for end in pair} <= set(names)
    grouped = [name for group in made.groups for name in group.nodes]
    assert len(set(grouped)) == len(grouped)
    assert set(grouped) <= set(names)


def test_all_techniques_are_drawn_in_their_first_tactic(chain):
    """The drawing of all holds every technique and no capability that ties nothing."""
    made = drawing.of(chain)
    whole(made)
    techniques = {node.id for node in made.nodes if node.kind == "technique"}
    assert techniques == {item.id for item in chain.techniques}
    assert {name for group in made.groups for name in group.nodes} == techniques
    for node in made.nodes:
        if node.kind == "capability":
            assert {a for a, b in arrows(made) if b == node.id}
            assert {b for a, b in arrows(made) if a == node.id}


def test_every_technique_has_a_neighborhood(chain):
    """Around each technique stand all that it requires and grants, and itself in focus."""
    for item in chain.techniques:
        made = drawing.of(chain, item)
        whole(made)
        assert [node.id for node in made.nodes if node.focus] == [item.id]
        assert {(word, item.id) for word in item.requires.words} <= arrows(made)
        assert {(item.id, word) for word in item.grants} <= arrows(made)


def test_neighbors_are_those_before_and_behind(made):
    """Who grants what is required stands before, who requires what is granted behind."""
    items = [
        made.technique("QML.T0001", (), ("a",)),
        made.technique("QML.T0002", ("a",), ("b",)),
        made.technique("QML.T0003", ("b",), ("c",)),
        made.technique("QML.T0004", ("c",), ("d",)),
    ]
    found = drawing.of(made.chain_of(items), items[1])
    assert arrows(found) == {
        ("QML.T0001", "a"),
        ("a", "QML.T0002"),
        ("QML.T0002", "b"),
        ("b", "QML.T0003"),
    }


@pytest.mark.parametrize(
    ("needs", "optional"),
    [
        (Requirement(all=("a", "b")), {"a": False, "b": False}),
        (Requirement(all=("a",), any=("b", "c")), {"a": False, "b": True, "c": True}),
        (Requirement(any=("a",)), {"a": False}),
        (Requirement(any=(Requirement(all=("a", "b")), "c")), {"a": True, "b": True, "c": True}),
        (Requirement(all=("a",), any=("a", "b")), {"a": False, "b": True}),
    ],
)
def test_alternatives_are_told_from_needs(made, needs, optional):
    """A capability that one can do without is marked optional, one that is always needed not."""
    item = made.technique("QML.T0001", needs)
    found = drawing.of(made.chain_of([item]), item)
    assert {arrow.source: arrow.optional for arrow in found.arrows} == optional


def test_a_case_is_a_row(chain):
    """The steps of a case follow one another, also when a technique comes twice."""
    step = Step(chain.tactics[0].id, chain.techniques[0].id, "text")
    case = Case("QML.CS999", "n", "s", "published", (step, step, step), ("x2020",))
    made = drawing.of(chain, case)
    whole(made)
    assert arrows(made) == {("step 1", "step 2"), ("step 2", "step 3")}


def test_a_path_leads_from_what_is_held_to_the_goal(chain):
    """What is held stands before the first step; a step that uses two others follows both."""
    first, second, third = (item.id for item in chain.techniques[:3])
    steps = (
        PathStep(first, "QML.TA01", (Use("query-access", "held"),), ("surrogate",), ""),
        PathStep(second, "QML.TA01", (), ("backdoor",), ""),
        PathStep(third, "QML.TA02", (Use("surrogate", first), Use("backdoor", second)), (), ""),
    )
    made = drawing.of(chain, Path(steps, 1.0, Goal("results", "integrity")))
    whole(made)
    assert arrows(made) == {
        ("held query-access", "step 1"),
        ("step 1", "step 3"),
        ("step 2", "step 3"),
        ("step 3", "goal"),
    }
    assert made.nodes[-1].label == "Goal: results:integrity:medium"


def test_a_path_without_steps_is_its_goal(chain):
    """What is held from the start needs no arrow."""
    made = drawing.of(chain, Path((), 0.0, Goal("query-access", "capability")))
    assert [node.id for node in made.nodes] == ["goal"]


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_pipelines_are_drawn_whole(chain, pipelines, data):
    """The drawing of a pipeline has its parts, flows and zones."""
    diagram = dataflow.of(chain, data.draw(pipelines))
    made = drawing.pipeline(diagram)
    whole(made)
    assert len(made.nodes) == len(diagram.parts)
    assert len(made.arrows) == len(diagram.flows)
    assert len(made.groups) == len(diagram.zones)
