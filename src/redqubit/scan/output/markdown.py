"""Findings as Markdown, for a comment on a change or a job summary."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from redqubit.scan.finding import About, Finding, Result
from redqubit.scan.output.text import about_of, by_severity, line, summary

_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]<>()#+!|@~$&])")
SHOWN: Final = 200


def render(result: Result, rules: Sequence[About]) -> str:
    """Return a table of the findings, worst first, with flows and what was skipped below."""
    found = by_severity(result.findings)
    names = about_of(rules)
    out = ["# Scan", "", summary(result)]
    if found:
        out += ["", "| Severity | Rule | Where | What | Do |", "|---|---|---|---|---|"]
        out += [_row(item, names) for item in found[:SHOWN]]
        if len(found) > SHOWN:
            out += ["", f"{len(found) - SHOWN:,} milder findings are not shown."]
    flows = [item for item in found[:SHOWN] if item.flow]
    if flows:
        out += ["", "## Data flows"]
    for item in flows:
        out += ["", f"{item.rule} at {escape(item.place.text)}:", ""]
        out += [
            f"{number}. {escape(hop.place.text)}: {escape(hop.text)}"
            for number, hop in enumerate(item.flow, 1)
        ]
    if result.skipped:
        out += ["", "## Skipped", ""]
        out += [f"- {escape(item.file)}: {escape(item.reason)}" for item in result.skipped]
    return "\n".join(out) + "\n"


def escape(value: object) -> str:
    """Return text of one line in which nothing is Markdown."""
    return _SPECIAL.sub(r"\\\1", line(value))


def _row(item: Finding, names: dict[str, About]) -> str:
    name = f" {names[item.rule].name}" if item.rule in names else ""
    cells = (
        item.severity,
        f"{item.rule}{escape(name)}",
        escape(item.place.text),
        escape(item.message),
        escape(item.advice),
    )
    return f"| {' | '.join(cells)} |"
