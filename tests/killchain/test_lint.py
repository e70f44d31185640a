"""The shipped kill chain passes its own review, and the review notices every kind of slip."""

import shutil
from pathlib import Path

import pytest

from redqubit import killchain
from redqubit.killchain.lint import IDENTIFIERS, RULES, lint
from redqubit.killchain.load import DATA, examine

T1 = "techniques/QML.T0001.yaml"
T2 = "techniques/QML.T0010.002.yaml"
M1 = "mitigations/QML.M0001.yaml"
E1 = "evidence/QML.E0006.yaml"
CLASSICAL = "sources/classical.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a writable copy of the kill chain that ships with redqubit."""
    shutil.copytree(DATA, tmp_path / "data")
    return tmp_path / "data"


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text, f"{old!r} is not in {path.name}"
    path.write_text(text.replace(old, new, 1))


def test_the_shipped_kill_chain_is_clean():
    """Nothing but honest gaps is left to object to."""
    problems = [item for item in lint() if item.level != "gap"]
    assert not problems, "\n".join(f"{p.place}: {p.key}: {p.message}" for p in problems[:20])


@pytest.mark.parametrize(
    ("kind", "least"),
    [
        ("tactics", 14),
        ("techniques", 90),
        ("mitigations", 45),
        ("evidence", 120),
        ("cases", 12),
    ],
)
def test_the_kill_chain_covers_the_field(kind, least):
    """The content has at least the size that the first edition promised."""
    assert len(getattr(killchain.load(), kind)) >= least


DEFECTS = {
    "a key nobody knows": (T1, "summary:", "summry:", "schema", r"did you mean 'summary'"),
    "a missing key": (T1, "maturity: noisy simulation\n", "", "schema", "lacks the key"),
    "a key given twice": (T1, "name:", "id: QML.T0001\nname:", "schema", "given twice"),
    "broken YAML": (T1, "summary:", "summary: [", "schema", "not YAML"),
    "a tag that asks for code": (T1, "name: ", "name: !!python/name:os ", "schema", "more than"),
    "a wrong type": (T1, "skill: low", "skill: 3", "schema", "unknown value"),
    "an id in the wrong file": (T1, "id: QML.T0001", "id: QML.T0999", "schema", "named after"),
    "a malformed id": (T1, "id: QML.T0001", "id: T1", "schema", "reads like"),
    "a dangling technique": (M1, "QML.T0010\n", "QML.T0999\n", "schema", "not one of the techn"),
    "a dangling trait": (T1, "applies: {all: [", "applies: {all: [x, ", "schema", "traits"),
    "dangling evidence": (T1, "QML.E0001", "QML.E9999", "schema", "not one of the evidence"),
    "a dangling source": (E1, "source: ", "source: nobody1900x\nx: ", "schema", "unknown key"),
    "a name used twice": (
        "techniques/QML.T0020.yaml",
        "Model extraction by a learned clone",
        "label flipping",
        "schema",
        "has the same name as QML.T0001",
    ),
    "a capability nobody grants": (T1, "label-write]", "label-write, x]", "schema", "capabilit"),
    "a reversed range": (T1, "days: [0, 1]", "days: [2, 1]", "schema", "must be a range"),
    "a malformed DOI": (CLASSICAL, "doi: 10.", "doi: x10.", "schema", "a DOI reads like"),
    "a contradiction on one side": (
        "evidence/QML.E0021.yaml",
        "contradicts: [",
        "contradicts: [QML.E0001, ",
        "contradictions-are-mutual",
        "QML.E0001 does not say so too",
    ),
    "markup": (T1, "as usual", "<b>as</b> usual", "text-is-plain", "markup"),
    "unfinished text": (T1, "as usual", "TODO", "text-is-plain", "not finished"),
    "a summary without end": (T1, "a fixed rule.", "a rule", "text-is-worth-reading", "period"),
    "maturity without evidence": (
        T1,
        "evidence: [",
        "evidence: none found # [",
        "evidence-is-listed",
        "needs a record",
    ),
    "an empty list of evidence": (
        T1,
        "evidence: [",
        "evidence: [] # [",
        "evidence-is-listed",
        "none found",
    ),
    "a technique that does nothing": (
        T1,
        "impact: {integrity: medium, availability: medium}",
        "impact: {}",
        "techniques-do-something",
        "no impact",
    ),
    "a capability granted twice": (
        T1,
        "[degraded-model]",
        "[degraded-model, degraded-model]",
        "techniques-do-something",
        "granted twice",
    ),
    "an actor who cannot": (
        "techniques/QML.T0200.yaml",
        "actors: [",
        "actors: [api-client, ",
        "techniques-are-reachable",
        "api-client can never",
    ),
    "a sub-technique apart from its parent": (
        T2,
        "tactics: [QML.TA12, QML.TA14]",
        "tactics: [QML.TA01]",
        "sub-techniques-refine-their-parent",
        "no tactic",
    ),
    "an id of no framework": (
        T1,
        "id: AML.T0020,",
        "id: T20,",
        "mappings-read-like-their-framework",
        "reads like",
    ),
    "a technique named twice": (
        M1,
        "technique: QML.T0011",
        "technique: QML.T0010",
        "mitigations-name-a-technique-once",
        "named twice",
    ),
    "a source listed twice": (
        CLASSICAL,
        'arxiv: "2003.09416"',
        'arxiv: "1912.00049"',
        "publications-are-listed-once",
        "already listed",
    ),
    "a year to come": (CLASSICAL, "year: 2020", "year: 2199", "years-are-possible", "not from"),
    "a trait of no field": (
        "traits.yaml",
        "field: provider.location",
        "field: provider.place",
        "traits-ask-for-fields-that-exist",
        "no field 'place'",
    ),
    "a trait of no value": (
        "traits.yaml",
        "values: [cloud]",
        "values: [clowd]",
        "traits-ask-for-fields-that-exist",
        "not a value",
    ),
}


