"""Comments that accept a finding: ``# redqubit: ignore[DES-01] read from our own build``."""

from __future__ import annotations

import io
import re
import tokenize
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from redqubit.scan.static.module import Module

_COMMENT: Final = re.compile(r"#\s*redqubit:\s*ignore(?:\[([^\]]*)\])?[ \t:,-]*(.*)$")
_LETTERS: Final = re.compile(r"[^\W\d_]{3,}")


@dataclass(frozen=True, slots=True)
class Suppression:
    """A comment at a line (from 1) and column; ``covers`` is the line whose findings it accepts."""

    rules: tuple[str, ...]
    reason: str
    line: int
    column: int
    covers: int

    @property
    def valid(self) -> bool:
        """Return whether it names rules and gives a reason of at least one word."""
        return bool(self.rules) and _LETTERS.search(self.reason) is not None


def suppressions(module: Module) -> list[Suppression]:
    """Return every such comment; one that stands alone covers the next line of code."""
    if "redqubit:" not in module.text:
        return []
    found = []
    comments = _comments(module) if module.python else None
    for number, line in enumerate(module.lines, 1):
        match = _COMMENT.search(line)
        if match is None or (comments is not None and number not in comments):
            continue
        rules = tuple(part.strip() for part in (match[1] or "").split(",") if part.strip())
        alone = not line[: match.start()].strip()
        covers = _next(module.lines, number) if alone else number
        found.append(Suppression(rules, match[2].strip(), number, match.start() + 1, covers))
    return found


def accepts(known: list[Suppression], rule: str, first: int, last: int) -> bool:
    """Return whether a comment accepts a finding of ``rule`` that spans these lines."""
    return any(
        item.valid and rule in item.rules and (first <= item.covers <= last or item.line == last)
        for item in known
    )


def _comments(module: Module) -> set[int] | None:
    """Return the lines with comments; None if the text cannot be cut into tokens."""
    if module.cells:
        return None
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(module.text).readline))
    except (tokenize.TokenError, SyntaxError):
        return None
    return {token.start[0] for token in tokens if token.type == tokenize.COMMENT}


def _next(lines: list[str], number: int) -> int:
    for index in range(number, len(lines)):
        text = lines[index].strip()
        if text and not text.startswith("#"):
            return index + 1
    return number
