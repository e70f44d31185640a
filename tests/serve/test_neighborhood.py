import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redqubit import killchain
from redqubit.killchain.requirement import NOTHING, Requirement
from redqubit.serve import neighborhood
from redqubit.serve.index import Index

CHAIN = killchain.load()
WORDS = [item.id for item in CHAIN.capabilities]
REQUIREMENTS = st.recursive(
    st.sampled_from(WORDS),
    lambda inner: st.builds(
        Requirement, st.lists(inner, max_size=3).map(tuple), st.lists(inner, max_size=3).map(tuple)
    ),
    max_leaves=8,
).map(lambda found: Requirement((found,)) if isinstance(found, str) else found)


def leaves(group):
    for entry in group.entries:
        if isinstance(entry, neighborhood.Need):
            yield entry.capability.id
        else:
            yield from leaves(entry)


@pytest.mark.parametrize("item", CHAIN.techniques, ids=lambda item: item.id)
def test_every_technique_can_be_drawn(item):
    """The drawing stays in its frame and names every capability of the technique."""
    index = Index(CHAIN)
    needed = neighborhood.needs(index, item.requires)
    granted = neighborhood.grants(index, item)
    drawn = neighborhood.draw(item, needed, granted, "../")
    if drawn is None:
        assert not item.requires.words
        assert not item.grants
        return
    assert set(leaves(needed)) == item.requires.words
    assert [grant.capability.id for grant in granted] == list(item.grants)
    height = float(re.search(r'viewBox="0 0 \d+ ([\d.]+)"', drawn)[1])
    for y in re.findall(r'\sy="([\d.-]+)"', drawn):
        assert -2 <= float(y) <= height + 2
    assert "<title" in drawn
    assert "<desc" in drawn


@given(REQUIREMENTS)
@settings(max_examples=40, deadline=None)
def test_any_requirement_can_be_drawn(requirement):
    """Whatever is nested, the drawing asks for no other words and links only to techniques."""
    index = Index(CHAIN)
    needed = neighborhood.needs(index, requirement)
    assert set(leaves(needed)) <= requirement.words
    drawn = neighborhood.draw(CHAIN.techniques[0], needed, (), "")
    assert (drawn is None) == (not set(leaves(needed)))
    assert drawn is not None or requirement.met(frozenset())
    known = {f"technique/{item.id}.html" for item in CHAIN.techniques}
    assert set(re.findall(r'href="([^"]*)"', drawn or "")) <= known


def test_a_technique_without_neighbors_has_no_drawing():
    """Nothing required and nothing granted is said in words."""
    index = Index(CHAIN)
    needed = neighborhood.needs(index, NOTHING)
    assert neighborhood.draw(CHAIN.techniques[0], needed, (), "") is None
