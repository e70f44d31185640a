"""Findings as JSON: every field of the records."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Final

from redqubit import __version__
from redqubit.scan.finding import About, Result
from redqubit.scan.output.text import by_severity

VERSION: Final = 1


def render(result: Result, rules: Sequence[About]) -> str:
    """Return one JSON object: version, findings, suppressed, skipped, counts and the rules met."""
    met = {item.rule for item in (*result.findings, *result.suppressed)}
    data = {
        "version": VERSION,
        "tool": {"name": "redqubit", "version": __version__},
        "files": result.files,
        "lines": result.lines,
        "seconds": round(result.seconds, 3),
        "findings": [asdict(item) for item in by_severity(result.findings)],
        "suppressed": [asdict(item) for item in by_severity(result.suppressed)],
        "skipped": [asdict(item) for item in result.skipped],
        "rules": [
            {**asdict(rule), "techniques": rule.techniques} for rule in rules if rule.id in met
        ],
    }
    return json.dumps(data, indent=2) + "\n"
