"""Questions to the kill chain, as pure functions."""

from __future__ import annotations

from redqubit.killchain.load import load
from redqubit.killchain.model import (
    Edge,
    KillChain,
    Mitigation,
    Record,
    Source,
    Technique,
)


def technique(killchain: KillChain, identifier: str) -> Technique | None:
    """Return the technique with this id, or None."""
    item = killchain.by_id.get(identifier)
    return item if isinstance(item, Technique) else None


def mitigations_of(killchain: KillChain, identifier: str) -> tuple[tuple[Mitigation, Edge], ...]:
    """Return every mitigation of a technique with its edge; a parent's count for its children."""
    subject = technique(killchain, identifier)
    family = {identifier, subject.parent if subject else ""}
    return tuple(
        (mitigation, edge)
        for mitigation in killchain.mitigations
        for edge in mitigation.mitigates
        if edge.technique in family
    )


def mitigates(mitigation: str, technique: str, killchain: KillChain | None = None) -> bool:
    """Say whether the kill chain has an edge from a mitigation to a technique or its parent."""
    edges = mitigations_of(killchain or load(), technique)
    return any(item.id == mitigation for item, _ in edges)


def evidence_of(killchain: KillChain, item: Technique | Edge) -> tuple[Record, ...]:
    """Return the published records behind a technique or a mitigation's edge, in their order."""
    if isinstance(item.evidence, str):
        return ()
    found = (killchain.by_id[name] for name in item.evidence)
    return tuple(record for record in found if isinstance(record, Record))


def sources_of(killchain: KillChain, identifier: str) -> tuple[Source, ...]:
    """Return the publications behind a technique and its mitigations, oldest first."""
    subject = technique(killchain, identifier)
    records = evidence_of(killchain, subject) if subject else ()
    for _, edge in mitigations_of(killchain, identifier):
        records += evidence_of(killchain, edge)
    found = (killchain.by_id[record.source] for record in records)
    sources = {item for item in found if isinstance(item, Source)}
    return tuple(sorted(sources, key=lambda source: (source.year, source.id)))
