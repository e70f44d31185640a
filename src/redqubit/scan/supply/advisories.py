"""Known vulnerabilities in OSV form: those shipped here and those the user adds, offline."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, Final

from packaging.specifiers import SpecifierSet
from packaging.version import InvalidVersion, Version

from redqubit.core.errors import InputError
from redqubit.killchain import document
from redqubit.scan.finding import SEVERITIES, Severity, rank
from redqubit.scan.static.versions import canonical

FILES: Final = 20_000
_ID: Final = re.compile(r"[A-Za-z]+-[A-Za-z0-9-]{1,60}")
_LEVELS: Final[dict[str, Severity]] = {
    "LOW": "low",
    "MODERATE": "medium",
    "MEDIUM": "medium",
    "HIGH": "high",
    "CRITICAL": "critical",
}
_HUGE: Final = Version("99999999")


@dataclass(frozen=True, slots=True)
class Range:
    """Versions from ``introduced`` to before ``fixed``, or up to and with ``last``."""

    introduced: Version
    fixed: Version | None = None
    last: Version | None = None

    def __contains__(self, version: Version) -> bool:
        if version < self.introduced:
            return False
        if self.fixed is not None:
            return version < self.fixed
        return self.last is None or version <= self.last


@dataclass(frozen=True, slots=True)
class Affected:
    """One package of an advisory: ranges, and versions named one by one."""

    package: str
    ranges: tuple[Range, ...]
    versions: frozenset[str] = frozenset()

    def has(self, version: Version) -> bool:
        """Whether a version is affected."""
        return any(version in item for item in self.ranges) or str(version) in self.versions

    @property
    def fixed(self) -> Version | None:
        """Return the first version from which on nothing is affected; None if there is none."""
        ends = [item.fixed for item in self.ranges]
        final = [end for end in ends if end is not None and not end.is_prerelease]
        if not ends or any(end is None for end in ends):
            return None
        return max(final or [end for end in ends if end is not None])


@dataclass(frozen=True, slots=True)
class Advisory:
    """A known vulnerability. ``name`` is its CVE where it has one, else its id."""

    id: str
    aliases: tuple[str, ...]
    severity: Severity
    summary: str
    modified: str
    cwe: tuple[int, ...]
    affected: tuple[Affected, ...]
    url: str

    @property
    def name(self) -> str:
        """Return the CVE number, or the id where there is none."""
        return next((item for item in (self.id, *self.aliases) if item.startswith("CVE-")), self.id)


@dataclass(frozen=True, slots=True)
class Update:
    """What `update` did: ids that are new, newer than ours, and left alone with the reason."""

    added: tuple[str, ...]
    replaced: tuple[str, ...]
    refused: tuple[str, ...]


def parse(data: Any, where: str) -> Advisory | None:
    """Read one OSV record; None if it is withdrawn or about no Python package.

    Raises
    ------
    InputError
        Not an OSV record.
    """
    if not isinstance(data, dict) or not isinstance(data.get("id"), str):
        raise InputError(f"{where}: not an OSV record: it lacks an id")
    if not _ID.fullmatch(data["id"]):
        raise InputError(f"{where}: {data['id']!r:.70} is not an advisory id")
    if data.get("withdrawn"):
        return None
    affected = []
    for entry in _list(data.get("affected")):
        package = _mapping(entry).get("package")
        if _mapping(package).get("ecosystem") != "PyPI":
            continue
        name = _mapping(package).get("name")
        if isinstance(name, str):
            affected.append(_affected(name, entry, f"{where}: {data['id']}"))
    if not affected:
        return None
    specific = _mapping(data.get("database_specific"))
    references = [_mapping(item).get("url") for item in _list(data.get("references"))]
    aliases = tuple(str(item) for item in _list(data.get("aliases")) if _ID.fullmatch(str(item)))
    cwes = (re.fullmatch(r"CWE-(\d{1,5})", str(item)) for item in _list(specific.get("cwe_ids")))
    return Advisory(
        data["id"],
        aliases,
        _LEVELS.get(str(specific.get("severity")).upper(), "high"),
        str(data.get("summary") or data.get("details") or "")[:300],
        str(data.get("modified") or ""),
        tuple(int(item[1]) for item in cwes if item),
        tuple(affected),
        next((url for url in references if isinstance(url, str)), ""),
    )


def _affected(name: str, entry: dict[str, Any], where: str) -> Affected:
    ranges: list[Range] = []
    for item in _list(entry.get("ranges")):
        if _mapping(item).get("type") != "ECOSYSTEM":
            continue
        start: Version | None = None
        for event in _list(_mapping(item).get("events")):
            for kind, text in _mapping(event).items():
                version = _version(text, where)
                if kind == "introduced":
                    start = version
                elif kind in ("fixed", "last_affected"):
                    fixed = version if kind == "fixed" else None
                    last = version if kind == "last_affected" else None
                    ranges.append(Range(start or Version("0.dev0"), fixed, last))
                    start = None
        if start is not None:
            ranges.append(Range(start))
    named = frozenset(str(item) for item in _list(entry.get("versions")) if isinstance(item, str))
    return Affected(canonical(name), tuple(ranges), frozenset() if ranges else named)


def _version(text: Any, where: str) -> Version:
    try:
        return Version("0.dev0" if str(text) == "0" else str(text))
    except InvalidVersion:
        raise InputError(f"{where}: {text!r:.40} is not a version") from None


class Advisories:
    """Advisories by package."""

    def __init__(self, items: Iterable[Advisory]) -> None:
        self.items = tuple(items)
        self._by_package: dict[str, list[tuple[Advisory, Affected]]] = {}
        for item in self.items:
            for affected in item.affected:
                self._by_package.setdefault(affected.package, []).append((item, affected))

    def about(self, package: str) -> list[tuple[Advisory, Affected]]:
        """Return what is known of a package, worst first."""
        found = self._by_package.get(canonical(package), [])
        return sorted(found, key=lambda pair: (-rank(pair[0].severity), pair[0].name))

    def of_version(self, package: str, version: str) -> list[tuple[Advisory, Affected]]:
        """Return what affects one version; nothing for text that is no version."""
        try:
            parsed = Version(version)
        except InvalidVersion:
            return []
        return [pair for pair in self.about(package) if pair[1].has(parsed)]

    def of_range(
        self, package: str, specifiers: SpecifierSet
    ) -> tuple[list[tuple[Advisory, Affected]], bool]:
        """Return what affects some version a range allows, and whether it allows no other."""
        found = []
        candidates = _candidates(specifiers, [affected for _, affected in self.about(package)])
        early = any(Version(item.version.removesuffix(".*")).is_prerelease for item in specifiers)
        allowed = [
            version
            for version in candidates
            if specifiers.contains(version) and (early or not version.is_prerelease)
        ]
        clean = list(allowed)
        for advisory, affected in self.about(package):
            if any(affected.has(version) for version in allowed):
                found.append((advisory, affected))
                clean = [version for version in clean if not affected.has(version)]
        return found, bool(found) and not clean


def _candidates(specifiers: SpecifierSet, affected: Iterable[Affected]) -> list[Version]:
    """Return versions that stand for every interval the bounds cut the line into."""
    marks = {Version("0"), _HUGE}
    for item in affected:
        for span in item.ranges:
            marks |= {end for end in (span.introduced, span.fixed, span.last) if end is not None}
    for clause in specifiers:
        try:
            marks.add(Version(clause.version.removesuffix(".*")))
        except InvalidVersion:
            continue
    marks |= {Version(f"{mark.base_version}.0.1") for mark in marks}
    return sorted(marks)


def shipped() -> Advisories:
    """Return the advisories that come with redqubit and those `update` added for the user."""
    found = {
        item.id: item for item in _read(Path(str(resources.files(__package__))) / "advisories")
    }
    added = folder()
    if added.is_dir():
        found |= {item.id: item for item in _read(added)}
    return Advisories(found[key] for key in sorted(found))


def folder() -> Path:
    """Return where `update` keeps advisories: ``$XDG_DATA_HOME/redqubit/advisories``."""
    base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "redqubit" / "advisories"


def _read(place: Path) -> list[Advisory]:
    files = sorted(place.glob("*.json"))[:FILES]
    items = (parse(document.read(path).data, str(path)) for path in files)
    return [item for item in items if item is not None]


def update(source: Path, target: Path | None = None) -> Update:
    """Merge OSV records of a file or folder into the user's advisories; nothing is fetched.

    A record replaces one with the same id if its ``modified`` is later.

    Parameters
    ----------
    source
        A JSON file with one record, a list of records or ``{"vulns": [...]}``, or a folder of such
        files at any depth.
    target
        Where to write; `folder` if left out.

    Raises
    ------
    InputError
        ``source`` cannot be read, or ``target`` not written.
    """
    target = target or folder()
    known = {item.id: item for item in shipped().items}
    if target.is_dir():
        known |= {item.id: item for item in _read(target)}
    added: list[str] = []
    replaced: list[str] = []
    refused: list[str] = []
    try:
        files = sorted(source.rglob("*.json"))[:FILES] if source.is_dir() else [source]
        for path in files:
            for record in _records(document.read(path).data):
                try:
                    item = parse(record, str(path))
                except InputError as error:
                    refused.append(str(error))
                    continue
                if item is None or item.modified <= getattr(known.get(item.id), "modified", ""):
                    continue
                (replaced if item.id in known else added).append(item.id)
                known[item.id] = item
                _write(target, f"{item.id}.json", record)
    except OSError as error:
        raise InputError(f"cannot update from {source}: {error.strerror or error}") from None
    if not files:
        raise InputError(f"{source} holds no .json files; give OSV records")
    return Update(tuple(added), tuple(replaced), tuple(refused))


def _records(data: Any) -> list[Any]:
    if isinstance(data, dict) and isinstance(data.get("vulns"), list):
        data = data["vulns"]
    return data if isinstance(data, list) else [data]


def _write(target: Path, name: str, record: Any) -> None:
    target.mkdir(parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(dir=target, suffix=".part")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(record, file, indent=2, sort_keys=True)
    Path(part).replace(target / name)


def worst(items: Iterable[Advisory]) -> Severity:
    """Return the highest severity."""
    return SEVERITIES[max((rank(item.severity) for item in items), default=0)]


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
