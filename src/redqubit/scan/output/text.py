"""Text of untrusted files made fit for terminals, XML and Markdown."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from typing import Final

from redqubit.scan.finding import SEVERITIES, About, Finding, Result, rank

# Not allowed in XML 1.0, and characters that reorder text and so could disguise it.
_FORBIDDEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff"
    "\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


def clean(value: object) -> str:
    """Return the text with control, surrogate and reordering characters replaced."""
    return _FORBIDDEN.sub("\ufffd", str(value))


def line(value: object) -> str:
    """Return clean text on one line."""
    return " ".join(clean(value).split())


def xml(value: object) -> str:
    """Return clean text ready for XML content or a quoted attribute."""
    return html.escape(clean(value), quote=True)


def by_severity(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings, worst first, then by file and line."""
    return sorted(
        findings,
        key=lambda item: (
            -rank(item.severity),
            item.place.file,
            item.place.cell or 0,
            item.place.line,
            item.rule,
        ),
    )


def summary(result: Result) -> str:
    """Return one sentence with the number of findings of each severity and what was read."""
    counts = [
        f"{number} {severity}"
        for severity in reversed(SEVERITIES)
        if (number := sum(item.severity == severity for item in result.findings))
    ]
    found = (
        f"{_many(len(result.findings), 'finding')} ({', '.join(counts)})"
        if counts
        else "No findings"
    )
    parts = [f"{found} in {_many(result.files, result.unit)}"]
    if result.unit == "file":
        parts[0] += f", {result.lines:,} lines of Python"
    if result.suppressed:
        parts.append(f"{len(result.suppressed)} accepted")
    if result.skipped:
        parts.append(f"{len(result.skipped)} skipped")
    return "; ".join(parts) + "."


def _many(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def about_of(rules: Sequence[About]) -> dict[str, About]:
    """Return the rules by id."""
    return {rule.id: rule for rule in rules}
