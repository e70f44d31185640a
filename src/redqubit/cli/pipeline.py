"""Commands about the user's own pipeline: describe it, read facts, find its threats."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from redqubit.cli.app import app
from redqubit.cli.files import write
from redqubit.cli.output import FormOption, show
from redqubit.core.errors import InputError, unknown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redqubit.killchain.interview import Question

HEAD = "# A pipeline for 'redqubit threat'; its schema: redqubit killchain schema pipeline\n"


@app.command()
def init(
    output: Annotated[
        Path, typer.Option("--output", "-o", help="File to write; never overwritten.")
    ] = Path("pipeline.yaml"),
    sources: Annotated[
        list[Path] | None,
        typer.Option("--from", help="Python, OpenQASM or requirements file to read facts from."),
    ] = None,
    name: Annotated[str | None, typer.Option(help="Name of the pipeline.")] = None,
    answers: Annotated[
        list[str] | None, typer.Option("--set", help="An answer as field=value; repeatable.")
    ] = None,
    defaults: Annotated[
        bool, typer.Option("--defaults", help="Ask nothing; take the defaults.")
    ] = False,
) -> None:
    """Ask about a pipeline and write its description; facts that files hold are not asked for."""
    import yaml

    from redqubit import killchain
    from redqubit.killchain import facts, interview

    if output.exists():
        raise InputError(f"{output} exists and is not overwritten; name another file with -o")
    found = [fact for path in sources or [] for fact in facts.read(path)]
    given = _answers(answers or [], interview.questions())
    known = {fact.field: _word(fact.value) for fact in found} | given
    ask = not defaults and sys.stdin.isatty()
    if not ask and not defaults:
        raise InputError("there is no terminal to ask on; add --defaults, and --set for answers")
    name = name or (
        typer.prompt("Name of the pipeline", default=Path.cwd().name) if ask else "mine"
    )
    for question in interview.questions():
        if question.field not in known and ask:
            known[question.field] = _ask(question)
    asked = {question.field for question in interview.questions()}
    chosen = {field: value for field, value in known.items() if field in asked}
    data = facts.fill(interview.build(name, chosen, killchain.load()), found)
    write(output, HEAD + yaml.safe_dump(data, sort_keys=False, allow_unicode=True))
    for fact in found:
        typer.echo(f"{fact.field}: {fact.value} ({fact.where}: {fact.why})", err=True)


@app.command(name="facts")
def facts_command(
    files: Annotated[list[Path], typer.Argument(help="Python, OpenQASM, requirements, pyproject.")],
    into: Annotated[
        Path | None, typer.Option(help="Pipeline to print with these facts filled in.")
    ] = None,
    form: FormOption = "auto",
) -> None:
    """Read facts of a pipeline from its files; nothing is imported or executed."""
    import yaml

    from redqubit import killchain
    from redqubit.killchain import document, facts, system

    found = [fact for path in files for fact in facts.read(path)]
    if into is not None:
        source = document.read(into)
        system.check(source, killchain.load())
        filled = facts.fill(source.data, found)
        typer.echo(yaml.safe_dump(filled, sort_keys=False, allow_unicode=True), nl=False)
        return
    rows = [(fact.field, str(fact.value), fact.where, fact.why) for fact in found]
    show(form, ("field", "value", "where", "why"), rows, found)


def _answers(pairs: Sequence[str], questions: Sequence[Question]) -> dict[str, str]:
    known = {question.field: question for question in questions}
    given = {}
    for pair in pairs:
        field, equals, value = pair.partition("=")
        if not equals:
            raise InputError(f"--set takes field=value, got {pair!r}")
        if field not in known:
            raise unknown("question", field, known)
        options = known[field].options
        if options and value not in options:
            raise unknown(f"answer to {field}", value, options)
        if not options and not (value.isdigit() and len(value) < 10):
            raise InputError(f"--set {field} must be a whole number, got {value!r}")
        given[field] = value
    return given


def _ask(question: Question) -> str:
    if not question.options:
        number = typer.prompt(f"{question.text} (whole number, empty if unknown)", default="")
        return number if number.isdigit() and len(number) < 10 else ""
    typer.echo(question.text)
    for i, option in enumerate(question.options, start=1):
        typer.echo(f"  {i} {option}")
    start = question.options.index(question.default) + 1
    while True:
        answer = str(typer.prompt("Number or word", default=str(start))).strip()
        if answer in question.options:
            return answer
        if answer.isdigit() and 1 <= int(answer) <= len(question.options):
            return question.options[int(answer) - 1]
        typer.echo(f"one of 1 to {len(question.options)}")


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
