"""What a rule is: a module with constants, a docstring in four parts and ``check``."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from redqubit.scan.finding import About, Hop, Severity

if TYPE_CHECKING:
    from redqubit.scan.static.module import Module

PARTS: Final = ("What", "Why bad", "Example", "Instead")
_HEADING: Final = re.compile(r"^## (.+?)\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Span:
    """A range of a module's text: lines and columns from 1, the end exclusive.

    ``cell`` is set for text outside the code of a notebook (markdown, outputs); the lines then
    count inside that cell.
    """

    line: int
    column: int
    end_line: int
    end_column: int
    cell: int | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """Replacement text for a node or a range, with a sentence that says what it does."""

    where: ast.AST | Span
    replacement: str
    message: str
    safe: bool = True


@dataclass(frozen=True, slots=True)
class Hit:
    """What a rule yields; whatever is left out comes from the rule's constants."""

    where: ast.AST | Span
    message: str
    advice: str = ""
    severity: Severity | None = None
    flow: tuple[Hop, ...] = ()
    edit: Edit | None = None


class Rule(Protocol):
    """A module in ``rules``.

    ``TRIGGERS`` are words one of which stands in every file the rule can find something in (an
    empty tuple means any file, also settings and data); other files are not even handed to the
    rule. ``ADVICE`` is used where a hit brings none.
    """

    @property
    def ID(self) -> str:  # noqa: N802
        """Return the permanent id."""

    @property
    def NAME(self) -> str:  # noqa: N802
        """Return a few words."""

    @property
    def SEVERITY(self) -> Severity:  # noqa: N802
        """Return the usual severity."""

    @property
    def CWE(self) -> tuple[int, ...]:  # noqa: N802
        """Return the weakness numbers."""

    @property
    def FRAMEWORKS(self) -> tuple[str, ...]:  # noqa: N802
        """Return the frameworks it looks at."""

    @property
    def TRIGGERS(self) -> tuple[str, ...]:  # noqa: N802
        """Return words one of which stands in the file; empty for text rules."""

    @property
    def ADVICE(self) -> str:  # noqa: N802
        """Return what to do."""

    @property
    def __doc__(self) -> str | None:  # type: ignore[override]
        """Return the docstring in four parts."""

    @property
    def check(self) -> Check:
        """Return the function that finds hits in a module."""


class Check(Protocol):
    """Find the places of a module that break a rule."""

    def __call__(self, module: Module, /) -> Iterator[Hit]:
        """Yield one hit a place."""


def about(rule: Rule) -> About:
    """Read a rule's docstring: a sentence, then the headings What, Why bad, Example, Instead.

    Raises
    ------
    ValueError
        A heading is missing or another one stands there.
    """
    text = inspect.cleandoc(rule.__doc__ or "")
    pieces = _HEADING.split(text)
    found = dict(zip(pieces[1::2], (piece.strip() for piece in pieces[2::2]), strict=True))
    if tuple(found) != PARTS or not all(found.values()):
        raise ValueError(f"{rule.ID}: the docstring needs the parts {', '.join(PARTS)} in order")
    what, why, example, instead = (found[part] for part in PARTS)
    return About(
        rule.ID,
        rule.NAME,
        rule.SEVERITY,
        rule.CWE,
        rule.FRAMEWORKS,
        " ".join(pieces[0].split()),
        what,
        why,
        example,
        instead,
    )
