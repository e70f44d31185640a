"""Threat Dragon models: what the application needs to draw them."""

import json
import uuid
from types import SimpleNamespace

from hypothesis import given, settings
from hypothesis import strategies as st

from redqubit.killchain.exchange import threat_dragon
from redqubit.killchain.system import Pipeline, Placement, ServiceFacts

PIPELINE = Pipeline(
    "p",
    {"C1": Placement("data-owner"), "C9": Placement("quantum-cloud"), "C14": Placement("user")},
    service=ServiceFacts("public"),
)


def holds(data):
    """Check the rules of version 2 that our models can break, and return the cells."""
    assert {"version", "summary", "detail"} == set(data)
    assert len(data["version"]) <= 10
    detail = data["detail"]
    assert set(detail) == {"contributors", "diagrams", "diagramTop", "reviewer", "threatTop"}
    (diagram,) = detail["diagrams"]
    assert {"diagramType", "id", "thumbnail", "title", "version"} <= set(diagram)
    cells = diagram["cells"]
    ids = [cell["id"] for cell in cells]
    assert len(set(ids)) == len(ids)
    boxes = [cell for cell in cells if cell["shape"] == "trust-boundary-box"]
    nodes = [cell for cell in cells if cell["shape"] in ("process", "store", "actor")]
    flows = [cell for cell in cells if cell["shape"] == "flow"]
    assert len(boxes) + len(nodes) + len(flows) == len(cells)
    for cell in cells:
        assert str(uuid.UUID(cell["id"])) == cell["id"]
        assert {"hasOpenThreats", "type", "name"} <= set(cell["data"])
        for threat in cell["data"].get("threats", ()):
            assert {"description", "mitigation", "severity", "status", "title", "type"} <= set(
                threat
            )
            assert threat["type"] in ("Confidentiality", "Integrity", "Availability")
            assert threat["severity"] in ("TBD", "Low", "Medium", "High", "Critical")
            assert threat["status"] in ("Open", "Mitigated")
    held = [name for cell in boxes for name in cell["data"]["containedElements"]]
    assert sorted(held) == sorted(cell["id"] for cell in nodes)
    assert all(flow[end]["cell"] in held for flow in flows for end in ("source", "target"))
    return cells


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_any_pipeline_can_be_drawn(chain, pipelines, data):
    """Every node is in one boundary, every flow joins nodes, and required keys are there."""
    holds(json.loads(threat_dragon.write(chain, data.draw(pipelines))))


def test_threats_stand_at_their_component(chain):
    """Each threat is listed once where it strikes; one that is prevented is not open."""
    items = [item for item in chain.techniques if "C9" in item.components]
    strong = next(
        (measure.id, edge.technique)
        for measure in chain.mitigations
        for edge in measure.mitigates
        if measure.kind == "prevent"
        and edge.strength == "strong"
        and edge.technique in {item.id for item in items}
    )
    given = [
        SimpleNamespace(technique=item.id, severity="high", component="C9", actor="co-tenant")
        for item in items
    ]
    pipeline = Pipeline("p", PIPELINE.components, mitigations=strong[:1])
    cells = holds(json.loads(threat_dragon.write(chain, pipeline, given)))
    (node,) = [cell for cell in cells if cell["data"].get("threats")]
    assert node["data"]["name"] == "Quantum processor"
    assert node["data"]["hasOpenThreats"]
    status = {item["title"].split()[0]: item["status"] for item in node["data"]["threats"]}
    assert len(status) == len(items)
    assert status[strong[1]] == "Mitigated"
    assert "Open" in status.values()
