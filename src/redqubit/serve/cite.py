"""How to cite the kill chain or one of its entries."""

from __future__ import annotations

from dataclasses import dataclass

from redqubit.killchain.model import Edition


@dataclass(frozen=True)
class Citation:
    """A citation as a sentence and as a BibTeX entry."""

    plain: str
    bibtex: str


def citation(edition: Edition, identifier: str = "", name: str = "") -> Citation:
    """Cite an edition of the kill chain, or one entry of it."""
    year = edition.content[:4]
    part = f"{identifier} {name}, in: " if identifier else ""
    plain = (
        f"The redqubit developers ({year}). {part}{edition.name}, edition {edition.content}. "
        "CC BY 4.0."
    )
    title = f"{identifier} {name}" if identifier else edition.name
    key = f"redqubit{edition.content}{identifier.removeprefix('QML')}".replace(".", "-")
    fields = [
        ("author", "{The redqubit developers}"),
        ("title", f"{{{_tex(title)}}}"),
        ("howpublished", f"{_tex(edition.name)}, edition {_tex(edition.content)}"),
        ("year", year),
        ("note", "CC BY 4.0"),
    ]
    inside = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields)
    return Citation(plain, f"@misc{{{key},\n{inside}\n}}")


def _tex(text: str) -> str:
    """Escape what BibTeX and LaTeX would read as a command."""
    special = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
    plain = {char: f"\\{char}" for char in "{}&%$#_"}
    return "".join((special | plain).get(char, char) for char in text)
