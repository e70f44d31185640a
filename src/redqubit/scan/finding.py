"""What every scanner reports: findings with place, flow, advice and a stable fingerprint."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final, Literal, get_args

from redqubit.scan.techniques import guarded

Severity = Literal["note", "low", "medium", "high", "critical"]
SEVERITIES: Final[tuple[Severity, ...]] = get_args(Severity)


def rank(severity: Severity) -> int:
    """Return 0 for a note up to 4 for critical."""
    return SEVERITIES.index(severity)


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: a file relative to the scan's root, lines and columns from 1.

    In a notebook ``cell`` counts from 1 and lines count inside the cell.
    """

    file: str
    line: int
    column: int = 1
    end_line: int | None = None
    end_column: int | None = None
    cell: int | None = None

    @property
    def text(self) -> str:
        """Return ``file:line:column``; a notebook's cell stands before the line."""
        cell = "" if self.cell is None else f":cell {self.cell}"
        return f"{self.file}{cell}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of a data flow, from the source to the place of the finding."""

    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """Text to put in place of the code from ``place.line`` to ``place.end_column``.

    A safe fix changes nothing a correct program relies on; the others are only shown.
    """

    place: Place
    replacement: str
    message: str
    safe: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """One weakness: the rule it breaks, where, why it matters here and what to do."""

    rule: str
    severity: Severity
    message: str
    place: Place
    advice: str
    cwe: tuple[int, ...] = ()
    flow: tuple[Hop, ...] = ()
    fix: Fix | None = None
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file, or a part of one, that could not be judged, and why."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True)
class Result:
    """What a scan found; ``suppressed`` holds what comments and the baseline accept.

    ``files`` counts what was looked at: files, or the ``unit`` named.
    """

    findings: tuple[Finding, ...]
    suppressed: tuple[Finding, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    files: int = 0
    lines: int = 0
    seconds: float = 0.0
    unit: str = "file"

    def at_least(self, severity: Severity) -> tuple[Finding, ...]:
        """Return the findings of this severity or worse."""
        return tuple(item for item in self.findings if rank(item.severity) >= rank(severity))

    def exit_code(self, fail_on: Severity) -> int:
        """Return 1 for findings at or over ``fail_on``, else 3 if something was skipped, else 0."""
        if self.at_least(fail_on):
            return 1
        return 3 if self.skipped else 0


@dataclass(frozen=True, slots=True)
class About:
    """What a rule is, parsed from its docstring, and the techniques it guards against."""

    id: str
    name: str
    severity: Severity
    cwe: tuple[int, ...]
    frameworks: tuple[str, ...]
    summary: str
    what: str
    why: str
    example: str
    instead: str

    @property
    def techniques(self) -> tuple[str, ...]:
        """Return ids of the kill chain."""
        return guarded(self.id)


def fingerprint(rule: str, file: str, line: str, ordinal: int) -> str:
    """Return a digest that survives moved lines and changed spaces.

    ``ordinal`` tells apart equal lines of one file that break the same rule, counted from 0.
    """
    parts = (rule, file, " ".join(line.split()), str(ordinal))
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:32]
