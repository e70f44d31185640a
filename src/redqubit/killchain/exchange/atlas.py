"""ATLAS YAML of format 6, written and read.

Source: the description of data format 6.0.0 in the atlas-data repository of MITRE. Objects stand
in mappings by id; everything that ties two of them is a relationship, kept apart by its source.
"""

from __future__ import annotations

import heapq
import re
import uuid
from collections.abc import Iterator, Sequence
from typing import Any, Final

from redqubit.killchain.document import Document
from redqubit.killchain.exchange import imported
from redqubit.killchain.exchange.fields import Family, Fields, Known, Notes, check_family
from redqubit.killchain.exchange.imported import (
    Case,
    Citation,
    Entry,
    Imported,
    Mitigation,
    Step,
    Tactic,
    Technique,
    Use,
)
from redqubit.killchain.exchange.text import as_yaml
from redqubit.killchain.model import Anchor, KillChain

FORMAT: Final = "6.0.0"
NAMESPACE: Final = uuid.UUID(b"atlas.mitre.org.".hex())  # of every UUID in the format
PLATFORMS: Final = ("Predictive AI", "Generative AI", "Agentic AI", "Enterprise")
SECTIONS: Final = {
    "tactics": "tactic",
    "techniques": "technique",
    "mitigations": "mitigation",
    "case-studies": "case-study",
}
_ENTRY: Final = frozenset(
    [
        "id",
        "name",
        "description",
        "references",
        "created-date",
        "modified-date",
        "uuid",
        "object-type",
        "attack-reference",
    ]
)
_HELD: Final = {
    "tactics": _ENTRY,
    "techniques": _ENTRY | {"maturity", "platforms"},
    "mitigations": _ENTRY | {"categories", "lifecycle-phases"},
    "case-studies": _ENTRY
    | frozenset(["type", "actor", "target", "reporter", "date", "date-granularity"]),
}
_RELATIONS: Final = {  # kind of source, kind of target
    "sequences": ("matrix", "tactics"),
    "achieves": ("techniques", "tactics"),
    "specializes": ("techniques", "techniques"),
    "mitigates": ("mitigations", "techniques"),
    "employs": ("case-studies", "techniques"),
}


def write(chain: KillChain) -> str:
    """Return a kill chain as ATLAS YAML of format 6.0.0."""
    return render(imported.of(chain))


def render(record: Imported) -> str:
    """Return any imported knowledge base as ATLAS YAML of format 6.0.0."""
    head = Entry(
        id="", name=record.name, text=record.text, created=record.created, modified=record.modified
    )
    return as_yaml(
        {
            "format-version": FORMAT,
            "collection": _entry(head, "collection", "ATLAS-collection")
            | {"version": record.version},
            "matrix": _entry(head, "matrix", "ATLAS-matrix"),
            "tactics": {x["id"]: x for x in (_entry(t, "tactic") for t in record.tactics)},
            "techniques": {x["id"]: x for x in map(_technique, record.techniques)},
            "mitigations": {x["id"]: x for x in map(_mitigation, record.mitigations)},
            "case-studies": {x["id"]: x for x in map(_case, record.cases)},
            "relationships": _relationships(record),
        }
    )


def _entry(item: Entry, kind: str, identifier: str = "") -> dict[str, Any]:
    identifier = identifier or imported.padded(item.id)
    made: dict[str, Any] = {
        "id": identifier,
        "uuid": str(uuid.uuid5(NAMESPACE, identifier)),
        "object-type": kind,
        "name": item.name,
        "description": item.text,
    }
    if anchor := imported.attack_anchor(item):
        made["attack-reference"] = {
            "id": anchor.id,
            "url": imported.attack_address(anchor.id),
        }
    made["references"] = [
        {"id": ref.id or f"ref-{i}", "title": ref.title, "url": ref.url}
        for i, ref in enumerate(item.references, 1)
    ]
    for key, date in (("created-date", item.created), ("modified-date", item.modified)):
        if date:
            made[key] = date
    return made


def _technique(item: Technique) -> dict[str, Any]:
    made = _entry(item, "technique")
    if item.maturity:
        made["maturity"] = item.maturity.capitalize()
    return made | {"platforms": list(item.platforms)}


def _mitigation(item: Mitigation) -> dict[str, Any]:
    return _entry(item, "mitigation") | {
        "categories": [name.replace("- ML", "- AI") for name in item.categories],
        "lifecycle-phases": [re.sub("^ML ", "AI ", name) for name in item.phases],
    }


