"""ATLAS YAML of the legacy format (4.x and 5.x), written and read.

Source: the file ``dist/ATLAS.yaml`` and its schema in the atlas-data repository of MITRE, 5.6.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
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

FORMAT: Final = "5.6.0"
_GRANULARITY: Final = {"year": "YEAR", "month": "MONTH", "day": "DATE"}
_ENTRY: Final = frozenset(
    ["id", "name", "description", "object-type", "created_date", "modified_date", "references"]
) | {"ATT&CK-reference"}
_TECHNIQUE: Final = _ENTRY | {"tactics", "maturity", "subtechnique-of", "specializes"}
_MITIGATION: Final = _ENTRY | {"techniques", "ml-lifecycle", "ML-lifecycle", "category"}
_CASE: Final = (_ENTRY - {"description"}) | frozenset(
    [
        "summary",
        "incident-date",
        "incident-date-granularity",
        "procedure",
        "target",
        "actor",
        "reporter",
        "case-study-type",
    ]
)
_STEP: Final = frozenset({"tactic", "technique", "description"})


def write(chain: KillChain) -> str:
    """Return a kill chain as legacy ATLAS YAML."""
    return render(imported.of(chain))


def render(record: Imported) -> str:
    """Return any imported knowledge base as legacy ATLAS YAML."""
    parents = {item.id: item for item in record.techniques}
    matrix = {
        "id": "ATLAS",
        "name": record.name,
        "tactics": [_entry(item, "tactic") for item in record.tactics],
        "techniques": [_technique(item, parents) for item in record.techniques],
        "mitigations": [_mitigation(item) for item in record.mitigations],
    }
    return as_yaml(
        {
            "id": "ATLAS",
            "name": record.text,
            "version": FORMAT,
            "collection-version": record.version,
            "collection-created_date": record.created,
            "collection-modified_date": record.modified,
            "matrices": [matrix],
            "case-studies": [_case(item) for item in record.cases],
        }
    )


def _entry(item: Entry, kind: str, text: str = "description") -> dict[str, Any]:
    made: dict[str, Any] = {
        "id": imported.padded(item.id),
        "name": item.name,
        text: item.text,
        "object-type": kind,
    }
    if anchor := imported.attack_anchor(item):
        made["ATT&CK-reference"] = {
            "id": anchor.id,
            "url": imported.attack_address(anchor.id),
        }
    if item.references:
        made["references"] = [{"title": ref.title, "url": ref.url} for ref in item.references]
    for key, date in (("created_date", item.created), ("modified_date", item.modified)):
        if date:
            made[key] = date
    return made


def _technique(item: Technique, parents: dict[str, Technique]) -> dict[str, Any]:
    made = _entry(item, "technique")
    parent = parents.get(item.parent)
    if item.parent:
        made["subtechnique-of"] = item.parent
    if parent is None or parent.tactics != item.tactics:  # else inherited, as ATLAS does
        made["tactics"] = [imported.padded(name) for name in item.tactics]
    if item.maturity:
        made["maturity"] = item.maturity
    return made


def _mitigation(item: Mitigation) -> dict[str, Any]:
    return _entry(item, "mitigation") | {
        "techniques": [{"id": use.technique, "use": use.text} for use in item.mitigates],
        "ml-lifecycle": list(item.phases),
        "category": list(item.categories),
    }


def _case(item: Case) -> dict[str, Any]:
    made = _entry(item, "case-study", "summary")
    if item.date:
        made["incident-date"] = item.date
    if item.granularity:
        made["incident-date-granularity"] = _GRANULARITY[item.granularity]
    made["procedure"] = [
        {
            "tactic": imported.padded(step.tactic),
            "technique": step.technique,
            "description": step.text,
        }
        for step in item.steps
    ]
    said = {
        "target": item.target,
        "actor": item.actor,
        "reporter": item.reporter,
        "case-study-type": item.kind,
    }
    return made | {key: value for key, value in said.items() if value}


def read(source: Document) -> Imported:
    """Read legacy ATLAS YAML.

    A technique use that stands in ``ml-lifecycle`` (a slip in 5.6.1) is read as the use it is.

    Raises
    ------
    InputError
        Another format version, a missing key, a wrong type, an id used twice or one that points
        nowhere; the message names file, line and key.
    """
    top = Fields.root(source)
    version = _version(top)
    return _Reader(top).all(version)


def _version(top: Fields) -> str:
    version = top.data.get("version")
    if isinstance(version, int | float) and not isinstance(version, bool):
        version = f"{version!r:.20}"
    if not isinstance(version, str) or not re.match(r"[45]\.\d", version):
        came = "nothing" if version is None else f"{version!r:.60}"
        raise top.error(
            f"the versions 4.x and 5.x of the legacy format are read, got {came}", "version"
        )
    return version


class _Reader:
    def __init__(self, top: Fields) -> None:
        self.top = top
        self.known = Known()
        self.notes = Notes()
        self.family: Family = {}

    def all(self, version: str) -> Imported:
        top = self.top
        matrices = list(top.each("matrices"))
        if not matrices:
            raise top.error("needs at least one matrix", "matrices")
        tactics = tuple(self.tactic(item) for m in matrices for item in m.each("tactics"))
        techniques = [self.technique(item) for m in matrices for item in m.each("techniques")]
        mitigations = tuple(self.mitigation(x) for m in matrices for x in m.each("mitigations"))
        cases = tuple(self.case(item) for item in top.each("case-studies"))
        self.known.check()
        check_family(self.family)
        return Imported(
            name=matrices[0].text("name", ""),
            version=top.text("collection-version", version),
            format=version,
            text=top.text("name", ""),
            created=top.text("collection-created_date", ""),
            modified=top.text("collection-modified_date", ""),
            tactics=tactics,
            techniques=tuple(self.inherited(techniques)),
            mitigations=mitigations,
            cases=cases,
            notes=self.notes.all,
        )

    def entry(self, item: Fields, kind: str, held: frozenset[str]) -> dict[str, Any]:
        """Return the fields that all objects share."""
        self.notes.beyond(kind, item, held)
        anchors: tuple[Anchor, ...] = ()
        if attack := item.part("ATT&CK-reference"):
            anchors = (Anchor("ATT&CK", attack.text("id"), "", "theirs"),)
        identifier = imported.unpadded(item.text("id"))
        return {
            "id": self.known.add(kind, identifier, item),
            "name": item.text("name"),
            "text": item.text("summary" if kind == "case studies" else "description", ""),
            "created": item.text("created_date", ""),
            "modified": item.text("modified_date", ""),
            "references": tuple(
                Citation(ref.text("title", ""), ref.text("url", ""))
                for ref in item.each("references")
            ),
            "anchors": anchors,
        }

    def tactic(self, item: Fields) -> Tactic:
        return Tactic(**self.entry(item, "tactics", _ENTRY))

    def named(self, kind: str, item: Fields, key: str) -> str:
        return self.known.want(kind, imported.unpadded(item.text(key)), item, key)

    def technique(self, item: Fields) -> Technique:
        common = self.entry(item, "techniques", _TECHNIQUE)
        key = "subtechnique-of" if "subtechnique-of" in item.data else "specializes"
        parent = self.named("techniques", item, key) if key in item.data else ""
        tactics = tuple(map(imported.unpadded, item.texts("tactics")))
        self.family[common["id"]] = (parent, item)
        for i, name in enumerate(tactics):
            self.known.want("tactics", name, item, f"tactics[{i}]")
        return Technique(
            **common,
            tactics=tactics,
            parent=parent,
            maturity=item.word("maturity", ("feasible", "demonstrated", "realized"), ""),  # type: ignore[arg-type]
        )

    def mitigation(self, item: Fields) -> Mitigation:
        uses = [*item.each("techniques")]
        key = "ML-lifecycle" if "ML-lifecycle" in item.data else "ml-lifecycle"
        phases = item.data.get(key)
        entries = phases if isinstance(phases, list) else []
        slipped = [i for i, entry in enumerate(entries) if isinstance(entry, dict)]
        if slipped:
            self.notes.add(f"{item.text('id')} has a technique use in {key!r}; read as a use")
            uses += [Fields(item.source, entries[i], item.at(f"{key}[{i}]")) for i in slipped]
            kept = [entry for entry in entries if not isinstance(entry, dict)]
            item = Fields(item.source, {**item.data, key: kept}, item.path)
        return Mitigation(
            **self.entry(item, "mitigations", _MITIGATION),
            mitigates=tuple(
                Use(self.named("techniques", use, "id"), use.text("use", "")) for use in uses
            ),
            categories=item.texts("category"),
            phases=item.texts(key),
        )

    def case(self, item: Fields) -> Case:
        granularity = item.word("incident-date-granularity", tuple(_GRANULARITY.values()), "")
        words = {value: key for key, value in _GRANULARITY.items()}
        return Case(
            **self.entry(item, "case studies", _CASE),
            steps=imported.numbered(list(self.steps(item))),
            kind=item.word("case-study-type", ("exercise", "incident"), ""),  # type: ignore[arg-type]
            date=item.text("incident-date", ""),
            granularity=words.get(granularity, ""),  # type: ignore[arg-type]
            actor=item.text("actor", ""),
            target=item.text("target", ""),
            reporter=item.text("reporter", ""),
        )

    def steps(self, item: Fields) -> Iterator[Step]:
        for step in item.each("procedure"):
            self.notes.beyond("steps", step, _STEP)
            yield Step(
                self.named("techniques", step, "technique"),
                self.named("tactics", step, "tactic"),
                step.text("description", ""),
            )

    def inherited(self, techniques: list[Technique]) -> Iterator[Technique]:
        """Give sub-techniques that name no tactics those of their parent."""
        tactics = {item.id: item.tactics for item in techniques}
        for item in techniques:
            own = "tactics" in self.family[item.id][1].data
            yield item if own else replace(item, tactics=tactics.get(item.parent, ()))
