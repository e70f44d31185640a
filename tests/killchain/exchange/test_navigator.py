"""Layers follow the specification of format 4.5, load in MITRE's library and are read."""

import json
import warnings
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redqubit.core.errors import InputError
from redqubit.killchain import document
from redqubit.killchain.exchange import navigator, stix
from redqubit.killchain.exchange.navigator import Layer, Marked
from redqubit.killchain.exchange.text import as_json

with warnings.catch_warnings():  # the library uses what others have deprecated
    warnings.simplefilter("ignore")
    from mitreattack.navlayers import Layer as MitreLayer

SPECIFICATION = {  # property: type, required; from layers/spec/v4.5/layerformat.md
    "layer": {
        "versions": (dict, False),
        "name": (str, True),
        "description": (str, False),
        "domain": (str, True),
        "customDataURL": (str, False),
        "filters": (dict, False),
        "sorting": (int, False),
        "layout": (dict, False),
        "hideDisabled": (bool, False),
        "techniques": (list, False),
        "gradient": (dict, False),
        "legendItems": (list, False),
        "showTacticRowBackground": (bool, False),
        "tacticRowBackground": (str, False),
        "selectTechniquesAcrossTactics": (bool, False),
        "selectSubtechniquesWithParent": (bool, False),
        "selectVisibleTechniques": (bool, False),
        "metadata": (list, False),
        "links": (list, False),
    },
    "versions": {"attack": (str, False), "navigator": (str, True), "layer": (str, True)},
    "technique": {
        "techniqueID": (str, True),
        "tactic": (str, False),
        "comment": (str, False),
        "enabled": (bool, False),
        "score": (int | float, False),
        "color": (str, False),
        "metadata": (list, False),
        "links": (list, False),
        "showSubtechniques": (bool, False),
    },
    "gradient": {
        "colors": (list, True),
        "minValue": (int | float, True),
        "maxValue": (int | float, True),
    },
    "legendItem": {"label": (str, True), "color": (str, True)},
    "metadata": {"name": (str, True), "value": (str, True)},
    "link": {"label": (str, True), "url": (str, True)},
    "layout": {
        "layout": (str, False),
        "showID": (bool, False),
        "showName": (bool, False),
        "showAggregateScores": (bool, False),
        "countUnscored": (bool, False),
        "aggregateFunction": (str, False),
        "expandedSubtechniques": (str, False),
    },
}


def objections(layer: dict[str, Any]) -> list[str]:
    """Return what in a layer the specification does not allow."""
    found = []

    def check(kind: str, item: dict[str, Any]) -> None:
        rules = SPECIFICATION[kind]
        found.extend(f"{kind} lacks {key}" for key in rules if rules[key][1] and key not in item)
        for key, value in item.items():
            if key not in rules:
                found.append(f"{kind} has {key}")
            elif not isinstance(value, rules[key][0]):
                found.append(f"{kind}.{key} is {value!r}")

    check("layer", layer)
    check("versions", layer["versions"])
    check("gradient", layer["gradient"])
    check("layout", layer["layout"])
    if layer["versions"]["layer"] != "4.5" or layer["versions"]["navigator"] < "4.9.0":
        found.append("versions are too old")
    if layer["gradient"]["minValue"] >= layer["gradient"]["maxValue"]:
        found.append("the gradient does not rise")
    if len(layer["gradient"]["colors"]) < 2:
        found.append("the gradient has one color")
    for item in layer["legendItems"]:
        check("legendItem", item)
    for holder in (layer, *layer["techniques"]):
        for entry in holder["metadata"]:
            check("metadata", entry)
        for entry in holder["links"]:
            check("link", entry)
            if not entry["url"].startswith("https://"):
                found.append(f"{entry['url']} has no protocol")
    for item in layer["techniques"]:
        check("technique", item)
    return found


