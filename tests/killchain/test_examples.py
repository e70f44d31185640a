"""The six example pipelines: plausible, explained paths, found quickly."""

import time
from dataclasses import replace
from pathlib import Path

import pytest

from redqubit import killchain
from redqubit.killchain import system
from redqubit.killchain.compare import difference
from redqubit.killchain.cut import choke_points, minimal_cut
from redqubit.killchain.feasible import reachable
from redqubit.killchain.likelihood import simulate
from redqubit.killchain.path import Goal, cheapest
from redqubit.killchain.system import Attacker, DataFacts, Placement, ProviderFacts
from redqubit.killchain.threat import threats

CHAIN = killchain.load()
FILES = sorted((Path(__file__).parents[2] / "examples" / "pipelines").glob("*.yaml"))
PIPELINES = {path.stem: system.read(path, CHAIN) for path in FILES}
GOALS = ("results:integrity", "training-data:confidentiality", "parameters:confidentiality")
HARD = [
    (name, attacker.actor, goal)
    for name, pipeline in PIPELINES.items()
    for attacker in pipeline.actors
    for goal in GOALS
]


def attacker(name, actor):
    """Return an attacker of an example."""
    return next(item for item in PIPELINES[name].actors if item.actor == actor)


def feasible(name, actor, **changes):
    """Return what an attacker of an example can come to run."""
    pipeline = replace(PIPELINES[name], **changes)
    return set(reachable(attacker(name, actor), pipeline, CHAIN).feasible)


def paths(name, actor, goal, k=5, **changes):
    """Return the paths of an attacker of an example, as lists of technique ids."""
    pipeline = replace(PIPELINES[name], **changes)
    answer = cheapest(attacker(name, actor), pipeline, Goal.of(goal, CHAIN), CHAIN, k)
    return [path.techniques for path in answer.paths]


def test_there_are_six_examples_with_several_actors():
    """Each kind of pipeline has one, and each expects at least three actors."""
    assert sorted(PIPELINES) == [
        "federated_qnn",
        "hybrid_cloud_qnn",
        "multi_tenant_public_cloud",
        "on_premise_trapped_ion",
        "qgan",
        "qsvm_finance",
    ]
    for pipeline in PIPELINES.values():
        assert len({item.actor for item in pipeline.actors}) >= 3


@pytest.mark.parametrize(("name", "actor", "goal"), HARD)
def test_every_path_runs_in_its_order(name, actor, goal):
    """Each step's uses are held by then, its technique is feasible, and the last hits the goal."""
    pipeline, who = PIPELINES[name], attacker(name, actor)
    wanted = Goal.of(goal, CHAIN)
    reach = reachable(who, pipeline, CHAIN)
    for path in cheapest(who, pipeline, wanted, CHAIN).paths:
        held = set(reach.start)
        for step in path.steps:
            technique = CHAIN.by_id[step.technique]
            assert {use.capability for use in step.uses} <= held
            assert technique.requires.met(frozenset(held))
            assert step.technique in reach.feasible
            assert step.tactic in technique.tactics
            assert step.sentence.endswith(".")
            held |= set(step.gains)
        assert wanted.reached_by(technique)


@pytest.mark.parametrize("name", PIPELINES)
def test_every_question_takes_less_than_a_second(name):
    """Paths, cut, choke points, likelihood and findings are fast (measured 0.02 to 0.35 s)."""
    pipeline = PIPELINES[name]
    took = {}

    def timed(question, ask):
        begin = time.process_time()
        answer = ask()
        took[question] = max(took.get(question, 0), time.process_time() - begin)
        return answer

    wanted = Goal.of("results:integrity", CHAIN)
    for who in pipeline.actors:
        answer = timed("path", lambda who=who: cheapest(who, pipeline, wanted, CHAIN))
        timed("simulate", lambda a=answer: simulate(a.paths, CHAIN, pipeline))
    timed("cut", lambda: minimal_cut(pipeline.actors, pipeline, wanted, CHAIN))
    timed("choke", lambda: choke_points(pipeline.actors, pipeline, wanted, CHAIN))
    timed("threats", lambda: threats(pipeline, CHAIN))
    timed("difference", lambda: difference(pipeline, PIPELINES["qgan"], CHAIN))
    assert max(took.values()) < 3, took


def test_a_co_tenant_of_a_dedicated_machine_reaches_nothing():
    """On the laboratory's own machine nobody shares the trap, so no harm is within reach."""
    for goal in GOALS:
        assert paths("on_premise_trapped_ion", "co-tenant", goal) == []
    assert "QML.T0133" not in feasible("on_premise_trapped_ion", "co-tenant")


