"""Pipelines as zones, parts and flows."""

from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redqubit.core.errors import InputError
from redqubit.killchain.exchange import (
    dataflow,
    open_threat_model,
    threat_dragon,
    threat_model_bom,
)
from redqubit.killchain.system import Attacker, Pipeline, Placement, ServiceFacts
from redqubit.killchain.threat import threats

WHOLE = {f"C{i}": Placement("user") for i in range(1, 16)}


def test_a_whole_pipeline_has_every_flow(chain):
    """With all components present each flow of the table is drawn once."""
    made = dataflow.of(chain, Pipeline("p", WHOLE))
    assert len(made.flows) == len(dataflow.FLOWS)
    assert [part.component for part in made.parts] == list(WHOLE)


def test_a_flow_goes_on_through_what_is_absent(chain):
    """Without pulse layer and electronics, jobs go from the queue straight to the processor."""
    parts = {name: WHOLE[name] for name in ("C6", "C9", "C10")}
    flows = dataflow.of(chain, Pipeline("p", parts)).flows
    assert [(flow.source, flow.target) for flow in flows] == [("c6", "c9"), ("c9", "c10")]


@settings(max_examples=50, deadline=None)
@given(data=st.data())
def test_diagrams_hang_together(chain, pipelines, data):
    """Flows join parts that exist, every part is in one zone, and no flow is drawn twice."""
    made = dataflow.of(chain, data.draw(pipelines))
    parts, zones = {part.id for part in made.parts}, {zone.id for zone in made.zones}
    assert {end for flow in made.flows for end in (flow.source, flow.target)} <= parts
    assert {part.zone for part in made.parts} == zones
    assert len({flow.id for flow in made.flows}) == len(made.flows)
    assert all(a != b and {a, b} <= zones for a, b in made.crossings())
    assert dataflow.layout(made).keys() == parts | zones


def test_parts_stand_inside_their_zone(chain):
    """In the layout each part lies within its zone and no two parts of a zone overlap."""
    made = dataflow.of(chain, Pipeline("p", WHOLE))
    boxes = dataflow.layout(made)
    bottom = 0
    for part in made.parts:
        box, zone = boxes[part.id], boxes[part.zone]
        assert zone.x <= box.x
        assert box.x + box.width <= zone.x + zone.width
        assert bottom < box.y < box.y + box.height <= zone.y + zone.height
        bottom = box.y + box.height


def test_a_served_model_has_a_client_outside(chain):
    """Who queries the model stands in a zone of its own and exchanges queries and answers."""
    made = dataflow.of(chain, Pipeline("p", WHOLE, service=ServiceFacts(queries="public")))
    assert [part.zone for part in made.parts if part.kind == "actor"] == [dataflow.OUTSIDE]
    assert {flow.id for flow in made.flows if "client" in flow.id} == {"client-c14", "c14-client"}


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (("quantum-cloud--untrusted",), ("quantum-cloud", "untrusted", [])),
        (("z1", "Quantum cloud (honest but curious)"), ("quantum-cloud", "honest but curious", [])),
        (("User trusted",), ("user", "trusted", [])),
        (("Internet",), ("user", "untrusted", ["party", "trust"])),
        ((), ("user", "untrusted", ["party", "trust"])),
    ],
)
def test_zones_name_party_and_trust(chain, given, wanted):
    """Party and trust are read off a zone's names; what they do not tell is listed as a guess."""
    assert dataflow.placement(chain, given) == wanted


@pytest.mark.parametrize(
    ("rating", "trust"),
    [(100, "trusted"), (75, "trusted"), (74, "honest but curious"), (24.9, "untrusted")],
)
def test_ratings_become_trust(chain, rating, trust):
    """A rating of the zone decides where its name does not."""
    assert dataflow.placement(chain, ("user zone",), rating) == ("user", trust, [])


@pytest.mark.parametrize("name", ["C9", "c9", "Quantum processor", "quantum-processor"])
def test_components_are_told_by_id_or_name(chain, name):
    """A component is recognized by its id or its name in any case."""
    assert dataflow.component(chain, "something", name) == "C9"


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("technique", "QML.T9999", "unknown technique"),
        ("component", "C2", "unknown component of"),
        ("actor", "outsidr", "did you mean 'outsider'"),
    ],
)
def test_threats_must_fit(chain, key, value, said):
    """A threat with an unknown technique or actor or an absent component is refused."""
    fields = {"technique": "QML.T0001", "severity": "high", "component": "C1", "actor": "outsider"}
    pipeline = Pipeline("p", {"C1": Placement("user")})
    threat = SimpleNamespace(**(fields | {key: value}))
    with pytest.raises(InputError, match=said):
        dataflow.threats(chain, pipeline, [threat], dataflow.of(chain, pipeline))


@pytest.mark.parametrize("parts", [{"C99": Placement("user")}, {"C1": Placement("nobody")}])
def test_unknown_components_and_parties_are_refused(chain, parts):
    """A pipeline that names what the kill chain does not have cannot be drawn."""
    with pytest.raises(InputError, match="unknown"):
        dataflow.of(chain, Pipeline("p", parts))


@pytest.mark.parametrize("tool", [threat_model_bom, open_threat_model, threat_dragon])
def test_findings_of_the_threat_model_are_written(chain, tool):
    """What the threat model finds on a pipeline stands in every file, with its likelihood."""
    parts = {f"C{i}": Placement("user" if i < 6 else "quantum-cloud") for i in range(1, 15)}
    attackers = (Attacker("provider-insider"), Attacker("outsider"))
    pipeline = Pipeline("p", parts, actors=attackers)
    found = threats(pipeline, chain, k=1)
    text = tool.write(chain, pipeline, found)
    assert len(found) > 10
    for item in found:
        assert item.technique in text
    likelihood = found[0].likelihood
    assert f"{likelihood:.2g}" in text or f"{round(100 * likelihood, 1)}" in text


@given(text=st.text())
def test_symbols_are_plain(text):
    """Any text becomes small letters, digits and hyphens, and a symbol stays what it is."""
    made = dataflow.symbol(text)
    assert made
    assert set(made) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert dataflow.symbol(made) == made
