"""Write the safe fixes of findings into their files, or show them as a diff."""

from __future__ import annotations

import ast
import difflib
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from redqubit.core.errors import InputError
from redqubit.scan.finding import Finding, Fix


@dataclass(frozen=True, slots=True)
class Change:
    """A file before and after its fixes; ``done`` are the findings that are gone."""

    file: str
    before: str
    after: str
    done: tuple[Finding, ...]

    @property
    def diff(self) -> str:
        """Return the change as a unified diff."""
        pair = (self.before.splitlines(keepends=True), self.after.splitlines(keepends=True))
        return "".join(difflib.unified_diff(*pair, f"a/{self.file}", f"b/{self.file}"))


def plan(findings: Iterable[Finding], root: Path) -> list[Change]:
    """Return what the safe fixes would change; nothing is written.

    Notebooks are left alone, as are fixes that overlap an earlier one and files that would no
    longer parse.

    Raises
    ------
    InputError
        A file changed since it was scanned so that it cannot be read any more.
    """
    by_file: dict[str, list[Finding]] = {}
    for item in findings:
        if item.fix is not None and item.fix.safe and item.fix.place.cell is None:
            by_file.setdefault(item.place.file, []).append(item)
    changes = []
    for file, group in by_file.items():
        try:
            before = (root / file).read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"cannot fix {file}: {error}") from error
        after, done = fixed(before, group)
        if done and _parses(after):
            changes.append(Change(file, before, after, tuple(done)))
    return changes


def write(changes: Iterable[Change], root: Path) -> None:
    """Write changed files in place, keeping their line ends."""
    for change in changes:
        (root / change.file).write_bytes(change.after.encode("utf-8"))


def fixed(text: str, findings: Iterable[Finding]) -> tuple[str, list[Finding]]:
    """Return the text with the findings' fixes applied, and the findings that are gone."""
    bom = "\ufeff" if text.startswith("\ufeff") else ""
    text = text.removeprefix(bom)
    lines = text.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    ranges = []
    for item in findings:
        if item.fix is not None:
            ranges.append((*_range(item.fix, starts), item))
    done: list[Finding] = []
    limit = len(text) + 1
    for start, end, item in sorted(ranges, key=lambda entry: entry[:2], reverse=True):
        assert item.fix is not None
        if end <= limit and start <= end:
            text = text[:start] + item.fix.replacement + text[end:]
            limit = start
            done.append(item)
    return bom + text, done[::-1]


def _range(fix: Fix, starts: list[int]) -> tuple[int, int]:
    place = fix.place
    end_line = place.line if place.end_line is None else place.end_line
    end_column = place.column if place.end_column is None else place.end_column
    last = len(starts) - 1
    start = starts[min(place.line - 1, last)] + place.column - 1
    return start, starts[min(end_line - 1, last)] + end_column - 1


def _parses(text: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text.removeprefix("\ufeff"))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
