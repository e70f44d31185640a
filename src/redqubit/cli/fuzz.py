"""Commands that look for failures with generated circuits, payloads and inputs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from redqubit.cli.app import app
from redqubit.cli.files import write
from redqubit.cli.output import FailOn, FindingsFormat, bar, print_findings
from redqubit.cli.progress import Line
from redqubit.core.errors import InputError, unknown

if TYPE_CHECKING:
    from redqubit.scan.fuzz.campaign import Campaign

commands = typer.Typer(
    name="fuzz",
    help="Look for failures with generated circuits, payloads and inputs.",
    no_args_is_help=True,
)
app.add_typer(commands)

SecondsOption = Annotated[float | None, typer.Option(help="Time to spend.", min=0.1)]
SeedOption = Annotated[int, typer.Option(help="Seed; the same seed makes the same cases.", min=0)]
CorpusOption = Annotated[
    Path | None, typer.Option(help="Folder that keeps failing cases and where to go on.")
]
OutputOption = Annotated[
    Path | None, typer.Option("--output", "-o", help="File to write; default standard output.")
]


@commands.command()
def circuits(
    seconds: SecondsOption = None,
    count: Annotated[
        int | None, typer.Option("--circuits", help="How many circuits.", min=1)
    ] = None,
    qubits: Annotated[int, typer.Option(help="Qubits of a circuit.", min=1, max=10)] = 4,
    depth: Annotated[int, typer.Option(help="Layers of a circuit.", min=1, max=200)] = 6,
    oracle: Annotated[
        list[str] | None, typer.Option(help="Only this oracle (M01); repeatable.")
    ] = None,
    seed: SeedOption = 0,
    corpus: CorpusOption = None,
    form: FindingsFormat = "table",
    output: OutputOption = None,
    fail_on: FailOn = "low",
    progress: Annotated[bool, typer.Option(help="Show progress on a terminal.")] = True,
) -> None:
    """Send random circuits through compilers, formats and simulators that must agree.

    Exit code 1 for findings at or over --fail-on, 3 if an oracle could not run.
    """
    from redqubit.scan.fuzz.circuit import fuzz_circuits

    _checked(form, fail_on)
    if seconds is None and count is None:
        raise InputError("say how long (--seconds) or how many (--circuits)")
    with Line(progress) as line:
        campaign = fuzz_circuits(
            oracle,
            seconds=seconds,
            circuits=count,
            seed=seed,
            corpus=corpus,
            progress=line.show,
            qubits=qubits,
            depth=depth,
        )
    _report(campaign, form, output, fail_on)


@commands.command()
def payloads(
    seconds: Annotated[float, typer.Option(help="Time to spend.", min=0.1)] = 60.0,
    target: Annotated[
        list[str] | None, typer.Option(help="Only this parser; repeatable. Default: all installed.")
    ] = None,
    seed: SeedOption = 0,
    corpus: CorpusOption = None,
    form: FindingsFormat = "table",
    output: OutputOption = None,
    fail_on: FailOn = "low",
    progress: Annotated[bool, typer.Option(help="Show progress on a terminal.")] = True,
) -> None:
    """Send mutated and hostile circuits to installed parsers, in forked and limited workers."""
    from redqubit.scan.fuzz.payload import choose, fuzz_payloads

    _checked(form, fail_on)
    with Line(progress) as line:
        campaign = fuzz_payloads(
            choose(target or ()), seconds=seconds, seed=seed, corpus=corpus, progress=line.show
        )
    _report(campaign, form, output, fail_on)


@commands.command()
def model(
    reference: Annotated[
        str,
        typer.Argument(help="package.module:name of a Model; this imports and runs that module."),
    ],
    seconds: SecondsOption = None,
    examples: Annotated[int, typer.Option(help="Batches for each oracle.", min=1)] = 50,
    oracle: Annotated[
        list[str] | None, typer.Option(help="Only this oracle (M14); repeatable.")
    ] = None,
    seed: SeedOption = 0,
    corpus: CorpusOption = None,
    form: FindingsFormat = "table",
    output: OutputOption = None,
    fail_on: FailOn = "low",
    progress: Annotated[bool, typer.Option(help="Show progress on a terminal.")] = True,
) -> None:
    """Check what must hold for your model: periods, gradients, batches, shot noise, odd inputs."""
    from redqubit.scan.fuzz.model import fuzz_model, load

    _checked(form, fail_on)
    if "" not in sys.path:
        sys.path.insert(0, "")  # the module lies where the command is run, as with python -m
    with Line(progress) as line:
        campaign = fuzz_model(
            load(reference),
            oracle,
            name=reference,
            examples=examples,
            seconds=seconds,
            seed=seed,
            corpus=corpus,
            progress=line.show,
        )
    _report(campaign, form, output, fail_on)


def _checked(form: str, fail_on: str) -> None:
    """Refuse a typing error before the time is spent."""
    from redqubit.scan.output import FORMATS

    bar(fail_on)
    if form not in FORMATS:
        raise unknown("format", form, FORMATS)


def _report(campaign: Campaign, form: str, output: Path | None, fail_on: str) -> None:
    from redqubit.scan.fuzz.about import oracles
    from redqubit.scan.output import render

    text = render(campaign.result, oracles(), form)
    if output is None and form == "table":
        print_findings(text)
    else:
        write(output, text)
    for name, counts in sorted(campaign.verdicts.items()):
        told = ", ".join(f"{count:,} {outcome}" for outcome, count in counts.items() if count)
        typer.echo(f"{name}: {told}", err=True)
    typer.echo(
        f"seed {campaign.seed}: {campaign.cases:,} cases in {campaign.seconds:.1f} s, "
        f"{campaign.rate:,.0f}/s",
        err=True,
    )
    limit = bar(fail_on)
    raise typer.Exit(campaign.result.exit_code(limit) if limit else 3 * bool(campaign.skipped))
