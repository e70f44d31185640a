"""The mitigations: what a defender can do, one list and a page for each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from redqubit.killchain.model import Mitigation, Technique
from redqubit.serve.cite import citation
from redqubit.serve.page import Page, Site

KINDS: Final = ("prevent", "detect", "respond")
STRENGTHS: Final = ("strong", "partial", "weak", "none", "unknown")


def pages(site: Site) -> Iterator[Page]:
    """Yield the list and the page of every mitigation."""
    yield site.html(
        "mitigations.html",
        "mitigations.html",
        "Mitigations",
        lambda: _list(site),
        scripts=("static/list.js",),
    )
    for item in site.chain.mitigations:
        yield site.html(
            f"mitigation/{item.id}.html",
            "mitigation.html",
            f"{item.name} ({item.id})",
            lambda item=item: _one(site, item),  # type: ignore[misc]
            section="mitigations.html",
        )


def _list(site: Site) -> Mapping[str, Any]:
    covered = {edge.technique for item in site.chain.mitigations for edge in item.mitigates}
    gaps = [
        item
        for item in site.chain.techniques
        if item.id not in covered and item.parent not in covered
    ]
    rows = [
        (item, {word: sum(e.strength == word for e in item.mitigates) for word in STRENGTHS})
        for item in site.chain.mitigations
    ]
    facets = [("kind", "Kind", KINDS), ("strength", "Strength", STRENGTHS)]
    return {"rows": rows, "gaps": gaps, "facets": facets, "strengths": STRENGTHS}


def _one(site: Site, item: Mitigation) -> Mapping[str, Any]:
    order = {word: rank for rank, word in enumerate(STRENGTHS)}
    edges = sorted(item.mitigates, key=lambda edge: order[edge.strength])
    found = [(site.chain.by_id[edge.technique], edge) for edge in edges]
    place = site.chain.mitigations.index(item)
    following = site.chain.mitigations[place + 1 : place + 2]
    return {
        "item": item,
        "edges": [(subject, edge) for subject, edge in found if isinstance(subject, Technique)],
        "commands": [e for e in site.index.executables[item.id] if e.kind == "defense"],
        "own": [
            (run.name, entry)
            for run in site.runs
            for entry in run.evidence
            if entry.mitigation == item.id and entry.success is not None and entry.technique
        ],
        "before": site.chain.mitigations[place - 1] if place else None,
        "after": following[0] if following else None,
        "citation": citation(site.chain.edition, item.id, item.name),
    }
