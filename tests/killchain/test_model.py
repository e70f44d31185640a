"""Requirements, links and identifiers of the kill chain's records."""

import itertools

import pytest

from redqubit.core.errors import InputError
from redqubit.killchain.model import Requirement, Source


def test_a_requirement_is_all_of_one_list_and_one_of_the_other():
    """Over every subset of four capabilities, nested AND/OR equals its truth table."""
    requirement = Requirement(all=("a",), any=("b", Requirement(all=("c", "d"))))
    for flags in itertools.product([False, True], repeat=4):
        held = frozenset(itertools.compress("abcd", flags))
        a, b, c, d = flags
        assert requirement.met(held) == (a and (b or (c and d)))
    assert requirement.words == frozenset("abcd")


def test_no_requirement_is_always_met():
    """An empty requirement asks for nothing."""
    assert Requirement().met(frozenset())


@pytest.mark.parametrize(
    ("fields", "link"),
    [
        ({"arxiv": "2411.14412", "doi": "10.1/x"}, None),
        ({"arxiv": "2411.14412"}, "https://arxiv.org/abs/2411.14412"),
        ({"doi": "10.1038/s41534-021-00410-5"}, "https://doi.org/10.1038/s41534-021-00410-5"),
        ({"url": "https://example.org/p"}, "https://example.org/p"),
    ],
)
def test_a_source_links_to_where_it_can_be_read(fields, link):
    """The preprint comes before the DOI and the address; a malformed DOI is refused."""
    if link is None:
        with pytest.raises(InputError, match="DOI"):
            Source("k2024", "T", ("A",), 2024, "V", **fields)
    else:
        assert Source("k2024", "T", ("A",), 2024, "V", **fields).link == link


def test_a_source_needs_title_and_authors():
    """A reference nobody can find is refused."""
    with pytest.raises(InputError, match="title and authors"):
        Source("k2024", "", (), 2024, "V", arxiv="2411.14412")
