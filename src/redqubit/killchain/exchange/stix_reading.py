"""STIX bundles read: ours without loss, those of ATT&CK, ATLAS and their like as far as we model.

Source: STIX 2.1 (OASIS Standard, 2021); ATT&CK's data model 3.3.0.
"""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Iterator, Mapping
from typing import Any, Final

from redqubit.core import record
from redqubit.core.errors import InputError, unknown
from redqubit.killchain.document import Document
from redqubit.killchain.exchange import imported, own
from redqubit.killchain.exchange.fields import Family, Fields, Known, Notes, check_family
from redqubit.killchain.exchange.imported import Citation, Imported, Step, Use
from redqubit.killchain.exchange.stix_bundle import (
    FRAMEWORKS,
    NOTE_KIND,
    NOTES,
    OURS,
    SOURCE,
    SOURCES,
    VOCABULARY,
    WORDS,
)
from redqubit.killchain.load import KINDS
from redqubit.killchain.model import Anchor, Edition, KillChain
from redqubit.killchain.reference import Placed

_KINDS: Final = {"tactics": "x-mitre-tactic", "techniques": "attack-pattern"} | {
    "mitigations": "course-of-action",
    "cases": "report",
}
_HELD: Final = {*_KINDS.values(), "campaign", "relationship", "x-mitre-matrix"} | {
    "x-mitre-collection",
    "identity",
    "marking-definition",
}


def read(source: Document) -> KillChain | Imported:
    """Read a STIX 2.0 or 2.1 bundle.

    Returns
    -------
    KillChain or Imported
        A kill chain from a bundle of ours, equal to the one that was written; from any other
        bundle its tactics, techniques, mitigations and campaigns. What is revoked or deprecated
        is left out.

    Raises
    ------
    InputError
        Not a bundle, another version of STIX, a missing property, a wrong type, an id used twice
        or one that points nowhere; the message names file, line and key.
    """
    top = Fields.root(source)
    if top.text("type") != "bundle":
        raise top.error(f"a STIX bundle is read, got {top.text('type')!r:.60}", "type")
    objects = _Objects(top)
    return _ours(objects) if objects.collection else _Theirs(objects).all()


class _Objects:
    """The objects of a bundle by kind, each with its place."""

    def __init__(self, top: Fields) -> None:
        self.top = top
        self.kinds: dict[str, list[Fields]] = {}
        self.ids: dict[str, Fields] = {}
        self.collection: Fields | None = None
        self.twice = False
        for item in top.each("objects"):
            kind = item.text("type")
            version = item.text("spec_version", top.text("spec_version", "2.1"))
            if version not in ("2.0", "2.1"):
                raise item.error(f"STIX 2.0 and 2.1 are read, got {version!r:.60}", "spec_version")
            identifier = item.text("id")
            if identifier in self.ids and kind == "relationship":
                self.twice = True  # as 80 in ATLAS 5.6.0; nothing points to a relationship
            elif identifier in self.ids:
                raise item.error(f"the id {identifier} is already used", "id")
            self.ids[identifier] = item
            self.kinds.setdefault(kind, []).append(item)
            if kind == "x-mitre-collection" and f"{OURS}format" in item.data:
                self.collection = item

    def of(self, kind: str) -> list[Fields]:
        return self.kinds.get(kind, [])

    def ties(self, kind: str) -> Iterator[tuple[Fields, Fields, Fields]]:
        """Yield relationships of a kind that are in force, with the objects at both ends."""
        for item in self.of("relationship"):
            if item.text("relationship_type") != kind or _gone(item):
                continue
            ends = []
            for key in ("source_ref", "target_ref"):
                found = self.ids.get(item.text(key))
                if found is None:
                    raise item.error(f"{item.text(key)!r:.80} is not in this bundle", key)
                ends.append(found)
            yield item, ends[0], ends[1]


def _gone(item: Fields) -> bool:
    return item.flag("revoked") or item.flag("x_mitre_deprecated")


