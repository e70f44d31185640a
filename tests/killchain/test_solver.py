"""Exact minimization by the solver."""

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from redqubit.killchain.solver import Program

COSTS = st.lists(st.integers(-3, 9), min_size=1, max_size=6)


@settings(max_examples=60, deadline=None)
@given(data=st.data(), costs=COSTS)
def test_the_optimum_is_that_of_brute_force(data, costs):
    """The value is the least over all choices, the bound meets it, and no choice means None."""
    rows = data.draw(
        st.lists(
            st.tuples(
                st.dictionaries(st.integers(0, len(costs) - 1), st.integers(-2, 2), min_size=1),
                st.integers(-2, 3),
            ),
            max_size=4,
        )
    )
    program = Program(costs)
    for terms, least in rows:
        program.at_least({i: float(weight) for i, weight in terms.items()}, least)
    values = [
        sum(cost * x for cost, x in zip(costs, choice, strict=True))
        for choice in itertools.product((0, 1), repeat=len(costs))
        if all(sum(w * choice[i] for i, w in terms.items()) >= least for terms, least in rows)
    ]
    answer = program.solve()
    assert (answer is None) == (not values)
    if answer is not None:
        assert answer.value == min(values)
        assert abs(answer.bound - answer.value) < 1e-6
        assert sum(costs[i] for i in answer.chosen) == answer.value


def test_rows_can_be_added_between_solves():
    """A later row changes the answer; nothing to choose costs nothing."""
    program = Program([2, 3])
    assert program.solve().chosen == frozenset()
    program.at_least({0: 1.0, 1: 1.0}, 1.0)
    assert program.solve().chosen == {0}
    program.at_least({0: -1.0}, 0.0)
    assert program.solve().chosen == {1}
    program.at_least({1: -1.0}, 0.0)
    assert program.solve() is None
    assert Program([]).solve().value == 0
