"""Values of a document of unknown making, taken one by one with their type checked."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from redqubit.core.errors import InputError, nearest, unknown
from redqubit.killchain.document import Document


@dataclass(frozen=True)
class Fields:
    """A mapping inside a document; every error names file, line and key."""

    source: Document
    data: Mapping[str, Any]
    path: str = ""

    @classmethod
    def root(cls, source: Document) -> Fields:
        """Return the outermost mapping of a document."""
        if not isinstance(source.data, dict):
            raise source.error(f"must be a mapping, got {_named(source.data)}")
        return cls(source, source.data)

    def error(self, message: str, key: str = "") -> InputError:
        """Return an error about one key, or about the mapping itself."""
        return self.source.error(message, self.at(key))

    def at(self, key: str) -> str:
        """Return the path of a key."""
        return f"{self.path}.{key}".strip(".") if key else self.path

    def text(self, key: str, default: str | None = None) -> str:
        """Return text; without a default it must be there and not empty. Null counts as absent."""
        value = self.data.get(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, str) or (not value and default is None):
            raise self._wrong(key, "text", value)
        return value

    def word(self, key: str, allowed: Collection[str], default: str | None = None) -> str:
        """Return one of the allowed words, whatever its case, as it is spelled there."""
        value = self.text(key, default)
        if value == default:
            return value
        for option in allowed:
            if option.casefold() == value.casefold():
                return option
        raise self.error(str(unknown("word", value, allowed)), key)

    def flag(self, key: str) -> bool:
        """Return a truth value, false where there is none."""
        value = self.data.get(key, False)
        if not isinstance(value, bool):
            raise self._wrong(key, "true or false", value)
        return value

    def number(self, key: str) -> float | None:
        """Return a finite number, None where there is none."""
        value = self.data.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 1e300:
            raise self._wrong(key, "a number below 1e300", value)
        if value != value:
            raise self._wrong(key, "a number", value)
        return float(value)

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts, empty where there is none."""
        values = self.data.get(key)
        if values is None:
            return ()
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            raise self._wrong(key, "a list of texts", values)
        return tuple(values)

    def part(self, key: str) -> Fields | None:
        """Return a mapping below, None where there is none."""
        value = self.data.get(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise self._wrong(key, "a mapping", value)
        return Fields(self.source, value, self.at(key))

    def each(self, key: str) -> Iterator[Fields]:
        """Yield every mapping of a list, nothing where there is no list."""
        values = self.data.get(key)
        if values is None:
            return
        if not isinstance(values, list):
            raise self._wrong(key, "a list", values)
        for i, value in enumerate(values):
            if not isinstance(value, dict):
                raise self._wrong(f"{key}[{i}]", "a mapping", value)
            yield Fields(self.source, value, f"{self.at(key)}[{i}]")

    def entries(self, key: str) -> Iterator[tuple[str, Fields]]:
        """Yield every mapping of a mapping with its key, nothing where there is none."""
        below = self.part(key)
        if below is None:
            return
        for name, value in below.data.items():
            if not isinstance(value, dict):
                raise below._wrong(name, "a mapping", value)
            yield name, Fields(self.source, value, below.at(name))

    def _wrong(self, key: str, wanted: str, value: Any) -> InputError:
        return self.error(f"must be {wanted}, got {_named(value)}", key)


def _named(value: Any) -> str:
    if isinstance(value, dict | list):
        return "a mapping" if isinstance(value, dict) else "a list"
    return "nothing" if value is None else f"{value!r:.60}"


class Known:
    """Ids met so far, each once, and what points to them."""

    def __init__(self) -> None:
        self.ids: dict[str, set[str]] = {}
        self.wanted: list[tuple[str, str, Fields, str]] = []

    def add(self, kind: str, identifier: str, fields: Fields, key: str = "id") -> str:
        """Return an id that has not been used in this kind.

        Raises
        ------
        InputError
            It has.
        """
        found = self.ids.setdefault(kind, set())
        if identifier in found:
            raise fields.error(f"the id {identifier} is already used by one of the {kind}", key)
        found.add(identifier)
        return identifier

    def want(self, kind: str, identifier: str, fields: Fields, key: str) -> str:
        """Return an id that `check` will look for."""
        self.wanted.append((kind, identifier, fields, key))
        return identifier

    def check(self) -> None:
        """Check that everything that was wanted exists.

        Raises
        ------
        InputError
            Something points nowhere.
        """
        for kind, identifier, fields, key in self.wanted:
            ids = self.ids.get(kind, set())
            if identifier not in ids:
                hint = nearest(identifier, ids)
                raise fields.error(f"{identifier!r} is not one of the {kind}{hint}", key)


class Notes:
    """Sentences about what was left out or mended, each once, in the order met."""

    def __init__(self) -> None:
        self.sentences: dict[str, None] = {}

    def add(self, sentence: str) -> None:
        """Add a sentence."""
        self.sentences[sentence] = None

    def beyond(self, kind: str, fields: Fields, held: frozenset[str]) -> None:
        """Note every key that is not held."""
        for key in fields.data:
            if key not in held:
                self.add(f"the key {key!r} of {kind} is not held")

    @property
    def all(self) -> tuple[str, ...]:
        """Return the sentences."""
        return tuple(self.sentences)


Family = dict[str, tuple[str, Fields]]  # of each technique: its parent or "", and where it stands


def check_family(family: Family) -> None:
    """Check that no sub-technique has sub-techniques of its own.

    Raises
    ------
    InputError
        One has, or is its own parent.
    """
    for identifier, (parent, fields) in family.items():
        if parent and family[parent][0]:
            raise fields.error(f"{identifier} has the parent {parent}, which has a parent itself")
