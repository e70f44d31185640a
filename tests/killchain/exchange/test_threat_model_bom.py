"""TM-BOM files: what the schema asks for, round trips, files of others, bad files."""

import json
import re
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redqubit.core.errors import InputError
from redqubit.killchain import document
from redqubit.killchain.exchange import threat_model_bom
from redqubit.killchain.system import Attacker, DataFacts, Pipeline, Placement, ServiceFacts

REQUIRED = {
    "trust_zones": {"symbolic_name", "title", "description"},
    "trust_boundaries": {"trust_zone_a", "trust_zone_b"},
    "actors": {"symbolic_name", "title", "description", "type", "trust_zone"},
    "components": {"symbolic_name", "title", "description", "trust_zone"},
    "data_stores": {"symbolic_name", "title", "description", "type", "trust_zone"},
    "data_sets": {"symbolic_name", "title", "description", "placements", "data_sensitivity"},
    "data_flows": {
        "symbolic_name",
        "title",
        "description",
        "source",
        "destination",
        "has_sensitive_data",
        "encrypted",
    },
    "assumptions": {"description", "validity"},
    "threat_personas": {
        "symbolic_name",
        "title",
        "description",
        "is_person",
        "skill_level",
        "access_level",
        "malicious_intent",
        "applicability_to_org",
    },
    "threats": {
        "symbolic_name",
        "title",
        "description",
        "components_affected",
        "threat_persona",
        "event",
        "sources",
    },
    "controls": {"symbolic_name", "title", "description", "threats", "status", "priority"},
    "diagrams": {"title", "description", "type", "source"},
}
OPTIONAL = {"attack_mechanisms", "weaknesses"}
PIPELINE = Pipeline(
    "p",
    {
        "C1": Placement("data-owner"),
        "C9": Placement("quantum-cloud", "untrusted"),
        "C14": Placement("user"),
    },
    data=DataFacts("personal"),
    service=ServiceFacts("public"),
    mitigations=("QML.M0002",),
    actors=(Attacker("outsider", skill="low"),),
)


def threats(chain):
    first = [item for item in chain.techniques if set(item.components) & {"C1", "C9", "C14"}]
    return [
        SimpleNamespace(
            technique=item.id,
            severity="high",
            component=next(name for name in item.components if name in ("C1", "C9", "C14")),
            actor="co-tenant",
        )
        for item in first
    ]


def back(text, chain):
    return threat_model_bom.read(document.parse(text, "m.json", "json"), chain)


def holds(data):
    """Check the rules of schema 1.0.2 that our files can break."""
    assert set(data) == {"$schema", "version", "scope", "description", "extensions", *REQUIRED}
    assert data["$schema"] == threat_model_bom.SCHEMA
    for key, wanted in REQUIRED.items():
        for item in data[key]:
            assert wanted <= set(item) <= wanted | OPTIONAL
            assert re.fullmatch(r"[0-9a-z-]+", item.get("symbolic_name", "x"))
    names = {
        item["symbolic_name"]
        for key in REQUIRED
        for item in data[key]
        if "status" not in item and "symbolic_name" in item
    }
    for flow in data["data_flows"]:
        for end in (flow["source"], flow["destination"]):
            place = {"component": "components", "data_store": "data_stores", "actor": "actors"}
            assert end["object"] in {x["symbolic_name"] for x in data[place[end["type"]]]}
    for item in data["threats"]:
        assert {item["threat_persona"], *item["components_affected"]} <= names
        assert all(isinstance(tie["capec_id"], int) for tie in item.get("attack_mechanisms", ()))
        assert all(isinstance(tie["cwe_id"], int) for tie in item.get("weaknesses", ()))
    for item in data["controls"]:
        assert set(item["threats"]) <= names
        assert item["status"] in ("active", "suggested")
        assert item["priority"] in ("none", "low", "medium", "high")


def test_a_pipeline_with_threats_keeps_the_schema(chain):
    """Every object has the keys the schema asks for and no others, and every name leads to one."""
    data = json.loads(threat_model_bom.write(chain, PIPELINE, threats(chain)))
    holds(data)
    assert len(data["threats"]) == len(threats(chain)) > 20
    assert {item["symbolic_name"] for item in data["threat_personas"]} == {"outsider", "co-tenant"}
    assert any(item["status"] == "active" for item in data["controls"])
    assert data["scope"]["tier"] == "business_critical"


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_any_pipeline_comes_back_equal(chain, pipelines, data):
    """Reading undoes writing, nothing is unknown and nothing left out."""
    made = data.draw(pipelines)
    text = threat_model_bom.write(chain, made, ())
    holds(json.loads(text))
    found = back(text, chain)
    assert found.pipeline == made
    assert (found.unknown, found.notes) == ((), ())


