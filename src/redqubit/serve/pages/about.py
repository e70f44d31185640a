"""What this is, under which licenses, how to cite it and how to add to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from redqubit.killchain import exchange
from redqubit.serve.cite import citation
from redqubit.serve.page import Page, Site


def pages(site: Site) -> Iterator[Page]:
    """Yield the page."""
    yield site.html("about.html", "about.html", "About", lambda: _context(site))


def _context(site: Site) -> Mapping[str, Any]:
    formats = [form for form in exchange.FORMATS if form.write is not None]
    return {"citation": citation(site.chain.edition), "formats": formats}
