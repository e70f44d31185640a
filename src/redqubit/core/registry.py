"""Techniques by name: ours, and those that installed plug-ins add through entry points."""

from __future__ import annotations

from importlib.metadata import entry_points
from typing import Any

from redqubit.core.errors import InputError, unknown

Own = tuple[type[Any], ...]


def names(own: Own, group: str) -> tuple[str, ...]:
    """Return the names of all techniques, those of the entry-point ``group`` last."""
    ours = tuple(technique.name for technique in own)
    return (*ours, *(entry.name for entry in entry_points(group=group) if entry.name not in ours))


def by_name(own: Own, group: str, kind: str, name: str) -> type[Any]:
    """Return the class called ``name``: one of ``own``, or a plug-in's.

    Raises
    ------
    InputError
        Unknown name (the near miss is named), or a plug-in whose class bears another name.
    """
    for technique in own:
        if technique.name == name:
            return technique
    for entry in entry_points(group=group):
        if entry.name == name:
            found: type[Any] = entry.load()
            if getattr(found, "name", None) != name:
                raise InputError(
                    f"the plug-in {entry.value} is registered as {name!r} but its class is named "
                    f"{getattr(found, 'name', None)!r}; use one name"
                )
            return found
    raise unknown(kind, str(name), names(own, group))
