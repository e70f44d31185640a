"""AND/OR expressions over capabilities or traits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Requirement:
    """An AND/OR expression over words: every entry of ``all`` and one entry of ``any``.

    A word is the id of a capability or of a trait; an entry is a word or a nested requirement. An
    empty list asks for nothing.
    """

    all: tuple[str | Requirement, ...] = ()
    any: tuple[str | Requirement, ...] = ()

    @property
    def words(self) -> frozenset[str]:
        """Return every word the expression mentions."""
        found: set[str] = set()
        for entry in (*self.all, *self.any):
            found |= {entry} if isinstance(entry, str) else entry.words
        return frozenset(found)

    def met(self, held: frozenset[str]) -> bool:
        """Say whether these words meet the requirement."""

        def has(entry: str | Requirement) -> bool:
            return entry in held if isinstance(entry, str) else entry.met(held)

        return all(map(has, self.all)) and (not self.any or any(map(has, self.any)))


NOTHING: Final = Requirement()
