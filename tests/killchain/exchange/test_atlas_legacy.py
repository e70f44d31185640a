"""ATLAS YAML of the legacy format is written and read, slips of real releases included."""

import re
from dataclasses import replace

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from redqubit.core.errors import InputError
from redqubit.killchain import document
from redqubit.killchain.exchange import atlas_legacy, imported
from redqubit.killchain.model import Anchor

# Of the shape of MITRE's files, with invented content.
THEIRS = """
id: ATLAS
name: A knowledge base
version: 5.6.0
matrices:
- id: ATLAS
  name: ATLAS Matrix
  tactics:
  - id: AML.TA0002
    name: Look around
    description: What is there?
    object-type: tactic
    ATT&CK-reference: {id: TA0043, url: https://attack.mitre.org/tactics/TA0043/}
    created_date: 2022-01-24
    modified_date: 2025-04-09
  - {id: AML.TA0011, name: Harm, description: Do it., object-type: tactic}
  techniques:
  - id: AML.T0000
    name: Read papers
    description: They say much.
    object-type: technique
    tactics: [AML.TA0002]
    maturity: demonstrated
  - id: AML.T0000.001
    name: Preprints
    description: Newer.
    object-type: technique
    subtechnique-of: AML.T0000
    maturity: feasible
  - {id: AML.T0000.002, name: Blogs, description: Faster., specializes: AML.T0000}
  mitigations:
  - id: AML.M0000
    name: Say less
    description: Publish less.
    object-type: mitigation
    techniques:
    - {id: AML.T0000, use: Less to read.}
    ml-lifecycle:
    - Deployment
    - {id: AML.T0000.001, use: Misplaced.}
    category: [Policy]
    surprise: 1
case-studies:
- id: AML.CS0000
  name: It happened
  object-type: case-study
  summary: Once.
  incident-date: 2024-05-01
  incident-date-granularity: MONTH
  procedure:
  - {tactic: AML.TA0002, technique: AML.T0000.001, description: First.}
  - {tactic: AML.TA0011, technique: AML.T0000, description: Then this.}
  target: Something
  actor: Someone
  reporter: A paper
  case-study-type: incident
  references:
  - {title: A paper, url: null}
"""


def back(text: str) -> imported.Imported:
    return atlas_legacy.read(document.parse(text, "a.yaml"))


def held(record: imported.Imported) -> imported.Imported:
    """Return what of a record the legacy format holds."""

    def cut(item):
        found = next((x for x in item.anchors if x.framework == "ATT&CK"), None)
        kept = (Anchor("ATT&CK", found.id, "", "theirs"),) if found else ()
        cited = tuple(replace(x, id="") for x in item.references)
        return replace(item, anchors=kept, references=cited)

    parts = ("tactics", "techniques", "mitigations", "cases")
    made = replace(record, **{name: tuple(map(cut, getattr(record, name))) for name in parts})
    techniques = tuple(replace(item, platforms=()) for item in made.techniques)
    return replace(made, techniques=techniques, format=atlas_legacy.FORMAT)


def test_files_of_others_are_read():
    """Everything we model comes in; sub-techniques take the tactics of their parent."""
    found = back(THEIRS)
    assert (found.name, found.text, found.format) == ("ATLAS Matrix", "A knowledge base", "5.6.0")
    assert [item.id for item in found.tactics] == ["AML.TA0002", "AML.TA0011"]
    assert found.tactics[0].anchors == (Anchor("ATT&CK", "TA0043", "", "theirs"),)
    assert found.tactics[0].created == "2022-01-24"
    assert [(item.id, item.parent, item.tactics) for item in found.techniques] == [
        ("AML.T0000", "", ("AML.TA0002",)),
        ("AML.T0000.001", "AML.T0000", ("AML.TA0002",)),
        ("AML.T0000.002", "AML.T0000", ("AML.TA0002",)),
    ]
    (case,) = found.cases
    assert [(step.id, step.next, step.text) for step in case.steps] == [
        ("S00", ("S01",), "First."),
        ("S01", (), "Then this."),
    ]
    assert (case.kind, case.date, case.granularity) == ("incident", "2024-05-01", "month")
    assert case.references == (imported.Citation("A paper"),)


def test_a_misplaced_use_is_read_as_the_use_it_is():
    """Release 5.6.1 has technique uses in ml-lifecycle; they are mended, and it is said."""
    found = back(THEIRS)
    (mitigation,) = found.mitigations
    assert [(use.technique, use.text) for use in mitigation.mitigates] == [
        ("AML.T0000", "Less to read."),
        ("AML.T0000.001", "Misplaced."),
    ]
    assert mitigation.phases == ("Deployment",)
    assert found.notes == (
        "AML.M0000 has a technique use in 'ml-lifecycle'; read as a use",
        "the key 'surprise' of mitigations is not held",
    )


