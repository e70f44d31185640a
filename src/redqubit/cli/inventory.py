"""Commands that say what redqubit knows and whether it is well installed."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from redqubit import __version__
from redqubit.cli.app import app
from redqubit.core.errors import unknown

KINDS = ("attacks", "defenses", "datasets", "encoders", "ansatze", "techniques")


@app.command(name="list")
def list_command(
    kind: Annotated[str, typer.Argument(help=f"One of {', '.join(KINDS)}.")],
) -> None:
    """List what redqubit knows: attacks, defenses, data sets, encoders, ansatze, techniques."""
    if kind not in KINDS:
        raise unknown("kind", kind, KINDS)
    for name, identifier, title in _listing(kind):
        typer.echo(f"{name:<26} {identifier:<16} {title}".rstrip())


@app.command()
def doctor() -> None:
    """Say what is installed, what each missing extra would bring, and whether the engine agrees."""
    import importlib.metadata
    import platform

    typer.echo(f"redqubit {__version__}, Python {platform.python_version()}, {platform.machine()}")
    typer.echo(f"cores: {os.cpu_count()}")
    missing = []
    for package, extra in (
        ("numpy", ""),
        ("torch", "assess"),
        ("qiskit", "assess"),
        ("scikit-learn", "assess"),
        ("distributed", "assess"),
        ("pennylane", "pennylane"),
    ):
        try:
            typer.echo(f"{package} {importlib.metadata.version(package)}")
        except importlib.metadata.PackageNotFoundError:
            missing.append(extra)
            typer.echo(f"{package} is missing; run: pip install 'redqubit[{extra}]'")
    if "assess" in missing:
        raise typer.Exit(3)
    from redqubit.assess.execute import self_test

    ok, sentence = self_test()
    typer.echo(sentence)
    raise typer.Exit(0 if ok else 3)


def _listing(kind: str) -> list[tuple[str, str, str]]:
    if kind == "techniques":
        from redqubit import killchain

        return [(item.id, "", item.name) for item in killchain.load().techniques]
    if kind == "attacks":
        from redqubit import attacks

        return [(item.name, item.technique, item.title) for item in attacks.ALL]
    if kind == "defenses":
        from redqubit import defenses

        return [(item.name, item.mitigation, item.title) for item in defenses.ALL]
    if kind == "datasets":
        from redqubit.models import datasets

        return [(name, "", "") for name in datasets.NAMES]
    from redqubit import circuits

    functions = circuits.ENCODERS if kind == "encoders" else circuits.ANSATZE
    return [(item.__name__, "", (item.__doc__ or "").strip().split("\n")[0]) for item in functions]
