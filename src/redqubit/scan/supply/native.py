"""Machine code among files: which there is, told by the first bytes, and its digest."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from redqubit.scan import tree
from redqubit.scan.finding import Skipped

HEAD: Final = 4_096
_MACH_O: Final = (
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
)


def form(head: bytes) -> str:
    """Return ``ELF``, ``Mach-O`` or ``PE`` for the start of a program or library, else nothing."""
    if head.startswith(b"\x7fELF"):
        return "ELF"
    if head.startswith(_MACH_O):
        return "Mach-O"
    if head.startswith(b"\xca\xfe\xba\xbe") and 0 < int.from_bytes(head[4:8], "big") < 20:
        return "Mach-O"  # of several processors; Java classes have a higher number there
    if head.startswith(b"MZ"):
        start = int.from_bytes(head[60:64], "little")
        return "PE" if head[start : start + 4] == b"PE\0\0" else ""
    return ""


def inventory(folders: Sequence[Path], exclude: Sequence[str] = ()) -> tuple[Path, ...]:
    """Return every program and library of machine code below folders, in order.

    Raises
    ------
    InputError
        A folder does not exist.
    """
    walked = tree.walk(
        folders, Path.cwd(), tree.Patterns(exclude), lambda _, regular: regular, _silent
    )
    return tuple(item for item in walked if isinstance(item, Path) and form(_head(item)))


def _silent(*_: object) -> Skipped | None:
    return None


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(HEAD)
    except OSError:
        return b""


def sources(path: Path) -> Iterator[Path]:
    """Yield files beside a library that it may have been built from."""
    stem = path.name.partition(".")[0].removeprefix("lib")
    for suffix in (".pyx", ".c", ".cc", ".cpp", ".cu", ".rs", ".f90", ".go"):
        for name in (stem, stem.lstrip("_")):
            candidate = path.with_name(name + suffix)
            if os.path.exists(candidate):
                yield candidate