def test_the_same_pipeline_gives_the_same_text(chain):
    """Writing twice gives equal text that ends in a line break."""
    text = threat_model_bom.write(chain, PIPELINE, threats(chain))
    assert text == threat_model_bom.write(chain, PIPELINE, threats(chain))
    assert text.endswith("}\n")


def theirs(**changes):
    data = {
        "version": "1.0",
        "scope": {"title": "Shop", "data_sensitivity": ["biz", "pii"]},
        "description": "Sells things.",
        "trust_zones": [
            {"symbolic_name": "cloud", "title": "Quantum cloud"},
            {"symbolic_name": "office", "title": "User (trusted)"},
        ],
        "components": [
            {"symbolic_name": "qpu", "title": "Quantum processor", "trust_zone": "cloud"},
            {"symbolic_name": "c3", "title": "Anything", "trust_zone": "office"},
            {"symbolic_name": "billing", "title": "Billing"},
        ],
        "data_stores": [{"symbolic_name": "c1", "title": "Images"}],
        "risks": [{}],
        "controls": [
            {"symbolic_name": "qml-m0002", "status": "active"},
            {"symbolic_name": "qml-m0003", "status": "suggested"},
            {"symbolic_name": "firewall", "status": "active"},
        ],
    }
    return json.dumps(data | changes, indent=1)


def test_a_file_of_others_gives_what_it_says(chain):
    """Components, parties, trust, sensitivity and our controls are read, the rest is listed."""
    found = back(theirs(), chain)
    assert found.pipeline.name == "Shop"
    assert found.pipeline.components == {
        "C1": Placement("user", "untrusted"),
        "C3": Placement("user", "trusted"),
        "C9": Placement("quantum-cloud", "untrusted"),
    }
    assert found.pipeline.data.sensitivity == "personal"
    assert found.pipeline.mitigations == ("QML.M0002",)
    assert {"components.C9.trust", "components.C1.party", "model", "provider"} <= set(found.unknown)
    assert not {"components.C9.party", "components.C3.party", "data"} & set(found.unknown)
    assert found.notes == (
        "'billing' is none of the components of a pipeline",
        "1 entries under 'risks' are left out",
    )


def test_a_lost_trust_zone_is_noted(chain):
    """A component in a zone that the file lacks is read, and its party and trust are unknown."""
    part = {"symbolic_name": "c9", "trust_zone": "clod"}
    found = back(theirs(components=[part]), chain)
    assert found.pipeline.components["C9"] == Placement("user", "untrusted")
    assert {"components.C9.party", "components.C9.trust"} <= set(found.unknown)
    assert "the trust zone 'clod' is not in the file" in found.notes


def test_what_was_edited_elsewhere_counts(chain):
    """A component moved to another zone by another tool is read where it now stands."""
    data = json.loads(threat_model_bom.write(chain, PIPELINE))
    data["components"][0]["trust_zone"] = data["data_stores"][0]["trust_zone"]
    assert back(json.dumps(data), chain).pipeline.components["C9"] == Placement("data-owner")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"scope": None}, "m.json:1: a TM-BOM has the keys"),
        ({"scope": []}, "m.json:3: scope: must be a mapping"),
        ({"components": {}}, "a TM-BOM has the keys"),
        ({"components": [{"symbolic_name": 7}]}, r"components\[0\].symbolic_name: must be text"),
        ({"components": [{"symbolic_name": "a"}] * 2}, r"components\[1\].symbolic_name: the id a"),
        ({"trust_zones": 3}, "trust_zones: must be a list"),
        ({"data_stores": [{"symbolic_name": "c3"}]}, "already used"),
        ({"data_stores": [{"symbolic_name": "qpu2", "title": "C9"}]}, "second part .* C9"),
        ({"extensions": {"redqubit.invalid/pipeline": {"modle": {}}}}, "extensions.*modle"),
        (
            {"extensions": {"redqubit.invalid/pipeline": {"provider": {"tenancy": "alone"}}}},
            "extensions.*provider.tenancy",
        ),
        (
            {"extensions": {"redqubit.invalid/pipeline": {"mitigations": ["QML.M9999"]}}},
            "unknown mitigation 'QML.M9999'",
        ),
    ],
)
def test_bad_files_are_refused(chain, changes, said):
    """What is missing, of a wrong type, or doubled is named with file, line and key."""
    with pytest.raises(InputError, match=said):
        back(theirs(**changes), chain)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_damage_is_named_or_harmless(chain, damaged, data):
    """A file with anything wrong at any place is read or refused by name, and nothing else."""
    whole = json.loads(threat_model_bom.write(chain, PIPELINE, threats(chain)[:2]))
    text = json.dumps(damaged(data.draw, whole))
    message = "m.json"
    try:
        back(text, chain)
    except InputError as error:
        message = str(error)
    assert message.startswith("m.json")