def _ours(objects: _Objects) -> KillChain:
    """Return the kill chain that a bundle of ours was made from."""
    collection = typing.cast("Fields", objects.collection)
    own.known_format(collection.text(f"{OURS}format"), collection, f"{OURS}format")
    stated = {"name": collection.text("name"), **_extras(collection)}
    edition = _made(Edition, collection, stated, OURS)
    words = collection.part(WORDS) or Fields(collection.source, {}, collection.path)
    placed = {name: [_listed(name, x) for x in words.each(name)] for name in VOCABULARY}
    placed["sources"] = [_listed("sources", x) for x in collection.each(SOURCES)]
    phases = {item.text("x_mitre_shortname"): _key(item) for item in objects.of("x-mitre-tactic")}
    edges: dict[str, list[dict[str, Any]]] = {}
    for tie, start, end in objects.ties("mitigates"):
        said = {"technique": _key(end), "sentence": tie.text("description", "")} | _extras(tie)
        edges.setdefault(_key(start), []).append(_filled("mitigates", said))
    for name, kind in _KINDS.items():
        placed[name] = []
        for item in objects.of(kind):
            found = {"id": _key(item), "name": item.text("name"), **_extras(item)}
            text = item.text("description", "")
            match name:
                case "tactics":
                    found["question"] = text
                case "techniques":
                    found["how"] = text.removeprefix(f"{found.get('summary', '')}\n\n")
                    found["hardware"] = list(item.texts("x_mitre_platforms"))
                    found["tactics"] = list(_phases(item, phases))
                case "mitigations":
                    found |= {"summary": text, "mitigates": edges.get(_key(item), [])}
                case _:
                    found["summary"] = text
            placed[name].append(_placed(name, item, found))
    by_name = {cls.__name__.lower(): (cls, content) for cls, content in NOTES.items()}
    kinds = {KINDS[name].cls: name for name in ("evidence", "claims", "challenges")}
    placed |= {name: [] for name in kinds.values()}
    for item in objects.of("note"):
        kind = item.text(NOTE_KIND)
        if kind not in by_name:
            raise item.error(str(unknown("kind of note", kind, by_name)), NOTE_KIND)
        cls, content = by_name[kind]
        found = {"id": _key(item), content: item.text("content", ""), **_extras(item)}
        placed[kinds[cls]].append(_placed(kinds[cls], item, found))
    return own.assemble(edition, placed)


def _extras(item: Fields) -> dict[str, Any]:
    return {
        key.removeprefix(OURS): value
        for key, value in item.data.items()
        if key.startswith(OURS) and key not in (NOTE_KIND, WORDS, SOURCES)
    }


def _key(item: Fields) -> str:
    """Return our id of an object of ours."""
    for reference in item.each("external_references"):
        if reference.text("source_name", "") == SOURCE:
            return reference.text("external_id")
    raise item.error(f"has no reference with the source name {SOURCE!r}", "external_references")


def _phases(item: Fields, known: Mapping[str, str]) -> Iterator[str]:
    for phase in item.each("kill_chain_phases"):
        name = phase.text("phase_name")
        if name not in known:
            raise phase.error(str(unknown("tactic", name, known)), "phase_name")
        yield known[name]


def _listed(name: str, item: Fields) -> Placed:
    return _placed(name, item, dict(item.data), "")


def _placed(name: str, item: Fields, found: dict[str, Any], start: str = OURS) -> Placed:
    made = _made(KINDS[name].cls, item, _filled(name, found), start)
    return Placed(item.source, made, item.path)


def _made(cls: type[Any], item: Fields, found: dict[str, Any], start: str) -> Any:
    try:
        return record.from_json(cls, found)
    except InputError as error:
        raise item.error(str(error), f"{start}{error.path}" if error.path else "") from error
    except OverflowError as error:
        raise item.error(f"a number is too large: {error}") from error


def _filled(name: str, found: dict[str, Any]) -> dict[str, Any]:
    """Put back the empty lists and requirements that STIX has no way to write."""
    if name == "mitigates":
        return {"evidence": []} | found
    cls = KINDS[name].cls
    hints = typing.get_type_hints(cls)
    empty: dict[str, Any] = {}
    for field in dataclasses.fields(cls):
        required = field.default is field.default_factory is dataclasses.MISSING
        if required and dataclasses.is_dataclass(hints[field.name]):
            empty[field.name] = {}
        elif required and "tuple" in str(hints[field.name]):
            empty[field.name] = []
    return empty | found


