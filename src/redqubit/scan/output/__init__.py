"""Findings in the formats that people, dashboards and build servers read; each returns text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from redqubit.core.errors import unknown
from redqubit.scan.finding import About, Result
from redqubit.scan.output import gitlab, json, junit, markdown, sarif, table

Render = Callable[[Result, Sequence[About]], str]
FORMATS: Final[Mapping[str, Render]] = {
    "table": table.render,
    "json": json.render,
    "sarif": sarif.render,
    "gitlab": gitlab.render,
    "junit": junit.render,
    "markdown": markdown.render,
}


def render(result: Result, rules: Sequence[About], form: str) -> str:
    """Render a result in one of ``FORMATS``.

    Raises
    ------
    InputError
        The format is unknown.
    """
    known = FORMATS.get(form)
    if known is None:
        raise unknown("format", form, FORMATS)
    return known(result, rules)
