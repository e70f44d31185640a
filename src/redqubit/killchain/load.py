"""From YAML files to a kill chain: strict, so that a slip in the data cannot ship."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from redqubit.core import record
from redqubit.core.errors import InputError
from redqubit.killchain import document
from redqubit.killchain.document import Document
from redqubit.killchain.model import (
    Actor,
    Capability,
    Case,
    Challenge,
    Claim,
    Edition,
    Executable,
    KillChain,
    Mitigation,
    Record,
    Source,
    Tactic,
    Technique,
    Term,
    Trait,
)
from redqubit.killchain.reference import Placed, dangling, repeated

DATA: Final = Path(__file__).parent / "data"
WORD: Final = r"[a-z][a-z0-9]*(-[a-z0-9]+)*"


@dataclass(frozen=True)
class Kind:
    """Where objects of one kind are kept, and how their identifiers read.

    ``layout`` is ``object`` for one object a file in a folder, ``list`` for one file with a list,
    ``lists`` for a folder of such files.
    """

    cls: type[Any]
    pattern: str
    layout: str


KINDS: Final[Mapping[str, Kind]] = {
    "tactics": Kind(Tactic, r"QML\.TA\d{2}", "list"),
    "techniques": Kind(Technique, r"QML\.T\d{4}(\.\d{3})?", "object"),
    "mitigations": Kind(Mitigation, r"QML\.M\d{4}", "object"),
    "evidence": Kind(Record, r"QML\.E\d{4}", "object"),
    "cases": Kind(Case, r"QML\.CS\d{3}", "object"),
    "claims": Kind(Claim, r"QML\.CL\d{3}", "object"),
    "challenges": Kind(Challenge, r"QML\.OC\d{2}", "list"),
    "sources": Kind(Source, r"[a-z]+\d{4}[a-z]*", "lists"),
    "capabilities": Kind(Capability, WORD, "list"),
    "traits": Kind(Trait, WORD, "list"),
    "actors": Kind(Actor, WORD, "list"),
    "components": Kind(Term, r"C\d{1,2}", "list"),
    "assets": Kind(Term, WORD, "list"),
    "parties": Kind(Term, WORD, "list"),
    "executables": Kind(Executable, r"QML\.[TM]\d{4}(\.\d{3})?", "list"),
}


def load(folder: Path | None = None) -> KillChain:
    """Read a kill chain; without a folder, the one that ships with redqubit (read once).

    Raises
    ------
    InputError
        A file is missing or not YAML, a key is unknown, missing or given twice, an identifier is
        malformed, used twice or points nowhere; the message names file, line and key.
    """
    return _built_in() if folder is None else _strict(folder)


@functools.cache
def _built_in() -> KillChain:
    return _strict(DATA)


def _strict(folder: Path) -> KillChain:
    chain, problems = examine(folder)
    if chain is None:
        more = f" (and {len(problems) - 1} more; see 'redqubit killchain lint')"
        raise InputError(problems[0] + (more if len(problems) > 1 else ""))
    return chain


def examine(folder: Path) -> tuple[KillChain | None, list[str]]:
    """Read a kill chain as far as it goes: with every problem found, or with none and the chain."""
    placed, problems = gather(folder)
    if problems:
        return None, problems
    objects = {
        name: tuple(sorted((entry.item for entry in entries), key=order))
        for name, entries in placed.items()
    }
    (edition,) = objects.pop("edition")
    return KillChain(edition=edition, **objects), []


def gather(folder: Path) -> tuple[dict[str, list[Placed]], list[str]]:
    """Read every object with its place, and every problem of schema, identifier and reference."""
    problems: list[str] = []
    placed: dict[str, list[Placed]] = {}
    for name, kind in KINDS.items():
        placed[name] = []
        for found in _entries(folder, name, kind):
            if isinstance(found, str):
                problems.append(found)
            else:
                placed[name].append(found)
    problems += repeated(placed)
    if not problems:  # what could not be read would seem to be missing
        problems += dangling(placed)
    try:
        source = document.read(folder / "edition.yaml", "edition.yaml")
        placed["edition"] = [Placed(source, _object(Edition, source))]
    except InputError as error:
        problems.append(str(error))
    return placed, problems


def order(item: Any) -> tuple[Any, ...]:
    """Return what to sort by: tactics in their order, numbers in ids as numbers."""
    if isinstance(item, Tactic):
        return (item.order,)
    if isinstance(item, Executable):
        return (item.kind, item.id, item.name)
    if isinstance(item, Edition):
        return (item.name,)
    parts = re.split(r"(\d+)", item.id)
    return tuple(int(part) if part.isdigit() else part for part in parts)


def _entries(folder: Path, name: str, kind: Kind) -> Iterator[Placed | str]:
    """Yield every object of a kind with its place, or a sentence on what is wrong there."""
    if kind.layout == "list":
        yield from _list(folder / f"{name}.yaml", f"{name}.yaml", kind)
        return
    if not (folder / name).is_dir():
        yield f"a kill chain needs the folder {name}/ in {folder}"
        return
    for path in sorted((folder / name).iterdir()):
        where = f"{name}/{path.name}"
        if path.suffix != ".yaml":
            yield f"{where} is not a .yaml file; a kill chain holds nothing else"
        elif kind.layout == "lists":
            yield from _list(path, where, kind)
        else:
            try:
                source = document.read(path, where)
                item = _object(kind.cls, source)
                _check_id(item.id, kind, source)
                if path.stem != item.id:
                    raise source.error(f"holds {item.id}; a file is named after the id inside")
            except InputError as error:
                yield str(error)
            else:
                yield Placed(source, item)


def _list(path: Path, where: str, kind: Kind) -> Iterator[Placed | str]:
    try:
        source = document.read(path, where)
        if not isinstance(source.data, list):
            raise source.error(f"must be a list, got {type(source.data).__name__}")
    except InputError as error:
        yield str(error)
        return
    for i in range(len(source.data)):
        try:
            item = _object(kind.cls, source, f"[{i}]", source.data[i])
            _check_id(item.id, kind, source, f"[{i}]")
        except InputError as error:
            yield str(error)
        else:
            yield Placed(source, item, f"[{i}]")


def _object(cls: type[Any], source: Document, path: str = "", data: Any = None) -> Any:
    try:
        return record.from_json(cls, source.data if data is None else data)
    except InputError as error:
        inner = error.path if error.path.startswith("[") or not path else f".{error.path}"
        raise source.error(str(error), path + (inner if error.path else "")) from error


def _check_id(identifier: str, kind: Kind, source: Document, path: str = "") -> None:
    if not re.fullmatch(kind.pattern, identifier):
        raise source.error(
            f"an id of this kind reads like {kind.pattern}, got {identifier!r}", f"{path}.id"
        )
