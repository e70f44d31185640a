"""A fact read from a file, and how facts become fields of a pipeline."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Found:
    """A field of a pipeline with its value, where it was read and why it is believed.

    ``field`` is a path such as ``model.qubits``; a value of ``dependencies`` is one entry of the
    list.
    """

    field: str
    value: Any
    where: str
    why: str


def fill(data: dict[str, Any], found: Iterable[Found]) -> dict[str, Any]:
    """Return a pipeline's plain data with the facts filled in; what is stated there stays.

    Entries of lists (dependencies, error mitigation) are added when they are missing.
    """
    filled = {key: _copy(value) for key, value in data.items()}
    for fact in found:
        *groups, last = fact.field.split(".")
        place = filled
        for group in groups:
            place = place.setdefault(group, {})
        if last == "dependencies" or last == "error_mitigation":
            entries = place.setdefault(last, [])
            names = [entry.get("name") if isinstance(entry, dict) else entry for entry in entries]
            name = fact.value["name"] if isinstance(fact.value, dict) else fact.value
            if name not in names:
                entries.append(fact.value)
        else:
            place.setdefault(last, fact.value)
    return filled


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copy(item) for key, item in value.items()}
    return list(value) if isinstance(value, list) else value
