"""Pipelines as Open Threat Model (OTM) 0.2.0, written and read.

Source: specification and JSON Schema 0.2.0 of the Open Threat Model project. Trust zones carry
party and trust; what else a pipeline says stands in the attributes of the project, one text of
JSON for each part, so nothing is lost.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from redqubit.core import record
from redqubit.killchain import document
from redqubit.killchain.document import Document
from redqubit.killchain.exchange import dataflow
from redqubit.killchain.exchange.dataflow import (
    FACTS,
    RATING,
    Diagram,
    Found,
    Partial,
    Stated,
    Threat,
    symbol,
)
from redqubit.killchain.exchange.fields import Fields, Known
from redqubit.killchain.exchange.text import as_json
from redqubit.killchain.model import KillChain
from redqubit.killchain.system import Pipeline

VERSION: Final = "0.2.0"
PREFIX: Final = "redqubit-"  # of the attributes that hold the rest of a pipeline
DIAGRAM: Final = "data-flow"
IMPACT: Final = {"critical": 100, "high": 75, "medium": 50, "low": 25}
REDUCTION: Final = {"strong": 75, "partial": 50, "weak": 25, "unknown": 0}
UNRATED: Final = 50
_SENSITIVE: Final = {"public": 0, "internal": 50, "personal": 100, "secret": 100}
_TYPES: Final = {"store": "database", "process": "service", "actor": "client"}


def write(chain: KillChain, pipeline: Pipeline, threats: Iterable[Threat] = ()) -> str:
    """Return a pipeline, with the threats found on it, as OTM 0.2.0 in JSON.

    The impact of a threat is its severity in quarters of 100, the risk reduction of a mitigation
    its strongest edge; a likelihood is a probability in percent, null where none is estimated.

    Raises
    ------
    InputError
        The pipeline or a threat names something the kill chain does not have.
    """
    diagram = dataflow.of(chain, pipeline)
    found = dataflow.threats(chain, pipeline, threats, diagram)
    boxes = dataflow.layout(diagram)
    size = {
        "width": max((box.x + box.width for box in boxes.values()), default=0) + 40,
        "height": max((box.y + box.height for box in boxes.values()), default=0) + 40,
    }
    data = record.to_json(pipeline)
    facts = {
        f"{PREFIX}{name}": json.dumps(data[name], ensure_ascii=False, separators=(",", ":"))
        for name in FACTS
    }
    return as_json(
        {
            "otmVersion": VERSION,
            "project": {
                "name": pipeline.name,
                "id": symbol(pipeline.name),
                "description": pipeline.description,
                "attributes": facts,
            },
            "representations": [
                {"name": "Data flow", "id": DIAGRAM, "type": "diagram", "size": size}
            ],
            "assets": list(_assets(chain, pipeline)),
            "trustZones": [
                {
                    "id": zone.id,
                    "name": zone.name,
                    "description": zone.text,
                    "risk": {"trustRating": RATING[zone.trust] if zone.trust else 0},
                    "representations": [_drawn(boxes[zone.id], zone.id)],
                }
                for zone in diagram.zones
            ],
            "components": list(_components(pipeline, diagram, found, boxes)),
            "dataflows": [
                {
                    "id": flow.id,
                    "name": flow.name,
                    "source": flow.source,
                    "destination": flow.target,
                    "bidirectional": False,
                    "assets": list(flow.assets),
                }
                for flow in diagram.flows
            ],
            "threats": [_threat(item) for item in found],
            "mitigations": list(_mitigations(chain, pipeline, found)),
        }
    )


def _drawn(box: dataflow.Box, name: str, zone: dataflow.Box | None = None) -> dict[str, Any]:
    """Return where something stands; a part relative to its zone."""
    x, y = (zone.x, zone.y) if zone else (0, 0)
    return {
        "representation": DIAGRAM,
        "id": f"{name}-box",
        "position": {"x": box.x - x, "y": box.y - y},
        "size": {"width": box.width, "height": box.height},
    }


def _assets(chain: KillChain, pipeline: Pipeline) -> Iterator[dict[str, Any]]:
    for asset in chain.assets:
        risk: dict[str, Any] = dict.fromkeys(
            ("confidentiality", "integrity", "availability"), UNRATED
        )
        risk["comment"] = f"Not rated by the pipeline; {UNRATED} stands for unknown."
        if asset.id == "training-data":
            risk["confidentiality"] = _SENSITIVE[pipeline.data.sensitivity]
            risk["comment"] = (
                f"Confidentiality follows from data that are {pipeline.data.sensitivity}; "
                f"the others are not rated, {UNRATED} stands for unknown."
            )
        yield {"id": asset.id, "name": asset.name, "description": asset.meaning, "risk": risk}


def _components(
    pipeline: Pipeline,
    diagram: Diagram,
    found: Sequence[Found],
    boxes: dict[str, dataflow.Box],
) -> Iterator[dict[str, Any]]:
    for part in diagram.parts:
        carried = [
            name
            for flow in diagram.flows
            if part.id in (flow.source, flow.target)
            for name in flow.assets
        ]
        held = "stored" if part.kind == "store" else "processed"
        yield {
            "id": part.id,
            "name": part.name,
            "type": _TYPES[part.kind],
            "description": part.text,
            "parent": {"trustZone": part.zone},
            "representations": [_drawn(boxes[part.id], part.id, boxes[part.zone])],
            "assets": {held: list(dict.fromkeys(carried))},
            "threats": [
                {
                    "threat": item.id,
                    "state": "exposed",
                    "mitigations": [
                        {
                            "mitigation": measure.id,
                            "state": "implemented"
                            if measure.id in pipeline.mitigations
                            else "recommended",
                        }
                        for measure in dict.fromkeys(m for m, _ in item.mitigations)
                    ],
                }
                for item in found
                if item.part == part.id
            ],
        }


def _threat(item: Found) -> dict[str, Any]:
    technique, severity, chance = item.technique, item.threat.severity, item.likelihood
    goals = [goal for goal, level in vars(technique.impact).items() if level != "none"]
    return {
        "id": item.id,
        "name": f"{technique.id} {technique.name}",
        "description": f"{technique.summary}\n\n{technique.how}",
        "categories": [goal.capitalize() for goal in goals],
        "cwes": [anchor.id for anchor in technique.mappings if anchor.framework == "CWE"],
        "risk": {
            "likelihood": None if chance is None else round(100 * chance, 1),
            "likelihoodComment": "Not estimated."
            if chance is None
            else "Mean probability that one of the cheapest paths succeeds.",
            "impact": IMPACT.get(severity.casefold(), UNRATED),
            "impactComment": f"Severity {severity}.",
        },
        "attributes": {"technique": technique.id, "actor": item.threat.actor},
    }


def _mitigations(
    chain: KillChain, pipeline: Pipeline, found: Sequence[Found]
) -> Iterator[dict[str, Any]]:
    reduction: dict[str, int] = dict.fromkeys(pipeline.mitigations, 0)
    for item in found:
        for measure, edge in item.mitigations:
            strength = REDUCTION[edge.strength]
            reduction[measure.id] = max(reduction.get(measure.id, 0), strength)
    for measure in chain.mitigations:
        if measure.id in reduction:
            yield {
                "id": measure.id,
                "name": f"{measure.id} {measure.name}",
                "description": measure.summary,
                "riskReduction": reduction[measure.id],
            }


def read(source: Document, chain: KillChain) -> Partial:
    """Read an OTM file of ours or of another tool as far as it describes a pipeline.

    Components are told by id or name, parties by the names of their trust zone, trust by those or
    by the zone's rating. Where the file was written by us, the rest of the pipeline is read too.

    Raises
    ------
    InputError
        Another version, a missing key or wrong type, an id used twice or one that points nowhere,
        components inside one another in a circle; the message names file, line and key.
    """
    top = Fields.root(source)
    version = top.text("otmVersion")
    if not version.startswith("0."):
        raise top.error(f"OTM 0.x is read, got {version!r:.60}", "otmVersion")
    project = top.part("project")
    if project is None:
        raise top.error("lacks the key 'project'")
    components, blank, notes = dataflow.placements(chain, _stated(top))
    attributes = project.part("attributes")
    data: dict[str, Any] = {}
    for name in FACTS:
        key = f"{PREFIX}{name}"
        if attributes and key in attributes.data:
            where = f"{source.where}: {attributes.at(key)}"
            data[name] = document.parse(attributes.text(key), where, form="json").data
    if not data:
        notes += [
            f"{len(top.data[key])} entries under {key!r} are left out"
            for key in ("representations", "assets", "dataflows", "threats", "mitigations")
            if isinstance(top.data.get(key), list) and top.data[key]
        ]
    data["name"] = project.text("name", "")
    data["description"] = project.text("description", "")
    data["components"] = components
    start = "project.attributes" if attributes else ""
    return dataflow.build(chain, source, data, start, blank, notes)


def _stated(top: Fields) -> Iterator[Stated]:
    known = Known()
    zones = {known.add("trust zones", x.text("id"), x): x for x in top.each("trustZones")}
    items = {known.add("components", x.text("id"), x): x for x in top.each("components")}
    around: dict[str, Fields | None] = {}
    for name, item in items.items():
        zone = _zone(name, items, zones, known, around)
        names = (zone.text("id"), zone.text("name", "")) if zone else ()
        risk = zone.part("risk") if zone else None
        title = item.text("name", "")
        if names[:1] == (dataflow.OUTSIDE,) and item.text("type", "") == _TYPES["actor"]:
            continue
        rating = risk.number("trustRating") if risk else None
        yield Stated(item, (name, title) if title else (name,), names, rating)


def _zone(
    name: str,
    items: dict[str, Fields],
    zones: dict[str, Fields],
    known: Known,
    around: dict[str, Fields | None],
) -> Fields | None:
    """Return the trust zone around a component, through any components around it."""
    met: dict[str, None] = {}
    found: Fields | None = None
    while name not in around:
        met[name] = None
        parent = items[name].part("parent")
        if parent is None:
            break
        if zone := parent.text("trustZone", ""):
            known.want("trust zones", zone, parent, "trustZone")
            known.check()
            known.wanted.clear()
            found = zones[zone]
            break
        outer = known.want("components", parent.text("component"), parent, "component")
        known.check()
        known.wanted.clear()
        if outer in met:
            raise parent.error(f"{outer!r:.60} is inside itself", "component")
        name = outer
    else:
        found = around[name]
    around.update(dict.fromkeys(met, found))
    return found
