"""The command that says what threatens a pipeline, and stops a build for it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from redqubit.cli.app import app
from redqubit.cli.files import write
from redqubit.cli.output import FORMS, percent, print_json, table, wants_table
from redqubit.core.errors import unknown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from redqubit.killchain import KillChain
    from redqubit.killchain.system import Pipeline
    from redqubit.killchain.threat import Threat

SEVERITIES = ("low", "medium", "high", "critical")
TOOLS = ("sarif", "navigator", "tm-bom", "otm", "threat-dragon")


@app.command()
def threat(
    file: Annotated[Path, typer.Argument(help="Pipeline file; see 'redqubit init'.")],
    fail_on: Annotated[
        str, typer.Option(help="Exit with 1 at this severity: never, low, medium, high, critical.")
    ] = "never",
    least: Annotated[str, typer.Option(help="Show findings from this severity on.")] = "medium",
    runs: Annotated[
        Path | None, typer.Option(help="Folder of runs of 'redqubit assess' to weigh paths by.")
    ] = None,
    form: Annotated[
        str, typer.Option("--format", "-f", help=f"One of {', '.join((*FORMS, *TOOLS))}.")
    ] = "auto",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write; default standard output.")
    ] = None,
) -> None:
    """Find what the attackers of a pipeline can bring about, worst first."""
    from redqubit import killchain
    from redqubit.killchain import system
    from redqubit.killchain.threat import threats

    if form not in (*FORMS, *TOOLS):
        raise unknown("format", form, (*FORMS, *TOOLS))
    for name, allowed in ((fail_on, ("never", *SEVERITIES)), (least, SEVERITIES)):
        if name not in allowed:
            raise unknown("severity", name, allowed)
    chain = killchain.load()
    pipeline = system.read(file, chain)
    found = threats(pipeline, chain, measured=measured(runs))
    shown = [item for item in found if SEVERITIES.index(item.severity) >= SEVERITIES.index(least)]
    if form in TOOLS:
        write(output, _tool(form, shown, pipeline, chain, file))
    elif output is None and wants_table(form):
        _print(shown, chain)
    elif output is None:
        print_json(shown)
    else:
        from redqubit.core import record

        write(output, record.canonical(shown) + "\n")
    counts = {name: sum(item.severity == name for item in found) for name in SEVERITIES}
    told = ", ".join(f"{counts[name]} {name}" for name in reversed(SEVERITIES))
    typer.echo(f"{told}; {len(found) - len(shown)} below {least} not shown", err=True)
    bar = len(SEVERITIES) if fail_on == "never" else SEVERITIES.index(fail_on)
    raise typer.Exit(int(any(counts[name] for name in SEVERITIES[bar:])))


def measured(folder: Path | None) -> Mapping[str, tuple[int, int]] | None:
    """Return what the runs in a folder measured, by technique; None without a folder."""
    from redqubit.assess.store import Store
    from redqubit.core.errors import InputError
    from redqubit.killchain import likelihood

    if folder is None:
        return None
    evidence = Store(folder).read() if folder.is_dir() else []
    if not evidence:
        raise InputError(f"{folder} holds no evidence; run 'redqubit assess -o {folder}' first")
    return likelihood.measured(evidence)


def _tool(
    name: str, found: Sequence[Threat], pipeline: Pipeline, chain: KillChain, file: Path
) -> str:
    from redqubit.killchain import exchange
    from redqubit.killchain.exchange import navigator
    from redqubit.killchain.feasible import reachable
    from redqubit.killchain.threat import sarif

    if name == "sarif":
        return sarif(found, file.as_posix(), chain)
    if name == "navigator":
        layers = []
        for attacker in pipeline.actors:
            verdicts = reachable(attacker, pipeline, chain).verdicts
            known = {key: (verdict.feasible, verdict.reason) for key, verdict in verdicts.items()}
            title = f"{pipeline.name}: {chain.words[attacker.actor]}"
            layers.append(navigator.feasibility(chain, known, name=title))
        return navigator.text(*layers)
    return exchange.find_for_pipeline(name).write(chain, pipeline, found)


def _print(found: Sequence[Threat], chain: KillChain) -> None:
    rows = [
        (
            item.severity,
            item.technique,
            getattr(chain.by_id[item.technique], "name", ""),
            chain.words[item.actor],
            chain.words[item.component],
            f"{item.effort:.1f}",
            percent(item.likelihood),
            ", ".join(item.mitigations[:3]),
        )
        for item in found
    ]
    head = ("severity", "id", "technique", "attacker", "component", "days", "chance", "would help")
    table(head, rows)
