from redqubit.killchain import evidence_of, mitigations_of
from redqubit.serve.index import Index, invert


def test_inversion_keeps_order_and_names_each_once():
    """An item that mentions a name twice is listed once, in the order of the items."""
    found = invert(["ab", "ba", "cc"], list)
    assert found["a"] == ("ab", "ba")
    assert found["c"] == ("cc",)
    assert found["z"] == ()


def test_the_index_agrees_with_the_queries(chain):
    """Mitigations and records of every technique are those that the kill chain's queries give."""
    index = Index(chain)
    for item in chain.techniques:
        assert set(index.edges(item)) == set(mitigations_of(chain, item.id))
        assert index.records(item) == evidence_of(chain, item)


def test_every_technique_stands_under_each_of_its_tactics(chain):
    """A column holds a technique once, alone or under its parent."""
    index = Index(chain)
    for tactic in chain.tactics:
        shown = [x for item, subs in index.columns(tactic.id) for x in (item, *subs)]
        wanted = {item.id for item in chain.techniques if tactic.id in item.tactics}
        assert len(shown) == len(wanted)
        assert {item.id for item in shown} == wanted


def test_contradictions_are_told_from_both_sides(chain):
    """If one record contradicts another, each points at the other."""
    index = Index(chain)
    pairs = [(item, other) for item in chain.evidence for other in item.contradicts]
    assert pairs
    for item, other in pairs:
        assert other in {found.id for found in index.contradictions[item.id]}
        assert item.id in {found.id for found in index.contradictions[other]}


def test_uses_of_a_record_are_complete(chain):
    """A record is listed with every technique, mitigation and claim that names it."""
    index = Index(chain)
    for item in chain.mitigations:
        for edge in item.mitigates:
            for record in index.records(edge):
                assert item in index.mitigations_by_record[record.id]
    for claim in chain.claims:
        for record in index.records(claim):
            assert claim in index.claims_by_record[record.id]
