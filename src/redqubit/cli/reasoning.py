"""Commands that reason about attacks on a pipeline: paths, cuts, differences."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from redqubit.cli.killchain import commands
from redqubit.cli.output import FormOption, percent, print_json, table, wants_table
from redqubit.cli.threat import measured
from redqubit.core.errors import InputError, unknown

if TYPE_CHECKING:
    from redqubit.killchain import KillChain
    from redqubit.killchain.feasible import Least
    from redqubit.killchain.path import Path as Route
    from redqubit.killchain.system import Attacker, Pipeline

PipelineArgument = Annotated[Path, typer.Argument(help="Pipeline file; see 'redqubit init'.")]
ActorOption = Annotated[
    list[str] | None, typer.Option("--actor", help="Only this actor of the pipeline; repeatable.")
]
GoalOption = Annotated[
    str,
    typer.Option(
        help="asset:protection[:level], such as results:integrity:high, or the id of a capability "
        "or technique."
    ),
]
BlockOption = Annotated[
    list[str] | None, typer.Option("--with", help="A mitigation taken as in place; repeatable.")
]
StrengthOption = Annotated[
    str, typer.Option(help="How strong an edge must be to block: weak, partial, strong.")
]


@commands.command(name="path")
def path_command(
    file: PipelineArgument,
    goal: GoalOption = "results:integrity",
    actors: ActorOption = None,
    count: Annotated[int, typer.Option("--count", "-k", help="How many paths an actor.")] = 3,
    mitigations: BlockOption = None,
    strength: StrengthOption = "strong",
    runs: Annotated[
        Path | None, typer.Option(help="Folder of runs of 'redqubit assess' to weigh paths by.")
    ] = None,
    form: FormOption = "auto",
) -> None:
    """Find the cheapest attack paths to a goal; exit code 1 if there is one."""
    from redqubit import killchain
    from redqubit.killchain import likelihood
    from redqubit.killchain.feasible import blocked_by
    from redqubit.killchain.path import Goal, cheapest

    chain = killchain.load()
    pipeline, chosen = _scene(file, chain, actors)
    wanted = Goal.of(goal, chain)
    added = _mitigations(mitigations, chain)
    blocked = blocked_by((*pipeline.mitigations, *added), chain, _strength(strength))
    answers = {
        attacker.actor: cheapest(attacker, pipeline, wanted, chain, count, blocked=blocked)
        for attacker in chosen
    }
    found = [path for answer in answers.values() for path in answer.paths]
    own = measured(runs)
    chance = None
    if found:
        chance = likelihood.simulate(found, chain, pipeline, measured=own, mitigations=added)
    if wants_table(form):
        ranges = iter(chance.paths if chance else ())
        for actor, answer in answers.items():
            typer.echo(f"{chain.words[actor]}: {answer.note}")
            for i, path in enumerate(answer.paths, start=1):
                span = next(ranges)
                typer.echo(
                    f"\n  path {i}: effort {path.effort:.1f} person-days, "
                    f"success {percent(span.mean)} ({percent(span.low)} to {percent(span.high)})"
                )
                for line in _sentences(path, chain):
                    typer.echo(f"    {line}")
            typer.echo()
    else:
        print_json({"goal": str(wanted), "actors": answers, "likelihood": chance})
    raise typer.Exit(1 if found else 0)


@commands.command()
def cut(
    file: PipelineArgument,
    goal: GoalOption = "results:integrity",
    actors: ActorOption = None,
    strength: StrengthOption = "strong",
    form: FormOption = "auto",
) -> None:
    """Find the smallest set of mitigations after which no path to a goal is left."""
    from redqubit import killchain
    from redqubit.killchain.cut import choke_points, minimal_cut
    from redqubit.killchain.path import Goal

    chain = killchain.load()
    pipeline, chosen = _scene(file, chain, actors)
    wanted = Goal.of(goal, chain)
    answer = minimal_cut(chosen, pipeline, wanted, chain, least=_strength(strength))
    points = choke_points(chosen, pipeline, wanted, chain)
    if not wants_table(form):
        print_json({"goal": str(wanted), "cut": answer, "choke points": points})
        return
    typer.echo(answer.explanation)
    rows = [(name, getattr(chain.by_id[name], "name", "")) for name in answer.mitigations]
    if rows:
        table(("mitigation", "name"), rows)


@commands.command()
def diff(before: PipelineArgument, after: PipelineArgument, form: FormOption = "auto") -> None:
    """Say which techniques appear or vanish between two pipelines; exit code 1 if some appear."""
    from redqubit import killchain
    from redqubit.killchain import system
    from redqubit.killchain.compare import difference

    chain = killchain.load()
    answer = difference(system.read(before, chain), system.read(after, chain), chain)
    appeared = False
    rows = []
    for change in answer.actors:
        appeared = appeared or bool(change.appeared)
        for sign, names in (("+", change.appeared), ("-", change.vanished)):
            rows += [
                (sign, change.actor, name, getattr(chain.by_id[name], "name", "")) for name in names
            ]
    if wants_table(form):
        table(("", "actor", "id", "technique"), rows)
    else:
        print_json(answer)
    raise typer.Exit(1 if appeared else 0)


@commands.command(name="import")
def import_command(
    file: Annotated[Path, typer.Argument(help="File made by another tool or by export.")],
    name: Annotated[
        str, typer.Option("--as", help="Format of the file; see 'redqubit killchain formats'.")
    ],
    form: FormOption = "auto",
) -> None:
    """Read a file of another tool and show what it holds."""
    from redqubit.core import record
    from redqubit.killchain import document, exchange

    chosen = exchange.find(name)
    source = document.parse(document.text(file), str(file), chosen.form)
    held = exchange.read(name, source)
    data = record.to_json(held)
    if not wants_table(form):
        print_json(data)
        return
    if isinstance(data, dict):
        rows = [(key, str(len(value))) for key, value in data.items() if isinstance(value, list)]
        table(("kind", "count"), rows)
    else:
        typer.echo(f"{len(data)} entries")


def _scene(
    file: Path, chain: KillChain, names: list[str] | None
) -> tuple[Pipeline, tuple[Attacker, ...]]:
    from redqubit.killchain import system

    pipeline = system.read(file, chain)
    if not pipeline.actors:
        raise InputError(f"{file} lists no actors; add those you fear, as 'redqubit init' does")
    known = {attacker.actor for attacker in pipeline.actors}
    for name in names or ():
        if name not in known:
            raise unknown(f"actor of {file}", name, known)
    chosen = tuple(item for item in pipeline.actors if not names or item.actor in names)
    return pipeline, chosen


def _mitigations(names: list[str] | None, chain: KillChain) -> tuple[str, ...]:
    known = {item.id for item in chain.mitigations}
    for name in names or ():
        if name not in known:
            raise unknown("mitigation", name, known)
    return tuple(names or ())


def _strength(word: str) -> Least:
    from redqubit.core import record
    from redqubit.killchain.feasible import Least

    strength: Least = record.convert(Least, word, "--strength")
    return strength


def _sentences(path: Route, chain: KillChain) -> Iterator[str]:
    for i, step in enumerate(path.steps, start=1):
        name = getattr(chain.by_id[step.technique], "name", "")
        yield f"{i}. {step.technique} {name}"
        yield f"   {step.sentence}"