class _Theirs:
    """Tactics, techniques, mitigations and campaigns of a bundle in the manner of ATT&CK."""

    def __init__(self, objects: _Objects) -> None:
        self.objects = objects
        self.known = Known()
        self.notes = Notes()
        self.keys: dict[str, str] = {}  # of objects in force: their id by STIX id

    def all(self) -> Imported:
        objects = self.objects
        for kind in sorted(set(objects.kinds) - _HELD):
            self.notes.add(f"objects of type {kind!r} are not held")
        if objects.twice:
            self.notes.add("several relationships share an id; all are read")
        tactics = self.tactics()
        phases: dict[str, str] = {}
        for item, tactic in tactics:
            phases.setdefault(item.text("x_mitre_shortname"), tactic.id)
        techniques = self.entries("attack-pattern", "techniques")
        mitigations = self.entries("course-of-action", "mitigations")
        campaigns = self.entries("campaign", "cases")
        parents = {start: end for _, start, end in self.tied("subtechnique-of")}
        named = {item.text("id"): common["id"] for item, common in techniques}
        family: Family = {
            common["id"]: (named.get(parents.get(item.text("id"), ""), ""), item)
            for item, common in techniques
        }
        check_family(family)
        uses: dict[str, list[Use]] = {}
        for tie, start, end in self.tied("mitigates"):
            if end in named:
                uses.setdefault(start, []).append(Use(named[end], tie.text("description", "")))
        steps: dict[str, list[Step]] = {}
        for tie, start, end in self.tied("uses"):
            if end in named:
                step = Step(named[end], "", tie.text("description", ""))
                steps.setdefault(start, []).append(step)
        head = next(iter(objects.of("x-mitre-collection") + objects.of("x-mitre-matrix")), None)
        about = head or Fields(objects.top.source, {})
        return Imported(
            name=about.text("name", ""),
            version=about.text("x_mitre_version", ""),
            format="2.1",
            text=about.text("description", ""),
            created=about.text("created", "")[:10],
            modified=about.text("modified", "")[:10],
            tactics=tuple(tactic for _, tactic in tactics),
            techniques=tuple(
                imported.Technique(
                    **common,
                    tactics=tuple(dict.fromkeys(_phases(item, phases))) if phases else (),
                    parent=family[common["id"]][0],
                    platforms=item.texts("x_mitre_platforms"),
                )
                for item, common in techniques
            ),
            mitigations=tuple(
                imported.Mitigation(**common, mitigates=tuple(uses.get(item.text("id"), ())))
                for item, common in mitigations
            ),
            cases=tuple(
                imported.Case(
                    **common,
                    steps=tuple(steps.get(item.text("id"), ())),
                    date=item.text("first_seen", "")[:10],
                )
                for item, common in campaigns
            ),
            notes=self.notes.all,
        )

    def tied(self, kind: str) -> Iterator[tuple[Fields, str, str]]:
        """Yield relationships between objects in force."""
        for tie, start, end in self.objects.ties(kind):
            ids = start.text("id"), end.text("id")
            if ids[0] in self.keys and ids[1] in self.keys:
                yield tie, *ids

    def tactics(self) -> list[tuple[Fields, imported.Tactic]]:
        """Return tactics in the order of the first matrix, those it leaves out last."""
        found = self.entries("x-mitre-tactic", "tactics")
        place: dict[str, int] = {}
        for matrix in self.objects.of("x-mitre-matrix"):
            for name in matrix.texts("tactic_refs"):
                place.setdefault(name, len(place))
        found.sort(key=lambda pair: place.get(pair[0].text("id"), len(place)))
        return [(item, imported.Tactic(**common)) for item, common in found]

    def entries(self, kind: str, name: str) -> list[tuple[Fields, dict[str, Any]]]:
        """Return the objects of a kind that are in force, with the fields all of them share."""
        made = []
        for item in self.objects.of(kind):
            if _gone(item):
                self.notes.add(f"{name} that are revoked or deprecated are left out")
                continue
            common = self.entry(item, name)
            self.keys[item.text("id")] = common["id"]
            made.append((item, common))
        return made

    def entry(self, item: Fields, name: str) -> dict[str, Any]:
        key, citations, anchors = "", [], []
        frameworks = {value: name for name, value in FRAMEWORKS.items()}
        for reference in item.each("external_references"):
            source = reference.text("source_name", "")
            external = reference.text("external_id", "")
            label = reference.text("description", "")
            if external and not key:
                key = external
            elif external and source in frameworks:
                anchors.append(Anchor(frameworks[source], external, label, "theirs"))  # type: ignore[arg-type]
            else:
                citations.append(Citation(label or external or source, reference.text("url", "")))
        return {
            "id": self.known.add(name, key or item.text("id"), item),
            "name": item.text("name"),
            "text": item.text("description", ""),
            "created": item.text("created", "")[:10],
            "modified": item.text("modified", "")[:10],
            "references": tuple(citations),
            "anchors": tuple(anchors),
        }
