"""Look-alike names by distance."""

from hypothesis import given
from hypothesis import strategies as st

from redqubit.scan.supply.names import OTHER, QUANTUM, RETIRED, distance, lookalike

WORDS = st.text("abc-", max_size=8)


@given(WORDS, WORDS)
def test_distance_is_symmetric(first, second):
    """Distance does not depend on the order and is zero for equal names alone."""
    assert distance(first, second, 9) == distance(second, first, 9)
    assert (distance(first, second, 9) == 0) == (first == second)


def test_distance_of_a_swap():
    """A swap of neighbors counts once."""
    assert distance("qiksit", "qiskit", 2) == 1
    assert distance("abc", "xyz", 1) == 2


def test_no_known_name_is_a_lookalike():
    """The lists do not accuse themselves, and are in normal form."""
    for name in QUANTUM | OTHER:
        assert lookalike(name) is None
        assert name == name.lower().replace("_", "-")
    assert not QUANTUM & OTHER
    assert all(entry.instead and entry.why for entry in RETIRED)
