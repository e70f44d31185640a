"""How to cite the kill chain or one of its entries."""

from __future__ import annotations

import re
from dataclasses import dataclass

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
        ("title", f"{{{_tex(title)}}}"),
        ("howpublished", f"{_tex(edition.name)}, edition {_tex(edition.content)}"),
        ("year", _tex(edition.content[:4])),
        ("note", _tex(license_name(edition))),
    ]
    inside = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields)
    return Citation(f"{part}{whole} {license_name(edition)}.", f"@misc{{{key},\n{inside}\n}}")


def license_name(edition: Edition) -> str:
    """Return the license of the content as people write it: ``CC BY 4.0``."""
    return edition.license.replace("-", " ")


def _tex(text: str) -> str:
    """Escape what BibTeX and LaTeX would read as a command."""
    special = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
    plain = {char: f"\\{char}" for char in "{}&%$#_"}
    return "".join((special | plain).get(char, char) for char in text)
