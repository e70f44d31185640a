"""Which versions of a package a project uses, from requirements, pyproject and lock files."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

from redqubit.core.errors import InputError
from redqubit.killchain import document
from redqubit.scan.finding import Skipped
from redqubit.scan.static.source import Source

_NAME: Final = re.compile(r"^\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*(.*)$")
_CLAUSE: Final = re.compile(r"(===|==|~=|!=|<=|>=|<|>|\^|~|=)\s*v?([0-9][0-9A-Za-z.*+!-]*)")
_PARTS: Final = re.compile(r"(\d+)|(rc|a|b|dev|post|alpha|beta)")
_PRE: Final = {"dev": -4, "a": -3, "alpha": -3, "b": -2, "beta": -2, "rc": -1, "post": 1}
Key = tuple[tuple[int, ...], int, int]


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement about a package: exact or a specifier such as ``>=1.0,<2``; empty is any."""

    package: str
    specifier: str
    file: str
    line: int
    origin: Literal["lock", "pin", "range"]


def canonical(name: str) -> str:
    """Return a package's name in its normal form, lower case with hyphens."""
    return re.sub(r"[-_.]+", "-", name).lower()


def key(version: str) -> Key:
    """Return what orders versions: release numbers without trailing zeros, then pre-release."""
    body = version.strip().lower().lstrip("v").partition("+")[0].rpartition("!")[2]
    release: list[int] = []
    stage, number = 0, 0
    for digits, word in _PARTS.findall(body):
        if word:
            stage = _PRE[word]
        elif stage:
            number = int(digits)
        else:
            release.append(int(digits[:18]))
    while release and release[-1] == 0:
        release.pop()
    return tuple(release), stage, number


class Versions:
    """What a project says about the versions of its packages; lock files win over ranges."""

    def __init__(self, facts: Iterable[Fact], skipped: Iterable[Skipped] = ()) -> None:
        self.facts: tuple[Fact, ...] = tuple(facts)
        self.skipped = tuple(skipped)
        self._by_name: dict[str, list[Fact]] = {}
        for fact in self.facts:
            self._by_name.setdefault(canonical(fact.package), []).append(fact)

    def about(self, package: str) -> tuple[Fact, ...]:
        """Return every statement about a package, lock files first."""
        order = ("lock", "pin", "range")
        found = self._by_name.get(canonical(package), [])
        return tuple(sorted(found, key=lambda fact: order.index(fact.origin)))

    def known(self, package: str) -> str | None:
        """Return the exact version (``1.4.2``), else the specifiers joined; None if nothing."""
        found = self.about(package)
        if not found:
            return None
        if found[0].origin != "range":
            return found[0].specifier.lstrip("= ")
        return ",".join(dict.fromkeys(fact.specifier for fact in found if fact.specifier))

    def may_be_below(self, package: str, version: str) -> bool | None:
        """Return whether the package in use may be older than ``version``; None if unknown.

        A range whose lower bound is at least ``version`` is False; one that allows an older
        release is True; a package nobody mentions or pins is None.
        """
        found = self.about(package)
        if not found:
            return None
        exact = [fact for fact in found if fact.origin != "range"]
        limit = key(version)
        if exact:
            locks = [fact for fact in exact if fact.origin == "lock"] or exact
            return any(key(fact.specifier.lstrip("= ")) < limit for fact in locks)
        answers = [_range_below(fact.specifier, limit) for fact in found]
        if False in answers:
            return False
        return True if True in answers else None


def _range_below(specifier: str, limit: Key) -> bool | None:
    clauses = _CLAUSE.findall(specifier)
    if not clauses:
        return None
    for operator, text in clauses:
        if operator in {">=", "~=", "^", "~", ">", "==", "===", "="}:
            if key(text.rstrip("*").rstrip(".")) >= limit:
                return False
        elif operator in {"<", "<="} and key(text) <= limit:
            return True
    return True


def read(sources: Iterable[Source]) -> Versions:
    """Collect the facts of every requirements, project, lock and environment file."""
    facts: list[Fact] = []
    skipped: list[Skipped] = []
    for source in sources:
        if source.kind != "versions":
            continue
        try:
            facts += _file(source)
        except (InputError, tomllib.TOMLDecodeError, RecursionError) as error:
            told = str(error).removeprefix(f"{source.file}: ")
            skipped.append(Skipped(source.file, f"versions not read: {told}"))
    return Versions(facts, skipped)


