"""STIX bundles are valid, load elsewhere and come back without loss."""

import json
import warnings
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redqubit.core.errors import InputError
from redqubit.killchain import document
from redqubit.killchain.exchange import stix
from redqubit.killchain.exchange.imported import Imported
from redqubit.killchain.exchange.stix_bundle import shortnames
from redqubit.killchain.exchange.text import as_json

with warnings.catch_warnings():  # these libraries use what others have deprecated
    warnings.simplefilter("ignore")
    import stix2
    from mitreattack.stix20 import MitreAttackData
    from stix2validator import ValidationOptions, validate_string


def back(text: str):
    return stix.read(document.parse(text, "b.json", "json"))


@pytest.fixture(scope="module")
def bundle(chain) -> dict[str, Any]:
    return stix.bundle(chain)


def of(bundle: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [item for item in bundle["objects"] if item["type"] == kind]


def problems(text: str) -> list[str]:
    """Return what the official schemas and the rules of the specification object to."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        result = validate_string(text, ValidationOptions(version="2.1"))
    return [str(error) for error in result.errors]


def test_the_official_schemas_accept_the_shipped_kill_chain(chain):
    """No object breaks the JSON schemas of OASIS or a rule that says MUST."""
    assert problems(stix.write(chain, "https://example.org/killchain/")) == []


def test_the_official_schemas_accept_hostile_text(sample):
    """Nor does one whose every text is markup and control characters."""
    assert problems(stix.write(sample)) == []


def test_the_official_schemas_refuse_a_broken_bundle(sample):
    """The check above can fail: a relationship without target is found."""
    made = stix.bundle(sample)
    del of(made, "relationship")[0]["target_ref"]
    assert problems(as_json(made))


def test_the_shipped_kill_chain_comes_back_equal(chain):
    """The bundle holds the whole kill chain."""
    assert back(stix.write(chain)) == chain


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_any_kill_chain_comes_back_equal(chains, data):
    """Whatever the texts and choices, reading undoes writing."""
    made = data.draw(chains)
    assert back(stix.write(made)) == made


def test_stix2_parses_every_object(bundle):
    """The library of OASIS takes the bundle with its custom properties."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        parsed = stix2.parse(json.dumps(bundle), allow_custom=True)
    assert len(parsed.objects) == len(bundle["objects"])


def test_mitreattack_finds_tactics_techniques_and_mitigations(chain, bundle, tmp_path):
    """MITRE's library answers about our kill chain as it does about ATT&CK."""
    path = tmp_path / "b.json"
    path.write_text(json.dumps(bundle), encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        data = MitreAttackData(str(path))
    (order,) = data.get_tactics_by_matrix().values()
    assert [item["name"] for item in order] == [item.name for item in chain.tactics]
    assert len(data.get_tactics()) == len(chain.tactics)
    assert [item.name for item in data.get_matrices()] == [chain.edition.name]
    assert len(data.get_techniques()) == len(chain.techniques)
    assert len(data.get_subtechniques()) == sum(bool(item.parent) for item in chain.techniques)
    assert len(data.get_mitigations()) == len(chain.mitigations)
    technique = chain.mitigations[0].mitigates[0].technique
    found = data.get_mitigations_mitigating_technique(stix.identifier("attack-pattern", technique))
    expected = {
        item.name
        for item in chain.mitigations
        if any(edge.technique == technique for edge in item.mitigates)
    }
    assert {entry["object"].name for entry in found} == expected
    parent = next(item for item in chain.techniques if item.parent).parent
    children = data.get_subtechniques_of_technique(stix.identifier("attack-pattern", parent))
    assert {entry["object"].name for entry in children} == {
        item.name for item in chain.techniques if item.parent == parent
    }
    tactics = data.get_tactics_by_technique(stix.identifier("attack-pattern", parent))
    names = {item.id: item.name for item in chain.tactics}
    expected_tactics = next(item for item in chain.techniques if item.id == parent).tactics
    assert {item["name"] for item in tactics} == {names[key] for key in expected_tactics}


def test_the_navigator_finds_what_it_needs(chain, bundle):
    """Our id stands first in every reference, phases name tactics and parents exist."""
    shortnames = {item["x_mitre_shortname"] for item in of(bundle, "x-mitre-tactic")}
    assert len(shortnames) == len(chain.tactics)
    ids = {item["id"] for item in bundle["objects"]}
    (matrix,) = of(bundle, "x-mitre-matrix")
    assert set(matrix["tactic_refs"]) <= ids
    for item in of(bundle, "attack-pattern"):
        assert item["external_references"][0]["external_id"].startswith("QML.T")
        assert {phase["phase_name"] for phase in item["kill_chain_phases"]} <= shortnames
        assert item["x_mitre_platforms"]
        assert item["x_mitre_domains"] == [stix.DOMAIN]
    for item in of(bundle, "relationship"):
        assert {item["source_ref"], item["target_ref"]} <= ids


def test_the_collection_lists_every_other_object(bundle):
    """Workbench imports what the collection names, so it names everything."""
    (collection,) = of(bundle, "x-mitre-collection")
    listed = [item["object_ref"] for item in collection["x_mitre_contents"]]
    others = [item["id"] for item in bundle["objects"] if item is not collection]
    assert sorted(listed) == sorted(others)
    assert len(set(others)) == len(others)


def test_license_and_maker_are_on_every_object(bundle):
    """Every object says who made it and under which license."""
    (marking,) = of(bundle, "marking-definition")
    assert "CC-BY-4.0" in marking["definition"]["statement"]
    for item in bundle["objects"]:
        if item["type"] != "marking-definition":
            assert item["object_marking_refs"] == [marking["id"]]
            assert item["type"] == "identity" or item["created_by_ref"].startswith("identity--")


def test_equal_kill_chains_give_equal_bytes_and_others_another_id(sample, chain):
    """The bundle's id is derived from its content."""
    assert stix.write(sample) == stix.write(sample)
    assert stix.bundle(sample)["id"] != stix.bundle(chain)["id"]


def test_links_point_to_the_given_site(sample):
    """With the address of an explorer every object links to its page."""
    made = stix.bundle(sample, "https://x.org/")
    address = of(made, "attack-pattern")[0]["external_references"][0]["url"]
    assert address == "https://x.org/techniques/QML.T0002.html"


def theirs() -> dict[str, Any]:
    """Return a bundle in the manner of ATT&CK, by others."""
    common = {"spec_version": "2.1", "created": "2024-01-02T00:00:00.000Z"}
    common |= {"modified": "2025-03-04T00:00:00.000Z"}

    def reference(key: str) -> dict[str, Any]:
        known = {"source_name": "mitre-attack", "external_id": key, "url": f"https://a.org/{key}"}
        cited = {"source_name": "Someone 2024", "description": "A report", "url": "https://r.org"}
        return {"external_references": [known, cited]}

    def relationship(number: int, kind: str, start: str, end: str, **more: Any) -> dict[str, Any]:
        made = {"type": "relationship", "id": f"relationship--{number}", "relationship_type": kind}
        return {**common, **made, "source_ref": start, "target_ref": end, **more}

    phase = {"kill_chain_phases": [{"kill_chain_name": "k", "phase_name": "first-step"}]}
    objects: list[dict[str, Any]] = [
        {
            "type": "x-mitre-tactic",
            "id": "x-mitre-tactic--2",
            "name": "Second",
            "x_mitre_shortname": "second",
            **reference("TA0002"),
        },
        {
            "type": "x-mitre-tactic",
            "id": "x-mitre-tactic--1",
            "name": "First step",
            "description": "why",
            "x_mitre_shortname": "first-step",
            **reference("TA0001"),
        },
        {
            "type": "x-mitre-matrix",
            "id": "x-mitre-matrix--1",
            "name": "Matrix",
            "tactic_refs": ["x-mitre-tactic--1", "x-mitre-tactic--2"],
        },
        {
            "type": "attack-pattern",
            "id": "attack-pattern--1",
            "name": "A",
            **reference("T1000"),
            **phase,
        },
        {
            "type": "attack-pattern",
            "id": "attack-pattern--2",
            "name": "B",
            **reference("T1000.001"),
            **phase,
        },
        {
            "type": "attack-pattern",
            "id": "attack-pattern--3",
            "name": "Old",
            "revoked": True,
            **reference("T1000"),
        },
        {
            "type": "course-of-action",
            "id": "course-of-action--1",
            "name": "M",
            **reference("M1000"),
        },
        {
            "type": "campaign",
            "id": "campaign--1",
            "name": "C",
            "first_seen": "2023-05-06T00:00:00.000Z",
            **reference("C0001"),
        },
        {"type": "malware", "id": "malware--1", "name": "X"},
        relationship(1, "subtechnique-of", "attack-pattern--2", "attack-pattern--1"),
        relationship(2, "mitigates", "course-of-action--1", "attack-pattern--2", description="so"),
        relationship(2, "mitigates", "course-of-action--1", "attack-pattern--1"),
        relationship(3, "mitigates", "course-of-action--1", "attack-pattern--3"),
        relationship(4, "uses", "campaign--1", "attack-pattern--1", description="did"),
        relationship(5, "uses", "malware--1", "attack-pattern--1"),
        relationship(6, "revoked-by", "attack-pattern--3", "attack-pattern--1"),
    ]
    return {"type": "bundle", "id": "bundle--1", "objects": [common | item for item in objects]}


def test_bundles_of_others_are_read():
    """Tactics in matrix order, techniques with parents, mitigations with edges, campaigns."""
    found = back(as_json(theirs()))
    assert isinstance(found, Imported)
    assert [item.id for item in found.tactics] == ["TA0001", "TA0002"]
    assert found.tactics[0].text == "why"
    assert [(item.id, item.parent) for item in found.techniques] == [
        ("T1000", ""),
        ("T1000.001", "T1000"),
    ]
    assert found.techniques[1].tactics == ("TA0001",)
    assert found.techniques[0].references[0].title == "A report"
    assert found.techniques[0].created == "2024-01-02"
    (mitigation,) = found.mitigations
    assert [(use.technique, use.text) for use in mitigation.mitigates] == [
        ("T1000.001", "so"),
        ("T1000", ""),
    ]
    (case,) = found.cases
    assert (case.date, case.steps[0].technique, case.steps[0].text) == (
        "2023-05-06",
        "T1000",
        "did",
    )
    assert found.notes == (
        "objects of type 'malware' are not held",
        "several relationships share an id; all are read",
        "techniques that are revoked or deprecated are left out",
    )


@pytest.mark.parametrize(
    ("place", "changes", "message"),
    [
        (0, {"id": "x-mitre-tactic--1"}, r"objects\[1\]\.id: the id x-mitre-tactic--1 is already"),
        (0, {"spec_version": "3.0"}, r"objects\[0\]\.spec_version: STIX 2\.0 and 2\.1 are read"),
        (0, {"name": 7}, r"objects\[0\]\.name: must be text, got 7"),
        (0, {"type": None}, r"objects\[0\]\.type: must be text, got nothing"),
        (1, {"external_references": "TA1"}, r"external_references: must be a list, got 'TA1'"),
        (3, {"revoked": "no"}, r"objects\[3\]\.revoked: must be true or false"),
        (3, {"kill_chain_phases": [{"phase_name": "fist-step"}]}, r"did you mean 'first-step'"),
        (4, {"id": "attack-pattern--9"}, r"source_ref: 'attack-pattern--2' is not in this bundle"),
        (
            9,
            {"target_ref": "attack-pattern--2"},
            r"objects\[4\]: T1000\.001 has the parent T1000\.0",
        ),
        (9, {"relationship_type": []}, r"relationship_type: must be text, got a list"),
    ],
)
def test_mistakes_in_bundles_of_others_are_named(place, changes, message):
    """Every mistake is refused by a sentence that leads to it."""
    made = theirs()
    made["objects"][place] |= changes
    with pytest.raises(InputError, match=rf"^b\.json:\d+: .*{message}"):
        back(as_json(made))


def test_what_is_no_bundle_is_refused():
    """Other documents and other types are told apart."""
    with pytest.raises(InputError, match=r"b\.json:1: must be a mapping, got a list"):
        back("[]")
    with pytest.raises(InputError, match="a STIX bundle is read, got 'report'"):
        back('{"type": "report"}')


@pytest.mark.parametrize(
    ("kind", "changes", "message"),
    [
        ("x-mitre-collection", {"x_redqubit_format": "9.0"}, r"format 1\.x .* got '9\.0'"),
        ("attack-pattern", {"x_redqubit_maturity": "real"}, r"x_redqubit_maturity: unknown value"),
        ("attack-pattern", {"x_redqubit_extra": 1}, r"x_redqubit_extra: unknown key"),
        ("attack-pattern", {"kill_chain_phases": [{"phase_name": "x"}]}, "unknown tactic 'x'"),
        ("attack-pattern", {"external_references": []}, "has no reference with the source name"),
        ("note", {"x_redqubit_kind_of_note": "rumor"}, "unknown kind of note 'rumor'"),
        ("course-of-action", {"x_redqubit_cost": 10**350}, "must be str"),
        ("report", {"x_redqubit_steps": []}, "a case needs at least one step"),
        ("relationship", {"target_ref": "attack-pattern--0"}, "is not in this bundle"),
    ],
)
def test_mistakes_in_our_bundles_are_named(sample, kind, changes, message):
    """A bundle of ours is checked as strictly as our own files."""
    made = json.loads(stix.write(sample))
    of(made, kind)[-1].update(changes)
    with pytest.raises(InputError, match=rf"^b\.json:\d+: .*{message}"):
        back(as_json(made))


def test_phase_names_differ_even_if_names_hardly_do():
    """Tactics whose names differ only in signs get phase names of their own."""
    made = shortnames([("QML.TA01", "A b"), ("QML.TA02", "a-b"), ("QML.TA03", "∞")])
    assert made == {"QML.TA01": "a-b", "QML.TA02": "a-b-qml-ta02", "QML.TA03": "qml-ta03"}
