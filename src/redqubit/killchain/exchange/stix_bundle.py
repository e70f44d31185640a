"""A kill chain as a STIX 2.1 bundle of plain data.

Written for the ATT&CK Navigator and Workbench, with the object types and ``x_mitre_*`` properties
of ATT&CK's own bundles; what only we have stands in ``x_redqubit_*``. All ids are UUIDv5 of our
ids and all times the day of the edition, so equal content gives equal bytes.

Source: STIX 2.1 (OASIS Standard, 2021); ATT&CK's data model 3.3.0.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
import uuid
from collections.abc import Iterable, Mapping
from typing import Any, Final

from redqubit.core import record
from redqubit.killchain.exchange import imported
from redqubit.killchain.exchange.text import as_json
from redqubit.killchain.model import (
    Anchor,
    Case,
    Challenge,
    Claim,
    Edge,
    KillChain,
    Mitigation,
    Record,
    Source,
    Tactic,
    Technique,
)

NAMESPACE: Final = uuid.UUID("c1f7f8b4-5d0d-5f3e-9a57-7d1f0c8f7a35")
DOMAIN: Final = "redqubit-qml"  # of the matrix, in Navigator layers too
SOURCE: Final = "redqubit"  # name of our ids in external references
OURS: Final = "x_redqubit_"  # start of the properties only we have
NOTE_KIND: Final = f"{OURS}kind_of_note"
WORDS: Final = f"{OURS}vocabulary"
SOURCES: Final = f"{OURS}publications"
SPEC: Final = "3.3.0"  # of ATT&CK's data model
VOCABULARY: Final = (
    "capabilities",
    "traits",
    "actors",
    "components",
    "assets",
    "parties",
    "executables",
)
FRAMEWORKS: Final = {  # source names that other tools know
    "ATLAS": "mitre-atlas",
    "ATT&CK": "mitre-attack",
    "CAPEC": "capec",
    "CWE": "cwe",
    "D3FEND": "mitre-d3fend",
    "OWASP QS": "owasp-quantum-security",
}
NOTES: Final = {Record: "claim", Claim: "statement", Challenge: "text"}  # field that is the content


def write(chain: KillChain, site: str = "") -> str:
    """Return a kill chain as a STIX 2.1 bundle.

    Parameters
    ----------
    site
        Address of an explorer to link to, such as ``https://example.org/killchain``; without it
        objects carry no link to their page.
    """
    return as_json(bundle(chain, site))


def bundle(chain: KillChain, site: str = "") -> dict[str, Any]:
    """Return a kill chain as the plain data of a STIX 2.1 bundle; see `write`."""
    objects = _Bundle(chain, site.rstrip("/")).objects()
    text = json.dumps(objects, sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(text.encode()).hexdigest()
    return {"type": "bundle", "id": identifier("bundle", digest), "objects": objects}


def identifier(kind: str, key: str) -> str:
    """Return the STIX id of an object of ours: UUIDv5, the same wherever it is made.

    MITRE's Python library reads tactics and matrices as STIX 2.0, which knows no version but 4;
    they and what they refer to get the same digits under that number.
    """
    made = uuid.uuid5(NAMESPACE, f"{kind}:{key}")
    if kind.startswith("x-mitre-") or kind in ("identity", "marking-definition"):
        made = uuid.UUID(bytes=made.bytes, version=4)
    return f"{kind}--{made}"


def shortnames(tactics: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the phase name of each tactic, from pairs of id and name."""
    made: dict[str, str] = {}
    for key, name in tactics:
        short, own = (re.sub(r"[^a-z0-9]+", "-", x.casefold()).strip("-") for x in (name, key))
        while not short or short in made.values():
            short = f"{short}-{own}".strip("-")
        made[key] = short
    return made


def tactic_names(chain: KillChain) -> dict[str, str]:
    """Return the phase name of each tactic of a kill chain, by id."""
    return shortnames((item.id, item.name) for item in chain.tactics)


def pruned(value: Any) -> Any:
    """Return plain data without null and empty collections, which STIX does not allow."""
    if isinstance(value, dict):
        kept = {key: pruned(item) for key, item in value.items()}
        return {key: item for key, item in kept.items() if item not in (None, [], {})}
    if isinstance(value, list):
        return [pruned(item) for item in value]
    return value