def _file(source: Source) -> list[Fact]:
    name = source.path.name.lower()
    if name.endswith((".txt", ".in")):
        return list(_requirements(source))
    if name == "setup.cfg":
        return list(_setup(source))
    if name == "pipfile.lock":
        data = _mapping(document.parse(source.text, source.file, form="json").data)
        return [
            _fact(source, package, str(entry.get("version", "")), lock=True)
            for group in ("default", "develop")
            for package, entry in _mapping(data.get(group)).items()
            if isinstance(entry, dict) and entry.get("version")
        ]
    if name.endswith((".yml", ".yaml")):
        return list(_environment(source))
    data = tomllib.loads(source.text)
    if name.endswith(".lock"):
        return [
            _fact(source, str(item["name"]), f"=={item['version']}", lock=True)
            for item in _list(data.get("package"))
            if isinstance(item, dict) and "name" in item and "version" in item
        ]
    return list(_project(source, data))


def _fact(source: Source, package: str, specifier: str, *, lock: bool = False) -> Fact:
    name = rf"(?<![\w-]){re.escape(package)}(?![\w-])"
    declared = rf"{name}(?=\s*(?:[\[(=<>!~@;,\"']|$))"  # not a word of a description
    found = re.search(declared, source.text, re.IGNORECASE | re.MULTILINE)
    found = found or re.search(name, source.text, re.IGNORECASE)
    line = source.text.count("\n", 0, found.start()) + 1 if found else 1
    specifier = specifier.strip().strip("()").strip()
    pinned = re.fullmatch(r"={2,3}\s*[0-9][^*,]*", specifier) is not None
    return Fact(package, specifier, source.file, line, _origin(lock, pinned))


def _origin(lock: bool, pinned: bool) -> Literal["lock", "pin", "range"]:
    if lock:
        return "lock"
    return "pin" if pinned else "range"


def _requirement(text: str) -> tuple[str, str] | None:
    text = text.partition(" #")[0].partition(";")[0].partition(" --")[0].rstrip("\\ ")
    if not text.strip() or text.lstrip().startswith(("#", "-", ".", "/")):
        return None
    found = _NAME.match(text)
    if found is None or "://" in text.partition("@")[0]:
        return None
    rest = found[2].strip()
    return found[1], "" if rest.startswith("@") else rest


def _requirements(source: Source) -> Iterator[Fact]:
    for number, line in enumerate(source.text.split("\n"), 1):
        made = _requirement(line)
        if made is not None:
            fact = _fact(source, *made)
            yield Fact(fact.package, fact.specifier, fact.file, number, fact.origin)


def _project(source: Source, data: dict[str, Any]) -> Iterator[Fact]:
    project = _mapping(data.get("project"))
    listed = _list(project.get("dependencies"))
    for extra in _mapping(project.get("optional-dependencies")).values():
        listed = [*listed, *_list(extra)]
    for group in _mapping(data.get("dependency-groups")).values():
        listed = [*listed, *_list(group)]
    for item in listed:
        made = _requirement(item) if isinstance(item, str) else None
        if made is not None:
            yield _fact(source, *made)
    poetry = _mapping(_mapping(data.get("tool")).get("poetry"))
    tables = [poetry.get("dependencies"), poetry.get("dev-dependencies")]
    tables += [
        _mapping(group).get("dependencies") for group in _mapping(poetry.get("group")).values()
    ]
    for table in tables:
        for package, entry in _mapping(table).items():
            version = entry.get("version") if isinstance(entry, dict) else entry
            if package.lower() != "python" and isinstance(version, str):
                exact = re.fullmatch(r"\d[\w.]*", version)
                yield _fact(source, package, f"=={version}" if exact else version.replace("*", ""))


def _setup(source: Source) -> Iterator[Fact]:
    inside = False
    for line in source.text.split("\n"):
        if re.match(r"\s*install_requires\s*=", line):
            inside = True
            line = line.partition("=")[2]
        elif inside and line.strip() and not line.startswith((" ", "\t")):
            inside = False
        made = _requirement(line) if inside else None
        if made is not None:
            yield _fact(source, *made)


def _environment(source: Source) -> Iterator[Fact]:
    data = _mapping(document.parse(source.text, source.file).data)
    for item in _list(data.get("dependencies")):
        nested = _list(item.get("pip")) if isinstance(item, dict) else [item]
        for text in nested:
            made = _requirement(text) if isinstance(text, str) else None
            if made is not None:
                package, specifier = made
                if re.fullmatch(r"=\s*\d[^=]*(=.*)?", specifier):
                    specifier = "==" + specifier.lstrip("= ").partition("=")[0]
                yield _fact(source, package, specifier)


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
