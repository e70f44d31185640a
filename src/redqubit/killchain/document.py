"""The one door for YAML and JSON: bounded, without code, duplicate keys or endless references."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from redqubit.core.errors import InputError

BYTES: Final = 64 * 2**20
DEPTH: Final = 64
NODES: Final = 2_000_000  # with every reference written out
DIGITS: Final = 400  # of one number
SAFE: Final = 5_000  # calls deep, that any parser stands

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SCALARS: Final = {f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null")}
_COLLECTIONS: Final = ("tag:yaml.org,2002:map", "tag:yaml.org,2002:seq")


@dataclass(frozen=True)
class Document:
    """Plain data (mappings, lists, text, numbers, truth values, None) and where it stands."""

    data: Any
    where: str
    text: str

    def line(self, path: str) -> int | None:
        """Return the line, from 1, of an entry such as ``steps[2].tactic``; None if unknown.

        The deepest part of the path that exists counts, so a missing key leads to its parent.
        """
        try:
            node = yaml.compose(self.text, _Loader)
        except yaml.YAMLError:
            return None
        if node is None:
            return None
        line, rest = node.start_mark.line, path
        while rest:
            index = re.match(r"\.?\[(\d+)\]", rest)
            if isinstance(node, yaml.SequenceNode) and index and int(index[1]) < len(node.value):
                node, rest = node.value[int(index[1])], rest[index.end() :]
                line = node.start_mark.line
            elif isinstance(node, yaml.MappingNode):
                rest = rest.removeprefix(".")
                found = [pair for pair in node.value if _leads(pair[0].value, rest)]
                if not found:
                    break
                name, child = max(found, key=lambda pair: len(pair[0].value))
                line, node, rest = name.start_mark.line, child, rest[len(name.value) :]
            else:
                break
        return int(line) + 1

    def error(self, message: str, path: str = "") -> InputError:
        """Return an error that names file, line and key."""
        line = self.line(path)
        place = self.where if line is None else f"{self.where}:{line}"
        return InputError(f"{place}: {path}: {message}" if path else f"{place}: {message}")


def _leads(key: Any, path: str) -> bool:
    """Say whether a path begins with a key, which may itself hold dots."""
    return isinstance(key, str) and (path == key or path.startswith((f"{key}.", f"{key}[")))


def read(path: Path, where: str = "") -> Document:
    """Read a YAML or JSON file; JSON by its suffix ``.json``.

    Raises
    ------
    InputError
        The file cannot be read, is over 64 MiB or is not acceptable to `parse`.
    """
    where = where or str(path)
    return parse(text(path, where), where, form="json" if path.suffix == ".json" else "yaml")


def text(path: Path, where: str = "") -> str:
    """Return the text of a file of at most 64 MiB, as `read` would parse it."""
    where = where or str(path)
    try:
        if path.stat().st_size > BYTES:
            raise InputError(f"{where} has over {BYTES // 2**20} MiB; nothing of that size is read")
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(f"cannot read {where}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{where} is not UTF-8 text: {error.reason}") from error


def parse(text: str, where: str, form: str = "yaml") -> Document:
    """Turn untrusted text into plain data.

    Parameters
    ----------
    text
        At most 64 MiB.
    where
        How errors name it.
    form
        ``yaml`` or ``json``.

    Raises
    ------
    InputError
        Not of that form, nested over 64 deep, a key twice, a key that is not text, a number of over
        400 digits, half of a surrogate pair, a reference to itself, references that unfold to over
        two million values, or a tag that asks for an object. The message names file and line.
    """
    if len(text) > BYTES:
        raise InputError(f"{where} has over {BYTES // 2**20} MiB; nothing of that size is read")
    data = _json(text, where) if form == "json" else _yaml(text, where)
    if "\\u" in text and _surrogate(data):
        raise InputError(f"{where}: holds half of a surrogate pair, which is no character")
    return Document(data, where, text)


def _json(text: str, where: str) -> Any:
    def pairs(items: Sequence[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(items)
        if len(made) < len(items):
            names = [name for name, _ in items]
            twice = next(name for name in names if names.count(name) > 1)
            line = text[: _second(text, twice)].count("\n") + 1
            raise InputError(f"{where}:{line}: the key {twice!r} is given twice")
        return made

    def number(digits: str) -> int | float:
        if len(digits) > DIGITS:
            raise InputError(f"{where}: a number has {len(digits)} digits; {DIGITS} are read")
        return int(digits) if digits.lstrip("-").isdigit() else float(digits)

    def constant(name: str) -> None:
        raise InputError(f"{where}: {name} is not a number JSON knows")

    try:
        data = json.loads(
            text,
            object_pairs_hook=pairs,
            parse_int=number,
            parse_float=number,
            parse_constant=constant,
        )
    except json.JSONDecodeError as error:
        raise InputError(f"{where}:{error.lineno}: not JSON: {error.msg}") from error
    except RecursionError:
        raise InputError(f"{where}: nested deeper than {DEPTH}") from None
    if _deeper(data, DEPTH):
        raise InputError(f"{where}: nested deeper than {DEPTH}")
    return data


def _surrogate(data: Any) -> bool:
    if isinstance(data, dict):
        return any(_surrogate(key) or _surrogate(value) for key, value in data.items())
    if isinstance(data, list):
        return any(map(_surrogate, data))
    return isinstance(data, str) and any("\ud800" <= letter <= "\udfff" for letter in data)


def _second(text: str, key: str) -> int:
    first = text.find(f'"{key}"')
    return max(text.find(f'"{key}"', first + 1), 0)


def _deeper(data: Any, left: int) -> bool:
    if isinstance(data, dict):
        data = list(data.values())
    if not isinstance(data, list):
        return False
    return left == 0 or any(_deeper(item, left - 1) for item in data)


def _yaml(text: str, where: str) -> Any:
    _shallow(text, where)
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        return None if node is None else _Build(loader, where).value(node, 0)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = where if mark is None else f"{where}:{mark.line + 1}"
        reason = getattr(error, "problem", None) or str(error)
        raise InputError(f"{place}: not YAML: {reason}") from error
    except RecursionError:
        raise InputError(f"{where}: nested deeper than {DEPTH}") from None
    finally:
        loader.dispose()


def _shallow(text: str, where: str) -> None:
    """Refuse text nested so deep that the parser, which calls itself, would run out of stack."""
    brackets = text.count("[") + text.count("{")
    longest = max(map(len, text.splitlines()), default=0)
    if brackets + 2 * longest < SAFE:  # two levels a column are the most that blocks can nest
        return
    depth = 0
    try:
        for event in yaml.parse(text, _Loader):
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if depth > DEPTH:
                line = event.start_mark.line + 1  # type: ignore[union-attr]  # text has marks
                raise InputError(f"{where}:{line}: nested deeper than {DEPTH}")
    except yaml.YAMLError:
        return  # said with its line by the parser proper


class _Build:
    """Plain data from YAML nodes; a node that is referred to again is built and counted once."""

    def __init__(self, loader: Any, where: str) -> None:
        self.loader, self.where = loader, where
        self.built: dict[int, tuple[Any, int, int]] = {}  # by node: value, size, height
        self.open: set[int] = set()

    def value(self, node: Any, depth: int) -> Any:
        return self.sized(node, depth)[0]

    def sized(self, node: Any, depth: int) -> tuple[Any, int, int]:
        known = self.built.get(id(node))
        if known is None:
            if id(node) in self.open:
                raise self.error(node, "refers to itself")
            self.open.add(id(node))
            known = self.made(node, depth)
            self.open.discard(id(node))
            self.built[id(node)] = known
        _, size, height = known
        if size > NODES:
            raise self.error(node, f"references unfold to over {NODES:,} values")
        if depth + height > DEPTH:
            raise self.error(node, f"nested deeper than {DEPTH}")
        return known

    def made(self, node: Any, depth: int) -> tuple[Any, int, int]:
        if depth > DEPTH:
            raise self.error(node, f"nested deeper than {DEPTH}")
        size, height = 1, 0
        if isinstance(node, yaml.ScalarNode):
            return self.scalar(node), 1, 0
        if node.tag not in _COLLECTIONS:
            raise self.error(node, f"the tag {node.tag!r} asks for more than plain data")
        if isinstance(node, yaml.SequenceNode):
            entries = []
            for child in node.value:
                item, count, tall = self.sized(child, depth + 1)
                entries.append(item)
                size, height = size + count, max(height, tall + 1)
            return entries, size, height
        mapping: dict[str, Any] = {}
        for key_node, child in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise self.error(key_node, "a key must be text")
            key = key_node.value
            if key in mapping:
                raise self.error(key_node, f"the key {key!r} is given twice")
            item, count, tall = self.sized(child, depth + 1)
            mapping[key] = item
            size, height = size + count, max(height, tall + 1)
        return mapping, size, height

    def scalar(self, node: Any) -> Any:
        if node.tag == "tag:yaml.org,2002:str":
            return node.value
        if node.tag == "tag:yaml.org,2002:timestamp":
            return node.value  # a date stays the text it was
        if node.tag not in _SCALARS:
            raise self.error(node, f"the tag {node.tag!r} asks for more than plain data")
        if node.tag.endswith(("int", "float")) and len(node.value) > DIGITS:
            raise self.error(node, f"a number has {len(node.value)} digits; {DIGITS} are read")
        try:
            return self.loader.construct_object(node)
        except ValueError as error:
            raise self.error(node, f"{node.value!r:.60} is not a value: {error}") from error

    def error(self, node: Any, message: str) -> InputError:
        return InputError(f"{self.where}:{node.start_mark.line + 1}: {message}")
