"""Jupyter notebooks as one Python text: cells joined in order, magics taken out, lines mapped."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from redqubit.core.errors import InputError
from redqubit.killchain import document

_CELL_MAGIC: Final = re.compile(r"^\s*%%(\w+)")
_PYTHON_MAGICS: Final = frozenset({"time", "timeit", "capture", "prun", "memit", "px"})
_LINE: Final = re.compile(r"^(\s*)(?:%%?\w|[!?]|[\w.\[\]'\"]+\?{1,2}\s*$)")
_ASSIGNED: Final = re.compile(r"^(\s*[\w, ]+=\s*)[%!]")
FLAGS: Final = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT


@dataclass(frozen=True, slots=True)
class Prose:
    """Text of a notebook that is not code: markdown or what a cell printed; cells count from 1."""

    cell: int
    text: str


@dataclass(frozen=True, slots=True)
class Notebook:
    """``code`` parses as Python; ``text`` is what was written, with the same lines.

    ``lines`` gives cell and line inside the cell, both from 1, for each line of the text.
    """

    text: str
    code: str
    lines: tuple[tuple[int, int], ...]
    prose: tuple[Prose, ...]
    broken: tuple[str, ...]


def read(text: str, where: str) -> Notebook | None:
    """Join a notebook's cells; None if its language is not Python.

    Raises
    ------
    InputError
        Not JSON, or not shaped like a notebook.
    """
    data = document.parse(text, where, form="json").data
    cells = data.get("cells") if isinstance(data, dict) else None
    if cells is None and isinstance(data, dict) and isinstance(data.get("worksheets"), list):
        sheets = [sheet for sheet in data["worksheets"] if isinstance(sheet, dict)]
        cells = [cell for sheet in sheets for cell in sheet.get("cells") or []]
    if not isinstance(cells, list):
        raise InputError(f"{where}: not a notebook: it has no list of cells")
    if _language(data) not in {"", "python"}:
        return None
    written: list[str] = []
    code: list[str] = []
    lines: list[tuple[int, int]] = []
    prose: list[Prose] = []
    broken: list[str] = []
    for number, cell in enumerate(cells, 1):
        if not isinstance(cell, dict):
            raise InputError(f"{where}: cell {number} is not a mapping")
        source = _joined(cell.get("source", cell.get("input", "")))
        if cell.get("cell_type") != "code":
            prose.append(Prose(number, source))
            continue
        prose += [Prose(number, told) for told in _outputs(cell.get("outputs")) if told]
        before = source.split("\n")
        after = before
        reason = _broken("\n".join(before))
        if reason:
            after = _neutral(before)
            reason = _broken("\n".join(after))
        if reason:
            broken.append(f"cell {number}: {reason}")
            after = ["" for _ in after]
        written += before
        code += after
        lines += [(number, line) for line in range(1, len(before) + 1)]
    return Notebook("\n".join(written), "\n".join(code), tuple(lines), tuple(prose), tuple(broken))


def _language(data: dict[str, Any]) -> str:
    metadata = data.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    for key, name in (("kernelspec", "language"), ("language_info", "name")):
        part = metadata.get(key)
        if isinstance(part, dict) and isinstance(part.get(name), str):
            return str(part[name]).lower().rstrip("3")
    return ""


def _joined(source: Any) -> str:
    if isinstance(source, list):
        source = "".join(item for item in source if isinstance(item, str))
    return source.replace("\r\n", "\n") if isinstance(source, str) else ""


def _outputs(outputs: Any) -> Iterator[str]:
    for output in outputs if isinstance(outputs, list) else ():
        if not isinstance(output, dict):
            continue
        yield _joined(output.get("text", ""))
        yield _joined(output.get("traceback", ""))
        data = output.get("data")
        if isinstance(data, dict):
            yield from (_joined(item) for kind, item in data.items() if "image" not in kind)


def _neutral(lines: list[str]) -> list[str]:
    """Return the lines with magics and shell lines turned into comments or ``None``."""
    for number, line in enumerate(lines):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        magic = _CELL_MAGIC.match(line)
        if magic is None:
            break
        if magic[1] not in _PYTHON_MAGICS:
            return ["" for _ in lines]
        lines = [*lines[:number], "", *lines[number + 1 :]]
    kept = []
    inside = False  # a shell line that a backslash continues
    for line in lines:
        continued = inside
        shell = None if continued else _LINE.match(line)
        assigned = None if continued or shell else _ASSIGNED.match(line)
        inside = bool(continued or shell or assigned) and line.endswith("\\")
        if continued:
            kept.append("")
        elif shell:
            indent = line[: len(line) - len(line.lstrip())]
            kept.append(f"{indent}pass" if indent and line.strip() else "")
        else:
            kept.append(f"{assigned[1]}None" if assigned else line)
    return kept


def _broken(code: str) -> str:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(code, "cell", "exec", FLAGS)
    except SyntaxError as error:
        return f"not Python (line {error.lineno}: {error.msg})"
    except (ValueError, RecursionError, MemoryError):
        return "not Python"
    return ""