def _case(item: Case) -> dict[str, Any]:
    said = {
        "type": item.kind.capitalize(),
        "actor": item.actor,
        "target": item.target,
        "reporter": item.reporter,
        "date": item.date,
        "date-granularity": item.granularity.capitalize(),
    }
    return _entry(item, "case-study") | {key: value for key, value in said.items() if value}


def _relationships(record: Imported) -> dict[str, Any]:
    made: dict[str, dict[str, list[dict[str, Any]]]] = {}

    def tie(kind: str, start: str, end: str, **more: Any) -> None:
        start, end = imported.padded(start), imported.padded(end)
        ties = made.setdefault(start, {}).setdefault(kind, [])
        ties.append({"source": start, "target": end, "relationship-type": kind, **more})

    for i, tactic in enumerate(record.tactics, 1):
        tie("sequences", "ATLAS-matrix", tactic.id, position=i)
    for technique in record.techniques:
        for name in technique.tactics:
            tie("achieves", technique.id, name)
        if technique.parent:
            tie("specializes", technique.id, technique.parent)
    for mitigation in record.mitigations:
        for use in mitigation.mitigates:
            said = {"description": use.text} if use.text else {}
            tie("mitigates", mitigation.id, use.technique, **said)
    for case in record.cases:
        for step in case.steps:
            more: dict[str, Any] = {"description": step.text}
            more["tactic"] = imported.padded(step.tactic)
            if step.id:
                more["step-id"] = step.id
            tie("employs", case.id, step.technique, **more, **{"leads-to": list(step.next)})
    return made


def read(source: Document) -> Imported:
    """Read ATLAS YAML of format 6.

    The steps of a case come back in an order in which each stands before those it leads to.

    Raises
    ------
    InputError
        Another format version, a missing key, a wrong type, an id used twice or one that points
        nowhere, steps that lead in a circle; the message names file, line and key.
    """
    top = Fields.root(source)
    version = top.text("format-version")
    if not re.match(r"6\.\d", version):
        raise top.error(f"format 6 is read, got {version!r:.60}", "format-version")
    return _Reader(top).all(version)