def layers(chain) -> list[dict[str, Any]]:
    """Return one layer of each kind."""
    first, second = chain.techniques[0].id, chain.techniques[1].id
    bundle = "https://example.org/killchain.stix.json"
    return [
        navigator.coverage(chain),
        navigator.maturity(chain, bundle),
        navigator.feasibility(chain, {first: (True, "all is there"), second: (False, "no access")}),
        navigator.measured(chain, {first: (0.83, 0.75, 0.89, 100)}, bundle),
    ]


def back(text: str) -> tuple[Layer, ...]:
    return navigator.read(document.parse(text, "l.json", "json"))


def test_every_layer_follows_the_specification(chain, sample):
    """Required fields, types, rising gradients and addresses are as format 4.5 says."""
    for layer in layers(chain) + layers(sample):
        assert objections(layer) == []


def test_a_layer_that_breaks_the_specification_is_noticed(sample):
    """The check above can fail."""
    layer = navigator.maturity(sample)
    layer["techniques"][0].pop("techniqueID")
    layer["gradient"]["minValue"] = 9
    assert len(objections(layer)) == 2


def test_mitre_library_loads_every_layer(chain):
    """The library reads our layers and gives them back unchanged.

    It knows no domain, id or address but those of ATT&CK itself, so these are put in their place.
    """
    for layer in layers(chain):
        text = json.dumps({**layer, "domain": "enterprise-attack"}).replace("QML.T", "T")
        plain = json.loads(text)
        plain.pop("customDataURL", None)
        loaded = MitreLayer(plain).to_dict()
        assert loaded is not None
        assert loaded["techniques"] == plain["techniques"]
        assert loaded["gradient"]["maxValue"] == plain["gradient"]["maxValue"]


def test_layer_and_bundle_share_domain_and_ids(chain):
    """The Navigator finds every technique of a layer in the bundle of the same domain."""
    bundle = stix.bundle(chain)
    ids = {
        item["external_references"][0]["external_id"]
        for item in bundle["objects"]
        if item["type"] == "attack-pattern"
    }
    layer = navigator.maturity(chain)
    assert {item["techniqueID"] for item in layer["techniques"]} == ids
    assert layer["domain"] == stix.DOMAIN


def test_coverage_counts_the_attacks(sample):
    """A technique that an attack executes scores, all others score nothing."""
    layer = back(navigator.text(navigator.coverage(sample)))[0]
    assert layer.scores["QML.T0002"] == 1
    assert sum(layer.scores.values()) == 1
    comments = {item.technique: item.comment for item in layer.marked}
    assert comments["QML.T0002"] == "executed by label_flip"


def test_maturity_is_the_place_on_the_ladder(sample):
    """Proposed scores 0, a real processor 4, an incident 5."""
    scores = back(navigator.text(navigator.maturity(sample)))[0].scores
    assert [scores[f"QML.T000{i}"] for i in (2, 4, 6)] == [0, 4, 5]


def test_feasibility_shows_verdict_and_reason(sample):
    """Feasible techniques score 1, infeasible ones 0, each with the reason as comment."""
    verdicts = {"QML.T0002": (True, "yes"), "QML.T0004": (False, "co-location is missing")}
    (layer,) = back(navigator.text(navigator.feasibility(sample, verdicts)))
    assert layer.scores == {"QML.T0002": 1, "QML.T0004": 0}
    assert [item.comment for item in layer.marked] == ["yes", "co-location is missing"]


def test_measured_success_is_in_percent_with_its_interval(sample):
    """The score is the rate in percent; interval and sample size stand in comment and metadata."""
    layer = navigator.measured(sample, {"QML.T0002": (0.83, 0.75, 0.89, 100)})
    (item,) = layer["techniques"]
    assert item["score"] == 83
    assert item["comment"] == "83.0% (95 % interval 75.0% to 89.0%, n = 100)"
    assert {"name": "samples", "value": "100"} in item["metadata"]


