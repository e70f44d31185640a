"""What the readers of the supply chain report before it gets a place and a fingerprint."""

from __future__ import annotations

from dataclasses import dataclass

from redqubit.scan.finding import Severity


@dataclass(frozen=True, slots=True)
class Hit:
    """A weakness of one file.

    ``key`` is what stays the same when the file is rewritten (a global, a requirement); it goes
    into the fingerprint. Lines and columns count from 1; a binary file has line 1. ``replacement``
    is text for the range that would remove the weakness.
    """

    rule: str
    severity: Severity
    message: str
    key: str
    advice: str = ""
    line: int = 1
    column: int = 1
    end_column: int | None = None
    replacement: str | None = None


@dataclass(frozen=True, slots=True)
class Unread:
    """A part of a file that could not be judged, and why."""

    reason: str


Report = Hit | Unread
