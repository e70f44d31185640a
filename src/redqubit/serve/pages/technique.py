"""A page for each technique: everything the kill chain says about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from redqubit.killchain.model import Technique
from redqubit.serve import neighborhood
from redqubit.serve.cite import citation
from redqubit.serve.page import Page, Site


def pages(site: Site) -> Iterator[Page]:
    """Yield the page of every technique."""
    for item in site.chain.techniques:
        yield site.html(
            f"technique/{item.id}.html",
            "technique.html",
            f"{item.name} ({item.id})",
            lambda item=item: _context(site, item),  # type: ignore[misc]
            section="index.html",
        )


def _context(site: Site, item: Technique) -> Mapping[str, Any]:
    chain, index = site.chain, site.index
    parent = chain.by_id.get(item.parent) if item.parent else None
    needed = neighborhood.needs(index, item.requires)
    granted = neighborhood.grants(index, item)
    return {
        "item": item,
        "parent": parent,
        "children": index.children[item.id],
        "tactics": [tactic for tactic in chain.tactics if tactic.id in item.tactics],
        "records": index.records(item),
        "edges": index.edges(item),
        "commands": [e for e in index.executables[item.id] if e.kind == "attack"],
        "rules": [e for e in index.executables[item.id] if e.kind == "rule"],
        "own": site.own.get(item.id, ()),
        "needed": needed,
        "granted": granted,
        "drawing": neighborhood.draw(item, needed, granted, "../"),
        "neighbors": _neighbors(site, item),
        "citation": citation(chain.edition, item.id, item.name),
    }


def _neighbors(site: Site, item: Technique) -> list[tuple[Any, Technique | None, Technique | None]]:
    """Return, for each tactic of a technique, the one before and the one after."""
    found = []
    for tactic in site.chain.tactics:
        if tactic.id in item.tactics:
            order = site.index.in_tactic[tactic.id]
            place = order.index(item)
            before = order[place - 1] if place else None
            after = order[place + 1] if place + 1 < len(order) else None
            found.append((tactic, before, after))
    return found
