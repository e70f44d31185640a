"""The literature of the kill chain as BibTeX and as CSL-JSON.

Source: "BibTeXing" (Patashnik, 1988) and the CSL-JSON schema csl-data of the Citation Style
Language. Keys are ours. Kind of publication, volume and pages are read off the venue; a venue that
tells nothing makes a ``misc`` entry.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal

from redqubit.killchain.exchange.text import as_json
from redqubit.killchain.model import KillChain, Source

_ESCAPES: Final = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "&": r"\&",
    "%": r"\%",
    "_": r"\_",
    "#": r"\#",
    "$": r"\$",
}
_MEETING: Final = re.compile(
    r"\b(Conference|Symposium|Workshop|Proceedings|PMLR|CCS|USENIX)\b|"
    r"^[A-Z][^,(]* (19|20)\d\d(,|$| \()|^[A-Z&/-]{3,}$"
)
_VOLUME: Final = re.compile(
    r"(?P<name>(?:npj |[A-Z]).*?) (?P<volume>\d{1,4})(\((?P<issue>\d+)\))?(, (?P<page>[\w-]+))?\b"
)
_JOURNAL: Final = re.compile(
    r"^npj |\b(Journal|Letters|Nature|Physical Review|Quantum Machine Intelligence|Reports|"
    r"Review|Transactions)\b"
)
_PAGES: Final = re.compile(r", (\d+-\d+)$")
_PARTICLES: Final = {
    "al",
    "da",
    "de",
    "del",
    "den",
    "der",
    "di",
    "du",
    "el",
    "la",
    "le",
    "van",
    "von",
}
_BODY: Final = re.compile(
    r"\b(Authority|Database|Foundation|Group|Office|Project|Quantum|Team|Village)$|\b[A-Z]{4,}\b"
)
_TYPES: Final = {  # of CSL
    "article": "article-journal",
    "inproceedings": "paper-conference",
    "incollection": "chapter",
    "phdthesis": "thesis",
}


@dataclass(frozen=True)
class Published:
    """Where a publication stands, as far as its venue tells."""

    kind: Literal["article", "inproceedings", "incollection", "phdthesis", "misc"]
    venue: str
    volume: str = ""
    issue: str = ""
    page: str = ""


def write(chain: KillChain, form: Literal["bibtex", "csl"] = "bibtex") -> str:
    """Return every source of a kill chain as BibTeX or CSL-JSON, in the order of the keys."""
    return csl(chain.sources) if form == "csl" else bibtex(chain.sources)


def bibtex(sources: Iterable[Source]) -> str:
    """Return sources as BibTeX in UTF-8.

    Characters that TeX acts on are written out, words with a capital stand in braces, and so does
    the name of a body that is no person. ``doi``, ``url`` and ``eprint`` are verbatim.
    """
    return "\n".join(map(_entry, sources)) or "\n"


def _entry(source: Source) -> str:
    found = published(source)
    fields = {
        "title": " ".join(map(_word, _flat(source.title).split())),
        "author": " and ".join(map(_author, source.authors)),
        "year": str(source.year),
    }
    place = {"article": "journal", "misc": "howpublished", "phdthesis": "school"}
    fields[place.get(found.kind, "booktitle")] = escape(found.venue)
    fields["volume"], fields["number"] = found.volume, found.issue
    fields["pages"] = found.page.replace("-", "--")
    fields["doi"] = _verbatim(source.doi)
    if source.arxiv:
        fields["eprint"], fields["archivePrefix"] = source.arxiv, "arXiv"
    fields["url"] = _verbatim(source.url or source.link)
    kept = {name: value for name, value in fields.items() if value or name in ("title", "author")}
    lines = [f"  {name} = {{{value}}}," for name, value in kept.items()]
    return "\n".join([f"@{found.kind}{{{source.id},", *lines, "}"]) + "\n"


def escape(text: str) -> str:
    """Return text that TeX prints as it is; line breaks are spaces."""
    return "".join(_ESCAPES.get(sign, sign) for sign in _flat(text))


def _flat(text: str) -> str:
    """Return text on one line, with single spaces for all that cannot be printed."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _word(word: str) -> str:
    made = escape(word)
    return f"{{{made}}}" if any(sign.isupper() for sign in word) else made


def _author(name: str) -> str:
    made = escape(name)
    splits = "," in made or " and " in f" {made.casefold()} "
    return f"{{{made}}}" if splits or not _person(name) else made


def _verbatim(text: str) -> str:
    """Return an address without what could end a field; such characters are percent-encoded."""
    return "".join(
        "".join(f"%{byte:02X}" for byte in sign.encode())
        if sign in '{}\\"<>' or not sign.isprintable() or sign.isspace()
        else sign
        for sign in text
    )


def published(source: Source) -> Published:
    """Return where a source stands, from its venue."""
    venue = source.venue
    if "thesis" in venue.casefold():
        return Published("phdthesis", venue)
    pages = _PAGES.search(venue)
    if _MEETING.search(venue):
        bare = venue[: pages.start()] if pages else venue
        return Published("inproceedings", bare, page=pages[1] if pages else "")
    if venue.endswith((", Springer", ", Elsevier", ", Wiley")):
        return Published("incollection", venue)
    found = _VOLUME.match(venue)
    if found and not venue.startswith(("GHSA-", "CVE-")):
        parts = found.groupdict("")
        return Published("article", parts["name"], parts["volume"], parts["issue"], parts["page"])
    if _JOURNAL.search(venue) or (venue and source.doi):
        return Published("article", venue)
    return Published("misc", venue)


def csl(sources: Iterable[Source]) -> str:
    """Return sources as CSL-JSON.

    The last word of a person's name is taken for the family name, with particles such as ``van``
    before it.
    """
    return as_json([_item(source) for source in sources])


def _item(source: Source) -> dict[str, Any]:
    found = published(source)
    bare = "article" if source.arxiv else "webpage" if source.url else "document"
    made: dict[str, Any] = {
        "id": source.id,
        "type": _TYPES.get(found.kind, bare),
        "title": source.title,
        "author": [_name(author) for author in source.authors],
        "issued": {"date-parts": [[source.year]]},
    }
    more = {
        "container-title": found.venue if found.kind not in ("misc", "phdthesis") else "",
        "publisher": found.venue if found.kind == "phdthesis" else "",
        "note": found.venue if found.kind == "misc" else "",
        "volume": found.volume,
        "issue": found.issue,
        "page": found.page,
        "number": f"arXiv:{source.arxiv}" if source.arxiv else "",
        "DOI": source.doi,
        "URL": source.url or source.link,
    }
    return made | {key: value for key, value in more.items() if value}


def _person(name: str) -> bool:
    """Say whether a name reads like a person's."""
    words = name.split()
    lower = [word for word in words if word[:1].islower()]
    return len(words) > 1 and not _BODY.search(name) and set(lower) <= _PARTICLES


def _name(author: str) -> dict[str, str]:
    if not _person(author):
        return {"literal": author}
    words = author.split()
    start = len(words) - 1
    while start > 1 and words[start - 1] in _PARTICLES:
        start -= 1
    return {"family": " ".join(words[start:]), "given": " ".join(words[:start])}
