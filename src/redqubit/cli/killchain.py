"""Commands that read, check and exchange the kill chain."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from redqubit.cli.app import app
from redqubit.cli.output import FormOption, print_json, show, table, wants_table
from redqubit.core.errors import InputError, nearest, unknown

if TYPE_CHECKING:
    from redqubit.killchain.model import Item, KillChain

commands = typer.Typer(
    name="killchain",
    help="The QML kill chain: look up, check, search for paths, exchange with other tools.",
    no_args_is_help=True,
)
app.add_typer(commands)

KINDS = (
    *("tactics", "techniques", "mitigations", "evidence", "cases", "claims", "challenges"),
    *("sources", "capabilities", "traits", "actors", "components", "assets"),
)
FolderOption = Annotated[
    Path | None, typer.Option("--data", help="Folder of another kill chain; default ours.")
]


@commands.command(name="list")
def list_command(
    kind: Annotated[str, typer.Argument(help=f"One of {', '.join(KINDS)}.")] = "techniques",
    tactic: Annotated[str | None, typer.Option(help="Only techniques of this tactic.")] = None,
    form: FormOption = "auto",
    data: FolderOption = None,
) -> None:
    """List the objects of one kind."""
    from redqubit import killchain

    if kind not in KINDS:
        raise unknown("kind", kind, KINDS)
    chain = killchain.load(data)
    items = getattr(chain, kind)
    if tactic is not None:
        if kind != "techniques":
            raise InputError(f"--tactic selects among techniques, not {kind}")
        known = {item.id for item in chain.tactics}
        if tactic not in known:
            raise unknown("tactic", tactic, known)
        items = [item for item in items if tactic in item.tactics]
    rows = [(item.id, _title(item), _detail(item)) for item in items]
    show(form, ("id", "name", "about"), rows, items)


@commands.command(name="show")
def show_command(
    identifier: Annotated[str, typer.Argument(help="An id such as QML.T0021.")],
    form: FormOption = "auto",
    data: FolderOption = None,
) -> None:
    """Show one object with everything that points to it."""
    from redqubit import killchain
    from redqubit.killchain.describe import describe

    chain = killchain.load(data)
    item = _find(chain, identifier)
    if wants_table(form):
        typer.echo(describe(item, chain), nl=False)
    else:
        print_json(item)


@commands.command()
def search(
    words: Annotated[list[str], typer.Argument(help="Words that all must occur.")],
    form: FormOption = "auto",
    data: FolderOption = None,
) -> None:
    """Find objects by words in any of their texts; exit code 1 if there is none."""
    from redqubit import killchain
    from redqubit.killchain.query import search as find

    found = find(killchain.load(data), words)
    show(form, ("id", "name", "about"), [(i.id, _title(i), _detail(i)) for i in found], found)
    raise typer.Exit(0 if found else 1)


@commands.command()
def lint(
    folder: Annotated[Path | None, typer.Argument(help="Folder; default ours.")] = None,
    form: FormOption = "auto",
) -> None:
    """Review a kill chain; exit code 1 if anything but honest gaps is found."""
    from redqubit.killchain.lint import lint as review
    from redqubit.killchain.load import DATA

    problems = review(folder or DATA)
    rows = [(p.level, p.place, p.key, f"{p.message} ({p.rule})") for p in problems]
    if not wants_table(form):
        print_json(problems)
    elif rows:
        table(("level", "place", "key", "what"), rows)
    levels = [problem.level for problem in problems]
    counts = ", ".join(f"{levels.count(name)} {name}s" for name in ("error", "warning", "gap"))
    typer.echo(counts, err=True)
    raise typer.Exit(1 if {"error", "warning"} & set(levels) else 0)


@commands.command()
def coverage(form: FormOption = "auto", data: FolderOption = None) -> None:
    """Say which techniques and mitigations redqubit runs, and how many of each tactic."""
    from redqubit import killchain
    from redqubit.killchain.query import coverage as count

    chain = killchain.load(data)
    rows = count(chain)
    if not wants_table(form):
        print_json({"tactics": rows, "executables": chain.executables})
        return
    head = ("tactic", "name", "techniques", "with evidence", "mitigated", "executed")
    table(head, [[str(value) for value in vars(row).values()] for row in rows])
    run = [
        (item.id, item.kind, f"redqubit {_command(item)}", item.title) for item in chain.executables
    ]
    table(("id", "kind", "command", "title"), run)


@commands.command()
def new(
    kind: Annotated[str, typer.Argument(help="technique, mitigation, evidence, case or claim.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write; default standard output.")
    ] = None,
    data: FolderOption = None,
) -> None:
    """Write the template of a new object, with the next free id."""
    from redqubit import killchain
    from redqubit.cli.files import write
    from redqubit.killchain.template import template

    identifier, text = template(kind, killchain.load(data))
    write(output, text)
    typer.echo(f"save it as {identifier}.yaml, then run 'redqubit killchain lint'", err=True)


@commands.command(name="export")
def export_command(
    name: Annotated[str, typer.Argument(help="Format; see 'redqubit killchain formats'.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write; default standard output.")
    ] = None,
    data: FolderOption = None,
) -> None:
    """Write the kill chain in the format of another tool.

    A format with a file for each object, such as attack-flow, takes a folder with --output.
    """
    from redqubit import killchain
    from redqubit.cli.files import write, write_all
    from redqubit.killchain import exchange

    chain = killchain.load(data)
    if exchange.find(name).write is None and output is not None:
        write_all(output, exchange.files(name, chain))
    else:
        write(output, exchange.write(name, chain))


@commands.command()
def formats(form: FormOption = "auto") -> None:
    """List the exchange formats: what each holds, what it cannot hold, which can be read."""
    from redqubit.killchain import exchange

    known: list[exchange.Format | exchange.PipelineFormat]
    known = [*exchange.FORMATS, *exchange.PIPELINE_FORMATS]
    rows = [
        (item.name, item.title, "read and write" if item.read else "write", " ".join(item.loses))
        for item in known
    ]
    data = [dict(zip(("name", "title", "direction", "loses"), row, strict=True)) for row in rows]
    show(form, ("name", "title", "direction", "cannot hold"), rows, data)


def _find(chain: KillChain, identifier: str) -> Item:
    wanted = identifier.strip()
    known = {name.casefold(): item for name, item in chain.by_id.items()}
    item = known.get(wanted.casefold()) or known.get(f"qml.{wanted}".casefold())
    if item is None:
        hint = nearest(wanted, chain.by_id)
        raise InputError(
            f"nothing has the id {wanted!r}{hint}; see 'redqubit killchain list' and 'search'"
        )
    return item


def _title(item: Any) -> str:
    for name in ("name", "title", "statement", "claim"):
        if text := getattr(item, name, ""):
            return str(text)
    return str(item.id)


def _detail(item: Any) -> str:
    for name in ("maturity", "kind", "verdict", "question", "meaning"):
        if text := getattr(item, name, ""):
            return str(text)
    if authors := getattr(item, "authors", ()):
        return f"{authors[0]}{' et al.' if len(authors) > 1 else ''} {item.year}"
    return str(getattr(item, "mark", ""))


def _command(item: Any) -> str:
    match item.kind:
        case "attack":
            return f"attack {item.name}"
        case "rule":
            return f"{'fuzz' if item.name.startswith('FUZ') else 'scan'} ({item.name})"
    return f"assess (defenses: [{item.name}])"
