"""Which techniques an attacker can run on a pipeline, and what stands in the way of the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Final, Literal

from redqubit.core.errors import unknown
from redqubit.killchain.model import KillChain, Technique
from redqubit.killchain.requirement import Requirement
from redqubit.killchain.system import Attacker, Pipeline, held, traits

Least = Literal["weak", "partial", "strong"]
STRENGTH: Final[Mapping[str, int]] = {"none": 0, "unknown": 0, "weak": 1, "partial": 2, "strong": 3}
SKILL: Final[Mapping[str, int]] = {"low": 0, "medium": 1, "high": 2}
BUDGET: Final[Mapping[str, str]] = {
    "queries": "queries",
    "shots": "shots",
    "money": "US dollars",
    "days": "working days",
}
MOST_WAYS: Final = 256


@dataclass(frozen=True)
class Verdict:
    """Whether an attacker can run a technique, and why.

    ``applies`` says that the pipeline has what the technique attacks. ``missing`` is a smallest
    set of capability ids that would meet the requirement, ``obstacles`` one sentence for each
    thing in the way. ``when`` is ``now`` if what is held before the first step is enough.
    """

    technique: str
    feasible: bool
    applies: bool
    reason: str
    missing: tuple[str, ...] = ()
    obstacles: tuple[str, ...] = ()
    when: Literal["now", "after steps", "not"] = "not"


@dataclass(frozen=True)
class Reach:
    """Everything an attacker can come to: capabilities and techniques, earliest first."""

    held: frozenset[str]
    start: frozenset[str]
    feasible: tuple[str, ...]
    verdicts: Mapping[str, Verdict]


def judge(
    technique: Technique,
    attacker: Attacker,
    pipeline: Pipeline,
    chain: KillChain,
    held: frozenset[str] | None = None,
) -> Verdict:
    """Say whether an attacker who holds ``held`` can run a technique on a pipeline.

    Without ``held``, what the attacker holds before the first step counts. Mitigations in place
    block what they prevent strongly.
    """
    scene = Scene(attacker, pipeline, chain)
    return scene.judge(technique, scene.start if held is None else held)


def reachable(
    attacker: Attacker,
    pipeline: Pipeline,
    chain: KillChain,
    *,
    blocked: frozenset[str] = frozenset(),
) -> Reach:
    """Return all that an attacker can come to hold and run, step after step.

    ``blocked`` are ids of techniques taken away beyond those that mitigations in place block.
    Verdicts of all techniques are against everything that can be held in the end.
    """
    scene = Scene(attacker, pipeline, chain, blocked)
    waiting = list(scene.runnable)
    gained = scene.start
    order: list[str] = []
    while True:
        ready = [item for item in waiting if item.requires.met(gained)]
        if not ready:
            break
        order += [item.id for item in ready]
        gained = gained.union(*(item.grants for item in ready))
        done = {item.id for item in ready}
        waiting = [item for item in waiting if item.id not in done]
    verdicts = {item.id: scene.judge(item, gained) for item in chain.techniques}
    return Reach(gained, scene.start, tuple(order), verdicts)


def blocked_by(
    mitigations: Iterable[str], chain: KillChain, least: Least = "strong"
) -> frozenset[str]:
    """Return ids of the techniques that these mitigations prevent with at least this strength.

    An edge to a technique counts for its sub-techniques; mitigations that detect or respond block
    nothing.

    Raises
    ------
    InputError
        A mitigation or the strength is unknown; the near miss is named.
    """
    return frozenset(name for names in blocks(mitigations, chain, least).values() for name in names)


def blocks(
    mitigations: Iterable[str], chain: KillChain, least: Least = "strong"
) -> dict[str, frozenset[str]]:
    """Return, for each of these mitigations, ids of the techniques it blocks (see `blocked_by`)."""
    if least not in ("weak", "partial", "strong"):
        raise unknown("strength", least, ("weak", "partial", "strong"))
    known = {item.id: item for item in chain.mitigations}
    children: dict[str, list[str]] = {}
    for item in chain.techniques:
        children.setdefault(item.parent, []).append(item.id)
    found: dict[str, frozenset[str]] = {}
    for name in mitigations:
        if name not in known:
            raise unknown("mitigation", name, known)
        names: set[str] = set()
        for edge in known[name].mitigates:
            if known[name].kind == "prevent" and STRENGTH[edge.strength] >= STRENGTH[least]:
                names |= {edge.technique, *children.get(edge.technique, ())}
        found[name] = frozenset(names)
    return found


def ways(requirement: Requirement, held: frozenset[str]) -> tuple[frozenset[str], ...]:
    """Return the minimal sets of words that meet a requirement beside ``held``, smallest first.

    At most the 256 smallest are kept at each level of the expression.
    """

    def options(entry: str | Requirement) -> list[frozenset[str]]:
        if isinstance(entry, str):
            return [frozenset() if entry in held else frozenset([entry])]
        parts = [options(item) for item in entry.all]
        if entry.any:
            parts.append(_minimal(way for item in entry.any for way in options(item)))
        found = [frozenset[str]()]
        for part in parts:
            found = _minimal(a | b for a, b in product(found, part))
        return found

    return tuple(options(requirement))


def _minimal(sets: Iterable[frozenset[str]]) -> list[frozenset[str]]:
    kept: list[frozenset[str]] = []
    for item in sorted(set(sets), key=lambda way: (len(way), sorted(way))):
        if len(kept) < MOST_WAYS and not any(other <= item for other in kept):
            kept.append(item)
    return kept


@dataclass(frozen=True)
class Scene:
    """One attacker on one pipeline: what the judgment of all techniques has in common."""

    attacker: Attacker
    pipeline: Pipeline
    chain: KillChain
    blocked: frozenset[str] = frozenset()

    @cached_property
    def start(self) -> frozenset[str]:
        """Return what is held before the first step."""
        return held(self.attacker, self.pipeline, self.chain)

    @cached_property
    def traits(self) -> frozenset[str]:
        """Return the traits of the pipeline."""
        return traits(self.pipeline, self.chain)

    @cached_property
    def prevented(self) -> Mapping[str, tuple[str, ...]]:
        """Return the mitigations in place that block a technique, by technique."""
        found: dict[str, tuple[str, ...]] = {}
        for name, techniques in blocks(self.pipeline.mitigations, self.chain).items():
            for item in techniques:
                found[item] = (*found.get(item, ()), name)
        return found

    @cached_property
    def runnable(self) -> tuple[Technique, ...]:
        """Return the techniques in whose way nothing but capabilities can stand."""
        return tuple(item for item in self.chain.techniques if self.open(item))

    def open(self, item: Technique) -> bool:
        """Say whether nothing but a missing capability can keep the attacker from a technique."""
        return (
            self.applies(item)
            and item.id not in self.blocked
            and item.id not in self.prevented
            and SKILL[self.attacker.skill] >= SKILL[item.cost.skill]
            and not any(self._short(item))
        )

    def applies(self, item: Technique) -> bool:
        """Say whether the pipeline has what a technique attacks."""
        return (
            item.applies.met(self.traits)
            and any(name in self.pipeline.components for name in item.components)
            and any(word in self.pipeline.hardware for word in item.hardware)
        )

    def judge(self, item: Technique, held: frozenset[str]) -> Verdict:
        """Judge one technique against what is held."""
        lacking = ways(item.requires, held)[0]
        missing = tuple(sorted(lacking))
        obstacles = (*self._unfit(item), *self._stopped(item), *self._short(item))
        applies = self.applies(item)
        if obstacles or missing:
            wants = f"Needs {self._names(missing)}." if missing else ""
            reason = obstacles[0] if obstacles else f"{wants[:-1]}, which the attacker lacks."
            every = (*obstacles, wants) if wants else obstacles
            return Verdict(item.id, False, applies, reason, missing, every)
        name = next(a.name for a in self.chain.actors if a.id == self.attacker.actor)
        if item.requires.met(self.start):
            reason = f"Possible at once from the position of: {name}."
            return Verdict(item.id, True, applies, reason, when="now")
        gained = tuple(sorted(ways(item.requires, self.start)[0] & held))
        brought = f" that bring {self._names(gained)}" if gained else ""
        reason = f"Possible after earlier steps{brought}."
        return Verdict(item.id, True, applies, reason, when="after steps")

    def _names(self, words: Iterable[str]) -> str:
        return ", ".join(self.chain.words.get(word, word).lower() for word in words)

    def _unfit(self, item: Technique) -> list[str]:
        """Say what the pipeline lacks for a technique to apply."""
        told = []
        if not item.applies.met(self.traits):
            lacking = sorted(ways(item.applies, self.traits)[0])
            told.append(f"The pipeline lacks: {self._names(lacking)}.")
        if not any(name in self.pipeline.components for name in item.components):
            told.append(f"The pipeline has no {self._names(item.components)}.")
        if not any(word in self.pipeline.hardware for word in item.hardware):
            found = self.pipeline.provider.hardware
            told.append(f"It works on {' or '.join(item.hardware)}, and this runs on {found}.")
        return told

    def _stopped(self, item: Technique) -> list[str]:
        """Say which mitigations stop a technique, and whether it needs more skill."""
        told = []
        if item.id in self.prevented:
            names = {m.id: m.name for m in self.chain.mitigations}
            stops = ", ".join(names[name] for name in self.prevented[item.id])
            told.append(f"Blocked by a mitigation in place: {stops}.")
        if item.id in self.blocked:
            told.append("Blocked by a mitigation that is being considered.")
        if SKILL[self.attacker.skill] < SKILL[item.cost.skill]:
            told.append(f"Needs {item.cost.skill} skill; the attacker has {self.attacker.skill}.")
        return told

    def _short(self, item: Technique) -> list[str]:
        """Say which budgets the low end of a known cost exceeds."""
        told = []
        for key, unit in BUDGET.items():
            span, limit = getattr(item.cost, key), getattr(self.attacker, key)
            if span is not None and limit is not None and span[0] > limit:
                told.append(f"Needs at least {span[0]:,g} {unit}; the budget is {limit:,g}.")
        return told
