"""SARIF 2.1.0: the structure dashboards rely on, checked by hand against the standard."""

import json
import re
from dataclasses import replace

import pytest

from redqubit import report
from redqubit.core.evidence import Finding

LEVELS = {"none", "note", "warning", "error"}
# Properties of the objects used, from sections 3.13 to 3.58 of the standard.
ALLOWED = {
    "run": {"tool", "invocations", "taxonomies", "results", "columnKind"},
    "driver": {"name", "version", "rules"},
    "rule": {"id", "name", "shortDescription", "properties"},
    "result": {
        "ruleId",
        "ruleIndex",
        "level",
        "message",
        "locations",
        "partialFingerprints",
        "taxa",
        "properties",
    },
    "location": {"logicalLocations", "physicalLocation"},
    "invocation": {"executionSuccessful", "toolExecutionNotifications"},
}


@pytest.fixture(scope="module")
def run(evidence, findings):
    log = json.loads(report.sarif(evidence, findings, artifact="pipelines/my model.yaml"))
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-2.1.0.json")
    (only,) = log["runs"]
    return only


def test_objects_hold_only_what_the_standard_names(run):
    """Unknown properties are refused by validators, so there are none."""
    assert set(run) <= ALLOWED["run"]
    assert set(run["tool"]) == {"driver"}
    assert set(run["tool"]["driver"]) <= ALLOWED["driver"]
    for rule in run["tool"]["driver"]["rules"]:
        assert set(rule) <= ALLOWED["rule"]
        assert rule["shortDescription"]["text"]
    for result in run["results"]:
        assert set(result) <= ALLOWED["result"]
        assert set(result["locations"][0]) <= ALLOWED["location"]
    for invocation in run["invocations"]:
        assert set(invocation) <= ALLOWED["invocation"]
        for note in invocation["toolExecutionNotifications"]:
            assert set(note) == {"level", "message"}


def test_indices_point_to_what_they_name(run):
    """Rule and taxon indices agree with their ids; the taxonomy is the kill chain."""
    rules = run["tool"]["driver"]["rules"]
    (taxonomy,) = run["taxonomies"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        for taxon in result["taxa"]:
            assert taxonomy["taxa"][taxon["index"]]["id"] == taxon["id"]
            assert taxon["toolComponent"] == {"name": taxonomy["name"], "index": 0}
    assert len({taxon["id"] for taxon in taxonomy["taxa"]}) == len(taxonomy["taxa"])


def test_every_finding_is_a_result_with_level_and_model(run, findings, evidence):
    """Severity becomes a level, the model a logical location, the file a physical one."""
    assert len(run["results"]) == len(findings)
    for result, finding in zip(run["results"], findings, strict=True):
        assert result["level"] in LEVELS
        assert (result["level"] == "error") == (finding.severity in ("critical", "high"))
        assert result["message"]["text"].startswith(finding.message.rstrip("."))
        (location,) = result["locations"]
        assert location["logicalLocations"][0]["name"] == evidence[0].provenance.model
        assert location["physicalLocation"]["artifactLocation"]["uri"] == (
            "pipelines/my%20model.yaml"
        )


def test_fingerprints_are_stable_and_distinct(run, sample, evidence, findings):
    """The same finding of another run, with other ids and seed, has the same fingerprint."""
    prints = [result["partialFingerprints"]["redqubit/v1"] for result in run["results"]]
    assert len(set(prints)) == len(prints)
    assert all(re.fullmatch(r"[0-9a-f]{16}", item) for item in prints)
    again = [
        replace(item, id=f"x{item.id}", provenance=replace(item.provenance, seed=8))
        for item in evidence
    ]
    moved = [replace(f, evidence=tuple(f"x{name}" for name in f.evidence)) for f in findings]
    other = json.loads(report.sarif(again, moved))["runs"][0]["results"]
    assert [item["partialFingerprints"]["redqubit/v1"] for item in other] == prints


def test_mitigations_are_named_with_the_finding(run):
    """The message of a successful attack says what the kill chain offers against it."""
    (told,) = {
        result["message"]["text"].split("Mitigations")[1]
        for result in run["results"]
        if result["taxa"][0]["id"] == "QML.T0001" or result["taxa"][0]["id"] == "QML.T0002"
    }
    assert "label sanitation by nearest fidelity" in told


def test_what_did_not_run_is_a_notification(evidence, sample):
    """Jobs not run are notes of a successful run; a failed job makes it unsuccessful."""
    run = json.loads(report.sarif(evidence, []))["runs"][0]
    assert run["invocations"][0]["executionSuccessful"] is True
    assert (
        "trace probe" in run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]
    )
    failed = replace(sample.evasion("square"), status="failed")
    run = json.loads(report.sarif([failed], []))["runs"][0]
    assert run["invocations"][0]["executionSuccessful"] is False
    assert run["invocations"][0]["toolExecutionNotifications"][0]["level"] == "error"


def test_no_findings_is_an_empty_list_of_results():
    """A clean run is a valid log with no results and no rules."""
    run = json.loads(report.sarif([], []))["runs"][0]
    assert run["results"] == []
    assert run["tool"]["driver"]["rules"] == []


def test_a_finding_of_an_unknown_rule_and_technique_is_kept():
    """Nothing is dropped because this version does not know it."""
    finding = Finding("new-rule", "info", "m", "QML.T9999")
    run = json.loads(report.sarif([], [finding]))["runs"][0]
    assert run["results"][0]["level"] == "note"
    assert run["taxonomies"][0]["taxa"] == [{"id": "QML.T9999"}]
    assert run["results"][0]["locations"][0]["logicalLocations"][0]["name"] == "model"
