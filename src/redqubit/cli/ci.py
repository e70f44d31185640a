"""The command that writes a workflow for the user's own continuous integration."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from redqubit.cli.app import app


@app.command()
def ci(
    platform: Annotated[str, typer.Argument(help="github or gitlab.")],
    source: Annotated[str, typer.Option(help="Folder to scan.")] = ".",
    assessment: Annotated[
        str, typer.Option(help="Assessment file for the robustness gate; none, no gate.")
    ] = "",
    baseline: Annotated[str, typer.Option(help="Folder with the evidence to hold.")] = "baseline",
    branch: Annotated[str, typer.Option(help="Branch to guard.")] = "main",
    python: Annotated[str, typer.Option(help="Version of Python.")] = "3.12",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write; default standard output.")
    ] = None,
) -> None:
    """Write a workflow that scans, fuzzes and gates a project."""
    from redqubit.ci import PLATFORMS, render
    from redqubit.cli.files import write

    text = render(platform, source=source, assessment=assessment, baseline=baseline,
                  branch=branch, python=python)  # fmt: skip
    if output is not None and not output.parent.exists():
        output.parent.mkdir(parents=True)
    write(output, text)
    if output is None:
        typer.echo(f"save it as {PLATFORMS[platform][1]}", err=True)
