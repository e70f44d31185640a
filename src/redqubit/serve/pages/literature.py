"""The literature: every source, what was drawn from it and where that is used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from redqubit.killchain.exchange.bibliography import bibtex
from redqubit.killchain.model import MARKS, Record, Source
from redqubit.serve.index import Many
from redqubit.serve.page import Page, Site


def pages(site: Site) -> Iterator[Page]:
    """Yield the list of sources, and the same as BibTeX."""
    yield site.html(
        "literature.html",
        "literature.html",
        "Literature",
        lambda: _context(site),
        scripts=("static/list.js",),
    )
    yield Page("literature.bib", lambda: bibtex(site.chain.sources))


def _context(site: Site) -> Mapping[str, Any]:
    sources = sorted(site.chain.sources, key=lambda source: (-source.year, source.id))
    years = sorted({source.year for source in sources}, reverse=True)
    found = [source.mark for source in sources]
    facets = [("year", "Year", years), ("mark", "Mark", [m for m in MARKS if m in found])]
    return {"sources": sources, "facets": facets, "uses": lambda item: uses(site, item)}


def uses(site: Site, item: Record | Source) -> list[object]:
    """Return what a record or a source is used by: techniques, mitigations, claims, cases."""
    index = site.index
    found: tuple[Many, ...] = (index.cases, index.claims, index.challenges)
    if isinstance(item, Record):
        found = (index.by_record, index.mitigations_by_record, index.claims_by_record)
    return [user for inverted in found for user in inverted[item.id]]
