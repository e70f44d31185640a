"""Attack flows: what the extension asks for, round trips, flows of others, bad files."""

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redqubit.core.errors import InputError
from redqubit.killchain import document
from redqubit.killchain.exchange import attack_flow, stix
from redqubit.killchain.path import Goal, Path, Use
from redqubit.killchain.path import Step as PathStep

NODES = ("attack-action", "attack-condition", "attack-operator")
REQUIRED = {
    "attack-flow": {"name", "start_refs", "scope", "description"},
    "attack-action": {"name", "tactic_id", "tactic_ref", "technique_id", "technique_ref"},
    "attack-condition": {"description"},
    "attack-operator": {"operator", "effect_refs"},
    "attack-asset": {"name"},
}


def read(text):
    return attack_flow.read(document.parse(text, "f.json", "json"))


def holds(text):
    """Check the rules of extension 2.0.0 that our bundles can break, and return the objects."""
    data = json.loads(text)
    assert data["type"] == "bundle"
    assert data["id"].startswith("bundle--")
    objects = {item["id"]: item for item in data["objects"]}
    assert len(objects) == len(data["objects"])
    kinds = [item["type"] for item in objects.values()]
    assert kinds.count("attack-flow") == 1
    assert attack_flow.EXTENSION in objects
    for name, item in objects.items():
        assert re.fullmatch(rf"{item['type']}--[0-9a-f-]{{36}}", name)
        assert item["spec_version"] == "2.1"
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", item["created"])
        assert item.get("created_by_ref", next(iter(objects))) in objects
        if item["type"] not in REQUIRED:
            continue
        assert REQUIRED[item["type"]] <= set(item)
        assert item["extensions"] == {attack_flow.EXTENSION: {"extension_type": "new-sdo"}}
        for key, kinds in {
            "start_refs": NODES[:2],
            "effect_refs": NODES,
            "on_true_refs": NODES,
            "asset_refs": ("attack-asset",),
        }.items():
            assert item.get(key, True)
            assert all(objects[ref]["type"] in kinds for ref in item.get(key, ()))
    return objects


def test_every_case_is_a_flow(chain):
    """Each case keeps the extension, and its steps come back with tactic, technique and text."""
    for case in chain.cases:
        text = attack_flow.write(chain, case)
        holds(text)
        flow = read(text)
        assert flow.name == f"{case.id} {case.name}"
        assert [(x.tactic, x.technique, x.text) for x in flow.steps] == [
            (step.tactic, step.technique, step.text) for step in case.steps
        ]
        assert flow.notes == ()
        assert flow.starts == (flow.steps[0].id,)
        assert [x.leads_to for x in flow.steps] == [(x.id,) for x in flow.steps[1:]] + [()]


def test_references_lead_into_the_bundle(chain):
    """Techniques and tactics carry the ids they have in the STIX bundle."""
    known = {item["id"] for item in stix.bundle(chain)["objects"]}
    objects = holds(attack_flow.write(chain, chain.cases[0]))
    actions = [item for item in objects.values() if item["type"] == "attack-action"]
    assert {item["technique_ref"] for item in actions} <= known
    assert {item["tactic_ref"] for item in actions} <= known


def steps(chain):
    first, second, third, fourth = (item.id for item in chain.techniques[:4])
    return (
        PathStep(first, "QML.TA01", (Use("query-access", "held"),), ("surrogate",), "One."),
        PathStep(second, "QML.TA01", (), ("backdoor",), "Two."),
        PathStep(
            third,
            "QML.TA02",
            (Use("surrogate", first), Use("backdoor", second), Use("encoder-known", "held")),
            ("evasion",),
            "Three.",
        ),
        PathStep(fourth, "QML.TA14", (Use("evasion", third),), (), "Four."),
    )


def test_a_path_keeps_its_joins(chain):
    """A step that needs two others follows an AND; what is held and the goal are conditions."""
    text = attack_flow.write(chain, Path(steps(chain), 3.5, Goal("results", "integrity")))
    holds(text)
    flow = read(text)
    held, one, two, join, three, four, goal = flow.nodes
    assert [x.kind for x in flow.nodes] == [
        "condition",
        "action",
        "action",
        "AND",
        "action",
        "action",
        "condition",
    ]
    assert (held.leads_to, one.leads_to, two.leads_to) == ((one.id,), (join.id,), (join.id,))
    assert (join.leads_to, three.leads_to, four.leads_to) == ((three.id,), (four.id,), (goal.id,))
    assert flow.starts == (held.id, two.id)
    assert held.text == "Held before the first step: Query access."
    assert [x.text for x in flow.steps] == ["One.", "Two.", "Three.", "Four."]
    assert flow.scope == "attack-tree"


