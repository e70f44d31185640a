"""What each oracle of the fuzzers is, in the form that every report takes."""

from __future__ import annotations

from typing import Final

from redqubit.scan.finding import About


def oracles() -> tuple[About, ...]:
    """Return what the oracles for circuits, models and parsers check, one entry a rule."""
    from redqubit.scan.fuzz import circuit, model

    known: list[circuit.Oracle | model.Oracle] = [*circuit.ALL, *model.ALL]
    found: dict[str, About] = {}
    for item in known:
        found.setdefault(
            item.rule,
            About(
                id=item.rule,
                name=item.name,
                severity=item.severity,
                cwe=(682,),
                frameworks=(),
                summary=item.summary,
                what=item.summary,
                why=item.guard,
                example="",
                instead=item.advice,
            ),
        )
    found |= {item.id: item for item in PAYLOADS}
    return tuple(found[name] for name in sorted(found))


PAYLOADS: Final = (
    About(
        id="FUZ-08",
        name="Parsers disagree",
        severity="note",
        cwe=(436,),
        frameworks=(),
        summary="One parser accepts a text that another refuses.",
        what="The same text means something to one parser and nothing to another.",
        why="A check by one parser says nothing about what the other will run.",
        example="",
        instead="Validate with the parser that will run the text.",
    ),
    About(
        id="FUZ-23",
        name="Parser crash",
        severity="high",
        cwe=(248, 755),
        frameworks=(),
        summary="A parser dies or fails in a way it does not declare.",
        what="A payload ends the process, exhausts it, or raises an error of no declared type.",
        why="One upload stops a service for everyone.",
        example="",
        instead="Admit payloads by static bounds first, and parse in a limited worker.",
    ),
    About(
        id="FUZ-24",
        name="Amplification",
        severity="medium",
        cwe=(400, 409),
        frameworks=(),
        summary="A few bytes cost a parser seconds or hundreds of megabytes.",
        what="Time or memory grows far beyond the size of the payload.",
        why="A handful of requests exhausts a service.",
        example="",
        instead="Admit payloads by static bounds first.",
    ),
)
