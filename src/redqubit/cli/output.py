"""How commands show records: a table on a terminal, JSON elsewhere, or as asked."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from redqubit.core.errors import unknown

if TYPE_CHECKING:
    from redqubit.scan.finding import Severity

FORMS = ("auto", "table", "json")
FormOption = Annotated[
    str,
    typer.Option(
        "--format", "-f", help="table, json, or auto: a table on a terminal, JSON elsewhere."
    ),
]


FindingsFormat = Annotated[
    str, typer.Option("--format", "-f", help="table, json, sarif, gitlab, junit or markdown.")
]
FailOn = Annotated[
    str, typer.Option(help="Exit with 1 at this severity: note to critical, or never.")
]
_COLORS: Final[dict[str, dict[str, Any]]] = {
    "critical": {"fg": "bright_red", "bold": True},
    "high": {"fg": "red", "bold": True},
    "medium": {"fg": "yellow"},
    "low": {"fg": "cyan"},
    "note": {"dim": True},
}


def bar(fail_on: str) -> Severity | None:
    """Return the severity from which on a command fails, None for ``never``."""
    from redqubit.core import record
    from redqubit.scan.finding import Severity

    if fail_on == "never":
        return None
    limit: Severity = record.convert(Severity, fail_on, "--fail-on")
    return limit


def print_findings(text: str) -> None:
    """Print a table of findings; on a terminal its severities have colors."""
    typer.echo("".join(map(_colored, text.splitlines(keepends=True))), nl=False)


def _colored(line: str) -> str:
    word, space, rest = line.partition(" ")
    style = _COLORS.get(word) if sys.stdout.isatty() and "NO_COLOR" not in os.environ else None
    return line if style is None else f"{typer.style(word, **style)}{space}{rest}"


def wants_table(form: str) -> bool:
    """Say whether to print a table; InputError for a form that is not one of the three."""
    if form not in FORMS:
        raise unknown("format", form, FORMS)
    return form == "table" or (form == "auto" and sys.stdout.isatty())


def show(form: str, head: Sequence[str], rows: Iterable[Sequence[str]], data: Any) -> None:
    """Print rows under a head as a table, or the data behind them as JSON."""
    if wants_table(form):
        table(head, rows)
    else:
        print_json(data)


def print_json(data: Any) -> None:
    """Print plain data or records as indented JSON."""
    import json

    from redqubit.core import record

    typer.echo(json.dumps(record.to_json(data), indent=2, ensure_ascii=False))


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print an aligned table: with borders and colors on a terminal, plain text elsewhere."""
    rows = [[str(cell) for cell in row] for row in rows]
    if not sys.stdout.isatty():
        widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
        for row in [list(head), *rows]:
            cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            typer.echo("  ".join(cells).rstrip())
        return
    from rich.console import Console
    from rich.table import Table

    grid = Table(header_style="bold", row_styles=["", "dim"], expand=False)
    for name in head:
        grid.add_column(name, no_wrap=name == "id")
    for row in rows:
        grid.add_row(*(_plain(cell) for cell in row))
    Console().print(grid)


def _plain(cell: str) -> str:
    from rich.markup import escape

    return escape(cell)


def percent(share: float) -> str:
    """Return a share in percent, with small ones told from nothing."""
    if 0 < share < 0.001:
        return "<0.1 %"
    return f"{100 * share:.1f} %" if share < 0.1 else f"{100 * share:.0f} %"
