"""The matrix: tactics by techniques, the first page of the site."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, get_args

from redqubit.killchain.model import Access, Hardware, Knowledge, Technique
from redqubit.report.wording import plural
from redqubit.serve import glyph
from redqubit.serve.page import Page, Site, data

WIDE: Final = 24  # a tactic with more entries takes two columns


def pages(site: Site) -> Iterator[Page]:
    """Yield the matrix and what its filters and cards read."""
    yield site.html(
        "index.html",
        "matrix.html",
        "Matrix",
        lambda: _context(site),
        scripts=("data/matrix.js", "static/list.js", "static/matrix.js"),
    )
    yield Page("data/matrix.js", lambda: data("matrix", facets(site)))


def _context(site: Site) -> Mapping[str, Any]:
    chain = site.chain
    columns = [(tactic, site.index.columns(tactic.id)) for tactic in chain.tactics]
    return {
        "columns": columns,
        "wide": {tactic.id for tactic, column in columns if len(column) > WIDE},
        "verdict": verdict(site),
        "choices": choices(site),
        "sprite": glyph.sprite(),
        "pipelines": site.described,
        "measured": {
            item.id: evidence.success.value
            for item in chain.techniques
            if (evidence := site.newest(item.id)) and evidence.success
        },
    }


def verdict(site: Site) -> str:
    """Say in one sentence how far the techniques have come."""
    chain = site.chain
    shown = sum(glyph.step(item.maturity) >= 4 for item in chain.techniques)
    run = sum(item.kind == "attack" for item in chain.executables)
    return (
        f"{plural(len(chain.techniques), 'technique')} under "
        f"{plural(len(chain.tactics), 'tactic')}; {shown} shown on real hardware, "
        f"{run} run on your own model."
    )


def choices(site: Site) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Return the filters: name in the address, label, and choices as (value, label)."""
    chain = site.chain
    years = sorted({source.year for source in chain.sources}, reverse=True)
    return [
        ("component", "Component", [(c.id, f"{c.id} {c.name}") for c in chain.components]),
        ("actor", "Actor", [(actor.id, actor.name) for actor in chain.actors]),
        ("knowledge", "Knowledge", [(k, f"{k} box") for k in get_args(Knowledge)]),
        ("access", "Access", [(word, word) for word in get_args(Access)]),
        ("hardware", "Hardware", [(w, w) for w in get_args(Hardware) if w != "any"]),
        ("maturity", "Maturity", [(word, word) for word in glyph.MATURITY]),
        ("since", "Evidence since", [(str(year), str(year)) for year in years]),
    ]


def facets(site: Site) -> dict[str, dict[str, Any]]:
    """Return what can be filtered, colored and shown on a card, by technique."""
    return {item.id: _facets(site, item) for item in site.chain.techniques}


def _facets(site: Site, item: Technique) -> dict[str, Any]:
    index = site.index
    records = index.records(item)
    years = [index.source(record).year for record in records]
    newest = site.newest(item.id)
    found = {
        "name": item.name,
        "summary": item.summary,
        "maturity": item.maturity,
        "component": item.components,
        "actor": item.actors,
        "knowledge": item.knowledge,
        "access": item.access,
        "hardware": item.hardware,
        "since": max(years, default=0),
        "impact": [glyph.LEVELS.index(getattr(item.impact, key)) for _, _, key in glyph.GOALS],
        "records": len(records),
        "mitigations": len(index.edges(item)),
    }
    runs = [entry.name for entry in index.executables[item.id] if entry.kind == "attack"]
    if runs:
        found["runs"] = runs
    if newest and newest.success:
        found["success"] = newest.success.value
    return found
