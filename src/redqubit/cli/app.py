"""The application that the command modules register with, and its one way to fail."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from redqubit import __version__
from redqubit.core.errors import RedqubitError, missing_extra

app = typer.Typer(
    name="redqubit",
    help="Security workbench for quantum machine learning: what can attack your model, measured "
    "on your model.\n\n"
    "Exit codes: 0 clean, 1 findings at or over --fail-on, 2 usage, 3 incomplete.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

EXTRAS = (
    {"cryptography": "sign", "pennylane": "pennylane"}
    | dict.fromkeys(("fastapi", "jinja2", "uvicorn"), "serve")
    | dict.fromkeys(
        ("dask", "distributed", "qiskit", "safetensors", "scipy", "sklearn", "torch"), "assess"
    )
)


def _version(show: bool) -> None:
    if show:
        typer.echo(f"redqubit {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    pass


def main() -> None:
    """Run the command line and turn redqubit's own errors into one sentence and exit code 2."""
    try:
        app()
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package not in EXTRAS:
            raise
        typer.echo(f"redqubit: {missing_extra(package, EXTRAS[package], 'this command')}", err=True)
        sys.exit(2)
    except RedqubitError as error:
        typer.echo(f"redqubit: {error}", err=True)
        sys.exit(2)
