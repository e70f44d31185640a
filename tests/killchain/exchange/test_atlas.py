"""ATLAS YAML of format 6 is written as described, and read from others and ourselves."""

import os
import time
import uuid
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from redqubit.core.errors import InputError
from redqubit.killchain import document
from redqubit.killchain.exchange import atlas, atlas_legacy, imported
from redqubit.killchain.model import Anchor

# Of the shape of MITRE's files, with invented content.
THEIRS = """
format-version: 6.0.0
collection:
  name: ATLAS
  description: A knowledge base
  references: []
  created-date: '2020-10-23'
  modified-date: 2026-05-27
  version: '2026.06'
  id: ATLAS-collection
  object-type: collection
matrix:
  id: ATLAS-matrix
  object-type: matrix
  name: ATLAS
tactics:
  AML.TA0002:
    id: AML.TA0002
    object-type: tactic
    name: Look around
    description: What is there?
    references: []
    created-date: '2022-01-24'
    modified-date: '2025-04-09'
    attack-reference: {id: TA0043, url: https://attack.mitre.org/tactics/TA0043/}
  AML.TA0011: {id: AML.TA0011, object-type: tactic, name: Harm, description: Do it.}
techniques:
  AML.T0000:
    id: AML.T0000
    object-type: technique
    name: Read papers
    description: They say much.
    references:
    - {id: ref-1, title: A paper, url: 'https://example.org/a'}
    platforms: [Predictive AI, Enterprise]
    maturity: Demonstrated
    uuid: 00000000-0000-0000-0000-000000000000
  AML.T0000.001:
    id: AML.T0000.001
    object-type: technique
    name: Preprints
    description: Newer.
    platforms: [Agentic AI]
    maturity: Feasible
    surprise: 1
mitigations:
  AML.M0000:
    id: AML.M0000
    object-type: mitigation
    name: Say less
    description: Publish less.
    categories: [Policy]
    lifecycle-phases: [Deployment, Monitoring and Maintenance]
case-studies:
  AML.CS0000:
    id: AML.CS0000
    object-type: case-study
    name: It happened
    description: Once.
    type: Incident
    actor: Someone
    target: Something
    reporter: A paper
    date: '2024-05-01'
    date-granularity: Month
relationships:
  ATLAS-matrix:
    sequences:
    - {source: ATLAS-matrix, target: AML.TA0011, relationship-type: sequences, position: 2}
    - {source: ATLAS-matrix, target: AML.TA0002, relationship-type: sequences, position: 1}
  AML.T0000:
    achieves:
    - {source: AML.T0000, target: AML.TA0002, relationship-type: achieves}
  AML.T0000.001:
    achieves:
    - {source: AML.T0000.001, target: AML.TA0002, relationship-type: achieves}
    - {source: AML.T0000.001, target: AML.TA0011, relationship-type: achieves}
    specializes:
    - {source: AML.T0000.001, target: AML.T0000, relationship-type: specializes}
    rhymes:
    - {source: AML.T0000.001, target: AML.T0000, relationship-type: rhymes}
  AML.M0000:
    mitigates:
    - {source: AML.M0000, target: AML.T0000, relationship-type: mitigates,
       description: Less to read.}
    - {source: AML.M0000, target: AML.T0000.001, relationship-type: mitigates}
  AML.CS0000:
    employs:
    - {source: AML.CS0000, target: AML.T0000, relationship-type: employs, description: Then this.,
       tactic: AML.TA0011, step-id: S01, leads-to: []}
    - {source: AML.CS0000, target: AML.T0000.001, relationship-type: employs, description: First.,
       tactic: AML.TA0002, step-id: S00, leads-to: [S01]}
"""


def back(text: str) -> imported.Imported:
    return atlas.read(document.parse(text, "a.yaml"))


def attack_only(record: imported.Imported) -> imported.Imported:
    """Return a record with the one tie to another framework that an ATLAS file holds."""

    def cut(item):
        found = next((x for x in item.anchors if x.framework == "ATT&CK"), None)
        kept = (Anchor("ATT&CK", found.id, "", "theirs"),) if found else ()
        return replace(item, anchors=kept)

    parts = ("tactics", "techniques", "mitigations", "cases")
    cuts = {name: tuple(map(cut, getattr(record, name))) for name in parts}
    return replace(record, format=atlas.FORMAT, **cuts)


