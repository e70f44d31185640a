"""Findings of a threat model, ranked, and as SARIF."""

import json
import re
import time
from dataclasses import replace

import pytest

from redqubit.killchain.model import Impact, Requirement
from redqubit.killchain.system import Attacker, DataFacts
from redqubit.killchain.threat import RULE, SEVERITIES, sarif, severity, threats

# Properties of the objects used, from sections 3.13 to 3.58 of the SARIF 2.1.0 standard.
ALLOWED = {
    "run": {"tool", "results", "columnKind"},
    "driver": {"name", "version", "rules"},
    "rule": {"id", "name", "shortDescription", "fullDescription", "properties"},
    "result": {
        "ruleId",
        "ruleIndex",
        "level",
        "message",
        "locations",
        "partialFingerprints",
        "properties",
    },
    "location": {"logicalLocations", "physicalLocation"},
    "logical": {"name", "fullyQualifiedName", "kind"},
}


@pytest.fixture(scope="module")
def scene(made):
    """Return a chain with harmless and harmful techniques, and a pipeline with two attackers."""
    t = made.technique
    chain = made.chain_of(
        [
            t("QML.T0001", grants=["a"]),
            t("QML.T0002", ["a"], hits=True),
            t("QML.T0003", impact=Impact(availability="medium"), days=200.0),
            t("QML.T0004", ["z"], hits=True),
            t(
                "QML.T0005",
                Requirement(),
                impact=Impact(confidentiality="high"),
                assets=("training-data",),
            ),
        ],
        mitigations=[
            made.mitigation("QML.M0001", ["QML.T0002"], strength="weak"),
            made.mitigation("QML.M0002", ["QML.T0002"], strength="strong", kind="detect"),
            made.mitigation("QML.M0003", ["QML.T0002"], strength="strong"),
            made.mitigation("QML.M0004", ["QML.T0002"], strength="none"),
        ],
        actors=("someone", "other"),
    )
    return replace(made.pipeline, actors=(made.attacker, Attacker("other"))), chain


def test_findings_are_what_is_within_reach_and_hurts(scene):
    """Harmless techniques and those out of reach are no findings; each actor has its own."""
    found = threats(*scene)
    assert {(item.technique, item.actor) for item in found} == {
        (technique, actor)
        for technique in ("QML.T0002", "QML.T0003", "QML.T0005")
        for actor in ("someone", "other")
    }
    first = next(item for item in found if item.technique == "QML.T0002")
    assert first.path.techniques == ("QML.T0001", "QML.T0002")
    assert first.component == "C1"
    assert first.impact == "high"
    assert "First: Technique QML.T0001." in first.message
    assert first.mitigations == ("QML.M0003", "QML.M0002", "QML.M0001")


def test_the_worst_comes_first(scene):
    """Findings are ordered by severity; a dear way to a lesser harm is low."""
    found = threats(*scene)
    order = [SEVERITIES.index(item.severity) for item in found]
    assert order == sorted(order)
    assert {item.severity for item in found if item.technique == "QML.T0003"} == {"low"}


def test_public_data_have_no_confidentiality_to_lose(scene):
    """Reading training data that anyone may read is no finding."""
    pipeline, chain = scene
    public = replace(pipeline, data=DataFacts(sensitivity="public"))
    assert "QML.T0005" not in {item.technique for item in threats(public, chain)}


def test_own_measurements_change_the_likelihood(scene):
    """What works on the user's model is likelier, what does not is less likely."""
    pipeline, chain = scene

    def likelihood(counts):
        found = threats(pipeline, chain, measured={"QML.T0002": counts})
        return next(item.likelihood for item in found if item.technique == "QML.T0002")

    assert likelihood((0, 100)) < likelihood((50, 100)) < likelihood((100, 100))


def test_a_fingerprint_is_stable_and_its_own(scene):
    """It survives other budgets, other paths and another order, and no two findings share it."""
    pipeline, chain = scene
    found = threats(pipeline, chain)
    prints = {(item.technique, item.actor): item.fingerprint for item in found}
    assert len(set(prints.values())) == len(found)
    moved = replace(
        pipeline,
        actors=(Attacker("other"), Attacker("someone", capabilities=("a",), money=1e6)),
    )
    again = {(t.technique, t.actor): t.fingerprint for t in threats(moved, chain, k=1)}
    assert again == prints


