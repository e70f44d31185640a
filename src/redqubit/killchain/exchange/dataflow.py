"""A pipeline as zones, parts and flows, the way threat-modeling tools hold it, and back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, Protocol

from redqubit.core.errors import InputError, unknown
from redqubit.killchain import system
from redqubit.killchain.document import Document
from redqubit.killchain.exchange.fields import Fields
from redqubit.killchain.model import Edge, KillChain, Mitigation, Technique
from redqubit.killchain.query import mitigations_of
from redqubit.killchain.system import Pipeline, Placement, Trust

STORES: Final = ("C1", "C13")  # components that keep data; all others process them
OUTSIDE: Final = "outside"  # zone of whoever queries the model
CLIENT: Final = "client"
TRUST: Final[Mapping[Trust, str]] = {
    "trusted": "trusted",
    "honest but curious": "honest-but-curious",
    "untrusted": "untrusted",
}
RATING: Final[Mapping[Trust, int]] = {"trusted": 100, "honest but curious": 50, "untrusted": 0}
FACTS: Final = (
    "model",
    "data",
    "training",
    "transpile",
    "provider",
    "service",
    "dependencies",
    "mitigations",
    "actors",
)
FLOWS: Final = (
    ("C1", "C2", "Training examples", ("training-data",)),
    ("C2", "C3", "Features", ("training-data",)),
    ("C3", "C4", "Encoded states", ("encoding-circuit",)),
    ("C4", "C5", "Circuits", ("encoding-circuit", "ansatz", "parameters")),
    ("C5", "C6", "Transpiled circuits", ("encoding-circuit", "ansatz", "parameters")),
    ("C6", "C7", "Jobs", ("device-time",)),
    ("C7", "C5", "Device properties", ()),
    ("C7", "C8", "Pulse schedules", ()),
    ("C8", "C9", "Control signals", ()),
    ("C9", "C10", "Readout signals", ("results",)),
    ("C10", "C11", "Counts for gradients", ("results",)),
    ("C10", "C14", "Counts for answers", ("results",)),
    ("C11", "C12", "Gradients", ("parameters",)),
    ("C12", "C4", "Updated parameters", ("parameters",)),
    ("C12", "C13", "Trained model", ("ansatz", "parameters")),
    ("C12", "C15", "Model updates", ("parameters",)),
    ("C15", "C4", "Shared model", ("parameters",)),
    ("C13", "C14", "Served model", ("ansatz", "parameters")),
    ("C14", "C2", "Inputs to classify", ()),
)
_QUERY: Final = (("Queries", True), ("Answers", False))  # to the service or from it


class Threat(Protocol):
    """A technique that an actor can run against a component of a pipeline.

    A threat may have a ``likelihood`` from 0 to 1 besides, such as those of `killchain.threat`.
    """

    @property
    def technique(self) -> str:
        """Return the id of the technique."""

    @property
    def severity(self) -> str:
        """Return ``critical``, ``high``, ``medium`` or ``low``."""

    @property
    def component(self) -> str:
        """Return the id of the component."""

    @property
    def actor(self) -> str:
        """Return the id of the actor."""


@dataclass(frozen=True)
class Zone:
    """Components that one party runs and the owner trusts alike; ``trust`` is None outside."""

    id: str
    name: str
    text: str
    trust: Trust | None


@dataclass(frozen=True)
class Part:
    """A component of the pipeline, or the client of the service, inside a zone."""

    id: str
    component: str
    name: str
    text: str
    kind: Literal["process", "store", "actor"]
    zone: str


@dataclass(frozen=True)
class Flow:
    """What one part sends to another, and which assets travel with it."""

    id: str
    name: str
    source: str
    target: str
    assets: tuple[str, ...]


@dataclass(frozen=True)
class Diagram:
    """A pipeline as a data-flow diagram; parts stand in the order of the components."""

    zones: tuple[Zone, ...]
    parts: tuple[Part, ...]
    flows: tuple[Flow, ...]

    def inside(self, zone: str) -> tuple[Part, ...]:
        """Return the parts of a zone."""
        return tuple(part for part in self.parts if part.zone == zone)

    def crossings(self) -> tuple[tuple[str, str], ...]:
        """Return the pairs of zones that a flow crosses, each once."""
        zone = {part.id: part.zone for part in self.parts}
        pairs = ((zone[flow.source], zone[flow.target]) for flow in self.flows)
        order = [item.id for item in self.zones]
        found = {tuple(sorted(pair, key=order.index)) for pair in pairs if pair[0] != pair[1]}
        return tuple((a, b) for a in order for b in order if (a, b) in found)


def symbol(text: str) -> str:
    """Return text as a name of small letters, digits and hyphens."""
    return re.sub(r"[^0-9a-z]+", "-", text.casefold()).strip("-") or "unnamed"


def of(chain: KillChain, pipeline: Pipeline) -> Diagram:
    """Return a pipeline as a data-flow diagram."""
    terms = {item.id: item for item in chain.components}
    order = [item.id for item in chain.components if item.id in pipeline.components]
    for name in pipeline.components:
        if name not in terms:
            raise unknown("component", name, terms)
    zones: dict[str, Zone] = {}
    parts = []
    for name in order:
        zone = _zone(chain, pipeline.components[name])
        zones[zone.id] = zone
        kind: Literal["process", "store"] = "store" if name in STORES else "process"
        term = terms[name]
        parts.append(Part(symbol(name), name, term.name, term.meaning, kind, zone.id))
    if "C14" in order and pipeline.service.queries != "none":
        text = f"Who queries the served model: {pipeline.service.queries}."
        zones[OUTSIDE] = Zone(OUTSIDE, "Outside", "Where queries come from.", None)
        parts.append(Part(CLIENT, "", "Client", text, "actor", OUTSIDE))
    return Diagram(tuple(zones.values()), tuple(parts), tuple(_flows(parts)))


def _zone(chain: KillChain, placement: Placement) -> Zone:
    party = next((item for item in chain.parties if item.id == placement.party), None)
    if party is None:
        raise unknown("party", placement.party, (item.id for item in chain.parties))
    key = f"{symbol(party.id)}--{TRUST[placement.trust]}"
    return Zone(key, f"{party.name} ({placement.trust})", party.meaning, placement.trust)


def _flows(parts: Sequence[Part]) -> Iterator[Flow]:
    """Yield the flows; one to a component that is absent goes on downstream to those present."""
    present = {part.component: part.id for part in parts if part.component}
    seen: set[tuple[str, str]] = set()
    for source, first, name, assets in FLOWS:
        if source not in present:
            continue
        waiting, met = [first], {source}
        while waiting:
            target = waiting.pop(0)
            if target in met:
                continue
            met.add(target)
            if target not in present:
                onward = [end for start, end, _, _ in FLOWS if start == target]
                waiting += [end for end in onward if int(end[1:]) > int(target[1:])]
            elif (source, target) not in seen:
                seen.add((source, target))
                a, b = present[source], present[target]
                yield Flow(f"{a}-{b}", name, a, b, assets)
    if any(part.id == CLIENT for part in parts):
        for name, inward in _QUERY:
            a, b = (CLIENT, present["C14"]) if inward else (present["C14"], CLIENT)
            yield Flow(f"{a}-{b}", name, a, b, ("results",) if not inward else ())


@dataclass(frozen=True)
class Found:
    """A threat with what the kill chain says about it; ``id`` is unique among those found."""

    id: str
    threat: Threat
    technique: Technique
    part: str
    mitigations: tuple[tuple[Mitigation, Edge], ...]

    @property
    def likelihood(self) -> float | None:
        """Return the probability that the threat succeeds, None where it is not estimated."""
        value = getattr(self.threat, "likelihood", None)
        return float(value) if isinstance(value, int | float) else None

    @property
    def rated(self) -> str:
        """Return severity and likelihood as a sentence."""
        chance = "" if self.likelihood is None else f", likelihood {self.likelihood:.2g}"
        return f"Severity {self.threat.severity}{chance}."


def threats(
    chain: KillChain, pipeline: Pipeline, given: Iterable[Threat], diagram: Diagram
) -> tuple[Found, ...]:
    """Return threats with their technique and mitigations, each triple once, in the order given.

    Raises
    ------
    InputError
        A threat names a technique, component or actor that is unknown or not in the pipeline.
    """
    techniques = {item.id: item for item in chain.techniques}
    actors = {item.id for item in chain.actors}
    parts = {part.component: part.id for part in diagram.parts if part.component}
    found: dict[str, Found] = {}
    for threat in given:
        if threat.technique not in techniques:
            raise unknown("technique", threat.technique, techniques)
        if threat.component not in parts:
            raise unknown(f"component of {pipeline.name!r:.60}", threat.component, parts)
        if threat.actor not in actors:
            raise unknown("actor", threat.actor, actors)
        key = symbol(f"{threat.technique}-{threat.component}-{threat.actor}")
        measures = tuple(
            (item, edge)
            for item, edge in mitigations_of(chain, threat.technique)
            if edge.strength != "none"
        )
        entry = Found(key, threat, techniques[threat.technique], parts[threat.component], measures)
        found.setdefault(key, entry)
    return tuple(found.values())


@dataclass(frozen=True)
class Partial:
    """What a threat model of another tool says about a pipeline.

    ``unknown`` names the fields that stand at their default because the file does not say, such
    as ``provider`` or ``components.C9.party``; ``notes`` says in sentences what of the file is
    not in the pipeline.
    """

    pipeline: Pipeline
    unknown: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Section(Document):
    """A pipeline inside a larger document; errors name their place there."""

    whole: Document
    start: str

    def error(self, message: str, path: str = "") -> InputError:
        return self.whole.error(message, f"{self.start}.{path}".strip("."))


def build(
    chain: KillChain,
    source: Document,
    data: Mapping[str, Any],
    start: str,
    blank: Iterable[str],
    notes: Iterable[str],
) -> Partial:
    """Build a pipeline from plain data found at ``start``, and check it against the kill chain.

    Raises
    ------
    InputError
        A key or value is unknown or an id is none the kill chain has; the message names file,
        line and key.
    """
    section = _Section(dict(data), source.where, source.text, source, start)
    absent = [name for name in FACTS if name not in data]
    return Partial(system.check(section, chain), (*blank, *absent), tuple(notes))


def component(chain: KillChain, *words: str) -> str | None:
    """Return the id of the component that one of these words names, by id or by name."""
    known = {symbol(item.id): item.id for item in chain.components}
    known |= {symbol(item.name): item.id for item in chain.components}
    return next((known[symbol(word)] for word in words if symbol(word) in known), None)


def placement(
    chain: KillChain, words: Sequence[str], rating: float | None = None
) -> tuple[str, Trust, list[str]]:
    """Return party and trust from names of a zone and its rating, and which of them are guesses.

    A party that cannot be known is taken to be ``user``, a trust that cannot be known to be
    ``untrusted``. A rating goes from 0 to 100: from 75 on trusted, from 25 on honest but curious.
    """
    party, trust = "", None
    for text in words:
        name = symbol(text)
        for item in chain.parties:
            if party or not re.match(
                rf"({re.escape(symbol(item.id))}|{re.escape(symbol(item.name))})(-|$)", name
            ):
                continue
            party = item.id
        for level, slug in TRUST.items():
            if trust is None and re.search(rf"(^|-){slug}$", name):
                trust = level
    if trust is None and rating is not None:
        trust = "trusted" if rating >= 75 else "honest but curious" if rating >= 25 else "untrusted"
    guesses = [name for name, value in (("party", party), ("trust", trust)) if not value]
    return party or "user", trust or "untrusted", guesses


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels; ``x`` and ``y`` are its upper left corner."""

    x: int
    y: int
    width: int
    height: int