@pytest.mark.parametrize("name", DEFECTS)
def test_a_seeded_defect_is_found(folder, name):
    """One slip anywhere is reported with its file, under the rule it breaks."""
    file, old, new, rule, message = DEFECTS[name]
    edit(folder / file, old, new)
    found = [item for item in lint(folder) if item.level == "error"]
    assert any(
        item.rule == rule and message in item.message and item.place.startswith(file)
        for item in found
    ), found[:5]


def test_a_mark_better_than_its_source_is_found(folder):
    """Evidence cannot be better checked than the publication it comes from."""
    record = next(r for r in killchain.load().evidence if r.mark == "V")
    path = next(
        p for p in (folder / "sources").iterdir() if f"id: {record.source}\n" in p.read_text()
    )
    start, end = path.read_text().split(f"id: {record.source}\n")
    path.write_text(start + f"id: {record.source}\n" + end.replace("mark: V\n", "mark: M\n", 1))
    assert "marks-are-honest" in {item.rule for item in lint(folder)}


def test_a_case_step_outside_its_tactic_is_found(folder):
    """A step names a tactic of its technique."""
    case = killchain.load().cases[0]
    tactics = killchain.technique(killchain.load(), case.steps[0].technique).tactics
    other = next(t.id for t in killchain.load().tactics if t.id not in tactics)
    edit(folder / "cases" / f"{case.id}.yaml", case.steps[0].tactic, other)
    assert "cases-follow-the-matrix" in {item.rule for item in lint(folder)}


def test_a_verdict_without_evidence_is_found(folder):
    """A claim is called supported or not only where a record says so."""
    path = next(
        p for p in sorted((folder / "claims").iterdir()) if "verdict: open" in p.read_text()
    )
    text = path.read_text().replace("verdict: open", "verdict: supported")
    path.write_text("\n".join(x for x in text.split("\n") if not x.startswith("evidence:")))
    assert "verdicts-have-evidence" in {item.rule for item in lint(folder)}


def test_an_empty_tactic_is_found(folder):
    """A tactic that no technique belongs to is named."""
    tactics = (folder / "tactics.yaml").read_text()
    extra = "- {id: QML.TA99, name: Nothing, question: What remains?, order: 99}\n"
    (folder / "tactics.yaml").write_text(tactics + extra)
    assert "every-tactic-has-a-technique" in {item.rule for item in lint(folder)}


def test_a_leftover_is_a_warning(folder):
    """A capability nobody needs or grants is worth a look but not an error."""
    text = (folder / "capabilities.yaml").read_text()
    (folder / "capabilities.yaml").write_text(text + "- {id: idle, name: Idle, meaning: Rests.}\n")
    (problem,) = [item for item in lint(folder) if item.level == "warning"]
    assert problem.message == "idle is used nowhere"
    assert problem.place.startswith("capabilities.yaml:")


def test_every_rule_has_a_name_of_its_own():
    """Names of rules are stable words that a report can group by."""
    assert len({rule.__name__ for rule in RULES}) == len(RULES) >= 15
    assert set(IDENTIFIERS) >= {"ATLAS", "ATT&CK"}


def test_examining_agrees_with_loading(folder):
    """A folder without problems of schema gives the chain that loading gives."""
    chain, problems = examine(folder)
    assert not problems
    assert chain == killchain.load(folder)
