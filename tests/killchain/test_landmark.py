"""The k cheapest minimal derivations, enumerated and searched."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redqubit.killchain.derivation import WORK, Graph, Ground, Option
from redqubit.killchain.landmark import cheapest
from redqubit.killchain.requirement import Requirement


def wide(size):
    """Return a graph with ``size`` ways to each of four words that the goal needs."""
    options = [
        Option(f"{word}{i}", 1 + i, Requirement(), (word,)) for word in "abcd" for i in range(size)
    ]
    last = Option("X", 1, Requirement(tuple("abcd")), ())
    return Graph(Ground([*options, last], frozenset()), frozenset("X"))


@settings(max_examples=200, deadline=None)
@given(data=st.data(), k=st.sampled_from([1, 2, 5, 100]), work=st.sampled_from([WORK, 0]))
def test_both_ways_agree_with_brute_force(made, data, k, work):
    """Enumeration and search return the k cheapest minimal sets, in order of cost, then of ids."""
    drawn = data.draw(made.graphs(9))
    techniques = drawn.chain.techniques
    cost = {t.id: int(t.cost.days[0]) for t in techniques}
    options = [Option(t.id, cost[t.id], t.requires, t.grants) for t in techniques]
    targets = frozenset(t.id for t in techniques if t.impact.integrity == "high")
    graph = Graph(Ground(options, frozenset(drawn.start)), targets)
    every = made.brute_force(drawn.chain, drawn.start)
    expected = sorted((sum(cost[name] for name in item), sorted(item)) for item in every)
    answer = cheapest(graph, k, work=work)
    found = [(graph.cost(steps), graph.names_of(steps)) for steps in answer.sets]
    assert found == expected[:k]
    assert answer.exhausted == (len(expected) <= k)
    assert answer.proven


def test_ties_are_broken_by_ids():
    """Of sets that cost the same, those with the smaller ids come first."""
    graph = wide(6)
    for work in (0, 100_000):
        answer = cheapest(graph, 4, work=work)
        assert [graph.names_of(steps) for steps in answer.sets] == [
            ["X", "a0", "b0", "c0", "d0"],
            ["X", "a0", "b0", "c0", "d1"],
            ["X", "a0", "b0", "c1", "d0"],
            ["X", "a0", "b1", "c0", "d0"],
        ]


def test_a_stopped_search_claims_nothing():
    """Without nodes left, some path is returned and not called the cheapest."""
    answer = cheapest(wide(6), 3, work=0, nodes=0)
    assert len(answer.sets) == 1
    assert not answer.proven
    assert not answer.exhausted


@pytest.mark.parametrize("work", [WORK, 0])
def test_a_goal_out_of_reach_has_no_sets(work):
    """Nothing is found and nothing more is promised."""
    ground = Ground([Option("X", 1, Requirement(("a",)), ())], frozenset())
    graph = Graph(ground, frozenset("X"))
    assert cheapest(graph, 3, work=work).sets == ()
    assert cheapest(graph, 3, work=work).exhausted


def test_a_deep_chain_with_shared_steps_is_searched():
    """A step that two needs share is paid once, so sharing beats two cheaper steps apart."""
    options = [
        Option("S", 5, Requirement(), ("s",)),
        Option("A", 1, Requirement(("s",)), ("a",)),
        Option("B", 1, Requirement(("s",)), ("b",)),
        Option("P", 4, Requirement(), ("a",)),
        Option("Q", 4, Requirement(), ("b",)),
        Option("X", 1, Requirement(("a", "b")), ()),
    ]
    graph = Graph(Ground(options, frozenset()), frozenset("X"))
    for work in (0, WORK):
        answer = cheapest(graph, 9, work=work)
        costs = [(graph.cost(steps), "".join(graph.names_of(steps))) for steps in answer.sets]
        assert costs == [(8, "ABSX"), (9, "PQX"), (11, "AQSX"), (11, "BPSX")]
