"""Pipelines as OWASP Threat Dragon models, version 2, written.

Source: Threat Dragon's JSON Schema of version 2 and the cells of its own demo models. What the
format cannot hold: everything a pipeline says beside its components, their parties and its
mitigations in place.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any, Final

from redqubit.killchain.describe import impact
from redqubit.killchain.exchange import dataflow
from redqubit.killchain.exchange.dataflow import Box, Flow, Found, Part, Threat, Zone
from redqubit.killchain.exchange.stix_bundle import NAMESPACE
from redqubit.killchain.exchange.text import as_json
from redqubit.killchain.model import KillChain
from redqubit.killchain.system import Pipeline

VERSION: Final = "2.6.2"  # of the application, as its own models state it
MODEL: Final = "CIA"  # threats are of confidentiality, integrity or availability
SEVERITY: Final = {"critical": "Critical", "high": "High", "medium": "Medium", "low": "Low"}
CALM: Final = {"stroke": "#333333", "strokeWidth": 1.5, "strokeDasharray": "none"}
ALARM: Final = {"stroke": "red", "strokeWidth": 2.5, "strokeDasharray": "none"}
_LEVELS: Final = ("none", "low", "medium", "high")
_TYPES: Final = {"process": "tm.Process", "store": "tm.Store", "actor": "tm.Actor"}
_FLAGS: Final = {
    "process": ("handlesCardPayment", "handlesGoodsOrServices", "isWebApplication"),
    "store": ("isALog", "isEncrypted", "isSigned", "storesCredentials", "storesInventory"),
    "actor": ("providesAuthentication",),
}


def write(chain: KillChain, pipeline: Pipeline, threats: Iterable[Threat] = ()) -> str:
    """Return a pipeline, with the threats found on it, as a Threat Dragon model.

    A threat that a mitigation in place prevents strongly is marked mitigated, any other open.

    Raises
    ------
    InputError
        The pipeline or a threat names something the kill chain does not have.
    """
    diagram = dataflow.of(chain, pipeline)
    found = dataflow.threats(chain, pipeline, threats, diagram)
    boxes = dataflow.layout(diagram)
    numbers = {item.id: i for i, item in enumerate(found, 1)}
    shown = {
        part.id: [
            _threat(item, numbers[item.id], pipeline) for item in found if item.part == part.id
        ]
        for part in diagram.parts
    }
    cells = [_box(zone, boxes[zone.id], -1 - i) for i, zone in enumerate(diagram.zones)]
    cells += [
        _node(part, boxes[part.id], shown[part.id], i) for i, part in enumerate(diagram.parts)
    ]
    zone = {part.id: part.zone for part in diagram.parts}
    cells += [
        _flow(flow, zone[flow.source], zone[flow.target], len(diagram.parts) + i)
        for i, flow in enumerate(diagram.flows)
    ]
    for cell in cells[: len(diagram.zones)]:
        inside = [part for part in diagram.parts if identifier(part.zone) == cell["id"]]
        cell["data"]["containedElements"] = [identifier(part.id) for part in inside]
    return as_json(
        {
            "version": VERSION,
            "summary": {
                "title": pipeline.name,
                "owner": "",
                "description": pipeline.description,
                "id": 0,
            },
            "detail": {
                "contributors": [],
                "diagrams": [
                    {
                        "id": 0,
                        "title": "Data flow of the pipeline",
                        "description": "Components by party, and what they send to one another.",
                        "diagramType": MODEL,
                        "placeholder": "",
                        "thumbnail": "./public/content/images/thumbnail.cia.jpg",
                        "version": VERSION,
                        "cells": cells,
                    }
                ],
                "diagramTop": 1,
                "reviewer": "",
                "threatTop": len(found),
            },
        }
    )


def identifier(name: str) -> str:
    """Return the UUID of a cell or threat."""
    return str(uuid.uuid5(NAMESPACE, f"threat-dragon:{name}"))


def _data(kind: str, name: str, text: str, **more: Any) -> dict[str, Any]:
    return {
        "type": kind,
        "name": name,
        "description": text,
        "isTrustBoundary": False,
        "outOfScope": False,
        "reasonOutOfScope": "",
        "hasOpenThreats": False,
        **more,
    }


def _place(box: Box) -> dict[str, Any]:
    return {
        "position": {"x": box.x, "y": box.y},
        "size": {"width": box.width, "height": box.height},
    }


def _box(zone: Zone, box: Box, height: int) -> dict[str, Any]:
    data = _data("tm.BoundaryBox", zone.name, zone.text, isTrustBoundary=True)
    return {
        **_place(box),
        "attrs": {"label": {"text": zone.name}},
        "shape": "trust-boundary-box",
        "id": identifier(zone.id),
        "zIndex": height,
        "data": data,
    }


def _node(part: Part, box: Box, threats: Sequence[dict[str, Any]], height: int) -> dict[str, Any]:
    is_open = any(item["status"] == "Open" for item in threats)
    line = ALARM if is_open else CALM
    lines = {"topLine": line, "bottomLine": line} if part.kind == "store" else {"body": line}
    data = _data(_TYPES[part.kind], part.name, part.text, **dict.fromkeys(_FLAGS[part.kind], False))
    return {
        **_place(box),
        "attrs": {"text": {"text": part.name}, **lines},
        "shape": part.kind,
        "id": identifier(part.id),
        "zIndex": height,
        "data": data | {"hasOpenThreats": is_open, "threats": list(threats)},
    }


def _flow(flow: Flow, source: str, target: str, height: int) -> dict[str, Any]:
    outside = dataflow.OUTSIDE in (source, target)
    data = _data(
        "tm.Flow",
        flow.name,
        "",
        isBidirectional=False,
        isEncrypted=False,
        isPublicNetwork=outside,
        protocol="",
        threats=[],
    )
    return {
        "attrs": {"line": CALM | {"targetMarker": {"name": "block"}, "sourceMarker": {"name": ""}}},
        "shape": "flow",
        "connector": "smooth",
        "labels": [{"position": 0.5, "attrs": {"label": {"text": flow.name}}}],
        "id": identifier(flow.id),
        "zIndex": height,
        "data": data,
        "source": {"cell": identifier(flow.source)},
        "target": {"cell": identifier(flow.target)},
        "vertices": [],
    }


def _threat(item: Found, number: int, pipeline: Pipeline) -> dict[str, Any]:
    technique = item.technique
    goals = {goal: _LEVELS.index(level) for goal, level in vars(technique.impact).items()}
    blocked = any(
        measure.id in pipeline.mitigations
        and measure.kind == "prevent"
        and edge.strength == "strong"
        for measure, edge in item.mitigations
    )
    told = [
        f"{measure.id} {measure.name} ({measure.kind}, {edge.strength}"
        f"{', in place' if measure.id in pipeline.mitigations else ''}): {edge.sentence}"
        for measure, edge in item.mitigations
    ]
    hurt = impact(technique.impact) or "none"
    return {
        "id": identifier(item.id),
        "title": f"{technique.id} {technique.name}",
        "type": max(goals, key=lambda goal: goals[goal]).capitalize(),
        "modelType": MODEL,
        "status": "Mitigated" if blocked else "Open",
        "severity": SEVERITY.get(item.threat.severity.casefold(), "TBD"),
        "description": f"{technique.summary}\n\n{technique.how}\n\nActor: {item.threat.actor}. "
        f"Impact: {hurt}. {item.rated}",
        "mitigation": "\n".join(told) or "None known.",
        "number": number,
        "score": "",
        "new": False,
    }
