"""Findings as a GitLab security report of type SAST.

Source: GitLab security report schemas, version 15.2.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from redqubit import __version__
from redqubit.scan.finding import About, Finding, Result, Severity
from redqubit.scan.output.text import about_of, by_severity, clean

VERSION: Final = "15.2.1"
SCHEMA: Final = (
    "https://gitlab.com/gitlab-org/security-products/security-report-schemas/-/raw/"
    f"v{VERSION}/dist/sast-report-format.json"
)
NAME: Final = 255  # letters the schema allows
DESCRIPTION: Final = 2**20
SOLUTION: Final = 7_000
NAMESPACE: Final = uuid.UUID("6f0b7a0e-3f0c-5c7c-9d0a-7a1c5b1f9e42")
LEVELS: Final[Mapping[Severity, str]] = {
    "critical": "Critical",
    "high": "High",
    "medium": "Medium",
    "low": "Low",
    "note": "Info",
}


def render(result: Result, rules: Sequence[About], *, end: datetime | None = None) -> str:
    """Return the text of ``gl-sast-report.json``; ``end`` is when the scan ended (now)."""
    end = datetime.now(UTC) if end is None else end
    start = end - timedelta(seconds=result.seconds)
    tool = {
        "id": "redqubit",
        "name": "redqubit",
        "version": __version__,
        "vendor": {"name": "redqubit"},
    }
    known = about_of(rules)
    data = {
        "$schema": SCHEMA,
        "version": VERSION,
        "scan": {
            "analyzer": tool,
            "scanner": tool,
            "type": "sast",
            "start_time": _time(start),
            "end_time": _time(end),
            "status": "failure" if result.skipped else "success",
            "messages": [
                {"level": "warn", "value": clean(f"{item.file} was skipped: {item.reason}")}
                for item in result.skipped
            ],
        },
        "vulnerabilities": [
            _vulnerability(item, known.get(item.rule)) for item in by_severity(result.findings)
        ],
    }
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _vulnerability(item: Finding, about: About | None) -> dict[str, Any]:
    place = item.place
    location: dict[str, Any] = {"file": clean(place.file)}
    if place.cell is None:
        location |= {"start_line": place.line, "end_line": place.end_line or place.line}
    cell = "" if place.cell is None else f" (cell {place.cell}, line {place.line})"
    name = item.rule if about is None else f"{item.rule} {about.name}"
    identifiers = [{"type": "redqubit_rule", "name": f"redqubit {item.rule}", "value": item.rule}]
    identifiers += [
        {
            "type": "cwe",
            "name": f"CWE-{number}",
            "value": str(number),
            "url": f"https://cwe.mitre.org/data/definitions/{number}.html",
        }
        for number in item.cwe
    ]
    return {
        "id": str(uuid.uuid5(NAMESPACE, item.fingerprint or f"{item.rule} {place.text}")),
        "name": name[:NAME],
        "description": clean(f"{item.message}{cell}")[:DESCRIPTION],
        "severity": LEVELS[item.severity],
        "solution": clean(item.advice)[:SOLUTION],
        "location": location,
        "identifiers": identifiers,
    }
