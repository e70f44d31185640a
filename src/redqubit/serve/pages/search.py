"""Search across everything: an index that the browser reads, and a list without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from redqubit.killchain.model import KillChain
from redqubit.serve import names
from redqubit.serve.page import Page, Site, address, data


@dataclass(frozen=True)
class Entry:
    """Something that can be found: its kind, id, name, page and text."""

    kind: str
    id: str
    name: str
    path: str
    text: str = ""


def pages(site: Site) -> Iterator[Page]:
    """Yield the page and the index it searches."""
    found = sorted(entries(site.chain), key=lambda entry: _key(entry.name))
    yield site.html(
        "search.html",
        "search.html",
        "Search",
        lambda: {"letters": [(k, list(g)) for k, g in groupby(_listed(found), key=_letter)]},
        scripts=("data/search.js", "static/list.js", "static/search.js"),
    )
    yield Page(
        "data/search.js",
        lambda: data("search", [[e.kind, e.id, e.name, e.path, e.text] for e in found]),
    )


def _listed(found: list[Entry]) -> list[Entry]:
    """Leave out of the printed list what has no name of its own."""
    return [entry for entry in found if entry.kind != "Evidence"]


def _key(name: str) -> str:
    """Return what a name is sorted by: without an article, without case."""
    return re.sub(r"^(a|an|the) ", "", name.casefold())


def _letter(entry: Entry) -> str:
    first = _key(entry.name)[:1].upper()
    return first if first.isalpha() else "0-9"


def entries(chain: KillChain) -> Iterator[Entry]:
    """Yield everything of a kill chain that has a place on a page."""
    for tactic in chain.tactics:
        yield Entry("Tactic", tactic.id, tactic.name, address(tactic), tactic.question)
    for item in chain.techniques:
        text = f"{item.summary} {item.how}"
        yield Entry("Technique", item.id, item.name, address(item), text)
    for mitigation in chain.mitigations:
        text = mitigation.summary
        yield Entry("Mitigation", mitigation.id, mitigation.name, address(mitigation), text)
    for case in chain.cases:
        yield Entry("Case", case.id, case.name, address(case), case.summary)
    for claim in chain.claims:
        yield Entry("Claim", claim.id, claim.statement, address(claim), claim.reason)
    for challenge in chain.challenges:
        text = challenge.text
        yield Entry("Challenge", challenge.id, challenge.name, address(challenge), text)
    for record in chain.evidence:
        yield Entry("Evidence", record.id, record.claim, address(record), record.dataset)
    for source in chain.sources:
        text = f"{names.people(source, 20)} {source.year} {source.venue}"
        yield Entry("Source", source.id, source.title, address(source), text)
    for kind, words in (
        ("Capability", chain.capabilities),
        ("Trait", chain.traits),
        ("Actor", chain.actors),
        ("Component", chain.components),
        ("Asset", chain.assets),
        ("Party", chain.parties),
    ):
        for word in words:
            path = f"vocabulary.html#{names.slug(kind.lower(), word.id)}"
            yield Entry(kind, word.id, word.name, path, word.meaning)
