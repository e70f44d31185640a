"""What another knowledge base holds of the things we model, as small frozen records."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from redqubit.core.errors import InputError
from redqubit.killchain.model import Anchor, Edition, KillChain, Source
from redqubit.killchain.model import Case as OurCase
from redqubit.killchain.model import Mitigation as OurMitigation
from redqubit.killchain.query import evidence_of

Maturity = Literal["", "feasible", "demonstrated", "realized"]
MATURITY: Final[Mapping[str, Maturity]] = {
    "proposed": "feasible",
    "theory": "feasible",
    "ideal simulation": "feasible",
    "noisy simulation": "feasible",
    "real QPU": "demonstrated",
    "incident": "realized",
}
PHASES: Final = (
    "Business and Data Understanding",
    "Data Preparation",
    "AI Model Engineering",
    "AI Model Evaluation",
    "Deployment",
    "Monitoring and Maintenance",
)
_PHASE: Final = {  # of the components of the pipeline; all others are in use once deployed
    "C1": "Data Preparation",
    "C2": "Data Preparation",
    "C3": "AI Model Engineering",
    "C4": "AI Model Engineering",
    "C5": "AI Model Engineering",
    "C11": "AI Model Engineering",
    "C12": "AI Model Engineering",
    "C15": "AI Model Engineering",
}


@dataclass(frozen=True)
class Citation:
    """A reference as its maker wrote it; ``id`` is the label inside one object."""

    title: str
    url: str = ""
    id: str = ""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What every object has; dates read ``YYYY-MM-DD`` or are empty."""

    id: str
    name: str
    text: str = ""
    created: str = ""
    modified: str = ""
    references: tuple[Citation, ...] = ()
    anchors: tuple[Anchor, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Tactic(Entry):
    """What an attacker wants at one stage."""


@dataclass(frozen=True, kw_only=True)
class Technique(Entry):
    """A technique with ids of its tactics; a sub-technique names its parent."""

    tactics: tuple[str, ...] = ()
    parent: str = ""
    maturity: Maturity = ""
    platforms: tuple[str, ...] = ()


@dataclass(frozen=True)
class Use:
    """How a mitigation acts on one technique."""

    technique: str
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class Mitigation(Entry):
    """What a defender can do, where in the life of a model, and against what."""

    mitigates: tuple[Use, ...] = ()
    categories: tuple[str, ...] = ()
    phases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Step:
    """One step of a case; ``id`` and ``next`` order the steps."""

    technique: str
    tactic: str = ""
    text: str = ""
    id: str = ""
    next: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Case(Entry):
    """An attack in steps, in order; ``date`` is meant as far as ``granularity`` says."""

    steps: tuple[Step, ...] = ()
    kind: Literal["", "exercise", "incident"] = ""
    date: str = ""
    granularity: Literal["", "year", "month", "day"] = ""
    actor: str = ""
    target: str = ""
    reporter: str = ""


@dataclass(frozen=True, kw_only=True)
class Imported:
    """A knowledge base; tactics stand in the order of its matrix.

    ``notes`` says in sentences what the file holds that this record does not, and what was
    mended on reading.
    """

    name: str
    version: str
    format: str
    text: str = ""
    created: str = ""
    modified: str = ""
    tactics: tuple[Tactic, ...] = ()
    techniques: tuple[Technique, ...] = ()
    mitigations: tuple[Mitigation, ...] = ()
    cases: tuple[Case, ...] = ()
    notes: tuple[str, ...] = field(default=(), compare=False)


def day(edition: Edition) -> str:
    """Return the first day of an edition's content version, such as 2026-11-01 of 2026.11."""
    found = re.match(r"(\d{4})\.(0?[1-9]|1[0-2])(\.|$)", edition.content)
    if not found:
        raise InputError(f"a content version reads like 2026.11, got {edition.content!r}")
    return f"{found[1]}-{int(found[2]):02d}-01"


def terms(edition: Edition) -> str:
    """Return in sentences what an edition is, under which license, and how to cite it."""
    said = f"{edition.name}, edition {edition.content}. Licensed under {edition.license}."
    return f"{said} Cite as: {edition.cite}" if edition.cite else said


def of(chain: KillChain) -> Imported:
    """Return a kill chain as other knowledge bases of this kind would hold it."""
    date = day(chain.edition)
    tactics = tuple(
        Tactic(
            id=item.id,
            name=item.name,
            text=item.question,
            created=date,
            modified=date,
            anchors=item.mappings,
        )
        for item in chain.tactics
    )
    techniques = tuple(
        Technique(
            id=item.id,
            name=item.name,
            text=f"{item.summary}\n\n{item.how}",
            created=date,
            modified=date,
            references=citations(chain, [record.source for record in evidence_of(chain, item)]),
            anchors=item.mappings,
            tactics=item.tactics,
            parent=item.parent,
            maturity=MATURITY[item.maturity],
            platforms=("Predictive AI",),
        )
        for item in chain.techniques
    )
    return Imported(
        name=chain.edition.name,
        version=chain.edition.content,
        format=chain.edition.format,
        text=terms(chain.edition),
        created=date,
        modified=date,
        tactics=tactics,
        techniques=techniques,
        mitigations=tuple(_mitigation(chain, item, date) for item in chain.mitigations),
        cases=tuple(_case(chain, item, date) for item in chain.cases),
    )


def citations(chain: KillChain, sources: Iterable[str]) -> tuple[Citation, ...]:
    """Return sources as citations, each once, oldest first."""
    found = [item for item in (chain.by_id[name] for name in sources) if isinstance(item, Source)]
    ordered = sorted(set(found), key=lambda item: (item.year, item.id))
    return tuple(Citation(title(item), item.link, f"ref-{i}") for i, item in enumerate(ordered, 1))


def title(source: Source) -> str:
    """Return a publication in one line."""
    authors = source.authors[0] + (" et al." if len(source.authors) > 2 else "")
    if len(source.authors) == 2:
        authors = " and ".join(source.authors)
    venue = f" {source.venue}." if source.venue else ""
    return f"{authors} ({source.year}). {source.title}.{venue}"


def _mitigation(chain: KillChain, item: OurMitigation, date: str) -> Mitigation:
    phases = {_PHASE.get(name, "Deployment") for name in item.components}
    if item.kind != "prevent":
        phases.add("Monitoring and Maintenance")
    cited = [record.source for edge in item.mitigates for record in evidence_of(chain, edge)]
    return Mitigation(
        id=item.id,
        name=item.name,
        text=f"{item.summary}\n\nCost: {item.cost}",
        created=date,
        modified=date,
        references=citations(chain, cited),
        anchors=item.mappings,
        mitigates=tuple(Use(edge.technique, edge.sentence) for edge in item.mitigates),
        categories=("Technical - AI",),
        phases=tuple(name for name in PHASES if name in phases) or ("Deployment",),
    )


def _case(chain: KillChain, item: OurCase, date: str) -> Case:
    sources = [
        source for source in map(chain.by_id.get, item.sources) if isinstance(source, Source)
    ]
    newest = max(sources, key=lambda source: (source.year, source.id), default=None)
    executed = item.kind == "executed" or newest is None
    return Case(
        id=item.id,
        name=item.name,
        text=item.summary,
        created=date,
        modified=date,
        references=citations(chain, item.sources),
        steps=numbered([Step(step.technique, step.tactic, step.text) for step in item.steps]),
        kind="exercise",
        date=date if executed else f"{newest.year:04d}-01-01",  # type: ignore[union-attr]
        granularity="month" if executed else "year",
        actor="redqubit" if executed else newest.authors[0],  # type: ignore[union-attr]
        target="Quantum machine learning pipeline",
    )


def numbered(steps: Sequence[Step]) -> tuple[Step, ...]:
    """Return steps that follow one another with ids S00, S01, ... and their successors."""
    last = len(steps) - 1
    return tuple(
        Step(
            step.technique,
            step.tactic,
            step.text,
            f"S{i:02d}",
            (f"S{i + 1:02d}",) if i < last else (),
        )
        for i, step in enumerate(steps)
    )


def attack_anchor(entry: Entry) -> Anchor | None:
    """Return the first tie to ATT&CK, the only framework that ATLAS files can name."""
    return next((item for item in entry.anchors if item.framework == "ATT&CK"), None)


def attack_address(identifier: str) -> str:
    """Return where MITRE describes an ATT&CK tactic, technique or mitigation."""
    kind = {"TA": "tactics", "M": "mitigations"}.get(identifier.rstrip("0123456789"), "techniques")
    return f"https://attack.mitre.org/{kind}/{identifier.replace('.', '/')}/"


def padded(identifier: str) -> str:
    """Return our id with the four digits that ATLAS asks of tactics and cases."""
    return re.sub(
        r"^QML\.(TA|CS)(\d{1,3})$", lambda found: f"QML.{found[1]}{found[2]:0>4}", identifier
    )


def unpadded(identifier: str) -> str:
    """Return an id as we write it, whatever `padded` did."""
    shorter = re.sub(r"^QML\.TA00(?=\d\d$)", "QML.TA", identifier)
    return re.sub(r"^QML\.CS0(?=\d{3}$)", "QML.CS", shorter)
