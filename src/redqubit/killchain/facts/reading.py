"""From a file to its facts, by the kind of file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from redqubit.core.errors import InputError
from redqubit.killchain.facts.fact import Found
from redqubit.killchain.facts.openqasm import openqasm
from redqubit.killchain.facts.packages import pyproject, requirements
from redqubit.killchain.facts.python import python

BYTES: Final = 4 * 2**20
SUFFIXES: Final[dict[str, Callable[[str, str], tuple[Found, ...]]]] = {
    ".py": python,
    ".qasm": openqasm,
    ".qasm3": openqasm,
    ".txt": requirements,
    ".toml": pyproject,
}


def read(path: Path) -> tuple[Found, ...]:
    """Read the facts of a Python file, an OpenQASM circuit, a requirements file or a pyproject.

    Nothing is imported or executed.

    Raises
    ------
    InputError
        The file cannot be read, is over 4 MiB, of another kind, or not what its name says.
    """
    kind = SUFFIXES.get(path.suffix.casefold())
    if kind is None:
        raise InputError(
            f"{path}: facts are read from {', '.join(SUFFIXES)}, not from {path.suffix or 'this'}"
        )
    try:
        if path.stat().st_size > BYTES:
            raise InputError(f"{path} has over {BYTES // 2**20} MiB; nothing of that size is read")
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8 text: {error.reason}") from error
    return kind(text, path.name)
