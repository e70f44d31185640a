"""Pipelines as TM-BOM, the format of the OWASP Threat Model Library, written and read.

Source: JSON Schema 1.0.2 of the library. Its zones, parts and flows hold who runs what and how far
it is trusted; the rest of a pipeline stands whole under ``extensions``, so nothing is lost. What
the schema demands and a pipeline does not say is named under ``assumptions``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from redqubit.core import record
from redqubit.killchain.document import Document
from redqubit.killchain.exchange import dataflow, mermaid
from redqubit.killchain.exchange.dataflow import Diagram, Found, Partial, Stated, Threat, symbol
from redqubit.killchain.exchange.fields import Fields, Known, Notes
from redqubit.killchain.exchange.text import as_json
from redqubit.killchain.model import KillChain
from redqubit.killchain.system import Pipeline

SCHEMA: Final = (
    "https://github.com/OWASP/www-project-threat-model-library/blob/v1.0.2/threat-model.schema.json"
)
EXTENSION: Final = "redqubit.invalid/pipeline"  # a name space that nobody can register
ASSUMPTIONS: Final = (
    "The business criticality is not stated by the pipeline; moderate stands for unknown.",
    "Whether flows and stored data are encrypted is not stated; false stands for unknown.",
    "The kind of each data store is not stated; object stands for unknown.",
    "How likely each threat persona is to attack is not estimated; moderate stands for unknown.",
)
_ON_PURPOSE: Final = "nist.adversary".removeprefix("nist.")  # their word for a source, not ours
_SENSITIVITY: Final = {
    "public": [],
    "internal": ["biz"],
    "personal": ["pii"],
    "secret": ["biz", "ip"],
}
_PERSONAL: Final = {"pii", "phi", "pci", "fin"}
_SECRET: Final = {"ip", "cred", "gov"}
_SKILL: Final = {"low": "script_kid", "medium": "engineer", "high": "expert_engineer"}
_ANONYMOUS: Final = ("outsider", "network-intruder", "physical-intruder")
_ADMIN: Final = (
    "cloud-insider",
    "provider-insider",
    "compiler-supplier",
    "calibration-service",
    "federated-server",
)
_PRIORITY: Final = {"strong": "high", "partial": "medium", "weak": "low", "unknown": "none"}
_RANK: Final = ("unknown", "weak", "partial", "strong")
_HELD: Final = frozenset(
    [
        "$schema",
        "version",
        "scope",
        "description",
        "diagrams",
        "trust_zones",
        "components",
        "data_stores",
        "extensions",
        "controls",
        "assumptions",
    ]
)


def write(chain: KillChain, pipeline: Pipeline, threats: Iterable[Threat] = ()) -> str:
    """Return a pipeline, with the threats found on it, as a TM-BOM.

    Raises
    ------
    InputError
        The pipeline or a threat names something the kill chain does not have.
    """
    diagram = dataflow.of(chain, pipeline)
    found = dataflow.threats(chain, pipeline, threats, diagram)
    text = pipeline.description or pipeline.name
    return as_json(
        {
            "$schema": SCHEMA,
            "version": "1.0",
            "scope": _scope(pipeline),
            "description": text,
            "diagrams": [
                {
                    "title": "Data flow",
                    "description": "Components by party, and what they send to one another.",
                    "type": "mermaid",
                    "source": mermaid.pipeline(diagram),
                }
            ],
            "trust_zones": [
                {"symbolic_name": zone.id, "title": zone.name, "description": zone.text}
                for zone in diagram.zones
            ],
            "trust_boundaries": [
                {"trust_zone_a": a, "trust_zone_b": b} for a, b in diagram.crossings()
            ],
            "actors": [
                _part(part.id, part.name, part.text, part.zone) | {"type": "third_party"}
                for part in diagram.parts
                if part.kind == "actor"
            ],
            "components": [
                _part(part.id, part.name, part.text, part.zone)
                for part in diagram.parts
                if part.kind == "process"
            ],
            "data_stores": [
                _part(part.id, part.name, part.text, part.zone) | {"type": "object"}
                for part in diagram.parts
                if part.kind == "store"
            ],
            "data_sets": list(_sets(chain, pipeline)),
            "data_flows": list(_flows(chain, pipeline, diagram)),
            "assumptions": [
                {"description": text, "validity": "unconfirmed"} for text in ASSUMPTIONS
            ],
            "threat_personas": list(_personas(chain, pipeline, found)),
            "threats": [_threat(item) for item in found],
            "controls": list(_controls(chain, pipeline, found)),
            "extensions": {EXTENSION: record.to_json(pipeline)},
        }
    )


def _scope(pipeline: Pipeline) -> dict[str, Any]:
    data = _SENSITIVITY[pipeline.data.sensitivity]
    external = pipeline.service.queries in ("partners", "public")
    tier = {2: "business_critical", 1: "important", 0: "non_critical"}[bool(data) + external]
    return {
        "title": pipeline.name,
        "description": "The quantum machine learning pipeline, from raw data to the served model.",
        "business_criticality": "moderate",
        "data_sensitivity": data,
        "exposure": "external" if external else "internal",
        "tier": tier,
    }


def _part(identifier: str, name: str, text: str, zone: str) -> dict[str, Any]:
    return {"symbolic_name": identifier, "title": name, "description": text, "trust_zone": zone}


def _sets(chain: KillChain, pipeline: Pipeline) -> Iterator[dict[str, Any]]:
    """Yield training data and parameters, where they are kept."""
    kept = {
        "training-data": ("C1", _SENSITIVITY[pipeline.data.sensitivity]),
        "parameters": ("C13", ["ip"]),
    }
    for asset in chain.assets:
        place, data = kept.get(asset.id, ("", []))
        if place in pipeline.components:
            yield {
                "symbolic_name": symbol(asset.id),
                "title": asset.name,
                "description": asset.meaning,
                "placements": [{"data_store": symbol(place), "encrypted": False}],
                "data_sensitivity": data,
            }


def _flows(chain: KillChain, pipeline: Pipeline, diagram: Diagram) -> Iterator[dict[str, Any]]:
    kind = {"process": "component", "store": "data_store", "actor": "actor"}
    types = {part.id: kind[part.kind] for part in diagram.parts}
    public = pipeline.data.sensitivity == "public"
    for flow in diagram.flows:
        carried = ", ".join(chain.words.get(name, name) for name in flow.assets)
        yield {
            "symbolic_name": flow.id,
            "title": flow.name,
            "description": f"Carries: {carried}." if carried else "Carries none of the assets.",
            "source": {"type": types[flow.source], "object": flow.source},
            "destination": {"type": types[flow.target], "object": flow.target},
            "has_sensitive_data": any(
                name != "training-data" or not public for name in flow.assets
            ),
            "encrypted": False,
        }


def _personas(
    chain: KillChain, pipeline: Pipeline, found: Sequence[Found]
) -> Iterator[dict[str, Any]]:
    names = {item.threat.actor for item in found} | {item.actor for item in pipeline.actors}
    for actor in chain.actors:
        if actor.id not in names:
            continue
        skills = [item.skill for item in pipeline.actors if item.actor == actor.id] or ["high"]
        best = max(skills, key=list(_SKILL).index)
        level = "anonymous" if actor.id in _ANONYMOUS else "admin" if actor.id in _ADMIN else "user"
        yield {
            "symbolic_name": symbol(actor.id),
            "title": actor.name,
            "description": actor.meaning,
            "is_person": True,
            "skill_level": _SKILL[best],
            "access_level": level,
            "malicious_intent": True,
            "applicability_to_org": "moderate",
        }


def _threat(item: Found) -> dict[str, Any]:
    technique = item.technique
    made: dict[str, Any] = {
        "symbolic_name": item.id,
        "title": f"{technique.id} {technique.name}",
        "description": f"{technique.how}\n\n{item.rated}",
        "components_affected": [item.part],
        "threat_persona": symbol(item.threat.actor),
        "event": technique.summary,
        "sources": [_ON_PURPOSE],
    }
    for key, framework, word in (
        ("attack_mechanisms", "CAPEC", "capec"),
        ("weaknesses", "CWE", "cwe"),
    ):
        ties = [
            {f"{word}_id": int(anchor.id.rpartition("-")[2]), f"{word}_title": anchor.name}
            for anchor in technique.mappings
            if anchor.framework == framework
            and re.fullmatch(rf"({framework}-)?[0-9]{{1,9}}", anchor.id)
        ]
        if ties:
            made[key] = ties
    return made


def _controls(
    chain: KillChain, pipeline: Pipeline, found: Sequence[Found]
) -> Iterator[dict[str, Any]]:
    against: dict[str, dict[str, str]] = {}
    for item in found:
        for measure, edge in item.mitigations:
            against.setdefault(measure.id, {})[item.id] = edge.strength
    for measure in chain.mitigations:
        active = measure.id in pipeline.mitigations
        if not active and measure.id not in against:
            continue
        strengths = against.get(measure.id, {})
        best = max(strengths.values(), key=_RANK.index, default="unknown")
        yield {
            "symbolic_name": symbol(measure.id),
            "title": f"{measure.id} {measure.name}",
            "description": measure.summary,
            "threats": list(strengths),
            "status": "active" if active else "suggested",
            "priority": _PRIORITY[best],
        }


def read(source: Document, chain: KillChain) -> Partial:
    """Read a TM-BOM of ours or of another tool as far as it describes a pipeline.

    Components are told by symbolic name or title, parties and trust by those of their trust zone.
    Where the file was written by us, everything else of the pipeline is read too.

    Raises
    ------
    InputError
        Not such a file, a missing key or wrong type, or a name used twice; the message names file,
        line and key.
    """
    top = Fields.root(source)
    scope = top.part("scope")
    if scope is None or not isinstance(top.data.get("components"), list):
        raise top.error("a TM-BOM has the keys 'scope' and 'components'")
    known = Known()
    zones = {
        known.add("trust zones", item.text("symbolic_name"), item, "symbolic_name"): item
        for item in top.each("trust_zones")
    }
    lost = Notes()
    stated = list(_stated(top, known, zones, lost))
    components, blank, notes = dataflow.placements(chain, stated)
    notes += lost.all
    extensions = top.part("extensions")
    inside = extensions.part(EXTENSION) if extensions else None
    data = dict(inside.data) if inside else _guessed(top, scope, chain)
    data["name"] = scope.text("title", "")
    data["components"] = components
    if not inside:
        notes += [
            f"{len(top.data[key])} entries under {key!r} are left out"
            for key in top.data
            if key not in _HELD and isinstance(top.data[key], list) and top.data[key]
        ]
    start = f"extensions.{EXTENSION}" if inside else ""
    return dataflow.build(chain, source, data, start, blank, notes)


def _stated(top: Fields, known: Known, zones: dict[str, Fields], lost: Notes) -> Iterator[Stated]:
    """Yield the parts; a trust zone that is not there, as published files have, is noted."""
    for kind in ("components", "data_stores"):
        for item in top.each(kind):
            name = known.add("parts", item.text("symbolic_name"), item, "symbolic_name")
            title = item.text("title", "")
            zone = item.text("trust_zone", "")
            names: tuple[str, ...] = ()
            if zone in zones:
                names = (zone, zones[zone].text("title", ""))
            elif zone:
                lost.add(f"the trust zone {zone!r:.80} is not in the file")
            yield Stated(item, (name, title) if title else (name,), names)


def _guessed(top: Fields, scope: Fields, chain: KillChain) -> dict[str, Any]:
    """Return what a file of another tool says beside its components."""
    data: dict[str, Any] = {"description": top.text("description", "")}
    words = set(scope.texts("data_sensitivity"))
    if words:
        secret, personal = words & _SECRET, words & _PERSONAL
        data["data"] = {
            "sensitivity": "secret" if secret else "personal" if personal else "internal"
        }
    ours = {symbol(item.id): item.id for item in chain.mitigations}
    active = [
        ours[name]
        for item in top.each("controls")
        if (name := item.text("symbolic_name")) in ours and item.text("status", "") == "active"
    ]
    if active:
        data["mitigations"] = list(dict.fromkeys(active))
    return data
