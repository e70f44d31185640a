"""The objects of the kill chain, as frozen records with a strict schema."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from redqubit.core.errors import InputError
from redqubit.killchain.requirement import NOTHING, Requirement

Mark = Literal["V", "V2", "M", "O"]
Provenance = Literal["ours", "theirs"]
Framework = Literal["ATLAS", "ATT&CK", "OWASP QS", "CWE", "CAPEC", "D3FEND"]
Level = Literal["none", "low", "medium", "high"]
Knowledge = Literal["black", "gray", "white"]
Access = Literal[
    "oracle",
    "white box",
    "training data",
    "compiler",
    "provider",
    "co-tenant",
    "optimizer channel",
    "trace probe",
]
Hardware = Literal["any", "superconducting", "trapped ion", "neutral atom", "photonic"]
Maturity = Literal[
    "proposed", "theory", "ideal simulation", "noisy simulation", "real QPU", "incident"
]
NoneFound = Literal["none found"]

MARKS = {
    "V": "title and abstract were seen in a public source",
    "V2": "seen only through a secondary mention",
    "M": "from memory, to be checked",
    "O": "measured by redqubit; the locator is the command",
}


@dataclass(frozen=True)
class Anchor:
    """The corresponding entry of another framework; ``provenance`` says who drew the line."""

    framework: Framework
    id: str
    name: str
    provenance: Provenance = "ours"


@dataclass(frozen=True)
class Tactic:
    """What an attacker wants at one stage, as the question the stage answers."""

    id: str
    name: str
    question: str
    order: int
    mappings: tuple[Anchor, ...] = ()


@dataclass(frozen=True)
class Term:
    """A word of the vocabulary: a component of the pipeline, an asset or a party."""

    id: str
    name: str
    meaning: str


@dataclass(frozen=True)
class Capability:
    """Something an attacker can hold; ``given`` marks what may be held before the first step.

    ``knowledge`` names the level of knowledge from which an attacker holds it without any step.
    """

    id: str
    name: str
    meaning: str
    given: bool = False
    knowledge: Literal["gray", "white"] | None = None


@dataclass(frozen=True)
class Fact:
    """A test of one field of a pipeline, such as ``provider.tenancy``.

    With ``values`` the field must equal one of them; without, it must be present and neither
    empty, false nor ``none``.
    """

    field: str
    values: tuple[str | bool, ...] = ()


@dataclass(frozen=True)
class Trait:
    """A property of a pipeline that decides whether a technique applies; holds if any fact does."""

    id: str
    name: str
    meaning: str
    when: tuple[Fact, ...]


@dataclass(frozen=True)
class Start:
    """A capability held before the first step, on pipelines whose traits meet ``when``."""

    capability: str
    when: Requirement = NOTHING


@dataclass(frozen=True)
class Actor:
    """Who attacks, and what that position gives before the first step."""

    id: str
    name: str
    meaning: str
    starts: tuple[Start, ...] = ()


@dataclass(frozen=True)
class Impact:
    """How far each protection goal is hurt when the technique succeeds."""

    confidentiality: Level = "none"
    integrity: Level = "none"
    availability: Level = "none"


@dataclass(frozen=True)
class Effort:
    """What the technique takes: ranges (low, high) with the ground they stand on.

    ``queries`` and ``shots`` are counts, ``money`` is in US dollars, ``days`` in working days;
    None means unknown, never zero.
    """

    basis: str
    skill: Literal["low", "medium", "high"]
    queries: tuple[float, float] | None = None
    shots: tuple[float, float] | None = None
    money: tuple[float, float] | None = None
    days: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        for name in ("queries", "shots", "money", "days"):
            span = getattr(self, name)
            if span is not None and not 0 <= span[0] <= span[1]:
                raise InputError(f"{name} must be a range 0 <= low <= high, got {list(span)}")


@dataclass(frozen=True)
class Detectability:
    """How visible the technique is to a defender, and through which signal."""

    level: Literal["low", "medium", "high"]
    signal: str


@dataclass(frozen=True)
class Technique:
    """How an attacker reaches a tactic; sub-techniques carry their parent's id and a suffix.

    ``applies`` is a requirement over traits of the pipeline, ``requires`` one over capabilities of
    the attacker. ``access`` names the views of the target that the technique needs; ``evidence``
    holds ids of evidence records, or ``none found`` after a search that came back empty.
    """

    id: str
    name: str
    tactics: tuple[str, ...]
    summary: str
    how: str
    components: tuple[str, ...]
    assets: tuple[str, ...]
    actors: tuple[str, ...]
    knowledge: tuple[Knowledge, ...]
    access: tuple[Access, ...]
    impact: Impact
    requires: Requirement
    grants: tuple[str, ...]
    cost: Effort
    detectability: Detectability
    hardware: tuple[Hardware, ...]
    maturity: Maturity
    evidence: tuple[str, ...] | NoneFound
    applies: Requirement = NOTHING
    mappings: tuple[Anchor, ...] = ()
    open_questions: tuple[str, ...] = ()

    @property
    def parent(self) -> str:
        """Return the id of the technique this one refines, or an empty string."""
        return self.id[: -len(".000")] if self.id.count(".") == 2 else ""


@dataclass(frozen=True)
class Edge:
    """One technique a mitigation acts on: what it does there, how well, and who measured it."""

    technique: str
    sentence: str
    strength: Literal["none", "weak", "partial", "strong", "unknown"]
    evidence: tuple[str, ...] | NoneFound


@dataclass(frozen=True)
class Mitigation:
    """What a defender can do, where it acts in the pipeline, and what it costs."""

    id: str
    name: str
    kind: Literal["prevent", "detect", "respond"]
    summary: str
    components: tuple[str, ...]
    cost: str
    mitigates: tuple[Edge, ...]
    mappings: tuple[Anchor, ...] = ()


@dataclass(frozen=True)
class Record:
    """One published claim about a technique or mitigation, with the setting it was made in.

    ``value`` is None for a claim without a single number. ``contradicts`` holds ids of records
    that say otherwise; contradictions stay as data.
    """

    id: str
    claim: str
    source: str
    locator: str
    mark: Mark
    metric: str = ""
    value: float | None = None
    unit: str = ""
    comparator: Literal["=", "<", "<=", ">", ">=", "about", "up to"] = "="
    dataset: str = ""
    model: str = ""
    qubits: int | None = None
    shots: int | None = None
    device: str = ""
    knowledge: Knowledge | None = None
    contradicts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Source:
    """A publication: enough to find it again, and how far it was checked."""

    id: str
    title: str
    authors: tuple[str, ...]
    year: int
    mark: Mark
    venue: str = ""
    arxiv: str = ""
    doi: str = ""
    url: str = ""

    def __post_init__(self) -> None:
        if not (self.arxiv or self.doi or self.url or self.mark == "O"):
            raise InputError("a source needs an identifier: arxiv, doi or url")
        if not self.title or not self.authors:
            raise InputError("a source needs a title and authors")
        if self.arxiv and not re.fullmatch(r"\d{4}\.\d{4,5}", self.arxiv):
            raise InputError(f"an arXiv identifier reads like 2411.14412, got {self.arxiv!r}")
        if self.doi and not re.fullmatch(r"10\.\d{4,9}/\S+", self.doi):
            raise InputError(f"a DOI reads like 10.1103/PhysRevA.101.062331, got {self.doi!r}")
        if self.url and not self.url.startswith("https://"):
            raise InputError(f"a source address starts with https://, got {self.url!r}")

    @property
    def link(self) -> str:
        """Return where to read it: preprint, DOI or address; empty for our own measurements."""
        if self.arxiv:
            return f"https://arxiv.org/abs/{self.arxiv}"
        return f"https://doi.org/{self.doi}" if self.doi else self.url


@dataclass(frozen=True)
class Step:
    """One step of a case: what was done, by which technique, for which tactic."""

    tactic: str
    technique: str
    text: str


@dataclass(frozen=True)
class Case:
    """An attack in several steps, in order.

    ``kind`` says what stands behind it: ``published`` as a whole, ``executed`` by redqubit, or
    ``composed`` from steps that were each published but never run together.
    """

    id: str
    name: str
    summary: str
    kind: Literal["published", "executed", "composed"]
    steps: tuple[Step, ...]
    sources: tuple[str, ...] = ()
    command: str = ""

    def __post_init__(self) -> None:
        if not self.steps:
            raise InputError("a case needs at least one step")
        if not self.sources and self.kind != "executed":
            raise InputError(f"a {self.kind} case needs sources")
        if (self.kind == "executed") != bool(self.command):
            raise InputError("an executed case names the command that runs it, others do not")


@dataclass(frozen=True)
class Claim:
    """A statement made in public, what would test it, and how it fared.

    ``sources`` are publications that carry it, or ``none found`` after a search that came back
    empty; ``evidence`` holds the records that speak for or against it.
    """

    id: str
    statement: str
    made_by: str
    sources: tuple[str, ...] | NoneFound
    experiment: str
    verdict: Literal["supported", "not supported", "open"]
    reason: str
    evidence: tuple[str, ...] = ()
    techniques: tuple[str, ...] = ()
    mitigations: tuple[str, ...] = ()


@dataclass(frozen=True)
class Challenge:
    """An open problem of the field, why it is open, and what it touches."""

    id: str
    name: str
    text: str
    techniques: tuple[str, ...] = ()
    mitigations: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Executable:
    """What redqubit runs for a technique or mitigation: the name to give on the command line.

    A ``rule`` of the scanner finds what lets a technique succeed; it executes nothing.
    """

    id: str
    kind: Literal["attack", "defense", "rule"]
    name: str
    title: str


@dataclass(frozen=True)
class Edition:
    """Which content this is (calendar) and which schema it follows (semantic version).

    ``license`` is an SPDX identifier and holds for the content, not for the code beside it.
    """

    name: str
    content: str
    format: str
    license: str = "CC-BY-4.0"
    cite: str = ""


Item = Tactic | Technique | Mitigation | Record | Source | Case | Claim | Challenge


@dataclass(frozen=True)
class KillChain:
    """The whole knowledge base; every tuple is sorted by id, tactics by order."""

    edition: Edition
    tactics: tuple[Tactic, ...]
    techniques: tuple[Technique, ...]
    mitigations: tuple[Mitigation, ...]
    evidence: tuple[Record, ...]
    cases: tuple[Case, ...]
    claims: tuple[Claim, ...]
    challenges: tuple[Challenge, ...]
    sources: tuple[Source, ...]
    capabilities: tuple[Capability, ...]
    traits: tuple[Trait, ...]
    actors: tuple[Actor, ...]
    components: tuple[Term, ...]
    assets: tuple[Term, ...]
    parties: tuple[Term, ...]
    executables: tuple[Executable, ...]

    @cached_property
    def by_id(self) -> Mapping[str, Item]:
        """Return the objects with an identifier of their own, by that identifier."""
        kinds: tuple[tuple[Item, ...], ...] = (
            self.tactics,
            self.techniques,
            self.mitigations,
            self.evidence,
            self.cases,
            self.claims,
            self.challenges,
            self.sources,
        )
        return {item.id: item for kind in kinds for item in kind}

    @cached_property
    def words(self) -> Mapping[str, str]:
        """Return the names of the vocabulary (capabilities, components, ...), by id."""
        kinds: tuple[tuple[Capability | Trait | Actor | Term, ...], ...] = (
            self.capabilities,
            self.traits,
            self.actors,
            self.components,
            self.assets,
            self.parties,
        )
        return {item.id: item.name for kind in kinds for item in kind}
