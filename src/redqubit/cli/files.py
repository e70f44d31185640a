"""Writing what a command made: to a file or to standard output."""

from __future__ import annotations

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
