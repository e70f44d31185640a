"""What refers to what in a kill chain, the other way round: from each object to its users."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from redqubit.killchain.model import (
    Actor,
    Case,
    Challenge,
    Claim,
    Edge,
    Executable,
    KillChain,
    Mitigation,
    Record,
    Source,
    Technique,
)

Many = Mapping[str, tuple[Any, ...]]


def invert(items: Iterable[Any], names: Callable[[Any], Iterable[str]]) -> Many:
    """Return, for each name, the items that mention it, in their order and once each."""
    found: defaultdict[str, dict[int, Any]] = defaultdict(dict)
    for item in items:
        for name in names(item):
            found[name][id(item)] = item
    return defaultdict(tuple, {name: tuple(group.values()) for name, group in found.items()})


def ids(names: tuple[str, ...] | str) -> tuple[str, ...]:
    """Return the ids of a field that may also say ``none found``."""
    return () if isinstance(names, str) else names


@dataclass(frozen=True)
class Index:
    """Every reference of a kill chain, inverted; each answer is found once."""

    chain: KillChain

    @cached_property
    def children(self) -> Mapping[str, tuple[Technique, ...]]:
        """Return the sub-techniques of a technique."""
        return invert(self.chain.techniques, lambda t: [t.parent] if t.parent else [])

    @cached_property
    def in_tactic(self) -> Mapping[str, tuple[Technique, ...]]:
        """Return the techniques of a tactic, sub-techniques too."""
        return invert(self.chain.techniques, lambda t: t.tactics)

    def columns(self, tactic: str) -> list[tuple[Technique, tuple[Technique, ...]]]:
        """Return the techniques of a tactic, each with those that refine it there."""
        members = self.in_tactic[tactic]
        names = {item.id for item in members}
        return [
            (item, tuple(child for child in self.children[item.id] if child.id in names))
            for item in members
            if item.parent not in names
        ]

    @cached_property
    def granted_by(self) -> Mapping[str, tuple[Technique, ...]]:
        """Return the techniques that grant a capability."""
        return invert(self.chain.techniques, lambda t: t.grants)

    @cached_property
    def required_by(self) -> Mapping[str, tuple[Technique, ...]]:
        """Return the techniques whose requirement mentions a capability."""
        return invert(self.chain.techniques, lambda t: sorted(t.requires.words))

    @cached_property
    def applies_by(self) -> Mapping[str, tuple[Technique, ...]]:
        """Return the techniques whose condition mentions a trait."""
        return invert(self.chain.techniques, lambda t: sorted(t.applies.words))

    @cached_property
    def held_by(self) -> Mapping[str, tuple[Actor, ...]]:
        """Return the actors that may hold a capability before the first step."""
        return invert(self.chain.actors, lambda a: [start.capability for start in a.starts])

    @cached_property
    def on_component(self) -> Mapping[str, tuple[Technique, ...]]:
        """Return the techniques that act on a component."""
        return invert(self.chain.techniques, lambda t: t.components)

    @cached_property
    def on_asset(self) -> Mapping[str, tuple[Technique, ...]]:
        """Return the techniques that hurt an asset."""
        return invert(self.chain.techniques, lambda t: t.assets)

    @cached_property
    def by_actor(self) -> Mapping[str, tuple[Technique, ...]]:
        """Return the techniques an actor is known for."""
        return invert(self.chain.techniques, lambda t: t.actors)

    @cached_property
    def by_record(self) -> Mapping[str, tuple[Technique, ...]]:
        """Return the techniques an evidence record speaks about."""
        return invert(self.chain.techniques, lambda t: ids(t.evidence))

    @cached_property
    def mitigations_by_record(self) -> Mapping[str, tuple[Mitigation, ...]]:
        """Return the mitigations one of whose edges stands on an evidence record."""
        edges = [(item, edge) for item in self.chain.mitigations for edge in item.mitigates]
        found: defaultdict[str, dict[str, Mitigation]] = defaultdict(dict)
        for item, edge in edges:
            for name in ids(edge.evidence):
                found[name][item.id] = item
        return defaultdict(tuple, {name: tuple(group.values()) for name, group in found.items()})

    @cached_property
    def claims_by_record(self) -> Mapping[str, tuple[Claim, ...]]:
        """Return the claims an evidence record speaks for or against."""
        return invert(self.chain.claims, lambda c: c.evidence)

    @cached_property
    def records_of(self) -> Mapping[str, tuple[Record, ...]]:
        """Return the evidence records drawn from a source."""
        return invert(self.chain.evidence, lambda r: [r.source])

    @cached_property
    def contradictions(self) -> Mapping[str, tuple[Record, ...]]:
        """Return the records that contradict a record, whichever of the two says so."""
        pairs: defaultdict[str, set[str]] = defaultdict(set)
        for item in self.chain.evidence:
            for other in item.contradicts:
                pairs[item.id].add(other)
                pairs[other].add(item.id)
        return defaultdict(
            tuple,
            {
                name: tuple(item for item in self.chain.evidence if item.id in others)
                for name, others in pairs.items()
            },
        )

    @cached_property
    def executables(self) -> Mapping[str, tuple[Executable, ...]]:
        """Return what redqubit runs for a technique or mitigation."""
        return invert(self.chain.executables, lambda e: [e.id])

    @cached_property
    def _edges(self) -> Mapping[str, tuple[tuple[Mitigation, Edge], ...]]:
        pairs = [(item, edge) for item in self.chain.mitigations for edge in item.mitigates]
        return invert(pairs, lambda pair: [pair[1].technique])

    def edges(self, item: Technique) -> tuple[tuple[Mitigation, Edge], ...]:
        """Return every mitigation of a technique with its edge; a parent's count for it too."""
        return (*self._edges[item.id], *(self._edges[item.parent] if item.parent else ()))

    @cached_property
    def cases(self) -> Mapping[str, tuple[Case, ...]]:
        """Return the cases with a step by a technique, or that name a source."""
        return invert(
            self.chain.cases, lambda c: (*(step.technique for step in c.steps), *c.sources)
        )

    @cached_property
    def claims(self) -> Mapping[str, tuple[Claim, ...]]:
        """Return the claims about a technique or mitigation, or found in a source."""
        return invert(self.chain.claims, lambda c: (*c.techniques, *c.mitigations, *ids(c.sources)))

    @cached_property
    def challenges(self) -> Mapping[str, tuple[Challenge, ...]]:
        """Return the open challenges that touch a technique, mitigation or source."""
        return invert(self.chain.challenges, lambda c: (*c.techniques, *c.mitigations, *c.sources))

    def records(self, item: Technique | Edge | Claim) -> tuple[Record, ...]:
        """Return the evidence records an object names, in their order."""
        found = (self.chain.by_id[name] for name in ids(item.evidence))
        return tuple(record for record in found if isinstance(record, Record))

    def source(self, item: Record) -> Source:
        """Return the publication an evidence record is drawn from."""
        found = self.chain.by_id[item.source]
        assert isinstance(found, Source)  # the loader checked it
        return found

    def sources(self, names: tuple[str, ...] | str) -> tuple[Source, ...]:
        """Return the publications with these ids."""
        found = (self.chain.by_id[name] for name in ids(names))
        return tuple(item for item in found if isinstance(item, Source))