def test_ion_shuttling_needs_trapped_ions_and_neighbors():
    """Shuttling abuse appears when the trap is shared, and never on another processor."""
    shuttling, crosstalk = "QML.T0232", "QML.T0203"
    shared = ProviderFacts(hardware="trapped ion", tenancy="multi-tenant")
    assert shuttling in feasible("on_premise_trapped_ion", "co-tenant", provider=shared)
    assert shuttling not in feasible("on_premise_trapped_ion", "co-tenant")
    assert shuttling not in feasible("multi_tenant_public_cloud", "co-tenant")
    assert crosstalk in feasible("multi_tenant_public_cloud", "co-tenant")
    assert crosstalk not in feasible("on_premise_trapped_ion", "co-tenant", provider=shared)


def test_kernel_techniques_apply_to_kernel_machines_only():
    """Evasion by kernel gradients and the leak of support vectors need a QSVM."""
    kernel = {"QML.T0211", "QML.T0228"}
    for name, pipeline in PIPELINES.items():
        informed = Attacker("api-client", knowledge="gray")
        found = {
            technique
            for who in (*pipeline.actors, informed)
            for technique in reachable(who, pipeline, CHAIN).feasible
        }
        assert kernel & found == (kernel if name == "qsvm_finance" else set())


def test_the_support_vector_leak_is_found():
    """Whoever reads the bank's model file reads training points, in one step."""
    found = paths("qsvm_finance", "cloud-insider", "training-data:confidentiality")
    assert found[0] == ("QML.T0228",)


def test_the_federated_backdoor_is_found():
    """A client joins, and its updates carry the backdoor into the shared model."""
    found = paths("federated_qnn", "federated-client", "backdoor")
    assert ("QML.T0127", "QML.T0152") in found
    assert feasible("hybrid_cloud_qnn", "outsider").isdisjoint({"QML.T0127", "QML.T0152"})


def test_the_federated_server_inverts_gradients():
    """Who collects the updates rebuilds inputs from them."""
    found = paths("federated_qnn", "federated-server", "training-data:confidentiality")
    assert any(path[-1].startswith("QML.T0221") for path in found)


def test_generators_are_poisoned_and_stolen():
    """The supplier shifts what the generator learns; the provider sees the circuit it runs."""
    assert ("QML.T0217",) in paths("qgan", "data-supplier", "results:integrity")
    assert "QML.T0226" in feasible("qgan", "provider-insider")
    assert "QML.T0226" not in feasible("hybrid_cloud_qnn", "provider-insider")


def test_the_side_channel_ends_in_misclassified_inputs():
    """Power traces give gates, gates give encoder and ansatz, those a surrogate, that evasion."""
    name, actor = "multi_tenant_public_cloud", "physical-intruder"
    case = next(item for item in CHAIN.cases if item.id == "QML.CS001")
    answer = cheapest(attacker(name, actor), PIPELINES[name], Goal.of("QML.T0216", CHAIN), CHAIN)
    path = next(
        path
        for path in answer.paths
        if set(path.techniques) == {step.technique for step in case.steps}
    )
    order = ["QML.T0200", "QML.T0201.002", "QML.T0183", "QML.T0110.001", "QML.T0216"]
    assert [item for item in path.techniques if item in order] == order
    (learn,) = (step for step in path.steps if step.technique == "QML.T0110.001")
    sources = {use.capability: use.source for use in learn.uses}
    assert sources["encoder-known"] == "QML.T0180"
    assert sources["ansatz-known"] == "QML.T0183"


def test_every_evasion_of_the_intruder_goes_through_the_power_line():
    """With a handful of queries, rack access and power traces are on every path to evasion."""
    name, actor = "multi_tenant_public_cloud", "physical-intruder"
    shared = choke_points(
        [attacker(name, actor)], PIPELINES[name], Goal.of("evasion", CHAIN), CHAIN
    )
    assert {"QML.T0135", "QML.T0200", "QML.T0110.001"} <= set(shared.every)


def test_a_larger_budget_makes_the_side_channel_unnecessary():
    """With queries to spare the same intruder simply asks the model."""
    rich = replace(attacker("multi_tenant_public_cloud", "physical-intruder"), queries=100_000)
    pipeline = PIPELINES["multi_tenant_public_cloud"]
    best = cheapest(rich, pipeline, Goal.of("evasion", CHAIN), CHAIN, 1).paths[0]
    assert "QML.T0200" not in best.techniques


def test_clipping_takes_wrapped_inputs_away():
    """A range check in the pipeline ends aliasing by whole periods."""
    name, wrap = "hybrid_cloud_qnn", "QML.T0213"
    assert wrap in feasible(name, "api-client")
    assert wrap not in feasible(name, "api-client", data=DataFacts(clipped=True))


def test_what_the_pipeline_lacks_cannot_be_attacked():
    """Without a served model there are no queries; without a classical cloud no such insider."""
    assert "QML.T0020" not in feasible("qgan", "cloud-insider")
    bare = replace(PIPELINES["qgan"], components={"C9": Placement("user")}, actors=())
    assert "QML.T0206" not in reachable(Attacker("cloud-insider"), bare, CHAIN).feasible
