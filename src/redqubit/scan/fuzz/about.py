"""What each oracle of the fuzzers is, in the form that every report takes."""

from __future__ import annotations

from redqubit.scan.finding import About


def oracles() -> tuple[About, ...]:
    """Return what the oracles for circuits and for models check, one entry a rule."""
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
    return tuple(found[name] for name in sorted(found))
