"""From YAML files to a kill chain: strict, so that a slip in the data cannot ship."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import yaml

from redqubit.core import record
from redqubit.core.errors import InputError, nearest
from redqubit.killchain.model import (
    Capability,
    Edition,
    KillChain,
    Mitigation,
    Record,
    Requirement,
    Source,
    Tactic,
    Technique,
    Term,
)

DATA: Final = Path(__file__).parent / "data"
WORD: Final = r"[a-z][a-z0-9]*(-[a-z0-9]+)*"

# Kinds kept one object a file, in a folder of that name, and their identifiers.
FOLDERS: Final[Mapping[str, tuple[type[Any], str]]] = {
    "techniques": (Technique, r"QML\.T\d{4}(\.\d{3})?"),
    "mitigations": (Mitigation, r"QML\.M\d{4}"),
    "evidence": (Record, r"QML\.E\d{4}"),
}
# Short vocabularies kept as one list a file.
LISTS: Final[Mapping[str, tuple[type[Any], str]]] = {
    "tactics": (Tactic, r"QML\.TA\d{2}"),
    "sources": (Source, r"[a-z]+\d{4}[a-z]*"),
    "capabilities": (Capability, WORD),
    "components": (Term, r"C\d{1,2}"),
    "assets": (Term, WORD),
    "actors": (Term, WORD),
    "parties": (Term, WORD),
}

Placed = tuple[str, Any]  # (file it came from, object)


def load(folder: Path | None = None) -> KillChain:
    """Read a kill chain; without a folder, the one that ships with redqubit (read once).

    Raises
    ------
    InputError
        A file is missing or not YAML, a key is unknown, missing or given twice, an identifier is
        malformed, used twice or points nowhere; the message names the file.
    """
    return _built_in() if folder is None else _read(folder)


@functools.cache
def _built_in() -> KillChain:
    return _read(DATA)


def _read(folder: Path) -> KillChain:
    kinds: dict[str, list[Placed]] = {}
    for kind, (cls, pattern) in FOLDERS.items():
        kinds[kind] = list(_folder(folder, kind, cls, pattern))
    for kind, (cls, pattern) in LISTS.items():
        kinds[kind] = list(_list(folder, f"{kind}.yaml", cls, pattern))
    for placed in kinds.values():
        _unique(placed)
    _references(kinds)
    objects = {
        kind: tuple(sorted((item for _, item in placed), key=_order))
        for kind, placed in kinds.items()
    }
    edition = record.from_json(Edition, _yaml(folder / "edition.yaml", "edition.yaml"), "edition")
    return KillChain(edition=edition, **objects)


def _order(item: Any) -> tuple[Any, ...]:
    """Tactics in their order, components by number, everything else by id."""
    if isinstance(item, Tactic):
        return (item.order,)
    parts = re.split(r"(\d+)", item.id)
    return tuple(int(part) if part.isdigit() else part for part in parts)


def _folder(folder: Path, kind: str, cls: type[Any], pattern: str) -> Iterator[Placed]:
    if not (folder / kind).is_dir():
        raise InputError(f"a kill chain needs the folder {kind}/ in {folder}")
    for path in sorted((folder / kind).iterdir()):
        where = f"{kind}/{path.name}"
        if path.suffix != ".yaml":
            raise InputError(f"{where} is not a .yaml file; one object a file")
        item = _object(cls, _yaml(path, where), where, pattern)
        if path.stem != item.id:
            raise InputError(f"{where} holds {item.id}; a file is named after the id inside")
        yield where, item


def _list(folder: Path, where: str, cls: type[Any], pattern: str) -> Iterator[Placed]:
    data = _yaml(folder / where, where)
    if not isinstance(data, list):
        raise InputError(f"{where} must be a list, got {type(data).__name__}")
    for i, entry in enumerate(data):
        yield where, _object(cls, entry, f"{where}[{i}]", pattern)


def _object(cls: type[Any], data: Any, where: str, pattern: str) -> Any:
    try:
        item = record.from_json(cls, data, where)
    except InputError as error:
        if where in str(error):
            raise
        raise InputError(f"{where}: {error}") from error
    if not re.fullmatch(pattern, item.id):
        raise InputError(f"{where}: an id of this kind reads like {pattern}, got {item.id!r}")
    return item


class _Strict(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """The safe loader, with a key given twice as an error instead of the last one winning."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        names = [key.value for key, _ in node.value]
        for name in names:
            if names.count(name) > 1:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {name!r} is given twice", node.start_mark
                )
        made: dict[Any, Any] = super().construct_mapping(node, deep)
        return made


def _yaml(path: Path, where: str) -> Any:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot read {where} in {path.parent}: {error}") from error
    try:
        return yaml.load(text, _Strict)
    except yaml.YAMLError as error:
        raise InputError(f"{where} is not YAML: {error}") from error


def _unique(placed: list[Placed]) -> None:
    seen: dict[str, str] = {}
    named: dict[str, str] = {}
    orders: dict[int, str] = {}
    for where, item in placed:
        if item.id in seen:
            raise InputError(f"{where}: the id {item.id} is already used in {seen[item.id]}")
        seen[item.id] = where
        title = getattr(item, "name", getattr(item, "title", item.id)).casefold()
        if title in named:
            raise InputError(f"{where}: {item.id} has the same name as {named[title]}")
        named[title] = item.id
        if isinstance(item, Tactic):
            if item.order in orders:
                raise InputError(f"{where}: {item.id} has the same order as {orders[item.order]}")
            orders[item.order] = item.id


def _references(kinds: Mapping[str, list[Placed]]) -> None:
    ids = {kind: {item.id for _, item in placed} for kind, placed in kinds.items()}

    def check(where: str, wanted: Iterable[str], kind: str) -> None:
        for name in wanted:
            if name not in ids[kind]:
                hint = nearest(name, ids[kind])
                raise InputError(f"{where}: {name!r} is not one of the {kind}{hint}")

    granted = {name for _, item in kinds["techniques"] for name in item.grants}
    given = {item.id for _, item in kinds["capabilities"] if item.given}
    for where, item in kinds["techniques"]:
        check(where, [item.parent] if item.parent else [], "techniques")
        for kind in ("tactics", "components", "assets", "actors"):
            check(where, getattr(item, kind), kind)
        check(where, item.grants, "capabilities")
        _requirement(where, item.requires, granted | given, check)
        check(where, _ids(item.evidence), "evidence")
    for where, item in kinds["mitigations"]:
        check(where, item.components, "components")
        for edge in item.mitigates:
            check(where, [edge.technique], "techniques")
            check(where, _ids(edge.evidence), "evidence")
    for where, item in kinds["evidence"]:
        check(where, [item.source], "sources")
        check(where, item.contradicts, "evidence")


def _requirement(where: str, requires: Requirement, obtainable: set[str], check: Any) -> None:
    check(where, sorted(requires.capabilities), "capabilities")
    for name in sorted(requires.capabilities - obtainable):
        raise InputError(
            f"{where} requires {name!r}, which no technique grants; grant it or mark it 'given'"
        )


def _ids(evidence: tuple[str, ...] | str) -> tuple[str, ...]:
    return () if isinstance(evidence, str) else evidence
