"""Names of packages: the quantum ones, those that look like them and are not, and retired ones."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib import resources
from typing import Final

_TEXT: Final[dict[str, list[str]]] = json.loads(
    resources.files(__package__).joinpath("names.json").read_text("utf-8")
)
QUANTUM: Final = frozenset(_TEXT["quantum"])
OTHER: Final = frozenset(_TEXT["other"])
PINNED: Final = QUANTUM | frozenset(_TEXT["pinned"])
SHORT: Final = 5  # names under this length have too many neighbors
LONG: Final = 9  # from here on two letters may differ


@dataclass(frozen=True, slots=True)
class Retired:
    """A package, or its versions in a range, that gets no fixes."""

    package: str
    versions: str
    instead: str
    why: str


RETIRED: Final = tuple(
    Retired(**entry)
    for entry in json.loads(
        resources.files(__package__).joinpath("retired.json").read_text("utf-8")
    )
)


def lookalike(package: str) -> str | None:
    """Return the quantum package a name in normal form could be mistaken for, or None.

    One letter added, dropped, changed or swapped with its neighbor; two in names of nine letters
    and more; other separators; parts in another order.
    """
    if package in QUANTUM or package in OTHER:
        return None
    bare, parts = package.replace("-", ""), sorted(package.split("-"))
    for known in sorted(QUANTUM):
        if bare == known.replace("-", "") or (len(parts) > 1 and parts == sorted(known.split("-"))):
            return known
    for allowed in (1, 2):
        for known in sorted(QUANTUM):
            length = min(len(known), len(package))
            if length < (SHORT if allowed == 1 else LONG) or _series(package, known):
                continue
            if distance(package, known, allowed) <= allowed:
                return known
    return None


def _series(package: str, known: str) -> bool:
    """Whether names differ in a whole part, as siblings of one family do."""
    ours, theirs = package.split("-"), known.split("-")
    if len(ours) != len(theirs):
        return len(ours) > 1 and len(theirs) > 1
    differing = [pair for pair in zip(ours, theirs, strict=True) if pair[0] != pair[1]]
    return len(ours) > 1 and any(
        min(map(len, pair)) < SHORT and sorted(pair[0]) != sorted(pair[1]) for pair in differing
    )


def distance(first: str, second: str, limit: int) -> int:
    """Return how many letters must be added, dropped, changed or swapped; over ``limit`` is more.

    Source: optimal string alignment (Damerau 1964).
    """
    if abs(len(first) - len(second)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, letter in enumerate(first, 1):
        last, before = before, row
        row = [i]
        for j, other in enumerate(second, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if last and j > 1 and letter == second[j - 2] and first[i - 2] == other:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
    return row[-1]