def layout(diagram: Diagram) -> dict[str, Box]:
    """Return where zones and parts stand: a column for each zone, its parts below one another."""
    boxes: dict[str, Box] = {}
    for column, zone in enumerate(diagram.zones):
        inside = diagram.inside(zone.id)
        x = 40 + 300 * column
        boxes[zone.id] = Box(x, 40, 240, 70 + 140 * len(inside))
        for row, part in enumerate(inside):
            width, height = (100, 100) if part.kind == "process" else (160, 80)
            boxes[part.id] = Box(x + 120 - width // 2, 100 + 140 * row, width, height)
    return boxes


@dataclass(frozen=True)
class Stated:
    """A part as a file states it, with its names, the names of its zone and the zone's rating."""

    fields: Fields
    names: tuple[str, ...]
    zone: tuple[str, ...]
    rating: float | None = None


def placements(
    chain: KillChain, stated: Iterable[Stated]
) -> tuple[dict[str, Any], list[str], list[str]]:
    """Return plain components, the fields that are unknown, and notes on what was left out.

    Raises
    ------
    InputError
        Two parts stand for the same component.
    """
    data: dict[str, Any] = {}
    blank: list[str] = []
    notes: list[str] = []
    for part in stated:
        name = component(chain, *part.names)
        if name is None:
            notes.append(f"{part.names[0]!r:.80} is none of the components of a pipeline")
            continue
        if name in data:
            raise part.fields.error(f"is the second part that stands for {name}")
        party, trust, guesses = placement(chain, part.zone, part.rating)
        data[name] = {"party": party, "trust": trust}
        blank += [f"components.{name}.{guess}" for guess in guesses]
    return data, blank, notes