def test_wrong_arguments_are_refused(sample):
    """Unknown techniques, rates outside their interval and odd addresses are errors."""
    with pytest.raises(InputError, match=r"did you mean 'QML\.T0002'"):
        navigator.feasibility(sample, {"QML.T00002": (True, "")})
    with pytest.raises(InputError, match="a rate lies in its interval"):
        navigator.measured(sample, {"QML.T0002": (0.5, 0.6, 0.7, 10)})
    with pytest.raises(InputError, match="starts with https://"):
        navigator.write(sample, "javascript:alert(1)")


def test_several_layers_stand_in_one_file(sample):
    """One layer is a mapping, several are a list; both are read."""
    assert [item.name for item in back(navigator.write(sample))] == [
        "redqubit coverage",
        "redqubit maturity",
    ]
    one = json.loads(navigator.text(navigator.maturity(sample)))
    assert one["name"] == "redqubit maturity"


MARKED = st.builds(
    Marked,
    st.from_regex(r"\A[A-Z]{1,4}\.?T\d{4}\Z"),
    st.sampled_from(["", "impact", "collection"]),
    st.none() | st.floats(-1e9, 1e9),
    st.text(),
    st.booleans(),
)


@settings(deadline=None)
@given(
    st.sampled_from(navigator.READ),
    st.text(min_size=1),
    st.lists(MARKED, unique_by=lambda item: (item.technique, item.tactic)),
)
def test_layers_of_others_are_read(version, name, marked):
    """Any layer of formats 4.3 to 4.5 comes in with ids, tactics, scores, comments and states."""
    techniques = [
        {
            "techniqueID": item.technique,
            "score": item.score,
            "comment": item.comment,
            "enabled": item.enabled,
            "color": "#ff0000",
            "metadata": [{"divider": True}],
        }
        | ({"tactic": item.tactic} if item.tactic else {})
        for item in marked
    ]
    made = {"name": name, "domain": "d", "versions": {"layer": version, "navigator": "4.8"}}
    (layer,) = back(as_json({**made, "techniques": techniques}))
    assert layer == Layer(name, "d", version, "", tuple(marked))


def test_the_score_of_a_technique_is_the_highest_over_its_tactics():
    """A technique that is scored under several tactics has one score."""
    marked = (Marked("T1", "a", 1.0), Marked("T1", "b", 3.0), Marked("T1", "c"), Marked("T2"))
    assert Layer("n", "d", "4.5", "", marked).scores == {"T1": 3.0}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"versions": {"layer": "5.0"}}, r"versions\.layer: unknown layer format '5\.0'"),
        ({"versions": {"layer": 4.5}}, r"versions\.layer: must be text, got 4\.5"),
        ({"versions": "4.5"}, r"versions: must be a mapping, got '4\.5'"),
        ({"versions": None, "version": "2.0"}, r"version: unknown layer format '2\.0'"),
        ({"name": None}, r"name: must be text, got nothing"),
        ({"techniques": {}}, r"techniques: must be a list, got a mapping"),
        ({"techniques": ["T1"]}, r"techniques\[0\]: must be a mapping, got 'T1'"),
        ({"techniques": [{"techniqueID": "T1", "score": "9"}]}, r"\[0\]\.score: must be a number"),
        ({"techniques": [{"techniqueID": "T1", "score": 10**399}]}, r"\[0\]\.score: must be a num"),
        ({"techniques": [{"techniqueID": "T1"}] * 2}, r"\[1\]\.techniqueID: T1 is given twice"),
    ],
)
def test_mistakes_are_named_with_file_line_and_key(changes, message):
    """Every mistake in a layer is refused by a sentence that leads to it."""
    made = {"name": "n", "domain": "d", "versions": {"layer": "4.5"}, "techniques": []}
    with pytest.raises(InputError, match=rf"^l\.json:\d+: .*{message}"):
        back(as_json(made | changes))
    with pytest.raises(InputError, match=rf"^l\.json:\d+: .*{message}"):
        back(as_json([made, made | changes]))