def test_a_path_without_steps_is_its_goal(chain):
    """A capability that is held from the start is a flow of one condition."""
    text = attack_flow.write(chain, Path((), 0.0, Goal("query-access", "capability")))
    holds(text)
    assert [node.kind for node in read(text).nodes] == ["condition"]


def test_equal_content_gives_equal_bytes(chain):
    """Ids and times come from the content, and different cases share none but the makers'."""
    assert attack_flow.write(chain, chain.cases[0]) == attack_flow.write(chain, chain.cases[0])
    a, b = (holds(attack_flow.write(chain, case)) for case in chain.cases[:2])
    assert {name.partition("--")[0] for name in a.keys() & b.keys()} == {
        "extension-definition",
        "identity",
    }


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_any_case_comes_back(chains, data):
    """Whatever the texts, names, texts and order of the steps come back."""
    chain = data.draw(chains)
    for case in chain.cases:
        text = attack_flow.write(chain, case)
        holds(text)
        assert [x.text for x in read(text).steps] == [step.text for step in case.steps]


def flow(*objects, **more):
    start = {"type": "attack-flow", "id": "flow", "name": "theirs", "scope": "incident"}
    return json.dumps({"type": "bundle", "objects": [start | more, *objects]}, indent=1)


def node(key, kind="attack-action", **more):
    return {"type": kind, "id": key, "name": key} | more


def test_a_flow_of_others_is_ordered(chain):
    """Steps follow edges through operators and conditions, whatever their order in the file."""
    pattern = {"external_references": [{"source_name": "x"}, {"external_id": "T1566"}]}
    text = flow(
        node("last"),
        node("or", "attack-operator", operator="OR", effect_refs=["last"]),
        node("if", "attack-condition", description="?", on_true_refs=["or"], on_false_refs=["b"]),
        node("b", effect_refs=["or", "gone"], technique_id="T2"),
        node("a", effect_refs=["if"], technique_ref="p", asset_refs=["disk", "lost"]),
        node("p", "attack-pattern", **pattern),
        node("disk", "attack-asset"),
        node("m", "malware"),
        start_refs=["a"],
    )
    found = read(text)
    assert [x.id for x in found.nodes] == ["a", "if", "b", "or", "last"]
    assert [x.technique for x in found.steps] == ["T1566", "T2", ""]
    assert (found.nodes[1].leads_to, found.nodes[1].otherwise) == (("or",), ("b",))
    assert found.nodes[0].assets == ("disk",)
    assert found.notes == (
        "the edge from b to 'gone' leads nowhere",
        "the asset 'lost' is not in the file",
        "objects of type 'attack-pattern' are left out",
        "objects of type 'malware' are left out",
    )


def test_a_circle_is_noted():
    """A flow that runs in a circle keeps all its steps and edges and says so."""
    found = read(flow(node("a", effect_refs=["b"]), node("b", effect_refs=["a"]), node("c")))
    assert [x.id for x in found.nodes] == ["c", "a", "b"]
    assert found.notes == ("some nodes lead in a circle; they stand in the order of the file",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[]", "f.json:1: must be a mapping"),
        ('{"schema": "attack_flow_v2"}', "f.json:1: schema: .* of the Attack Flow Builder"),
        ('{"type": "report"}', "type: an attack flow is a STIX bundle"),
        ('{"type": "bundle"}', "objects: .* got 0"),
        (flow({"type": "attack-flow", "id": "f2", "name": "x"}), "got 2"),
        (flow(node("a"), node("a")), r"objects\[2\].id: the id a is already used"),
        (flow(node("a", name=3)), r"objects\[1\].name: must be text, got 3"),
        (flow(node("a", effect_refs="b")), r"objects\[1\].effect_refs: must be a list of texts"),
        (flow(node("a", "attack-operator", operator="XOR")), r"operator: unknown word 'XOR'"),
        (flow({"id": "x"}), r"objects\[1\].type: must be text, got nothing"),
        (flow(scope="everything"), r"scope: unknown word 'everything'"),
        (flow(3), r"objects\[1\]: must be a mapping"),
    ],
)
def test_bad_files_are_refused(text, said):
    """What is no flow, missing, of a wrong type or doubled is named with file, line and key."""
    with pytest.raises(InputError, match=said):
        read(text)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_damage_is_named_or_harmless(chain, damaged, data):
    """A file with anything wrong at any place is read or refused by name, and nothing else."""
    path = Path(steps(chain), 3.5, Goal("results", "integrity"))
    text = json.dumps(damaged(data.draw, json.loads(attack_flow.write(chain, path))))
    message = "f.json"
    try:
        read(text)
    except InputError as error:
        message = str(error)
    assert message.startswith("f.json")
