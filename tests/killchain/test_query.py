"""The content that ships, and questions to it."""

import pytest

from redqubit import killchain

ATTACKS = {
    "QML.T0001",
    "QML.T0002",
    "QML.T0010.001",
    "QML.T0010.002",
    "QML.T0011",
    "QML.T0012",
    "QML.T0013",
    "QML.T0020",
    "QML.T0021",
}
CHAIN = killchain.load()


def test_every_attack_and_defense_has_its_record():
    """The ids that attacks and defenses declare all resolve."""
    assert {item.id for item in CHAIN.techniques} >= ATTACKS
    assert {item.id for item in CHAIN.mitigations} >= {f"QML.M000{i}" for i in range(1, 7)}


def test_there_are_fourteen_tactics_in_order():
    """The matrix has fourteen columns, numbered from one."""
    assert [item.order for item in CHAIN.tactics] == list(range(1, 15))


def test_techniques_are_sorted_and_children_follow_their_parent():
    """The order is by id with numbers as numbers."""
    ids = [item.id for item in CHAIN.techniques]
    assert ids == sorted(ids)
    assert ids.index("QML.T0010") + 1 == ids.index("QML.T0010.001")
    assert killchain.technique(CHAIN, "QML.T0010.001").parent == "QML.T0010"
    assert killchain.technique(CHAIN, "QML.T0010").parent == ""


@pytest.mark.parametrize(
    ("mitigation", "technique", "expected"),
    [
        ("QML.M0001", "QML.T0010", True),
        ("QML.M0001", "QML.T0010.002", True),
        ("QML.M0001", "QML.T0001", False),
        ("QML.M0005", "QML.T0001", True),
        ("QML.M9999", "QML.T0001", False),
        ("", "QML.T0001", False),
        ("QML.M0001", "QML.T9999", False),
        ("QML.M0001", "", False),
    ],
)
def test_an_edge_to_a_parent_covers_its_children(mitigation, technique, expected):
    """Mitigation edges are inherited by sub-techniques and by nothing else."""
    assert killchain.mitigates(mitigation, technique) is expected


def test_sources_come_oldest_first_and_once():
    """The reading list of a technique has no doubles."""
    sources = killchain.sources_of(CHAIN, "QML.T0010.002")
    assert [item.year for item in sources] == sorted(item.year for item in sources)
    assert len({item.id for item in sources}) == len(sources) > 3
    assert killchain.sources_of(CHAIN, "QML.T9999") == ()
    assert killchain.technique(CHAIN, "QML.M0001") is None


def test_no_text_presents_the_content_as_somebody_elses():
    """Mappings to other frameworks are marked as ours unless their owner drew them."""
    anchors = [
        a
        for kind in (CHAIN.tactics, CHAIN.techniques, CHAIN.mitigations)
        for item in kind
        for a in item.mappings
    ]
    assert anchors
    assert {anchor.provenance for anchor in anchors} == {"ours"}
