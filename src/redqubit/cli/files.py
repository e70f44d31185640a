"""Writing what a command made: to a file or to standard output."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import typer

from redqubit.core.errors import InputError


def write(path: Path | None, text: str) -> None:
    """Write text to a file, or print it when no file is named."""
    if path is None:
        typer.echo(text, nl=not text.endswith("\n"))
        return
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"cannot write {path}: {error.strerror}") from error
    typer.echo(f"wrote {path}", err=True)


def write_all(folder: Path, texts: Mapping[str, str]) -> None:
    """Write several files into a folder, which is made if it is not there."""
    try:
        for name, text in texts.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"cannot write into {folder}: {error.strerror}") from error
    typer.echo(f"wrote {len(texts)} files into {folder}", err=True)
