"""The command that stops a release which is less robust than the one before."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from redqubit.cli.app import app
from redqubit.cli.output import FormOption, show
from redqubit.core.errors import InputError


@app.command()
def gate(
    folder: Annotated[Path, typer.Argument(help="Folder of the new run.")] = Path("out"),
    baseline: Annotated[Path, typer.Option(help="Folder of the run to hold it against.")] = Path(
        "baseline"
    ),
    tolerance: Annotated[
        float, typer.Option(help="What may be lost beyond the interval, from 0 to 1.")
    ] = 0.0,
    form: FormOption = "auto",
) -> None:
    """Fail when accuracy, clean, attacked or certified, fell by more than chance.

    Exit code 1 if something is worse, 3 if the new run lacks what the earlier one measured.
    """
    from redqubit.assess.regression import compare
    from redqubit.assess.store import Store

    runs = []
    for path in (baseline, folder):
        evidence = Store(path).read() if path.is_dir() else []
        if not evidence:
            raise InputError(f"{path} holds no evidence; run 'redqubit assess -o {path}' first")
        runs.append(evidence)
    before, after = runs
    rows = compare(before, after, tolerance)
    cells = [
        (
            row.verdict,
            row.name or "model",
            row.what,
            str(row.before),
            str(row.after or "none"),
            "" if row.lost is None else f"{row.lost:+.3f} [{row.low:+.3f}, {row.high:+.3f}]",
        )
        for row in sorted(rows, key=lambda row: row.verdict == "no worse")
    ]
    show(form, ("verdict", "of", "rate", "before", "after", "lost"), cells, rows)
    verdicts = [row.verdict for row in rows]
    counts = {name: verdicts.count(name) for name in ("worse", "missing", "no worse")}
    typer.echo(", ".join(f"{count} {name}" for name, count in counts.items()), err=True)
    raise typer.Exit(1 if counts["worse"] else 3 if counts["missing"] else 0)
