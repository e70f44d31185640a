"""The page for an address that leads nowhere."""

from __future__ import annotations

from collections.abc import Iterator

from redqubit.serve.page import Page, Site


def pages(site: Site) -> Iterator[Page]:
    """Yield the page a static host shows."""
    yield page(site, "404.html")


def page(site: Site, path: str, near: str = "") -> Page:
    """Return the page for a wrong path; ``near`` is the path that was probably meant."""
    return site.html(path, "missing.html", "Not found", lambda: {"near": near}, section="none")
