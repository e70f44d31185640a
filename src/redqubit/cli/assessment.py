"""Commands that run attacks and render what they found."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from redqubit.cli.app import app
from redqubit.cli.progress import Progress
from redqubit.core.errors import InputError, unknown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redqubit.assess.plan import Plan
    from redqubit.core.evidence import Evidence, Finding

FORMATS = {
    "html": "report.html",
    "md": "report.md",
    "sarif": "report.sarif",
    "junit": "report.junit.xml",
    "json": "report.json",
    "jsonl": "report.jsonl",
    "table": "report.txt",
}
FileArgument = Annotated[
    Path | None, typer.Argument(help="Assessment file; without one, the built-in digits pipeline.")
]
SeedOption = Annotated[int | None, typer.Option(help="Replace the seed of the file.")]
FormatOption = Annotated[
    str, typer.Option("--format", "-f", help=f"Comma-separated: {', '.join(FORMATS)}.")
]
FailOnOption = Annotated[
    str, typer.Option(help="Exit with 1 at this severity: never, low, medium, high, critical.")
]


@app.command()
def assess(
    file: FileArgument = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder of the run.")] = Path(
        "out"
    ),
    formats: FormatOption = "html",
    fail_on: FailOnOption = "never",
    workers: Annotated[
        int | None, typer.Option(help="Local processes, one thread each; default one a core.")
    ] = None,
    scheduler: Annotated[
        str | None, typer.Option(help="Address of a Dask scheduler, instead of local processes.")
    ] = None,
    seed: SeedOption = None,
    progress: Annotated[bool, typer.Option(help="Show progress on a terminal.")] = True,
) -> None:
    """Run every attack and defense of an assessment, judge the evidence and write the reports.

    The same command resumes a run that was interrupted: finished jobs are not computed again.
    """
    from redqubit.assess.policy import FailOn, exit_code
    from redqubit.assess.store import Store
    from redqubit.assess.sweep import run_plan
    from redqubit.core import record

    chosen = _formats(formats)
    severity: FailOn = record.convert(FailOn, fail_on, "--fail-on")
    plan = _plan(file, seed)
    store = Store(output)
    try:
        with Progress(len(plan.jobs), progress) as bar:
            evidence = run_plan(
                plan,
                store,
                workers=(os.cpu_count() or 1) if workers is None else workers,
                scheduler=scheduler,
                on_done=bar.advance,
            )
    except KeyboardInterrupt:
        done = len(store.finished() & {job.id for job in plan.jobs})
        typer.echo(
            f"\nstopped: {done} of {len(plan.jobs)} jobs are finished and kept in {store.path}; "
            "run the same command again to resume",
            err=True,
        )
        raise typer.Exit(130) from None
    findings = plan.assessment.policy.findings(evidence)
    for name in chosen:
        text = _render(name, evidence, findings, plan, fail_on)
        path = store.write(FORMATS[name], text)
        typer.echo(f"wrote {path}", err=True)
    typer.echo(f"wrote {store.path}", err=True)
    _print_table(evidence, findings)
    raise typer.Exit(exit_code(findings, evidence, severity))


@app.command(name="plan")
def plan_command(file: FileArgument = None, seed: SeedOption = None) -> None:
    """Show what an assessment would run, what it leaves out and why; run nothing."""
    plan = _plan(file, seed)
    for job in plan.jobs:
        sweep = "".join(f", {key} in {list(grid)}" for key, grid in job.sweep.items())
        typer.echo(f"{job.id}  {job.title}{sweep}")
    for item in plan.left_out:
        typer.echo(f"left out: {item.attack} against {item.defense}: {item.reason}")
    typer.echo(f"{len(plan.jobs)} jobs, {len(plan.left_out)} pairs left out", err=True)


@app.command()
def attack(
    name: Annotated[str, typer.Argument(help="Registry name; see 'redqubit list attacks'.")],
    file: FileArgument = None,
    parameter: Annotated[
        list[str] | None, typer.Option("--set", help="Attack parameter as key=value; repeatable.")
    ] = None,
    seed: SeedOption = None,
    form: Annotated[str, typer.Option("--format", "-f", help="table or json.")] = "table",
) -> None:
    """Run one attack, with its controls, against the model of an assessment file."""
    from redqubit import attacks
    from redqubit.assess.block import construct
    from redqubit.assess.execute import prepare
    from redqubit.assess.experiment import run
    from redqubit.core import record

    if form not in ("table", "json"):
        raise unknown("format", form, ("table", "json"))
    plan = _plan(file, seed)
    subject = plan.assessment.subject
    technique = construct(
        attacks.by_name(name), _settings(parameter or []), f"attack {name}", attacks.by_name
    )
    evidence = run(technique, prepare(subject), seed=subject.seed)
    if form == "json":
        typer.echo(record.canonical(evidence))
    else:
        _print_table([evidence], plan.assessment.policy.findings([evidence]))


@app.command()
def report(
    folder: Annotated[Path, typer.Argument(help="Folder of a run.")] = Path("out"),
    file: Annotated[
        Path | None,
        typer.Option(
            "--file", help="Its assessment file: the policy, and which jobs belong to it."
        ),
    ] = None,
    form: Annotated[
        str, typer.Option("--format", "-f", help=f"One of {', '.join(FORMATS)}.")
    ] = "table",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write; default standard output.")
    ] = None,
    fail_on: FailOnOption = "never",
    seed: SeedOption = None,
) -> None:
    """Render the evidence of a run again, without running anything."""
    from redqubit.assess.policy import FailOn, Policy, exit_code
    from redqubit.assess.store import Store
    from redqubit.core import record

    (name,) = _formats(form, most=1)
    severity: FailOn = record.convert(FailOn, fail_on, "--fail-on")
    evidence = Store(folder).read()
    if not evidence:
        raise InputError(f"{folder} holds no evidence; run 'redqubit assess -o {folder}' first")
    plan = _plan(file, seed) if file else None
    evidence = _of_one_run(evidence, plan, folder)
    policy = plan.assessment.policy if plan else Policy()
    findings = policy.findings(evidence)
    if name == "table" and output is None:
        _print_table(evidence, findings)
    else:
        text = _render(name, evidence, findings, plan, fail_on)
        if output is None:
            typer.echo(text, nl=not text.endswith("\n"))
        else:
            try:
                output.write_text(text, encoding="utf-8")
            except OSError as error:
                raise InputError(f"cannot write {output}: {error.strerror}") from error
    raise typer.Exit(exit_code(findings, evidence, severity))


def _plan(file: Path | None, seed: int | None) -> Plan:
    import dataclasses

    from redqubit.assess.plan import plan, read

    assessment = read(file)
    if seed is not None:
        subject = dataclasses.replace(assessment.subject, seed=seed)
        assessment = dataclasses.replace(assessment, subject=subject)
    return plan(assessment)


def _of_one_run(evidence: list[Evidence], plan: Plan | None, folder: Path) -> list[Evidence]:
    """Return the evidence of one run where a folder holds several, whose rates must not be pooled.

    Raises
    ------
    InputError
        Several runs, and nothing that says which of them is meant.
    """
    signatures = [item.provenance for item in evidence if item.repeat == 0]
    runs = {(item.seed, item.data, item.model) for item in signatures}
    if len(runs) < 2:
        return evidence
    planned = {job.id for job in plan.jobs} if plan else set()
    mine = [item for item in evidence if item.id in planned]
    if not mine:
        raise InputError(
            f"{folder} holds evidence of {len(runs)} models or seeds; name the assessment file "
            "of one with --file (and its --seed), as it was named when it ran"
        )
    return mine


def _formats(text: str, most: int | None = None) -> list[str]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    for name in names:
        if name not in FORMATS:
            raise unknown("format", name, FORMATS)
    if not names or (most is not None and len(names) > most):
        raise InputError(f"--format takes {most or 'at least one'} of {', '.join(FORMATS)}")
    return names


def _settings(pairs: Sequence[str]) -> dict[str, Any]:
    from redqubit.killchain import document

    settings = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals:
            raise InputError(f"--set takes key=value, got {pair!r}")
        settings[key] = document.parse(value, f"--set {key}").data
    return settings


def _render(
    name: str,
    evidence: Sequence[Evidence],
    findings: Sequence[Finding],
    plan: Plan | None,
    fail_on: str,
) -> str:
    """Render one format; every format but JSON lines is a function of the report package."""
    from redqubit import report
    from redqubit.core import record
    from redqubit.report.summary import OmittedRow

    omitted: list[OmittedRow] = []
    title = "assessment"
    if plan is not None:
        omitted = [(item.attack, item.defense, item.reason) for item in plan.left_out]
        title = plan.assessment.name
    match name:
        case "html":
            return report.html(evidence, findings, title=title, omitted=omitted)
        case "md":
            return report.markdown(evidence, findings, title=title, omitted=omitted)
        case "sarif":
            return report.sarif(evidence, findings)
        case "junit":
            bar = "low" if fail_on == "never" else fail_on
            return report.junit(evidence, findings, omitted=omitted, fail_on=bar)  # type: ignore[arg-type]
        case "json":
            return record.canonical({"evidence": list(evidence), "findings": list(findings)}) + "\n"
        case "jsonl":
            return "".join(record.canonical(item) + "\n" for item in evidence)
    return report.text(evidence, findings)


def _print_table(evidence: Sequence[Evidence], findings: Sequence[Finding]) -> None:
    """Print verdict and table: colors and borders on a terminal, plain text elsewhere."""
    from redqubit import report

    if not sys.stdout.isatty():
        typer.echo(report.text(evidence, findings), nl=False)
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console()
    summary = report.summarize(evidence, findings)
    console.print(Text(report.verdict(summary), style="bold"))
    grid = Table(header_style="bold", row_styles=["", "dim"], expand=False)
    for index, head in enumerate(report.HEAD):
        grid.add_column(head, justify="right" if index in (3, 4, 7) else "left")
    colors = {"critical": "bold red", "high": "red", "medium": "yellow", "low": "cyan"}
    for row in report.table(evidence, findings):
        *cells, outcome = row.cells()
        grid.add_row(*cells, Text(outcome, style=colors.get(row.severity or "", "green")))
    console.print(grid)
