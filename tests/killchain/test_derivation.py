"""The AND/OR graph of one attacker and one goal."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redqubit.killchain.derivation import Graph, Ground, Option
from redqubit.killchain.requirement import Requirement


def graph(rows, start="", targets="", capability=""):
    """Build a graph from (id, cost, required words, granted words); a bar separates choices."""
    options = []
    for name, cost, needs, grants in rows:
        every, _, some = needs.partition("|")
        options.append(Option(name, cost, Requirement(tuple(every), tuple(some)), tuple(grants)))
    return Graph(Ground(options, frozenset(start)), frozenset(targets), capability)


def test_what_cannot_run_or_does_not_help_is_left_out():
    """Only steps that are within reach and lead to the goal stay in the graph."""
    found = graph(
        [("P", 1, "a", "b"), ("Q", 1, "z", "b"), ("R", 1, "a", "c"), ("X", 1, "b", "")], "a", "X"
    )
    assert found.names == ("P", "X")
    assert found.derives(found.all)
    assert not found.derives(found.without(["P"]))


def test_a_circle_does_not_support_itself():
    """Two steps that need each other's grant derive nothing without a way in."""
    rows = [("P", 1, "b", "c"), ("Q", 1, "c", "b"), ("X", 1, "b", "")]
    closed = graph(rows, "", "X")
    assert not closed.derives(closed.all)
    opened = graph([*rows, ("R", 9, "", "c")], "", "X")
    assert opened.names_of(opened.enumerate(1000)[0]) == ["Q", "R", "X"]


def test_a_capability_held_from_the_start_needs_no_step():
    """The goal is met and the empty set derives it."""
    found = graph([("P", 1, "", "a")], "a", "", "a")
    assert found.met
    assert found.derives(0)
    assert found.is_path(())
    assert not found.is_path(("P",))


def test_a_path_holds_nothing_superfluous():
    """A set with a step to spare is no path, nor is one with a step the graph lacks."""
    found = graph([("P", 1, "", "b"), ("Q", 1, "", "b"), ("X", 1, "b", "")], "", "X")
    assert found.is_path(("P", "X"))
    assert not found.is_path(("P", "Q", "X"))
    assert not found.is_path(("P", "X", "Z"))
    assert not found.is_path(("X",))


def test_too_much_work_is_given_up():
    """Enumeration says that it would take too long instead of taking it."""
    rows = [(f"{word}{i}", 1, "", word) for word in "abcd" for i in range(5)]
    found = graph([*rows, ("X", 1, "abcd", "")], "", "X")
    assert found.enumerate(10) is None
    assert len(found.enumerate(10_000)) == 5**4


@pytest.mark.parametrize("needs", [Requirement(any=(Requirement(("a", "b")), "c")), Requirement()])
def test_nested_requirements_are_kept(needs):
    """An alternative that is itself a conjunction is met by all of its words only."""
    options = [
        Option("P", 1, Requirement(), ("a",)),
        Option("Q", 1, Requirement(), ("b",)),
        Option("X", 1, needs, ()),
    ]
    found = Graph(Ground(options, frozenset()), frozenset(["X"]))
    expected = ["P", "Q", "X"] if needs.words else ["X"]
    assert [found.names_of(steps) for steps in found.enumerate(100)] == [expected]


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_enumeration_is_brute_force(made, data):
    """Every minimal deriving set is found, and nothing else, cycles included."""
    drawn = data.draw(made.graphs())
    options = [Option(t.id, 1, t.requires, t.grants) for t in drawn.chain.techniques]
    targets = frozenset(t.id for t in drawn.chain.techniques if t.impact.integrity == "high")
    found = Graph(Ground(options, frozenset(drawn.start)), targets)
    expected = made.brute_force(drawn.chain, drawn.start)
    sets = found.enumerate(10_000)
    assert {frozenset(found.names_of(steps)) for steps in sets} == expected
    some = found.some(found.all, found.costs)
    assert (some is None) == (not expected)
    assert some is None or frozenset(found.names_of(some)) in expected