def test_releases_of_the_year_before_are_read():
    """Release 4.5 writes ML-lifecycle; numbers as version, which the schema allows, pass too."""
    older = THEIRS.replace("ml-lifecycle", "ML-lifecycle").replace("5.6.0", "4.5")
    assert back(older).mitigations[0].phases == ("Deployment",)
    assert back(older).format == "4.5"


def test_what_was_read_is_written_again():
    """A file of others, read and written, reads as the same record."""
    found = back(THEIRS)
    assert back(atlas_legacy.render(found)) == found


def test_the_shipped_kill_chain_comes_back(chain):
    """Reading our file gives what the format can hold of our kill chain, with our own ids."""
    assert back(atlas_legacy.write(chain)) == held(imported.of(chain))


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_any_kill_chain_comes_back(chains, data):
    """Whatever the texts and choices, the same holds."""
    made = data.draw(chains)
    assert back(atlas_legacy.write(made)) == held(imported.of(made))


def test_the_file_is_as_the_schema_says(chain):
    """Ids, types and required keys are those of the schema that ships with release 5.6.1."""
    data = yaml.safe_load(atlas_legacy.write(chain))
    (matrix,) = data["matrices"]
    prefix = r"(?:[A-Z]+\d*\.)+"
    rules = [
        (matrix["tactics"], "tactic", rf"{prefix}TA\d{{4}}", {"description"}),
        (matrix["mitigations"], "mitigation", rf"{prefix}M\d{{4}}", {"description"}),
        (data["case-studies"], "case-study", rf"{prefix}CS\d{{4}}", {"summary", "procedure"}),
    ]
    for items, kind, pattern, keys in rules:
        for item in items:
            assert item["object-type"] == kind
            assert re.fullmatch(pattern, item["id"])
            assert {"name", *keys} <= item.keys()
    for item in matrix["techniques"]:
        assert re.fullmatch(rf"{prefix}T\d{{4}}(\.\d{{3}})?", item["id"])
        assert ("subtechnique-of" in item) == (item["id"].count(".") == 2)
        assert "tactics" in item or "subtechnique-of" in item
        assert item["maturity"] in ("feasible", "demonstrated", "realized")
    for item in data["case-studies"]:
        assert item["case-study-type"] == "exercise"
        assert item["incident-date-granularity"] in ("YEAR", "MONTH", "DATE")
        for step in item["procedure"]:
            assert step.keys() == {"tactic", "technique", "description"}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("5.6.0", "3.0.0", r"version: the versions 4\.x and 5\.x .* got '3\.0\.0'"),
        ("version: 5.6.0", "format-version: 6.0.0", r"version: .* got nothing"),
        ("5.6.0", "[5]", r"version: the versions 4\.x and 5\.x"),
        ("matrices:", "matrix:", "matrices: needs at least one matrix|needs at least one matrix"),
        ("id: AML.TA0011", "id: AML.TA0002", r"tactics\[1\]\.id: the id AML\.TA0002 is already"),
        ("name: Read papers", "name: {a: b}", r"techniques\[0\]\.name: must be text, got a map"),
        ("tactics: [AML.TA0002]", "tactics: [AML.TA9]", r"tactics\[0\]: 'AML\.TA9' is not one of"),
        ("subtechnique-of: AML.T0000", "subtechnique-of: AML.T1", r"'AML\.T1' is not one of the t"),
        ("specializes: AML.T0000", "specializes: AML.T0000.001", "which has a parent itself"),
        ("specializes: AML.T0000", "specializes: AML.T0000.002", "which has a parent itself"),
        ("maturity: feasible", "maturity: 1", r"maturity: must be text, got 1"),
        ("incident-date-granularity: MONTH", "incident-date-granularity: WEEK", "unknown word 'WE"),
        ("{id: AML.T0000, use: Less", "{id: AML.T9, use: Less", r"'AML\.T9' is not one of the tec"),
        ("category: [Policy]", "category: [1]", "category: must be a list of texts"),
        ("- Deployment\n", "- 7\n", "ml-lifecycle: must be a list of texts"),
        (
            "procedure:\n  - {",
            "procedure:\n  - x\n  - {",
            r"procedure\[0\]: must be a mapping, got",
        ),
    ],
)
def test_mistakes_are_named_with_file_line_and_key(old, new, message):
    """Every mistake in a file is refused by a sentence that leads to it."""
    assert old in THEIRS
    with pytest.raises(InputError, match=rf"^a\.yaml:\d+: .*({message})"):
        back(THEIRS.replace(old, new))
