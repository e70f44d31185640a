"""A page of the explorer, and the site that pages are made for."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from redqubit import __version__
from redqubit.core.evidence import Evidence
from redqubit.killchain.chance import Measured, measured
from redqubit.killchain.model import (
    MARKS,
    Case,
    Challenge,
    Claim,
    KillChain,
    Mitigation,
    Record,
    Source,
    Tactic,
    Technique,
)
from redqubit.report import wording
from redqubit.report.markup import Safe, clean
from redqubit.serve import glyph, names
from redqubit.serve.cite import license_name
from redqubit.serve.index import Index
from redqubit.serve.pipelines import Described, examples
from redqubit.serve.runs import Own, Run, by_technique
from redqubit.serve.runs import address as run_page

HERE: Final = Path(__file__).parent

# What a page may load; sent as a header when live, and written into each page.
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'"
)


@dataclass(frozen=True)
class Page:
    """A file of the site: its path from the root, and the function that renders it."""

    path: str
    render: Callable[[], str]


def address(item: object) -> str:
    """Return the path of an object of the kill chain, from the root of the site."""
    match item:
        case Technique():
            return f"technique/{item.id}.html"
        case Mitigation():
            return f"mitigation/{item.id}.html"
        case Case():
            return f"case/{item.id}.html"
        case Tactic():
            return f"index.html#{item.id}"
        case Record() | Source():
            return f"literature.html#{item.id}"
        case Claim():
            return f"claims.html#{item.id}"
        case Challenge():
            return f"challenges.html#{item.id}"
        case _:
            raise TypeError(f"{type(item).__name__} has no page")


def data(name: str, value: object) -> str:
    """Render a value as a script that stores it in ``redqubit.data``, for pages without network."""
    text = json.dumps(value, separators=(",", ":"), default=str)
    return f"(window.redqubit ??= {{}}).data ??= {{}};\nredqubit.data.{name} = {text};\n"


@dataclass(frozen=True)
class Site:
    """A kill chain and what was measured, as everything the pages are made from."""

    chain: KillChain
    runs: tuple[Run, ...] = ()
    pipelines: tuple[Described, ...] = ()

    @cached_property
    def described(self) -> tuple[Described, ...]:
        """Return the example pipelines and those of the user."""
        return (*examples(self.chain), *self.pipelines)

    @cached_property
    def index(self) -> Index:
        """Return every reference of the kill chain, inverted."""
        return Index(self.chain)

    @cached_property
    def own(self) -> Mapping[str, tuple[Own, ...]]:
        """Return what the runs measured for each technique, newest first."""
        return by_technique(self.runs)

    @cached_property
    def measured(self) -> Measured:
        """Return successes and trials of every technique that the runs measured."""
        return measured(item for run in self.runs for item in run.evidence)

    def newest(self, identifier: str) -> Evidence | None:
        """Return the newest measurement of a technique against an undefended model."""
        found = self.own.get(identifier, ())
        return found[0].evidence if found and found[0].evidence.defense == "none" else None

    def html(
        self,
        path: str,
        template: str,
        title: str,
        context: Callable[[], Mapping[str, Any]],
        *,
        section: str = "",
        scripts: tuple[str, ...] = (),
    ) -> Page:
        """Return a page rendered from a template.

        Parameters
        ----------
        path
            Where it lies, from the root of the site.
        template
            Name of the file in ``templates/``.
        title
            What the browser's tab says.
        context
            Called when the page is rendered; what the template knows beside the globals.
        section
            Path of the entry of the bar that it belongs to.
        scripts
            Paths of the scripts it needs, from the root of the site, in order.
        """

        def render() -> str:
            frame = {
                "root": "../" * path.count("/"),
                "title": title,
                "section": section or path,
                "scripts": scripts,
                "site": self,
                "chain": self.chain,
                "index": self.index,
            }
            return environment().get_template(template).render(frame | dict(context()))

        return Page(path, render)


@pass_context
def _href(context: Context, item: object) -> str:
    return f"{context['root']}{address(item)}"


class Drawing(str):
    """Markup made by this project's own elements, which templates let through."""

    __slots__ = ()

    def __html__(self) -> str:
        """Return the markup, as the escaping of templates asks for it."""
        return str(self)


def _finalize(value: Any) -> Any:
    """Let drawings pass, and take control and reordering characters out of everything else."""
    if isinstance(value, Safe):
        return Drawing(value)
    return value if hasattr(value, "__html__") else clean(value)


@cache
def environment() -> Environment:
    """Return the one environment of templates: escaping always, undefined names are errors."""
    from redqubit.serve.pages import NAVIGATION

    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {
        "href": _href,
        "license_name": license_name,
        "marks": MARKS,
        "navigation": NAVIGATION,
        "policy": POLICY,
        "version": __version__,
        "glyph": glyph,
        "names": names,
        "run_page": run_page,
    }
    made.filters |= {
        "count": wording.count,
        "percent": wording.percent,
        "interval": wording.interval,
        "plural": wording.plural,
    }
    return made
