"""Evidence is grouped by attack, settings, defense and view, and repeats are pooled."""

from dataclasses import replace

from redqubit.core.budget import Cost, Radius
from redqubit.core.estimate import Rate
from redqubit.core.evidence import Check, Control, Finding
from redqubit.report.summary import pool, run_name, settings, summarize


def succeed(*records):
    return [
        Finding("attack-succeeds", "high", "it works", records[0].technique, (item.id,))
        for item in records
    ]


def test_nothing_is_a_summary_of_nothing():
    """Without evidence every group is empty."""
    summary = summarize([])
    assert summary.trials == summary.defenses == summary.certificates == summary.stopped == ()
    assert summary.clean is None


def test_repeats_are_pooled(sample):
    """Successes and trials of repeats add up, for the attack, its rates and its controls."""
    first = sample.evasion("projected_gradient")
    second = replace(first, id="b", repeat=1, success=Rate(0, 193))
    trial = summarize([first, second]).trials[0]
    assert trial.success == Rate(first.success.successes, 2 * 193)
    assert trial.rate("clean_accuracy").n == 400
    assert trial.controls[0].rate.n == 2 * first.controls[0].rate.n
    assert trial.cost.queries == 2 * first.cost.queries


def test_what_was_not_judged_adds_nothing():
    """None is left out of a pooled rate, and only None is None."""
    assert pool([None, Rate(1, 2), None, Rate(1, 2)]) == Rate(2, 4)
    assert pool([None]) is None
    assert pool([Rate(0, 0)]) == Rate(0, 0)


def test_the_policy_decides_which_attacks_succeed(sample):
    """An attack succeeds if a finding of the right rule names its evidence, and only then."""
    item = sample.evasion("projected_gradient")
    other = Finding("self-check-failed", "critical", "no", item.technique, (item.id,))
    assert summarize([item], succeed(item)).trials[0].outcome == "succeeds"
    assert summarize([item], succeed(item)).trials[0].severity == "high"
    assert summarize([item], [other]).trials[0].outcome == "fails"
    assert summarize([replace(item, success=None)]).trials[0].outcome == "not judged"
    assert summarize([replace(item, success=Rate(0, 0))]).trials[0].outcome == "not judged"


def test_settings_of_one_attack_are_told_apart(sample):
    """An attack with two radii is two rows named by the radius; one success is a success."""
    small = sample.evasion("projected_gradient")
    large = replace(
        small,
        id="l",
        radius=Radius(0.5),
        parameters={**small.parameters, "radius": {"value": 0.5}},
    )
    summary = summarize([small, large], succeed(large))
    assert [trial.name for trial in summary.trials] == [
        "Projected gradient (0.3 rad L-inf)",
        "Projected gradient (0.5 rad L-inf)",
    ]
    assert summary.attacks == ("projected_gradient",)
    assert summary.outcome("projected_gradient") == "succeeds"


def test_settings_that_differ_in_a_parameter_are_named_by_it(sample):
    """Two fractions of poisoned labels are told apart by their value."""
    few = sample.poisoning("quid")
    many = replace(few, id="m", parameters={"fraction": 0.5})
    assert [t.name for t in summarize([few, many]).trials] == [
        "QUID (fraction 0.3)",
        "QUID (fraction 0.5)",
    ]


def test_a_defense_is_judged_by_the_view_that_serves_the_attacker(sample):
    """Of all views of a defense the highest success counts; among equals, the aware attacker."""
    bare = sample.evasion("projected_gradient")
    unaware = sample.evasion("projected_gradient", "adversarial_training", "oblivious")
    aware = sample.evasion("projected_gradient", "adversarial_training", "exact")
    summary = summarize([bare, unaware, aware], succeed(bare))
    defense, trial = summary.defenses[0], summary.trials[0]
    assert defense.worst(trial).view == "exact"
    same = summarize([bare, replace(unaware, success=aware.success), aware])
    assert same.defenses[0].worst(same.trials[0]).view == "exact"
    assert defense.adaptive(trial)
    assert defense.removes(trial)


def test_one_success_in_any_view_is_no_removal(sample):
    """A defense removes an attack only if no view of it lets the attack through."""
    bare = sample.evasion("projected_gradient")
    unaware = sample.evasion("projected_gradient", "adversarial_training", "oblivious")
    aware = sample.evasion("projected_gradient", "adversarial_training", "exact")
    summary = summarize([bare, unaware, aware], succeed(bare, aware))
    assert not summary.defenses[0].removes(summary.trials[0])


