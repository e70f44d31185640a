"""Findings a project already knows: a file of fingerprints that later scans are compared with."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Final

from redqubit.core.errors import InputError
from redqubit.killchain import document
from redqubit.scan.finding import Finding, Result

VERSION: Final = 1


def render(findings: Iterable[Finding]) -> str:
    """Return the text of a baseline file that accepts these findings."""
    known = {
        item.fingerprint: f"{item.rule} {item.place.file}"
        for item in sorted(findings, key=lambda item: (item.place.file, item.rule))
    }
    return json.dumps({"version": VERSION, "accepted": known}, indent=2) + "\n"


def read(path: Path) -> frozenset[str]:
    """Return the fingerprints of a baseline file.

    Raises
    ------
    InputError
        Not a baseline file that `render` could have written.
    """
    data = document.read(path).data
    if not isinstance(data, dict) or not isinstance(data.get("accepted"), dict):
        raise InputError(f"{path} is not a baseline: write one with --write-baseline")
    if data.get("version") != VERSION:
        raise InputError(f"{path} has baseline version {data.get('version')!r}, not {VERSION}")
    return frozenset(data["accepted"])


def without(result: Result, known: frozenset[str]) -> Result:
    """Return the result with the known findings among the suppressed."""
    fresh = tuple(item for item in result.findings if item.fingerprint not in known)
    old = tuple(item for item in result.findings if item.fingerprint in known)
    return replace(result, findings=fresh, suppressed=(*result.suppressed, *old))
