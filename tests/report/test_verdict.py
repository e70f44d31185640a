"""The first sentence says what was found, and nothing more."""

from dataclasses import replace

import pytest

from redqubit.core.estimate import Rate
from redqubit.core.evidence import Check
from redqubit.report.summary import summarize
from redqubit.report.verdict import price, remarks, strongest, verdict


def say(sample, records):
    return verdict(summarize(records, sample.findings(records)))


def test_the_verdict_counts_attacks_and_names_the_best_defense(sample, evidence):
    """The full sample reads as the example in the design says it should."""
    assert say(sample, evidence) == (
        "8 of 9 attacks succeed on this model; adversarial training removes 4 at 1.0 points of "
        "accuracy; 3 successful attacks were not run against it."
    )


def test_nothing_judged_is_nothing_known(sample):
    """No evidence, or none that could be judged, is never a pass."""
    told = "No attack was judged, so nothing is known about this model's security."
    unjudged = replace(sample.evasion("square"), success=Rate(0, 0))
    stopped = replace(sample.evasion("square"), status="not run")
    assert {say(sample, []), say(sample, [unjudged]), say(sample, [stopped])} == {told}


def test_no_success_is_counted_not_praised(sample):
    """When nothing succeeds the sentence says so without calling the model robust."""
    records = [replace(sample.evasion("square"), success=Rate(0, 193))]
    assert say(sample, records) == "The one attack that was judged does not succeed on this model."
    records.append(replace(sample.attack("quid"), success=Rate(0, 193)))
    assert say(sample, records) == "None of 2 attacks succeeds on this model."


@pytest.mark.parametrize(
    ("names", "start"),
    [
        (("quid",), "The one attack that was judged succeeds on this model"),
        (("quid", "square"), "All 2 attacks succeed on this model"),
        (("quid", "label_flip"), "1 of 2 attacks succeeds on this model"),
    ],
)
def test_number_and_verb_agree(sample, names, start):
    """One attack succeeds, two succeed."""
    told = say(sample, [sample.attack(name) for name in names])
    assert told == f"{start}; no defense was measured."


def test_a_useless_defense_is_called_so(sample):
    """Where every defense leaves every attack standing, none is recommended."""
    records = [
        sample.evasion("projected_gradient"),
        sample.evasion("projected_gradient", "noise_layer", "surrogate"),
    ]
    assert say(sample, records).endswith("no defense that was measured removes any of them.")


def test_one_removed_attack_is_named(sample):
    """A single removal is named instead of counted."""
    records = [
        sample.attack("quid"),
        sample.attack("quid", "label_sanitation", "exact"),
        sample.baseline(),
        sample.baseline("label_sanitation"),
    ]
    assert say(sample, records).endswith("label sanitation removes QUID at 0.5 points of accuracy.")


def test_a_defense_that_only_met_unaware_attackers_is_qualified(sample):
    """Without an adaptive attack the claim is limited to attackers who do not know of it."""
    records = [
        sample.attack("quid"),
        sample.attack("quid", "label_sanitation", "oblivious"),
    ]
    assert say(sample, records).endswith(
        "at an unknown cost in accuracy, against attackers who do not know of it."
    )


@pytest.mark.parametrize("attack", ["projected_gradient", "universal_perturbation"])
def test_gradients_alone_do_not_show_that_a_defense_works(sample, attack):
    """If no attack without gradients failed too, the sentence says that."""
    records = [
        sample.baseline(),
        sample.baseline("adversarial_training"),
        sample.evasion(attack),
        sample.evasion(attack, "adversarial_training", "exact"),
    ]
    doubt = "but no attack without gradients has failed against it."
    assert say(sample, records).endswith(doubt)
    square = [
        sample.evasion("square"),
        sample.evasion("square", "adversarial_training", "no gradient"),
    ]
    assert not say(sample, records + square).endswith(doubt)


@pytest.mark.parametrize(
    ("loss", "told"),
    [
        (0.012, "at 1.2 points of accuracy"),
        (0.0001, "at no cost in accuracy"),
        (-0.005, "and gains 0.5 points of accuracy"),
        (None, "at an unknown cost in accuracy"),
    ],
)
def test_the_price_is_told_in_points(loss, told):
    """Accuracy lost, gained, unchanged or unknown each has its words."""
    assert price(loss) == told


def test_remarks_name_worst_case_doubts_and_gaps(sample, evidence):
    """Under the verdict: the strongest attack with its control, warnings, and what did not run."""
    told = remarks(summarize(evidence, sample.findings(evidence), sample.omitted()))
    assert told[0].startswith("Projected gradient turns 32.1\u00a0% of eligible inputs within 0.3")
    assert told[0].endswith("random change turns 2.1\u00a0%.")
    assert told[1].startswith("9 of 148 self-checks warn")
    assert told[2] == (
        "1 run did not take place and the plan left out 23 pairs of attack and defense; the "
        "reasons are listed."
    )


def test_passed_checks_are_mentioned_once(sample):
    """With every check passed one sentence says so; checks that could not run do not count."""
    item = sample.evasion("fast_gradient_sign")
    checks = (Check("a", True, ""), Check("b", None, ""))
    told = remarks(summarize([replace(item, checks=checks)]))
    assert "All 1 self-check against false robustness passed." in told


def test_an_unjudged_attack_is_mentioned(sample):
    """An attack without eligible inputs is said to be unjudged."""
    records = [sample.attack("quid"), replace(sample.evasion("square"), success=Rate(0, 0))]
    assert "1 attack could not be judged." in remarks(summarize(records))


def test_the_strongest_attack_is_found_within_the_common_budget(sample, evidence):
    """A larger radius does not make an attack stronger; the lower curve does."""
    large = replace(sample.evasion("universal_perturbation"), success=Rate(190, 193))
    records = [sample.evasion(name) for name in ("square", "projected_gradient")]
    assert strongest(summarize([large, *records])).attack == "projected_gradient"
    lucky = replace(records[0], success=Rate(100, 193))
    assert strongest(summarize([lucky, records[1]])).attack == "projected_gradient"


def test_without_curves_success_decides(sample):
    """Where no radii are shared the higher success is the stronger attack."""
    weak = replace(sample.evasion("square"), curves=(), success=Rate(10, 193))
    strong = replace(sample.evasion("projected_gradient"), curves=(), success=Rate(20, 193))
    assert strongest(summarize([weak, strong])).attack == "projected_gradient"
    assert strongest(summarize([])) is None
    assert strongest(summarize([replace(weak, success=None)])) is None