def test_a_failure_beside_a_failed_check_is_no_removal(sample):
    """Low success with a warning of false robustness does not count for the defense."""
    bare = sample.evasion("projected_gradient")
    aware = sample.evasion("projected_gradient", "adversarial_training", "exact")
    doubtful = replace(aware, checks=(Check("gradient norm floor", False, "flat"),))
    assert (
        summarize([bare, aware], succeed(bare))
        .defenses[0]
        .removes(summarize([bare, aware], succeed(bare)).trials[0])
    )
    summary = summarize([bare, doubtful], succeed(bare))
    assert not summary.defenses[0].removes(summary.trials[0])


def test_an_attack_that_never_worked_is_not_removed(sample):
    """A defense gets no credit for an attack that fails without it."""
    bare = sample.evasion("projected_gradient")
    aware = sample.evasion("projected_gradient", "adversarial_training", "exact")
    summary = summarize([bare, aware])
    assert not summary.defenses[0].removes(summary.trials[0])


def test_clean_accuracy_comes_from_the_baseline_first(sample):
    """The baseline's accuracy is taken; without one, that of an evasion run on the same model."""
    item = sample.evasion("projected_gradient")
    base = sample.baseline()
    base = replace(base, rates={"clean_accuracy": Rate(150, 200)})
    assert summarize([item, base]).clean == Rate(150, 200)
    assert summarize([item]).clean == item.rates["clean_accuracy"]


def test_the_budget_is_written_with_its_unit(sample):
    """Radius, fraction and queries say what they count; without any, nothing is written."""
    budgets = [
        summarize([item]).trials[0].budget
        for item in (
            sample.evasion("square"),
            sample.poisoning("quid"),
            sample.extraction("learned_extraction"),
            sample.extraction("fourier_extraction"),
        )
    ]
    assert budgets == ["0.3 rad L-inf", "0.3 of labels", "256 queries", "6,561 queries"]


def test_lost_among_the_controls_is_no_removal(sample):
    """Where the intervals with and without the defense overlap, nothing was removed."""
    bare = replace(sample.evasion("square"), success=Rate(30, 100))
    weak = replace(
        sample.evasion("square", "top_one", "no gradient"), success=Rate(20, 100), checks=()
    )
    strong = replace(weak, success=Rate(5, 100))
    for left, gone in ((weak, False), (strong, True)):
        summary = summarize([bare, left], succeed(bare))
        assert summary.defenses[0].removes(summary.trials[0]) is gone


def test_runs_are_named_in_words(sample):
    """A run is named by its attack or its kind, its defense, how it was seen and its repeat."""
    assert run_name(sample.baseline()) == "Baseline"
    assert run_name(sample.certificate("top_one")) == "Certificate with top one"
    item = replace(sample.attack("square", "top_one", "no gradient"), repeat=2)
    assert run_name(item) == "Square against top one (aware, no gradient) #2"


def test_settings_are_written_once_and_flat(sample):
    """The radius comes first with its unit, nested settings stand in parentheses."""
    item = replace(
        sample.evasion("transfer_evasion"),
        parameters={"radius": {"value": 0.3}, "extraction": {"queries": 128}, "goal": None},
    )
    assert settings(item) == "0.3 rad L-inf, extraction (queries 128), goal none"


def test_records_that_did_not_run_are_kept_apart(sample):
    """What was not run or failed is listed and judged nowhere."""
    item = replace(sample.evasion("square"), status="failed", reason="out of memory")
    summary = summarize([item], succeed(item))
    assert summary.stopped == (item,)
    assert summary.trials == ()


def test_controls_keep_their_role(sample):
    """Pooling keeps apart what an attack must beat from what only explains it."""
    controls = summarize([sample.evasion("square")]).trials[0].controls
    assert {c.name: c.role for c in controls}["classical analogue"] == "analogue"
    unjudged = replace(
        sample.evasion("square"), controls=(Control("random change", Rate(0, 0), ""),)
    )
    assert summarize([unjudged]).trials[0].controls[0].rate == Rate(0, 0)


def test_setting_up_a_defense_has_a_cost(sample):
    """The cost of a defense is that of its baseline job."""
    records = [sample.baseline(), sample.baseline("adversarial_training")]
    assert summarize(records).defenses[0].cost == Cost(0, 0, 0, 95.0)
