"""OTM files: what the schema asks for, round trips, files of others, bad files."""

import json
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redqubit.core.errors import InputError
from redqubit.killchain import document
from redqubit.killchain.exchange import open_threat_model
from redqubit.killchain.system import Attacker, DataFacts, Pipeline, Placement, ServiceFacts

PIPELINE = Pipeline(
    "p",
    {
        "C1": Placement("data-owner"),
        "C9": Placement("quantum-cloud", "honest but curious"),
        "C14": Placement("user"),
    },
    data=DataFacts("secret"),
    service=ServiceFacts("public"),
    mitigations=("QML.M0002",),
    actors=(Attacker("outsider", skill="low"),),
)


def threats(chain):
    return [
        SimpleNamespace(technique=item.id, severity=severity, component="C9", actor="co-tenant")
        for item, severity in zip(
            [item for item in chain.techniques if "C9" in item.components],
            ["critical", "high", "Medium", "low", "strange"],
            strict=False,
        )
    ]


def back(text, chain, form="json"):
    return open_threat_model.read(document.parse(text, f"m.{form}", form), chain)


def holds(data):
    """Check the rules of schema 0.2.0 that our files can break."""
    ids = {}
    for key, wanted in {
        "representations": {"name", "id", "type"},
        "assets": {"name", "id", "risk"},
        "trustZones": {"id", "name", "risk"},
        "components": {"id", "name", "type", "parent"},
        "dataflows": {"id", "name", "source", "destination"},
        "threats": {"id", "name", "risk"},
        "mitigations": {"id", "name", "riskReduction"},
    }.items():
        ids[key] = [item["id"] for item in data[key]]
        assert len(set(ids[key])) == len(ids[key])
        assert all(wanted <= set(item) for item in data[key])
    for item in data["trustZones"]:
        assert 0 <= item["risk"]["trustRating"] <= 100
    for item in data["components"]:
        assert item["parent"]["trustZone"] in ids["trustZones"]
        for threat in item["threats"]:
            assert threat["threat"] in ids["threats"]
            assert {x["mitigation"] for x in threat["mitigations"]} <= set(ids["mitigations"])
    for item in data["dataflows"]:
        assert {item["source"], item["destination"]} <= set(ids["components"])
        assert set(item["assets"]) <= set(ids["assets"])
    for item in data["threats"]:
        assert item["risk"]["likelihood"] is None
        assert 0 < item["risk"]["impact"] <= 100
    assert all(isinstance(value, str) for value in data["project"]["attributes"].values())


def test_a_pipeline_with_threats_keeps_the_schema(chain):
    """Every object has the keys the schema asks for, and every id leads to one."""
    data = json.loads(open_threat_model.write(chain, PIPELINE, threats(chain)))
    holds(data)
    assert data["otmVersion"] == "0.2.0"
    assert [item["risk"]["impact"] for item in data["threats"]] == [100, 75, 50, 25, 50]
    assert any(item["id"] == "client" for item in data["components"])


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_any_pipeline_comes_back_equal(chain, pipelines, data):
    """Reading undoes writing, nothing is unknown and nothing left out."""
    made = data.draw(pipelines)
    text = open_threat_model.write(chain, made, ())
    holds(json.loads(text))
    found = back(text, chain)
    assert found.pipeline == made
    assert (found.unknown, found.notes) == ((), ())


def test_what_is_written_is_yaml_too(chain):
    """A file may be read as the YAML that its JSON also is."""
    assert back(open_threat_model.write(chain, PIPELINE), chain, "yaml").pipeline == PIPELINE


THEIRS = """
otmVersion: 0.1.0
project: {name: Shop, id: shop}
trustZones:
  - {id: z1, name: Quantum cloud, risk: {trustRating: 60}}
  - {id: z2, name: Basement, risk: {trustRating: 90}}
components:
  - {id: qpu, name: Quantum processor, type: device, parent: {component: rack}}
  - {id: rack, name: Rack, type: device, parent: {trustZone: z1}}
  - {id: C3, name: Encoder, type: code, parent: {trustZone: z2}}
threats:
  - {id: t, name: Theft, risk: {likelihood: 1, impact: 2}}
"""


def test_a_file_of_others_gives_what_it_says(chain):
    """Components, the party of the zone around them and its rating are read, the rest is listed."""
    found = back(THEIRS, chain, "yaml")
    assert found.pipeline == Pipeline(
        "Shop",
        {"C9": Placement("quantum-cloud", "honest but curious"), "C3": Placement("user")},
    )
    assert found.unknown[0] == "components.C3.party"
    assert {"model", "actors"} <= set(found.unknown)
    assert found.notes == (
        "'rack' is none of the components of a pipeline",
        "1 entries under 'threats' are left out",
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("0.1.0", "1.0.0", "m.yaml:2: otmVersion: OTM 0.x is read"),
        ("project: {name: Shop, id: shop}", "", "lacks the key 'project'"),
        ("trustZone: z1", "trustZone: z9", r"components\[1\].parent.trustZone: 'z9' is not one"),
        ("component: rack", "component: rock", r"m.yaml:8.*'rock' is not one.*did you mean 'rack'"),
        (
            "{trustZone: z1}",
            "{component: qpu}",
            r"components\[1\].parent.component: 'qpu' is inside",
        ),
        ("{trustZone: z1}", "{component: rack}", "'rack' is inside itself"),
        ("{trustZone: z1}", "{}", r"parent.component: must be text, got nothing"),
        ("trustRating: 60", "trustRating: high", "trustRating: must be a number"),
        ("id: z2", "id: z1", "the id z1 is already used"),
        ("id: C3", "id: C9", "is the second part that stands for C9"),
        ("id: shop", "attributes: {redqubit-model: '{'}", "m.yaml: project.attributes.*not JSON"),
        ("id: shop", "attributes: {redqubit-model: '3'}", "project.attributes.model"),
        ("id: shop", 'attributes: {redqubit-service: \'{"queries": "all"}\'}', "service.queries"),
    ],
)
def test_bad_files_are_refused(chain, old, new, said):
    """What is missing, of a wrong type, doubled, dangling or circular is named with its place."""
    with pytest.raises(InputError, match=said):
        back(THEIRS.replace(old, new), chain, "yaml")


def test_deep_nesting_of_components_is_quick(chain):
    """Ten thousand components inside one another are read in one walk."""
    items = [{"id": f"n{i}", "parent": {"component": f"n{i + 1}"}} for i in range(10_000)]
    items.append({"id": "n10000", "parent": {"trustZone": "user"}})
    data = {
        "otmVersion": "0.2.0",
        "project": {"name": "deep"},
        "trustZones": [{"id": "user"}],
        "components": items,
    }
    assert back(json.dumps(data), chain).pipeline.components == {}


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_damage_is_named_or_harmless(chain, damaged, data):
    """A file with anything wrong at any place is read or refused by name, and nothing else."""
    whole = json.loads(open_threat_model.write(chain, PIPELINE, threats(chain)[:2]))
    text = json.dumps(damaged(data.draw, whole))
    message = "m.json"
    try:
        back(text, chain)
    except InputError as error:
        message = str(error)
    assert message.startswith("m.json")