def test_files_of_others_are_read():
    """Everything we model comes in: order of tactics, parents, uses with text, steps in order."""
    found = back(THEIRS)
    assert (found.name, found.version, found.format) == ("ATLAS", "2026.06", "6.0.0")
    assert (found.created, found.modified) == ("2020-10-23", "2026-05-27")
    assert [item.id for item in found.tactics] == ["AML.TA0002", "AML.TA0011"]
    assert found.tactics[0].anchors == (Anchor("ATT&CK", "TA0043", "", "theirs"),)
    parent, child = found.techniques
    assert (parent.maturity, parent.platforms) == ("demonstrated", ("Predictive AI", "Enterprise"))
    assert parent.references == (imported.Citation("A paper", "https://example.org/a", "ref-1"),)
    assert (child.parent, child.tactics) == ("AML.T0000", ("AML.TA0002", "AML.TA0011"))
    (mitigation,) = found.mitigations
    assert [(use.technique, use.text) for use in mitigation.mitigates] == [
        ("AML.T0000", "Less to read."),
        ("AML.T0000.001", ""),
    ]
    assert mitigation.phases == ("Deployment", "Monitoring and Maintenance")
    (case,) = found.cases
    assert [step.text for step in case.steps] == ["First.", "Then this."]
    assert (case.kind, case.date, case.granularity) == ("incident", "2024-05-01", "month")
    assert (case.actor, case.target, case.reporter) == ("Someone", "Something", "A paper")


def test_what_is_not_held_is_said():
    """Unknown keys and relationships are passed over and named."""
    assert back(THEIRS).notes == (
        "relationships of type 'rhymes' are not held",
        "the key 'surprise' of techniques is not held",
    )


def test_what_was_read_is_written_again():
    """A file of others, read and written, reads as the same record."""
    found = back(THEIRS)
    assert back(atlas.render(found)) == found


def test_the_shipped_kill_chain_comes_back(chain):
    """Reading our file gives what ATLAS can hold of our kill chain, with our own ids."""
    assert back(atlas.write(chain)) == attack_only(imported.of(chain))


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_any_kill_chain_comes_back(chains, data):
    """Whatever the texts and choices, the same holds."""
    made = data.draw(chains)
    assert back(atlas.write(made)) == attack_only(imported.of(made))


def test_the_file_is_as_the_format_says(chain):
    """Sections are mappings by id, UUIDs follow from ids, words are among those allowed."""
    data = yaml.safe_load(atlas.write(chain))
    assert list(data) == [
        "format-version",
        "collection",
        "matrix",
        "tactics",
        "techniques",
        "mitigations",
        "case-studies",
        "relationships",
    ]
    assert data["format-version"] == "6.0.0"
    assert data["collection"]["version"] == chain.edition.content
    for section, kind in atlas.SECTIONS.items():
        for key, item in data[section].items():
            assert item["id"] == key
            assert item["object-type"] == kind
            assert item["uuid"] == str(uuid.uuid5(atlas.NAMESPACE, key))
            assert isinstance(item["references"], list)
            assert item["created-date"] == item["modified-date"] == "2026-11-01"
    assert all(len(key) == len("QML.TA0001") for key in data["tactics"])
    for item in data["techniques"].values():
        assert item["maturity"] in ("Feasible", "Demonstrated", "Realized")
        assert set(item["platforms"]) <= set(atlas.PLATFORMS)
    for item in data["mitigations"].values():
        assert item["categories"]
        assert item["lifecycle-phases"]
        assert set(item["lifecycle-phases"]) <= set(imported.PHASES)
    for item in data["case-studies"].values():
        assert item["type"] == "Exercise"
        assert "reporter" not in item
    ids = {key for section in atlas.SECTIONS for key in data[section]} | {"ATLAS-matrix"}
    for start, kinds in data["relationships"].items():
        for kind, ties in kinds.items():
            for tie in ties:
                assert (tie["source"], tie["relationship-type"]) == (start, kind)
                assert {tie["source"], tie["target"]} <= ids
    achieves = [key for key in data["techniques"] if "achieves" in data["relationships"][key]]
    assert achieves == list(data["techniques"])


def test_uuids_are_those_that_mitre_publishes():
    """The namespace is right: these two UUIDs stand in MITRE's own files."""
    assert str(uuid.uuid5(atlas.NAMESPACE, "AML.T0051")) == "6ff098e9-2864-579e-bebb-a0f1c92ec772"
    assert (
        str(uuid.uuid5(atlas.NAMESPACE, "ATLAS-collection"))
        == "7a735cfc-0469-5d8b-b11f-d014be33394e"
    )


