"""Machine code or compiled Python stands among the sources, and nobody can review it.

## What

Programs and libraries of machine code (ELF, Mach-O, PE, told by their bytes) checked in or packed
into an archive, without a source file of the same name beside them; and `.pyc` files whose `.py` is
missing.

## Why bad

A reviewer, this scanner and every other one see the sources; what runs is the binary. A simulator
extension or a compiled module exchanged in a release shows in no diff.

## Example

`simulator/_kernels.so` was committed years ago; the C++ file it came from lives in another branch.

## Instead

Build it from source in CI, or fetch the wheel of a pinned version with its hash; list what must
stay with its digest in a signed manifest (`redqubit manifest create --key`) and in the bill of
materials (`redqubit bom`).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from redqubit.scan.finding import Severity
from redqubit.scan.supply import native
from redqubit.scan.supply.data import Context
from redqubit.scan.supply.hit import Hit, Report

ID: Final = "DEP-06"
NAME: Final = "Code without its source"
SEVERITY: Final[Severity] = "low"
CWE: Final = (1357, 829)
FRAMEWORKS: Final = ("*",)
ADVICE: Final = "build it from source in CI, or pin where it comes from with a digest"


def check(path: Path, head: bytes) -> Iterator[Report]:
    """Report a file of code whose source is not beside it; ``head`` are its first bytes."""
    if path.suffix == ".pyc":
        if not path.with_suffix(".py").exists():
            yield _hit(f"{path.name} is compiled Python without its {path.stem}.py", path.name)
        return
    form = native.form(head)
    if form and next(native.sources(path), None) is None:
        yield _hit(f"{path.name} is machine code ({form}) without its source", path.name)


def packed(head: bytes, context: Context) -> Iterator[Report]:
    """Note machine code inside an archive."""
    form = native.form(head)
    if form:
        inner = context.name.partition("!")[2]
        yield _hit(f"{context.name} is machine code ({form})", inner, "note")


def _hit(problem: str, key: str, severity: Severity = SEVERITY) -> Hit:
    return Hit(ID, severity, problem, key)
