"""Settings of a scan, from the table ``[tool.redqubit.scan]`` of a pyproject.toml."""

from __future__ import annotations

import fnmatch
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from redqubit.core.errors import InputError, unknown
from redqubit.killchain import document
from redqubit.scan.finding import SEVERITIES, Severity

KEYS: Final = ("select", "ignore", "exclude", "fail-on", "per-file", "allow")


@dataclass(frozen=True)
class Settings:
    """Which rules run on which files.

    Parameters
    ----------
    select, ignore
        Rule ids or their letters (``DES``); nothing selected means every rule.
    exclude
        Patterns as in ``.gitignore`` of files that are not read.
    fail_on
        The mildest severity that makes a scan fail.
    per_file
        Rules ignored in the files that match a pattern.
    allow
        Globals a pickle may name besides those known to be harmless: ``module`` with everything
        below it, or ``module:name``.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    fail_on: Severity = "high"
    per_file: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    allow: tuple[str, ...] = ()


def read(path: Path) -> Settings:
    """Read the settings of a pyproject.toml; without the table, the defaults.

    Raises
    ------
    InputError
        The file cannot be read or is not TOML, a key is unknown, or a value has the wrong form.
    """
    try:
        data = tomllib.loads(document.text(path))
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path} is not TOML: {error}") from error
    tool: Any = data.get("tool", {})
    for name in ("redqubit", "scan"):
        tool = tool.get(name, {}) if isinstance(tool, dict) else {}
    return settings(tool, f"{path} [tool.redqubit.scan]")


def settings(table: Any, where: str) -> Settings:
    """Turn a table into settings; ``where`` names it in errors."""
    if not isinstance(table, dict):
        raise InputError(f"{where} must be a table with the keys {', '.join(KEYS)}")
    for name in table:
        if name not in KEYS:
            raise unknown("key", name, KEYS, where)
    severity = table.get("fail-on", "high")
    if severity not in SEVERITIES:
        raise unknown("severity", str(severity), SEVERITIES, where)
    per_file = table.get("per-file", {})
    if not isinstance(per_file, dict):
        raise InputError(f"{where}: per-file must map a file pattern to a list of rules")
    return Settings(
        _texts(table, "select", where),
        _texts(table, "ignore", where),
        _texts(table, "exclude", where),
        severity,
        {name: _texts(per_file, name, where) for name in per_file},
        _texts(table, "allow", where),
    )


def _texts(table: Mapping[str, Any], name: str, where: str) -> tuple[str, ...]:
    value = table.get(name, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise InputError(f"{where}: {name} must be a list of texts, not {value!r}")
    return tuple(value)


def chosen(select: Sequence[str], ignore: Sequence[str], ids: Iterable[str]) -> frozenset[str]:
    """Return the rule ids that are selected and not ignored.

    Raises
    ------
    InputError
        A name is neither a rule's id nor the letters of one.
    """
    every = list(ids)
    taken = _named(select, every) if select else set(every)
    return frozenset(taken - _named(ignore, every))


def ignored(per_file: Mapping[str, Sequence[str]], file: str, ids: Iterable[str]) -> set[str]:
    """Return the rule ids that the patterns of ``per_file`` ignore in a file."""
    every = list(ids)
    found: set[str] = set()
    for pattern, names in per_file.items():
        if fnmatch.fnmatchcase(file, pattern) or fnmatch.fnmatchcase(file, f"*/{pattern}"):
            found |= _named(names, every)
    return found


def _named(names: Iterable[str], ids: Sequence[str]) -> set[str]:
    found: set[str] = set()
    families = {identifier.partition("-")[0] for identifier in ids}
    for name in names:
        some = {item for item in ids if name.upper() in {item, item.partition("-")[0]}}
        if not some:
            raise unknown("rule", name, [*ids, *families])
        found |= some
    return found