def test_hostile_text_stays_text(sample):
    """Markup and control characters come back as the characters they are."""
    assert "<script>" in back(atlas.write(sample)).techniques[0].text


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("6.0.0", "7.0.0", r"format-version: format 6 is read, got '7\.0\.0'"),
        ("format-version: 6.0.0", "version: 5.6.0", r"format-version: must be text, got nothing"),
        ("version: '2026.06'", "version: 2026.06", r"collection\.version: must be text, got 2026"),
        ("id: AML.TA0011", "id: AML.TA0012", r"must be 'AML\.TA0011', the key it stands under"),
        ("object-type: mitigation", "object-type: tactic", "must be 'mitigation' here"),
        ("name: Read papers", "name: [Read]", r"name: must be text, got a list"),
        ("maturity: Feasible", "maturity: Feasable", "did you mean 'feasible'"),
        ("platforms: [Agentic AI]", "platforms: Agentic AI", "must be a list of texts, got 'Age"),
        ("target: AML.TA0011, rel", "target: AML.TA0099, rel", r"'AML\.TA0099' is not one of the"),
        ("tactic: AML.TA0011", "tactic: AML.TA0099", r"'AML\.TA0099' is not one of the tactics"),
        ("{source: AML.M0000, target: AML.T0000,", "{source: AML.M1, target: x,", "must be 'AML"),
        ("leads-to: []", "leads-to: [S00]", "the steps lead in a circle"),
        ("leads-to: []", "leads-to: [S07]", "'S07' is not a step of this case"),
        ("step-id: S01", "step-id: S00", "two steps have the same step-id"),
        ("position: 1", "position: first", "position: must be a number"),
        (
            "target: AML.T0000, relationship-type: specializes",
            "target: AML.T0000.001",
            "a parent its",
        ),
        ("  AML.T0000.001:\n    id", "  AML.T0000:\n    id", r"'AML\.T0000' is given twice"),
        ("techniques:\n  AML", "techniques:\n  - AML", "not YAML"),
    ],
)
def test_mistakes_are_named_with_file_line_and_key(old, new, message):
    """Every mistake in a file is refused by a sentence that leads to it."""
    assert old in THEIRS
    with pytest.raises(InputError, match=rf"^a\.yaml:\d+: .*({message})"):
        back(THEIRS.replace(old, new))


def test_long_cases_stay_quick():
    """Twenty thousand steps without order are read in less than ten seconds of processor time."""
    step = "    - {target: AML.T0000, description: x}\n"
    start = time.process_time()
    text = THEIRS[: THEIRS.index("    employs:")] + "    employs:\n" + 20_000 * step
    assert len(back(text).cases[0].steps) == 20_000
    assert time.process_time() - start < 10


RELEASES = os.environ.get("REDQUBIT_ATLAS", "")


@pytest.mark.skipif(not RELEASES, reason="REDQUBIT_ATLAS names no folder with ATLAS releases")
def test_real_releases_are_read_and_survive_both_formats():
    """Every release in that folder is read, written in both formats and read again."""
    paths = sorted(Path(RELEASES).rglob("ATLAS*.yaml"))
    assert paths
    for path in paths:
        source = document.read(path)
        if not isinstance(source.data, dict):
            continue  # holds no more than the name of another file
        six = "format-version" in source.data
        if not six and str(source.data.get("version"))[:1] not in "45":
            continue  # older than anyone reads
        found = (atlas if six else atlas_legacy).read(source)
        again = back(atlas.render(found))
        legacy = atlas_legacy.read(document.parse(atlas_legacy.render(found), path.name))
        for other in (again, legacy):
            assert [item.id for item in other.tactics] == [item.id for item in found.tactics]
            for one, two in zip(found.techniques, other.techniques, strict=True):
                same = ("id", "name", "text", "tactics", "parent", "maturity", "anchors")
                assert [getattr(one, key) for key in same] == [getattr(two, key) for key in same]
            for one, two in zip(found.mitigations, other.mitigations, strict=True):
                assert (one.id, one.text, one.mitigates) == (two.id, two.text, two.mitigates)
            for one, two in zip(found.cases, other.cases, strict=True):
                assert (one.id, one.text, one.date, one.steps) == (
                    two.id,
                    two.text,
                    two.date,
                    two.steps,
                )
