"""What changes between two pipelines."""

from dataclasses import replace

from redqubit.killchain.compare import difference, goals_of
from redqubit.killchain.path import Goal
from redqubit.killchain.system import Attacker, ProviderFacts


def chain(made):
    """Return two ways to the goal, each with a mitigation."""
    t, m = made.technique, made.mitigation
    return made.chain_of(
        [t("QML.T0001", grants=["a"]), t("QML.T0002", ["a"], hits=True), t("QML.T0003", hits=True)],
        mitigations=[m("QML.M0001", ["QML.T0001"]), m("QML.M0002", ["QML.T0003"])],
        actors=("someone", "other"),
    )


def test_equal_pipelines_do_not_differ(made):
    """Nothing appears or vanishes, and no field changes."""
    pipeline = replace(made.pipeline, actors=(made.attacker,))
    found = difference(pipeline, pipeline, chain(made))
    assert found.fields == ()
    (actor,) = found.actors
    assert (actor.appeared, actor.vanished) == ((), ())
    assert (actor.paths_appeared, actor.paths_vanished) == ((), ())


def test_a_mitigation_makes_techniques_and_paths_vanish(made):
    """What a mitigation blocks vanishes, with what depends on it; backwards it appears."""
    before = replace(made.pipeline, actors=(made.attacker,))
    after = replace(before, mitigations=("QML.M0001",))
    (actor,) = difference(before, after, chain(made)).actors
    assert actor.vanished == ("QML.T0001", "QML.T0002")
    assert [path.techniques for path in actor.paths_vanished] == [("QML.T0001", "QML.T0002")]
    assert actor.paths_appeared == ()
    (back,) = difference(after, before, chain(made)).actors
    assert back.appeared == actor.vanished
    assert back.paths_appeared == actor.paths_vanished


def test_a_path_pushed_out_of_the_cheapest_does_not_vanish(made):
    """What is still a path counts as one, however many cheaper ones there are now."""
    before = replace(made.pipeline, actors=(made.attacker,), mitigations=("QML.M0002",))
    after = replace(before, mitigations=())
    (actor,) = difference(before, after, chain(made), k=1).actors
    assert actor.paths_vanished == ()
    assert [path.techniques for path in actor.paths_appeared] == [("QML.T0003",)]


def test_an_actor_of_one_pipeline_can_do_nothing_in_the_other(made):
    """A new actor brings all its techniques; one that left takes them along."""
    before = replace(made.pipeline, actors=(made.attacker,))
    after = replace(made.pipeline, actors=(Attacker("other"),))
    gone, new = difference(before, after, chain(made), [made.goal]).actors
    assert (gone.actor, new.actor) == ("someone", "other")
    assert gone.vanished == new.appeared == ("QML.T0001", "QML.T0002", "QML.T0003")
    assert gone.appeared == new.vanished == ()
    assert len(gone.paths_vanished) == len(new.paths_appeared) == 2


def test_changed_fields_are_listed_by_their_path(made):
    """Each leaf that differs has its path, its old and its new value."""
    after = replace(made.pipeline, provider=ProviderFacts(tenancy="dedicated"), name="other")
    found = difference(made.pipeline, after, chain(made))
    assert [(item.field, item.before, item.after) for item in found.fields] == [
        ("name", "test", "other"),
        ("provider.tenancy", "time-shared", "dedicated"),
    ]


def test_goals_without_a_technique_are_no_goals(made):
    """Only protection goals that something hurts are compared by default."""
    assert goals_of(chain(made)) == (Goal("results", "integrity"),)