def test_of_an_actor_listed_twice_the_worst_counts(scene):
    """A finding appears once for an actor, by the way that costs least."""
    pipeline, chain = scene
    twice = replace(
        pipeline, actors=(Attacker("someone"), Attacker("someone", capabilities=("a",)))
    )
    found = [item for item in threats(twice, chain) if item.technique == "QML.T0002"]
    assert [item.path.techniques for item in found] == [("QML.T0002",)]


@pytest.mark.parametrize(
    ("impact", "effort", "likelihood", "expected"),
    [
        ("high", 1, 0.9, "critical"),
        ("high", 10, 0.3, "critical"),
        ("high", 10.1, 0.3, "high"),
        ("high", 10, 0.29, "high"),
        ("medium", 1, 0.9, "high"),
        ("high", 100.1, 0.29, "medium"),
        ("high", 100.1, 0.09, "low"),
        ("medium", 100.1, 0.09, "low"),
        ("medium", 100, 0.1, "medium"),
    ],
)
def test_severity_follows_the_stated_rule(impact, effort, likelihood, expected):
    """Points of impact, likelihood and effort add up; bounds belong to the worse side."""
    assert severity(impact, effort, likelihood) == expected
    for word in ("medium 1", "high 2", "0.1", "0.3", "100 person-days", "Six points"):
        assert word in RULE


@pytest.fixture(scope="module")
def run(scene):
    pipeline, chain = scene
    log = json.loads(sarif(threats(pipeline, chain), "deploy\\my pipeline.yaml", chain))
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-2.1.0.json")
    (only,) = log["runs"]
    return only


def test_objects_hold_only_what_the_standard_names(run):
    """Unknown properties are refused by validators, so there are none."""
    assert set(run) <= ALLOWED["run"]
    assert set(run["tool"]["driver"]) <= ALLOWED["driver"]
    for rule in run["tool"]["driver"]["rules"]:
        assert set(rule) <= ALLOWED["rule"]
        assert rule["shortDescription"]["text"]
        assert 0 < float(rule["properties"]["security-severity"]) <= 10
    for result in run["results"]:
        assert set(result) <= ALLOWED["result"]
        (location,) = result["locations"]
        assert set(location) == ALLOWED["location"]
        (logical,) = location["logicalLocations"]
        assert set(logical) <= ALLOWED["logical"]


def test_results_point_to_rule_component_and_file(run, scene):
    """Indices agree with ids, the component is the logical location, the file the physical one."""
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == sorted({r["ruleId"] for r in run["results"]})
    for result, threat in zip(run["results"], threats(*scene), strict=True):
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == threat.technique
        location = result["locations"][0]
        assert location["logicalLocations"][0]["fullyQualifiedName"] == "components/C1"
        uri = location["physicalLocation"]["artifactLocation"]["uri"]
        assert uri == "deploy/my%20pipeline.yaml"
        assert result["level"] in ("error", "warning", "note")
        assert (result["level"] == "error") == (threat.severity in ("critical", "high"))
        print_ = result["partialFingerprints"]["redqubit/v1"]
        assert print_ == threat.fingerprint
        assert re.fullmatch(r"[0-9a-f]{16}", print_)


def test_no_findings_is_an_empty_list_of_results(scene):
    """A clean run is a valid log with no results and no rules."""
    run = json.loads(sarif([], "\ud800pipeline.yaml", scene[1]))["runs"][0]
    assert (run["results"], run["tool"]["driver"]["rules"]) == ([], [])


def test_two_thousand_techniques_take_seconds(made):
    """Ranking the findings of 2,000 techniques takes under 20 s (measured 4 s)."""
    chain = made.layered(2000, 0)
    begin = time.process_time()
    found = threats(replace(made.pipeline, actors=(made.attacker,)), chain)
    assert time.process_time() - begin < 20
    assert len(found) > 30
