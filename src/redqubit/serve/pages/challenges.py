"""The open problems of the field."""

from __future__ import annotations

from collections.abc import Iterator

from redqubit.serve.page import Page, Site


def pages(site: Site) -> Iterator[Page]:
    """Yield the list of open challenges, and the open questions of the techniques."""
    yield site.html(
        "challenges.html",
        "challenges.html",
        "Open challenges",
        lambda: {"asking": [t for t in site.chain.techniques if t.open_questions]},
    )
