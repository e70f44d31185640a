"""The whole kill chain as one document, YAML or JSON, and back without loss."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

from redqubit.core import record
from redqubit.core.errors import InputError
from redqubit.killchain.document import Document
from redqubit.killchain.exchange.fields import Fields
from redqubit.killchain.exchange.text import as_json, as_yaml
from redqubit.killchain.load import KINDS, order
from redqubit.killchain.model import Edition, KillChain
from redqubit.killchain.reference import Placed, dangling, repeated

FORMAT: Final = "1"  # major version of the schema that is read


def write(chain: KillChain, form: Literal["yaml", "json"] = "yaml") -> str:
    """Return a kill chain as one document that `read` turns into an equal one."""
    data = record.to_json(chain)
    return as_json(data) if form == "json" else as_yaml(data)


def read(source: Document) -> KillChain:
    """Read a kill chain that `write` wrote, or one of the same schema in any order.

    Raises
    ------
    InputError
        An unknown format version, a key that is unknown, missing or of the wrong type, an id that
        is malformed, used twice or points nowhere; the message names file, line and key.
    """
    top = Fields.root(source)
    stated = top.part("edition")
    if stated is None:
        raise top.error("lacks the key 'edition', which every kill chain has")
    known_format(stated.text("format"), stated, "format")
    edition = item(Edition, stated)
    for key in top.data:
        if key != "edition" and key not in KINDS:
            raise top.error(f"a kill chain has no {key!r}; it has edition, {', '.join(KINDS)}", key)
    placed = {
        name: [Placed(source, item(kind.cls, found), found.path) for found in top.each(name)]
        for name, kind in KINDS.items()
    }
    return assemble(edition, placed)


def known_format(version: str, fields: Fields, key: str) -> None:
    """Check that a format version is one that is read.

    Raises
    ------
    InputError
        It is not.
    """
    if not re.match(rf"{FORMAT}\.\d", version):
        raise fields.error(f"format {FORMAT}.x of a kill chain is read, got {version!r:.60}", key)


def item(cls: type[Any], fields: Fields) -> Any:
    """Build an object from a mapping of a document.

    Raises
    ------
    InputError
        A key is unknown, missing or of the wrong type; the message names file, line and key.
    """
    try:
        return record.from_json(cls, fields.data)
    except InputError as error:
        raise fields.error(str(error), error.path) from error
    except OverflowError as error:
        raise fields.error(f"a number is too large: {error}") from error


def assemble(edition: Edition, placed: Mapping[str, Sequence[Placed]]) -> KillChain:
    """Check objects against each other and put them together in their order.

    Raises
    ------
    InputError
        An id is malformed, used twice or points nowhere; the message names file, line and key.
    """
    for name, kind in KINDS.items():
        for entry in placed[name]:
            if not re.fullmatch(kind.pattern, entry.item.id):
                reads = f"an id of the {name} reads like {kind.pattern}, got {entry.item.id!r:.60}"
                raise InputError(entry.problem(reads, "id"))
    for check in (repeated, dangling):
        for problem in check(placed):
            raise InputError(problem)
    objects: dict[str, Any] = {
        name: tuple(sorted((entry.item for entry in entries), key=order))
        for name, entries in placed.items()
    }
    return KillChain(edition=edition, **objects)
