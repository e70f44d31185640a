"""Every object of the kill chain can be described, with what points to it."""

import pytest

from redqubit import killchain
from redqubit.killchain.describe import describe, requirement
from redqubit.killchain.query import coverage, search
from redqubit.killchain.requirement import Requirement

CHAIN = killchain.load()


@pytest.mark.parametrize("kind", ["tactics", "techniques", "mitigations", "evidence", "sources"])
def test_every_object_has_a_description(kind):
    """A description names the object and ends with one newline."""
    for item in getattr(CHAIN, kind):
        text = describe(item, CHAIN)
        assert text.startswith("# ")
        assert text.endswith("\n")
        assert not text.endswith("\n\n")
        assert (item.id if kind != "sources" else item.title) in text


@pytest.mark.parametrize("kind", ["cases", "claims", "challenges"])
def test_stories_have_a_description(kind):
    """Cases, claims and challenges name what they touch."""
    for item in getattr(CHAIN, kind):
        assert item.id in describe(item, CHAIN)


def test_a_description_holds_edges_and_evidence():
    """A technique's page names its mitigations, records and the command that runs it."""
    text = describe(CHAIN.by_id["QML.T0021"], CHAIN)
    assert "redqubit attack fourier_extraction" in text
    assert "QML.M0003" in text
    assert "QML.E0019" in text


def test_requirements_read_as_words():
    """All is joined by and, any by or, nested in parentheses."""
    needs = Requirement(("query-access",), ("surrogate", Requirement(("evasion", "backdoor"))))
    assert requirement(needs, CHAIN) == (
        "query access and (surrogate or chosen inputs misclassified and backdoor in the model)"
    )
    assert requirement(Requirement(), CHAIN) == "nothing"


def test_search_finds_by_every_word():
    """All words must occur; objects that carry them in the name come first."""
    found = search(CHAIN, ["label", "flipping"])
    assert found[0].id == "QML.T0001"
    assert search(CHAIN, ["no such words anywhere"]) == ()


def test_coverage_counts_techniques_of_each_tactic():
    """Executed, mitigated and evidenced techniques are among the tactic's own."""
    rows = coverage(CHAIN)
    assert [row.id for row in rows] == [tactic.id for tactic in CHAIN.tactics]
    assert all(max(row.evidenced, row.mitigated, row.executed) <= row.techniques for row in rows)
    assert sum(row.executed for row in rows) >= len(
        {item.id for item in CHAIN.executables if item.kind == "attack"}
    )
