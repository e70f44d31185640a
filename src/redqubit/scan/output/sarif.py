"""Findings as SARIF 2.1.0, for code-scanning dashboards.

Source: OASIS SARIF 2.1.0, sections 3.14 to 3.58; limits of GitHub code scanning.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any, Final
from urllib.parse import quote

from redqubit import __version__
from redqubit.scan.finding import About, Finding, Hop, Place, Result, Severity, Skipped
from redqubit.scan.output.text import about_of, by_severity, clean

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
RESULTS: Final = 25_000  # more are refused
HOPS: Final = 100
LEVELS: Final[Mapping[Severity, str]] = {
    "critical": "error",
    "high": "error",
    "medium": "warning",
    "low": "note",
    "note": "note",
}
SCORES: Final[Mapping[Severity, str]] = {
    "critical": "9.5",
    "high": "8.0",
    "medium": "5.5",
    "low": "3.0",
    "note": "0.5",
}


def render(result: Result, rules: Sequence[About]) -> str:
    """Return a SARIF log with data flows, stable fingerprints and the rules that were broken.

    Suppressed findings are results with a suppression; what was skipped is a notification. Beyond
    25,000 results the mildest are left out, and a notification says so.
    """
    every = [(item, False) for item in by_severity(result.findings)]
    every += [(item, True) for item in by_severity(result.suppressed)]
    kept = every[:RESULTS]
    known = about_of(rules)
    met = list(dict.fromkeys(item.rule for item, _ in kept))
    notes = [_note(item) for item in result.skipped]
    if len(every) > len(kept):
        left = len(every) - len(kept)
        notes.append({"level": "warning", "message": {"text": f"{left:,} results are left out."}})
    run = {
        "tool": {
            "driver": {
                "name": "redqubit",
                "version": __version__,
                "rules": [_rule(name, known.get(name)) for name in met],
            }
        },
        "invocations": [
            {"executionSuccessful": not result.skipped, "toolExecutionNotifications": notes}
        ],
        "results": [_result(item, met, accepted) for item, accepted in kept],
        "columnKind": "unicodeCodePoints",
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(_cleaned(log), indent=2, ensure_ascii=False) + "\n"


def _cleaned(value: Any) -> Any:
    if isinstance(value, dict):
        return {clean(key): _cleaned(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_cleaned(item) for item in value]
    return clean(value) if isinstance(value, str) else value


def _rule(name: str, about: About | None) -> dict[str, Any]:
    if about is None:
        return {"id": name, "shortDescription": {"text": f"Rule {name}."}}
    parts = (
        ("What", about.what),
        ("Why bad", about.why),
        ("Example", about.example),
        ("Instead", about.instead),
    )
    tags = [
        "security",
        "quantum-machine-learning",
        *(f"external/cwe/cwe-{n:03d}" for n in about.cwe),
        *about.techniques,
    ]
    return {
        "id": name,
        "name": "".join(word.capitalize() for word in about.name.split()),
        "shortDescription": {"text": about.name},
        "fullDescription": {"text": about.summary},
        "help": {
            "text": "\n\n".join(f"{head}\n{text}" for head, text in parts),
            "markdown": "\n\n".join(f"**{head}**\n\n{text}" for head, text in parts),
        },
        "defaultConfiguration": {"level": LEVELS[about.severity]},
        "properties": {
            "tags": tags[:20],
            "security-severity": SCORES[about.severity],
            "precision": "high" if about.severity in {"high", "critical"} else "medium",
        },
    }


def _result(item: Finding, met: Sequence[str], accepted: bool) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": item.rule,
        "ruleIndex": met.index(item.rule),
        "level": LEVELS[item.severity],
        "message": {"text": _message(item)},
        "locations": [_location(item.place)],
        "partialFingerprints": {"redqubit/v1": item.fingerprint},
        "properties": {
            "severity": item.severity,
            "security-severity": SCORES[item.severity],
        },
    }
    if item.flow:
        result["codeFlows"] = [{"threadFlows": [{"locations": _steps(item)}]}]
    if item.fix is not None and item.fix.place.cell is None:
        result["fixes"] = [_fix(item)]
    if accepted:
        result["suppressions"] = [{"kind": "inSource", "status": "accepted"}]
    return result


def _message(item: Finding) -> str:
    cell = "" if item.place.cell is None else f" (cell {item.place.cell}, line {item.place.line})"
    return f"{item.message}{cell} {item.advice}"


def _location(place: Place, text: str = "") -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": _artifact(place.file)}
    if place.cell is None:
        physical["region"] = _region(place)
    location: dict[str, Any] = {"physicalLocation": physical}
    if place.cell is not None:
        name = f"cell {place.cell}"
        location["logicalLocations"] = [
            {"name": name, "fullyQualifiedName": f"{place.file}:{name}"}
        ]
    if text:
        location["message"] = {"text": text}
    return location


def _artifact(file: str) -> dict[str, Any]:
    uri = quote(clean(file), safe="/")
    return {"uri": f"file://{uri}" if PurePosixPath(file).is_absolute() else uri}


def _region(place: Place) -> dict[str, int]:
    region = {"startLine": place.line, "startColumn": place.column}
    if place.end_line is not None:
        region["endLine"] = place.end_line
    if place.end_column is not None:
        region["endColumn"] = place.end_column
    return region


def _steps(item: Finding) -> list[dict[str, Any]]:
    hops = list(item.flow)
    if not hops or hops[-1].place != item.place:
        hops.append(Hop(item.place, item.message))
    return [{"location": _location(hop.place, hop.text)} for hop in hops[-HOPS:]]


def _fix(item: Finding) -> dict[str, Any]:
    assert item.fix is not None
    change = {
        "deletedRegion": _region(item.fix.place),
        "insertedContent": {"text": item.fix.replacement},
    }
    return {
        "description": {"text": item.fix.message},
        "artifactChanges": [
            {"artifactLocation": _artifact(item.place.file), "replacements": [change]}
        ],
    }


def _note(item: Skipped) -> dict[str, Any]:
    return {
        "level": "warning",
        "message": {"text": f"{item.file} was skipped: {item.reason}"},
        "locations": [{"physicalLocation": {"artifactLocation": _artifact(item.file)}}],
    }
