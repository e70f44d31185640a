"""Requirements as a project writes them down: names, versions, hashes, places, pip's options."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as Parsed
from packaging.specifiers import InvalidSpecifier, SpecifierSet

from redqubit.core.errors import InputError
from redqubit.scan.static import versions
from redqubit.scan.static.source import Source

EXACT: Final = re.compile(r"={2,3}\s*[0-9][^*,\s]*")
_COMMENT: Final = re.compile(r"(?:^|\s)#.*$")
_HASH: Final = re.compile(r"--hash[= ]\S+")
_OPTION: Final = re.compile(r"\s+--?[a-z].*$")
_DEVELOPERS: Final = re.compile(
    r"(?:^|[/_.-])(?:dev|docs?|tests?|testing|lint|ci)(?=[/_.-])[^/]*|^docs?/"
)
_LOCKS: Final = ("poetry.lock", "uv.lock", "pdm.lock", "Pipfile.lock")
_SETTINGS: Final = 2**20  # bytes of a project's settings that are looked at
_CARET: Final = re.compile(r"[\^~](?!=)\s*(\d+)(?:\.(\d+))?(\S*)")


@dataclass(frozen=True, slots=True)
class Requirement:
    """One line about one package.

    ``specifier`` is as in pip (``>=1.0,<2``); ``url`` is set for what is fetched from elsewhere.
    ``application`` tells files that say what is installed (requirements, locks, environments)
    from those that say what a library accepts, what developers need, or what a lock file fixes.
    ``body`` is its text at line and column, which count from 1.
    """

    name: str
    specifier: str = ""
    url: str = ""
    hashed: bool = False
    locked: bool = False
    application: bool = True
    file: str = ""
    line: int = 1
    column: int = 1
    body: str = ""

    @property
    def end_column(self) -> int:
        """Return the column after the last one of the requirement's own text."""
        return self.column + len(self.body)

    @property
    def package(self) -> str:
        """Return the name in its normal form."""
        return versions.canonical(self.name)

    @property
    def exact(self) -> str | None:
        """Return the one version that is asked for, or None."""
        found = EXACT.fullmatch(self.specifier.strip())
        return found[0].lstrip("= ") if found else None

    @property
    def specifiers(self) -> SpecifierSet | None:
        """Return the specifier for comparison; None if it is not one."""
        try:
            return SpecifierSet(self.specifier, prereleases=True)
        except InvalidSpecifier:
            return None


@dataclass(frozen=True, slots=True)
class Option:
    """A line of pip's options, such as another index."""

    name: str
    value: str
    line: int


@dataclass(frozen=True, slots=True)
class Listing:
    """What one file asks for."""

    file: str
    requirements: tuple[Requirement, ...]
    options: tuple[Option, ...] = ()


def listing(source: Source) -> Listing:
    """Read requirements from a file the static scanner knows to hold versions.

    Raises
    ------
    InputError
        The file is broken.
    """
    name = source.path.name.lower()
    if name.endswith((".txt", ".in")):
        return _pip(source)
    known = versions.read([source])
    if known.skipped:
        raise InputError(known.skipped[0].reason)
    lines = source.text.split("\n")
    application = not name.endswith(("pyproject.toml", "setup.cfg"))
    return Listing(
        source.file,
        tuple(_from_fact(fact, lines[fact.line - 1], application) for fact in known.facts),
    )


def _from_fact(fact: versions.Fact, line: str, application: bool) -> Requirement:
    column = max(line.lower().find(fact.package.lower()), 0) + 1
    found = re.search(r"@\s*((?:git|hg|svn|bzr|https?|file)[+:][^\s\"',]+)", line)
    return Requirement(
        fact.package,
        _poetry(fact.specifier),
        found[1] if found and not fact.specifier else "",
        locked=fact.origin == "lock",
        hashed=fact.origin == "lock",
        application=application,
        file=fact.file,
        line=fact.line,
        column=column,
        body=line[column - 1 : column - 1 + len(fact.package)],
    )


def _poetry(specifier: str) -> str:
    """Write ``^1.2`` as ``>=1.2,<2``, the way pip would."""
    found = _CARET.fullmatch(specifier.strip())
    if not found:
        return specifier
    major, minor, rest = int(found[1]), found[2], found[3]
    low = f">={found[1]}" + (f".{minor}" if minor else "") + rest
    if specifier.strip().startswith("~") and minor:
        return f"{low},<{major}.{int(minor) + 1}"
    if major == 0 and minor:
        return f"{low},<0.{int(minor) + 1}"
    return f"{low},<{major + 1}"


def _pip(source: Source) -> Listing:
    requirements, options = [], []
    application = not (_DEVELOPERS.search(source.file) or _declared(source.path))
    for number, column, text in _logical(source.text.split("\n")):
        if text.startswith("-"):
            options += list(_options(text, number))
            continue
        made = parse(text, source.file, number, column)
        if made is not None:
            requirements.append(replace(made, application=application))
    return Listing(source.file, tuple(requirements), tuple(options))


def _declared(path: Path) -> bool:
    """Whether a project reads the file as what its library accepts, or fixes it in a lock file."""
    for name in ("setup.py", "setup.cfg", "pyproject.toml"):
        try:
            with path.with_name(name).open(encoding="utf-8", errors="replace") as file:
                if path.name in file.read(_SETTINGS):
                    return True
        except OSError:
            continue
    locks = (
        path.with_name(name) for name in (*_LOCKS, f"{path.stem}.lock", f"{path.stem}-lock.txt")
    )
    return any(lock.is_file() and lock != path for lock in locks)


def _logical(lines: Iterable[str]) -> Iterator[tuple[int, int, str]]:
    """Yield (line, column, text) with continued lines joined and comments gone."""
    pending, start, column = "", 0, 1
    for number, line in enumerate(lines, 1):
        text = _COMMENT.sub("", line)
        if not pending:
            start, column = number, len(text) - len(text.lstrip()) + 1
        if text.rstrip().endswith("\\"):
            pending += text.rstrip()[:-1] + " "
            continue
        whole, pending = (pending + text).strip(), ""
        if whole:
            yield start, column, whole
    if pending.strip():
        yield start, column, pending.strip()


def parse(text: str, file: str, line: int = 1, column: int = 1) -> Requirement | None:
    """Read one requirement as pip writes it; None for a path or what is not a requirement."""
    hashed = _HASH.search(text) is not None
    body = _OPTION.sub("", _HASH.sub("", text)).strip()
    common = (hashed, False, True, file, line, column, body)
    found = re.match(r"(?:(?:git|hg|svn|bzr)\+|https?://|file:)\S+", body)
    if found:
        named = re.search(r"#(?:.*&)?egg=([A-Za-z0-9._-]+)", body)
        url = found[0]
        return Requirement(named[1] if named else _of_url(url), "", url, *common)
    try:
        parsed = Parsed(body)
    except InvalidRequirement:
        return None
    return Requirement(parsed.name, str(parsed.specifier), parsed.url or "", *common)


def _of_url(url: str) -> str:
    last = url.partition("#")[0].rstrip("/").rpartition("/")[2]
    return re.split(r"@|-\d|\.git|\.zip|\.tar", last)[0] or "unnamed"


def _options(text: str, line: int) -> Iterator[Option]:
    found = re.match(r"(--?[a-z-]+)(?:[= ]\s*(.*))?$", text)
    if found is None:
        return
    name, value = found[1], (found[2] or "").strip()
    if name in ("-e", "--editable"):
        yield Option("--editable", value, line)
    else:
        yield Option({"-i": "--index-url", "-f": "--find-links"}.get(name, name), value, line)
