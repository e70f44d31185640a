"""Findings as plain text for a terminal: two lines each, worst first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from redqubit.scan.finding import About, Finding, Result
from redqubit.scan.output.text import about_of, by_severity, line, summary

HOPS: Final = 6


def _path(item: Finding) -> str:
    """Return the places data passes on its way to a finding, the first and the last ones."""
    if item.place.cell is not None or not item.flow:
        return ""
    passed = [*(hop.place for hop in item.flow), item.place]
    places = list(dict.fromkeys(f"{place.file}:{place.line}" for place in passed))
    if len(places) > HOPS:
        places = [*places[: HOPS // 2], "...", *places[-HOPS // 2 :]]
    return line(" > ".join(places)) if len(places) > 1 else ""


def render(result: Result, rules: Sequence[About]) -> str:
    """Return the findings, what was skipped, and a summary line."""
    names = about_of(rules)
    rows = [
        (
            item.severity,
            item.rule,
            line(item.place.text),
            names[item.rule].name if item.rule in names else "",
            line(item.message),
            line(item.advice),
            _path(item),
        )
        for item in by_severity(result.findings)
    ]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(3)]
    out = []
    for severity, rule, place, name, message, advice, path in rows:
        head = f"{severity:<{widths[0]}}  {rule:<{widths[1]}}  {place:<{widths[2]}}  {name}"
        out += [head.rstrip(), f"    {message}"]
        out += [f"    path: {path}"] if path else []
        out.append(f"    {advice}")
    if result.skipped:
        out += ["", "Skipped"] if out else ["Skipped"]
        out += [f"    {line(item.file)}: {line(item.reason)}" for item in result.skipped]
    out += ["", summary(result)] if out else [summary(result)]
    return "\n".join(out) + "\n"
