"""Questions to the kill chain, as pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from redqubit.core import record
from redqubit.killchain.load import load
from redqubit.killchain.model import (
    Edge,
    Executable,
    Item,
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


def search(killchain: KillChain, words: Sequence[str]) -> tuple[Item, ...]:
    """Return the objects whose texts hold every word; those with it in id or name come first."""
    wanted = [word.casefold() for word in words]

    def name(item: Item) -> str:
        return f"{item.id} {getattr(item, 'name', getattr(item, 'title', ''))}".casefold()

    found = [
        item
        for item in killchain.by_id.values()
        if all(word in record.canonical(item).casefold() for word in wanted)
    ]
    return tuple(sorted(found, key=lambda item: not all(word in name(item) for word in wanted)))


@dataclass(frozen=True)
class Coverage:
    """How far one tactic is covered: numbers of its techniques, sub-techniques included."""

    id: str
    name: str
    techniques: int
    evidenced: int
    mitigated: int
    executed: int


def coverage(killchain: KillChain) -> tuple[Coverage, ...]:
    """Count, for each tactic, the techniques with evidence, with a mitigation, with an attack."""
    executed = {item.id for item in killchain.executables if item.kind == "attack"}
    rows = []
    for tactic in killchain.tactics:
        members = [item for item in killchain.techniques if tactic.id in item.tactics]
        rows.append(
            Coverage(
                id=tactic.id,
                name=tactic.name,
                techniques=len(members),
                evidenced=sum(item.evidence != "none found" for item in members),
                mitigated=sum(bool(mitigations_of(killchain, item.id)) for item in members),
                executed=sum(item.id in executed for item in members),
            )
        )
    return tuple(rows)


def sub_techniques(killchain: KillChain, identifier: str) -> tuple[Technique, ...]:
    """Return the techniques that refine this one."""
    return tuple(item for item in killchain.techniques if item.parent == identifier)


def executables_of(killchain: KillChain, identifier: str) -> tuple[Executable, ...]:
    """Return the attacks or defenses of redqubit that carry out a technique or mitigation."""
    return tuple(item for item in killchain.executables if item.id == identifier)
