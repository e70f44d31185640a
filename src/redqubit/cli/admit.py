"""The command that says what a circuit would cost, before any parser sees it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from redqubit.cli.app import app
from redqubit.cli.output import FormOption, print_json, table, wants_table
from redqubit.core.errors import InputError

if TYPE_CHECKING:
    from redqubit.core.admission import Limits


@app.command()
def admit(
    paths: Annotated[
        list[Path], typer.Argument(help="OpenQASM or QPY files, plain or packed; - for input.")
    ],
    qubits: Annotated[int | None, typer.Option(help="Most qubits.", min=1)] = None,
    gates: Annotated[
        int | None, typer.Option(help="Most operations after expansion.", min=1)
    ] = None,
    size: Annotated[int | None, typer.Option("--bytes", help="Most bytes.", min=1)] = None,
    form: FormOption = "auto",
) -> None:
    """Bound what circuits cost without parsing them; exit code 1 if one is refused."""
    from redqubit.core.admission import AdmissionError, estimate
    from redqubit.core.admission import admit as admitted

    limits = _limits(qubits=qubits, gates=gates, bytes=size)
    found: list[dict[str, Any]] = []
    for path in paths:
        data = _bytes(path, limits.bytes)
        try:
            admitted(data, limits)
            refused = ""
        except AdmissionError as error:
            refused = str(error)
        known = estimate(data[: limits.bytes], tokens=limits.tokens)
        found.append({"file": str(path), "refused": refused, "estimate": known})
    if wants_table(form):
        rows = [
            (
                item["file"],
                item["estimate"].kind,
                f"{item['estimate'].qubits:,}",
                f"{item['estimate'].gates:,}",
                item["refused"] or "admitted",
            )
            for item in found
        ]
        table(("file", "kind", "qubits", "operations", "verdict"), rows)
    else:
        print_json(found)
    raise typer.Exit(1 if any(item["refused"] for item in found) else 0)


def _limits(**given: int | None) -> Limits:
    """Return the default limits with those that are given."""
    from dataclasses import replace

    from redqubit.core.admission import DEFAULT

    known: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    return replace(DEFAULT, **known)


def _bytes(path: Path, most: int) -> bytes:
    """Read one byte more than may be admitted, so that a larger file is refused unread."""
    try:
        if str(path) == "-":
            return sys.stdin.buffer.read(most + 1)
        with path.open("rb") as file:
            return file.read(most + 1)
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror or error}") from error
