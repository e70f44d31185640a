"""How to cite the kill chain or one of its entries."""

from __future__ import annotations

import re
from dataclasses import dataclass

from redqubit.killchain.exchange.bibliography import escape
from redqubit.killchain.model import Edition


@dataclass(frozen=True)
class Citation:
    """A citation as a sentence and as a BibTeX entry."""

    plain: str
    bibtex: str


def citation(edition: Edition, identifier: str = "", name: str = "") -> Citation:
    """Cite an edition of the kill chain, or one entry of it."""
    whole = edition.cite or f"{edition.name}, edition {edition.content}."
    part = f"{identifier} {name}. In: " if identifier else ""
    title = f"{identifier} {name}" if identifier else edition.name
    key = "redqubit" + re.sub(r"\W", "-", edition.content + identifier.removeprefix("QML"))
    fields = [
        ("author", "{The redqubit developers}"),
        ("title", f"{{{escape(title)}}}"),
        ("howpublished", f"{escape(edition.name)}, edition {escape(edition.content)}"),
        ("year", escape(edition.content[:4])),
        ("note", escape(license_name(edition))),
    ]
    inside = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields)
    return Citation(f"{part}{whole} {license_name(edition)}.", f"@misc{{{key},\n{inside}\n}}")


def license_name(edition: Edition) -> str:
    """Return the license of the content as people write it: ``CC BY 4.0``."""
    return edition.license.replace("-", " ")
