"""The cases: attacks in several steps, one list and a page for each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from redqubit.killchain.model import Case
from redqubit.serve import strip
from redqubit.serve.cite import citation
from redqubit.serve.page import Page, Site

KINDS: Final = {
    "published": "Published as a whole.",
    "executed": "Executed by redqubit.",
    "composed": "Composed of steps that were each published but never run together.",
}


def pages(site: Site) -> Iterator[Page]:
    """Yield the list and the page of every case."""
    yield site.html(
        "cases.html",
        "cases.html",
        "Cases",
        lambda: _list(site),
        scripts=("static/list.js",),
    )
    for item in site.chain.cases:
        yield site.html(
            f"case/{item.id}.html",
            "case.html",
            f"{item.name} ({item.id})",
            lambda item=item: _one(site, item),  # type: ignore[misc]
            section="cases.html",
        )


def _list(site: Site) -> Mapping[str, Any]:
    tactics = [tactic.name for tactic in site.chain.tactics]
    return {
        "rows": [(item, strip.draw(item, site.chain.tactics)) for item in site.chain.cases],
        "facets": [("kind", "Kind", list(KINDS)), ("tactic", "Tactic", tactics)],
        "tactics": {tactic.id: tactic.name for tactic in site.chain.tactics},
    }


def _one(site: Site, item: Case) -> Mapping[str, Any]:
    by_id = site.chain.by_id
    return {
        "item": item,
        "kind": KINDS[item.kind],
        "steps": [(step, by_id[step.tactic], by_id[step.technique]) for step in item.steps],
        "drawing": strip.draw(item, site.chain.tactics),
        "citation": citation(site.chain.edition, item.id, item.name),
    }