class _Bundle:
    def __init__(self, chain: KillChain, site: str) -> None:
        self.chain, self.site = chain, site
        self.time = f"{imported.day(chain.edition)}T00:00:00.000Z"
        self.identity = identifier("identity", SOURCE)
        self.marking = identifier("marking-definition", chain.edition.license)
        self.shortnames = tactic_names(chain)
        self.cited = cited(chain)

    def objects(self) -> list[dict[str, Any]]:
        chain = self.chain
        below = [
            *(self.tactic(item) for item in chain.tactics),
            *(self.technique(item) for item in chain.techniques),
            *(self.mitigation(item) for item in chain.mitigations),
            *(
                self.relationship("subtechnique-of", item.id, item.parent)
                for item in chain.techniques
                if item.parent
            ),
            *(
                self.edge(item, edge, i)
                for item in chain.mitigations
                for i, edge in enumerate(item.mitigates)
            ),
            *map(self.note, chain.evidence),
            *map(self.note, chain.claims),
            *map(self.note, chain.challenges),
            *(self.case(item) for item in chain.cases),
        ]
        matrix = self.object(
            "x-mitre-matrix",
            "matrix",
            name=chain.edition.name,
            description="Attacks on quantum machine learning, by what the attacker wants",
            external_references=[self.ours(DOMAIN, "")],
            tactic_refs=[identifier("x-mitre-tactic", item.id) for item in chain.tactics],
        )
        identity = self.object(
            "identity", SOURCE, name="The redqubit developers", identity_class="organization"
        )
        held = [identity, matrix, *below]
        return [self.collection([self.license(), *held]), self.license(), *held]

    def object(self, kind: str, key: str, **properties: Any) -> dict[str, Any]:
        """Return an object with what all of them carry, null and empty values left out."""
        made = {
            "type": kind,
            "spec_version": "2.1",
            "id": identifier(kind, key),
            "created": self.time,
            "modified": self.time,
            "object_marking_refs": [self.marking],
        }
        if kind != "identity":
            made["created_by_ref"] = self.identity
        if kind.startswith("x-mitre-") or kind in ("attack-pattern", "course-of-action"):
            made |= {
                "x_mitre_version": "1.0",
                "x_mitre_attack_spec_version": SPEC,
                "x_mitre_modified_by_ref": self.identity,
                "x_mitre_domains": [DOMAIN],
            }
        made |= pruned(properties)
        return made

    def license(self) -> dict[str, Any]:
        return {
            "type": "marking-definition",
            "spec_version": "2.1",
            "id": self.marking,
            "created": self.time,
            "created_by_ref": self.identity,
            "name": self.chain.edition.license,
            "definition_type": "statement",
            "definition": {"statement": imported.terms(self.chain.edition)},
        }

    def collection(self, objects: list[dict[str, Any]]) -> dict[str, Any]:
        chain = self.chain
        words = {name: record.to_json(getattr(chain, name)) for name in VOCABULARY}
        made = self.object(
            "x-mitre-collection",
            "collection",
            name=chain.edition.name,
            description="The redqubit kill chain of attacks on quantum machine learning",
            x_mitre_contents=[
                {"object_ref": item["id"], "object_modified": item.get("modified", self.time)}
                for item in objects
            ],
            **extras(chain.edition, "name"),
            **{WORDS: words, SOURCES: record.to_json(chain.sources)},
        )
        year, month, _ = self.time.split("-", 2)
        return made | {"x_mitre_version": f"{year}.{month}"}

    def ours(self, key: str, page: str) -> dict[str, Any]:
        """Return the reference to our own id, which stands first wherever there is one."""
        made = {"source_name": SOURCE, "external_id": key}
        if self.site and page:
            made["url"] = f"{self.site}/{page}/{key}.html"
        return made

    def references(
        self, key: str, page: str, anchors: Iterable[Anchor] = (), sources: Iterable[str] = ()
    ) -> list[dict[str, Any]]:
        """Return references to our id, to other frameworks and to publications, in this order."""
        made = [self.ours(key, page)]
        for anchor in anchors:
            made.append(
                {
                    "source_name": _framework(anchor),
                    "external_id": anchor.id,
                    "description": anchor.name,
                }
            )
        for source in sorted(set(sources)):
            item = self.chain.by_id[source]
            if isinstance(item, Source):
                made.append({"source_name": item.id, "description": imported.title(item)})
                if item.link:
                    made[-1]["url"] = item.link
        return made

    def sources(self, evidence: Iterable[str] | str) -> list[str]:
        ids = () if isinstance(evidence, str) else evidence
        found = (self.chain.by_id[key] for key in ids)
        return [item.source for item in found if isinstance(item, Record)]

    def tactic(self, item: Tactic) -> dict[str, Any]:
        return self.object(
            "x-mitre-tactic",
            item.id,
            name=item.name,
            description=item.question,
            external_references=self.references(item.id, "tactics", item.mappings),
            x_mitre_shortname=self.shortnames[item.id],
            **extras(item, "name", "question"),
        )

    def technique(self, item: Technique) -> dict[str, Any]:
        return self.object(
            "attack-pattern",
            item.id,
            name=item.name,
            description=f"{item.summary}\n\n{item.how}",
            kill_chain_phases=[
                {"kill_chain_name": DOMAIN, "phase_name": self.shortnames[key]}
                for key in item.tactics
            ],
            external_references=self.references(
                item.id, "techniques", item.mappings, self.sources(item.evidence)
            ),
            x_mitre_is_subtechnique=bool(item.parent),
            x_mitre_platforms=list(item.hardware),
            **extras(item, "name", "how", "tactics", "hardware"),
        )

    def mitigation(self, item: Mitigation) -> dict[str, Any]:
        sources = [key for edge in item.mitigates for key in self.sources(edge.evidence)]
        return self.object(
            "course-of-action",
            item.id,
            name=item.name,
            description=item.summary,
            external_references=self.references(item.id, "mitigations", item.mappings, sources),
            **extras(item, "name", "summary", "mitigates"),
        )

    def relationship(self, kind: str, start: str, end: str, **more: Any) -> dict[str, Any]:
        first = "course-of-action" if kind == "mitigates" else "attack-pattern"
        key = f"{kind}:{start}:{end}:{more.pop('number', '')}"
        return self.object(
            "relationship",
            key,
            relationship_type=kind,
            source_ref=identifier(first, start),
            target_ref=identifier("attack-pattern", end),
            **more,
        )

    def edge(self, item: Mitigation, edge: Edge, number: int) -> dict[str, Any]:
        return self.relationship(
            "mitigates",
            item.id,
            edge.technique,
            number=number,
            description=edge.sentence,
            **extras(edge, "technique", "sentence"),
        )

    def note(self, item: Record | Claim | Challenge) -> dict[str, Any]:
        """Return evidence, a claim or a challenge as a note on the objects it speaks of."""
        content = NOTES[type(item)]
        if isinstance(item, Record):
            about, sources, page = self.cited.get(item.id, []), [item.source], "literature"
        else:
            about = [identifier("attack-pattern", key) for key in item.techniques]
            about += [identifier("course-of-action", key) for key in item.mitigations]
            sources = [] if isinstance(item.sources, str) else list(item.sources)
            page = "claims" if isinstance(item, Claim) else "challenges"
        return self.object(
            "note",
            item.id,
            abstract=item.name
            if isinstance(item, Challenge)
            else f"{type(item).__name__} {item.id}",
            content=getattr(item, content),
            object_refs=list(dict.fromkeys(about)) or [identifier("x-mitre-matrix", "matrix")],
            external_references=self.references(item.id, page, (), sources),
            **{NOTE_KIND: type(item).__name__.lower()},
            **extras(item, content),
        )

    def case(self, item: Case) -> dict[str, Any]:
        steps = (identifier("attack-pattern", step.technique) for step in item.steps)
        return self.object(
            "report",
            item.id,
            name=item.name,
            description=item.summary,
            report_types=["attack-pattern"],
            published=self.time,
            object_refs=list(dict.fromkeys(steps)),
            external_references=self.references(item.id, "cases", (), item.sources),
            **extras(item, "name", "summary"),
        )


