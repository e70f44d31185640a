"""A dependency's name looks like that of a quantum package but is another one.

## What

Names one letter away from a known quantum package (two in long names), with other separators, or
with its parts in another order, compared with a fixed list; no registry is asked.

## Why bad

Attackers publish packages under such names and wait for typing errors; installing one runs its
code with the rights of the installer, and it can forward to the real package so that all works.

## Example

    penylane==0.45.1

## Instead

    pennylane==0.45.1
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from redqubit.scan.finding import Severity
from redqubit.scan.supply.hit import Hit
from redqubit.scan.supply.names import lookalike
from redqubit.scan.supply.requirement import Listing

ID: Final = "DEP-03"
NAME: Final = "Look-alike package name"
SEVERITY: Final[Severity] = "high"
CWE: Final = (1357, 829)
FRAMEWORKS: Final = ("*",)
ADVICE: Final = (
    "check the name letter by letter; if it is meant, suppress this finding with a reason"
)


def check(listing: Listing) -> Iterator[Hit]:
    """Report each requirement whose name resembles a quantum package."""
    for requirement in listing.requirements:
        known = lookalike(requirement.package)
        if known is not None:
            body = requirement.body
            simple = body.startswith(requirement.name)
            yield Hit(
                ID,
                SEVERITY,
                f"{requirement.name} is not a known package and could be mistaken for {known}",
                key=requirement.package,
                line=requirement.line,
                column=requirement.column,
                end_column=requirement.end_column,
                replacement=known + body[len(requirement.name) :] if simple else None,
            )