class _Reader:
    def __init__(self, top: Fields) -> None:
        self.top = top
        self.known = Known()
        self.notes = Notes()
        self.ties: dict[str, dict[str, list[Fields]]] = {}

    def all(self, version: str) -> Imported:
        for key, kind in SECTIONS.items():
            for identifier, item in self.top.entries(key):
                if item.text("id", identifier) != identifier:
                    raise item.error(f"must be {identifier!r}, the key it stands under", "id")
                if item.text("object-type", kind) != kind:
                    raise item.error(f"must be {kind!r} here", "object-type")
                self.known.add(key, identifier, item)
        self.relationships()
        self.known.check()
        head = self.top.part("collection") or Fields(self.top.source, {}, "collection")
        techniques = tuple(self.technique(*pair) for pair in self.top.entries("techniques"))
        return Imported(
            name=head.text("name", ""),
            version=head.text("version"),
            format=version,
            text=head.text("description", ""),
            created=head.text("created-date", ""),
            modified=head.text("modified-date", ""),
            tactics=self.ordered([self.tactic(*pair) for pair in self.top.entries("tactics")]),
            techniques=techniques,
            mitigations=tuple(self.mitigation(*x) for x in self.top.entries("mitigations")),
            cases=tuple(self.case(*pair) for pair in self.top.entries("case-studies")),
            notes=self.notes.all,
        )

    def relationships(self) -> None:
        """Take in every relationship, each checked against the place it stands in."""
        matrix = self.top.part("matrix")
        self.known.ids["matrix"] = {matrix.text("id", "ATLAS-matrix") if matrix else ""}
        for start, kinds in self.top.entries("relationships"):
            for kind in kinds.data:
                if kind not in _RELATIONS:
                    self.notes.add(f"relationships of type {kind!r} are not held")
                    continue
                first, second = _RELATIONS[kind]
                for tie in kinds.each(kind):
                    if tie.text("source", start) != start:
                        raise tie.error(f"must be {start!r}, the key it stands under", "source")
                    if tie.text("relationship-type", kind) != kind:
                        raise tie.error(f"must be {kind!r} here", "relationship-type")
                    self.known.want(first, start, tie, "source")
                    self.known.want(second, tie.text("target"), tie, "target")
                    if kind == "employs" and "tactic" in tie.data:
                        self.known.want("tactics", tie.text("tactic"), tie, "tactic")
                    self.ties.setdefault(start, {}).setdefault(kind, []).append(tie)
        self.check_parents()

    def check_parents(self) -> None:
        family: Family = {name: ("", item) for name, item in self.top.entries("techniques")}
        for start, kinds in self.ties.items():
            for tie in kinds.get("specializes", ())[1:]:
                raise tie.error(f"{start} has a parent already")
            for tie in kinds.get("specializes", ()):
                if tie.text("target") in family:
                    family[start] = (tie.text("target"), tie)
        check_family(family)

    def tied(self, start: str, kind: str) -> Sequence[Fields]:
        return self.ties.get(start, {}).get(kind, ())

    def entry(self, identifier: str, item: Fields, section: str) -> dict[str, Any]:
        """Return the fields that all objects share."""
        self.notes.beyond(section, item, _HELD[section])
        anchors: tuple[Anchor, ...] = ()
        if attack := item.part("attack-reference"):
            anchors = (Anchor("ATT&CK", attack.text("id"), "", "theirs"),)
        return {
            "id": imported.unpadded(identifier),
            "name": item.text("name"),
            "text": item.text("description", ""),
            "created": item.text("created-date", ""),
            "modified": item.text("modified-date", ""),
            "references": tuple(
                Citation(ref.text("title", ""), ref.text("url", ""), ref.text("id", ""))
                for ref in item.each("references")
            ),
            "anchors": anchors,
        }

    def tactic(self, identifier: str, item: Fields) -> Tactic:
        return Tactic(**self.entry(identifier, item, "tactics"))

    def ordered(self, tactics: list[Tactic]) -> tuple[Tactic, ...]:
        """Return tactics in the order of the matrix, those it leaves out last."""
        place: dict[str, float] = {}
        for kinds in self.ties.values():
            for i, tie in enumerate(kinds.get("sequences", ()), 1):
                position = tie.number("position")
                place[imported.unpadded(tie.text("target"))] = i if position is None else position
        return tuple(sorted(tactics, key=lambda item: place.get(item.id, float("inf"))))

    def technique(self, identifier: str, item: Fields) -> Technique:
        parent = [tie.text("target") for tie in self.tied(identifier, "specializes")]
        return Technique(
            **self.entry(identifier, item, "techniques"),
            tactics=tuple(
                imported.unpadded(tie.text("target")) for tie in self.tied(identifier, "achieves")
            ),
            parent=parent[0] if parent else "",
            maturity=item.word("maturity", ("feasible", "demonstrated", "realized"), ""),  # type: ignore[arg-type]
            platforms=item.texts("platforms"),
        )

    def mitigation(self, identifier: str, item: Fields) -> Mitigation:
        return Mitigation(
            **self.entry(identifier, item, "mitigations"),
            mitigates=tuple(
                Use(tie.text("target"), tie.text("description", ""))
                for tie in self.tied(identifier, "mitigates")
            ),
            categories=item.texts("categories"),
            phases=item.texts("lifecycle-phases"),
        )

    def case(self, identifier: str, item: Fields) -> Case:
        return Case(
            **self.entry(identifier, item, "case-studies"),
            steps=tuple(self.steps(self.tied(identifier, "employs"))),
            kind=item.word("type", ("exercise", "incident"), ""),  # type: ignore[arg-type]
            date=item.text("date", ""),
            granularity=item.word("date-granularity", ("year", "month", "day"), ""),  # type: ignore[arg-type]
            actor=item.text("actor", ""),
            target=item.text("target", ""),
            reporter=item.text("reporter", ""),
        )

    def steps(self, ties: Sequence[Fields]) -> Iterator[Step]:
        """Yield steps so that each comes before those it leads to, else in the order given."""
        made = [
            Step(
                tie.text("target"),
                imported.unpadded(tie.text("tactic", "")),
                tie.text("description", ""),
                tie.text("step-id", ""),
                tie.texts("leads-to"),
            )
            for tie in ties
        ]
        names = {step.id: i for i, step in enumerate(made) if step.id}
        if len(names) < sum(bool(step.id) for step in made):
            raise ties[0].error("two steps have the same step-id")
        before = [0] * len(made)
        for i, step in enumerate(made):
            for name in step.next:
                if name not in names:
                    raise ties[i].error(f"{name!r} is not a step of this case", "leads-to")
                before[names[name]] += 1
        ready = [i for i in range(len(made)) if not before[i]]
        done = 0
        while ready:
            i = heapq.heappop(ready)
            done += 1
            yield made[i]
            for name in made[i].next:
                before[names[name]] -= 1
                if not before[names[name]]:
                    heapq.heappush(ready, names[name])
        if done < len(made):
            raise ties[0].error("the steps lead in a circle", "leads-to")
