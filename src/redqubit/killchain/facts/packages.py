"""Which packages are installed, and whether in one exact version."""

from __future__ import annotations

import re
import tomllib
from typing import Any, Final

from redqubit.core.errors import InputError
from redqubit.killchain.facts.fact import Found

_LINE: Final = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*([^;#\s@][^;#]*)?")


def requirements(text: str, name: str) -> tuple[Found, ...]:
    """Read a requirements file; options, comments and continued lines are understood."""
    found = []
    joined = re.sub(r"\\\r?\n", lambda match: " " + "\x00" * match[0].count("\n"), text)
    line = 1
    for row in joined.split("\n"):
        content = re.sub(r"(^|\s)#.*", "", row.replace("\x00", "")).strip()
        if content and not content.startswith("-"):
            fact = _dependency(content, f"{name}:{line}")
            found += [fact] if fact else []
        line += 1 + row.count("\x00")
    return tuple(found)


def pyproject(text: str, name: str) -> tuple[Found, ...]:
    """Read the dependencies of a ``pyproject.toml``, or the packages of a lock file."""
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InputError(f"{name} is not TOML: {error}") from error
    locked = data.get("package")
    if isinstance(locked, list):  # as poetry and uv write it
        return tuple(
            _found(str(item["name"]), f"=={item['version']}", name)
            for item in locked
            if isinstance(item, dict) and "name" in item and "version" in item
        )
    project = data.get("project")
    listed: Any = project.get("dependencies", []) if isinstance(project, dict) else []
    facts = (_dependency(item, name) for item in listed if isinstance(item, str))
    return tuple(fact for fact in facts if fact)


def _dependency(text: str, where: str) -> Found | None:
    match = _LINE.match(text.strip())
    if match is None:
        return None
    version = re.split(r"\s--", match[2] or "")[0].strip()
    return _found(match[1], version, where)


def _found(name: str, version: str, where: str) -> Found:
    exact = re.fullmatch(r"===?\s*([^,*\s]+)", version)
    value = {"name": name, "version": exact[1] if exact else version, "pinned": exact is not None}
    why = "one exact version" if exact else "any version that fits may be installed"
    return Found("dependencies", value, where, why)
