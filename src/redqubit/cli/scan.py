"""Commands that read code, packages and model files without running any of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from redqubit.cli.app import app
from redqubit.cli.files import write
from redqubit.cli.output import FindingsFormat, bar, print_findings
from redqubit.cli.progress import Line
from redqubit.core.errors import InputError, unknown

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from redqubit.scan.finding import About, Finding, Result
    from redqubit.scan.static.config import Settings

PathsArgument = Annotated[list[Path], typer.Argument(help="Files and folders.")]
OutputOption = Annotated[
    Path | None, typer.Option("--output", "-o", help="File to write; default standard output.")
]


@app.command()
def scan(
    paths: PathsArgument,
    select: Annotated[
        list[str] | None, typer.Option(help="Only these rules (SEC-01) or families (SEC).")
    ] = None,
    ignore: Annotated[list[str] | None, typer.Option(help="Not these rules or families.")] = None,
    form: FindingsFormat = "table",
    output: OutputOption = None,
    fail_on: Annotated[
        str | None, typer.Option(help="Exit with 1 at this severity: note to critical, or never.")
    ] = None,
    baseline: Annotated[Path | None, typer.Option(help="File of findings to leave out.")] = None,
    write_baseline: Annotated[
        Path | None, typer.Option(help="Write the findings as a baseline instead of failing.")
    ] = None,
    fix: Annotated[bool, typer.Option("--fix", help="Write safe fixes into the files.")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Show safe fixes; write nothing.")] = False,
    cache: Annotated[
        Path | None, typer.Option(help="File that remembers results between scans.")
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Explain the selected rules; scan nothing.")
    ] = False,
    progress: Annotated[bool, typer.Option(help="Show progress on a terminal.")] = True,
) -> None:
    """Find weaknesses in quantum code, its packages and its model files; nothing is executed.

    Exit code 0 clean, 1 findings at or over --fail-on, 3 if something could not be read.
    """
    from redqubit.scan import catalog
    from redqubit.scan.output import FORMATS, render
    from redqubit.scan.static import baseline as accepted
    from redqubit.scan.static import engine
    from redqubit.scan.static.config import chosen

    if form not in FORMATS:
        raise unknown("format", form, FORMATS)
    settings = _settings()
    limit = bar(fail_on or settings.fail_on)
    rules = catalog.rules()
    wanted = chosen(
        select or settings.select, [*settings.ignore, *(ignore or ())], [rule.id for rule in rules]
    )
    if explain:
        typer.echo("\n\n".join(_explained(rule) for rule in rules if rule.id in wanted))
        return
    known = accepted.read(baseline) if baseline else frozenset()
    result = _result(paths, wanted, settings, cache, progress)
    if write_baseline is not None:
        write(write_baseline, accepted.render(result.findings))
        return
    result = accepted.without(result, known)
    if fix or diff:
        _fixes(result, engine.base(paths), write_them=fix)
    text = render(result, rules, form)
    if output is None and form == "table":
        print_findings(text)
    else:
        write(output, text)
    raise typer.Exit(result.exit_code(limit) if limit else 3 * bool(result.skipped))


@app.command()
def bom(
    paths: Annotated[
        list[Path],
        typer.Argument(help="Requirements, lock files, model files, folders."),
    ],
    name: Annotated[str, typer.Option(help="Name of the model.")] = "model",
    version: Annotated[str, typer.Option("--model-version", help="Version of the model.")] = "0",
    encoder: Annotated[str, typer.Option(help="Encoder.")] = "",
    ansatz: Annotated[str, typer.Option(help="Ansatz.")] = "",
    qubits: Annotated[int | None, typer.Option(help="Qubits.", min=1)] = None,
    dataset: Annotated[str, typer.Option(help="Training data.")] = "",
    backend: Annotated[str, typer.Option(help="Device or simulator.")] = "",
    calibration: Annotated[str, typer.Option(help="What identifies its calibration.")] = "",
    output: OutputOption = None,
) -> None:
    """Write a CycloneDX bill of materials of a quantum model: model, packages, known flaws.

    Of a folder, its requirement files are read and machine code below it is listed.
    """
    from redqubit.scan.supply import bom as bill
    from redqubit.scan.supply import native
    from redqubit.scan.supply.advisories import shipped

    listed, models = _parts(paths)
    model = bill.Model(
        name=name, version=version, files=tuple(models), encoder=encoder, ansatz=ansatz,
        qubits=qubits, dataset=dataset, backend=backend, calibration=calibration,
    )  # fmt: skip
    natives = native.inventory([path for path in paths if path.is_dir()], _settings().exclude)
    made = bill.build(model, bill.from_files(listed), shipped(), natives=natives)
    write(output, bill.text(made))


manifest_commands = typer.Typer(
    name="manifest", help="Digests of model files, signed and verified.", no_args_is_help=True
)
app.add_typer(manifest_commands)
ManifestOption = Annotated[Path, typer.Option("--manifest", help="The manifest.")]


@manifest_commands.command()
def keygen(
    private: Annotated[Path, typer.Argument(help="File for the private key.")],
    public: Annotated[Path, typer.Argument(help="File for the public key.")],
) -> None:
    """Make a pair of ed25519 keys; existing files are kept."""
    from redqubit.scan.supply import manifest

    manifest.keygen(private, public)
    typer.echo(f"wrote {private} and {public}", err=True)


@manifest_commands.command()
def create(
    paths: PathsArgument,
    path: ManifestOption = Path("manifest.json"),
    key: Annotated[Path | None, typer.Option(help="Private key to sign with.")] = None,
) -> None:
    """Write the SHA-256 of every file, signed if a key is named."""
    from redqubit.scan.supply import manifest

    manifest.write(manifest.create(paths, path.absolute().parent, key), path)
    typer.echo(f"wrote {path}", err=True)


@manifest_commands.command()
def verify(
    path: ManifestOption = Path("manifest.json"),
    key: Annotated[Path | None, typer.Option(help="Public key that must have signed it.")] = None,
) -> None:
    """Check every listed file; exit code 1 if one changed or is missing."""
    from redqubit.scan.supply import manifest

    found = manifest.verify(path, key)
    for name, change in found.changes.items():
        typer.echo(f"{change}: {name}")
    told = "signed by the trusted key" if found.signed else "not checked against a key"
    typer.echo(f"{len(found.changes)} differences; {told}", err=True)
    raise typer.Exit(1 if found.changes else 0)


@app.command()
def advisories(
    source: Annotated[Path, typer.Argument(help="OSV JSON: a file, or a folder of files.")],
) -> None:
    """Add newer advisories to those that ship with redqubit; nothing is fetched."""
    from redqubit.scan.supply.advisories import update

    typer.echo(str(update(source)))


def _settings() -> Settings:
    from redqubit.scan.static.config import Settings, read

    path = Path("pyproject.toml")
    return read(path) if path.is_file() else Settings()


def _result(
    paths: Sequence[Path],
    wanted: Collection[str],
    settings: Settings,
    cache: Path | None,
    progress: bool,
) -> Result:
    """Run both scanners and put their results together."""
    from redqubit.scan.finding import Result
    from redqubit.scan.static import engine
    from redqubit.scan.static.rules import ALL as STATIC
    from redqubit.scan.supply import check
    from redqubit.scan.supply.rules import ALL as SUPPLY

    parts: list[Result] = []
    root = engine.base(paths)
    with Line(progress) as line:

        def step(done: int, total: int, file: str) -> None:
            line.show(f"[{done}/{total}]", file[-60:])

        supply = {rule.ID for rule in SUPPLY} & set(wanted)
        static = sorted({rule.ID for rule in STATIC} & set(wanted) - supply)
        if static:
            parts.append(
                engine.scan(
                    paths,
                    select=static,
                    config=settings,
                    cache=cache,
                    progress=step,
                    root=root,
                )
            )
        if supply:
            parts.append(
                check(paths, wanted=supply, exclude=settings.exclude, per_file=settings.per_file,
                      allow=settings.allow, progress=step, root=root,)
            )  # fmt: skip
    findings = {(item.rule, item.place, item.message): item for p in parts for item in p.findings}
    return Result(
        findings=tuple(sorted(findings.values(), key=_by_place)),
        suppressed=tuple(item for part in parts for item in part.suppressed),
        skipped=tuple(dict.fromkeys(item for part in parts for item in part.skipped)),
        files=max((part.files for part in parts), default=0),
        lines=sum(part.lines for part in parts),
        seconds=sum(part.seconds for part in parts),
    )


def _by_place(item: Finding) -> tuple[str, int, int, str]:
    return item.place.file, item.place.line, item.place.column, item.rule


def _fixes(result: Result, root: Path, *, write_them: bool) -> None:
    from redqubit.scan.static import fix

    changes = fix.plan(result.findings, root)
    for change in changes:
        typer.echo(change.diff, nl=False)
    if write_them:
        fix.write(changes, root)
    count = sum(len(change.done) for change in changes)
    verb = "fixed" if write_them else "could fix"
    typer.echo(f"{verb} {count} findings in {len(changes)} files", err=True)


def _explained(rule: About) -> str:
    cwe = ", ".join(f"CWE-{number}" for number in rule.cwe)
    head = f"{rule.id} {rule.name} ({rule.severity}{', ' + cwe if cwe else ''})"
    parts = [("What", rule.what), ("Why bad", rule.why), ("Example", rule.example),
             ("Instead", rule.instead)]  # fmt: skip
    if rule.techniques:
        parts.append(("Kill chain", ", ".join(rule.techniques)))
    return "\n\n".join([head, rule.summary, *(f"{name}\n{text}" for name, text in parts)])


def _parts(paths: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """Part what was named into requirement files and model files; a folder stands for its own."""
    from redqubit.scan.static.source import kind

    listed: list[Path] = []
    models: list[Path] = []
    for path in paths:
        if path.is_dir():
            listed += [item for item in sorted(path.iterdir()) if kind(item) == "versions"]
        elif not path.is_file():
            raise InputError(f"cannot read {path}: there is no such file")
        elif kind(path) == "versions":
            listed.append(path)
        else:
            models.append(path)
    return listed, models