def cited(chain: KillChain) -> Mapping[str, list[str]]:
    """Return, by id of evidence, the STIX ids of what rests on it."""
    made: dict[str, list[str]] = {}

    def cite(evidence: tuple[str, ...] | str, kind: str, key: str) -> None:
        for name in () if isinstance(evidence, str) else evidence:
            made.setdefault(name, []).append(identifier(kind, key))

    for technique in chain.techniques:
        cite(technique.evidence, "attack-pattern", technique.id)
    for item in chain.mitigations:
        for edge in item.mitigates:
            cite(edge.evidence, "course-of-action", item.id)
    return made


def extras(item: Any, *elsewhere: str) -> dict[str, Any]:
    """Return the fields of a record that stand nowhere else in its STIX object."""
    return {
        f"{OURS}{field.name}": record.to_json(getattr(item, field.name))
        for field in dataclasses.fields(item)
        if field.name != "id" and field.name not in elsewhere
    }


def _framework(anchor: Anchor) -> str:
    """Return the source name of a framework; those with a fixed form of id only for such ids."""
    if anchor.framework in ("CAPEC", "CWE") and not re.fullmatch(
        rf"{anchor.framework}-\d+", anchor.id
    ):
        return anchor.framework
    return FRAMEWORKS[anchor.framework]
