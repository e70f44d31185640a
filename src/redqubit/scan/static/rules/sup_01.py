"""A comment that ignores a finding must say which and why.

## What
``# redqubit: ignore`` without rule ids in brackets, with an id that does not exist, or without a
reason after it.

## Why bad
Nobody can review a silent exception, and one that names no rule hides findings of every later rule.
Such a comment suppresses nothing.

## Example
``model = pickle.load(file)  # redqubit: ignore[DES-01]``

## Instead
``model = pickle.load(file)  # redqubit: ignore[DES-01] written by this job in the same directory``
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from redqubit.scan.finding import Severity
from redqubit.scan.static.module import Module
from redqubit.scan.static.rule import Hit, Span
from redqubit.scan.static.suppress import suppressions

ID: Final = "SUP-01"
NAME: Final = "Suppression without rule or reason"
SEVERITY: Final[Severity] = "note"
CWE: Final = (1078,)
FRAMEWORKS: Final = ("any",)
TRIGGERS: Final = ()
ADVICE: Final = "Write the rule's id in brackets and, after it, why this place is safe."

_ID: Final = re.compile(r"[A-Z]{3}-\d{2}")


def check(module: Module) -> Iterator[Hit]:
    """Yield the comments that suppress nothing."""
    for item in suppressions(module):
        wrong = [name for name in item.rules if not _ID.fullmatch(name)]
        if item.valid and not wrong:
            continue
        span = Span(item.line, item.column, item.line, len(module.lines[item.line - 1]) + 1)
        if not item.rules:
            told = "This comment names no rule, so it suppresses nothing."
        elif wrong:
            told = f"{wrong[0]!r} is not the id of a rule, so it suppresses nothing."
        else:
            told = f"This comment gives no reason, so {', '.join(item.rules)} is still reported."
        yield Hit(span, told)
