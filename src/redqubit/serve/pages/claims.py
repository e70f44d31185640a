"""Public statements about quantum machine learning security, and how they fared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from redqubit.serve.page import Page, Site

VERDICTS: Final = ("supported", "not supported", "open")


def pages(site: Site) -> Iterator[Page]:
    """Yield the list of claims."""
    yield site.html(
        "claims.html",
        "claims.html",
        "Claims",
        lambda: _context(site),
        scripts=("static/list.js",),
    )


def _context(site: Site) -> Mapping[str, Any]:
    claims = site.chain.claims
    counts = {word: sum(item.verdict == word for item in claims) for word in VERDICTS}
    facets = [("verdict", "Verdict", VERDICTS), ("source", "Source", ("found", "none found"))]
    return {"counts": counts, "facets": facets}
