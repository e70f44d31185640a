"""How likely a technique succeeds, and on what ground that stands."""

from dataclasses import replace

import numpy as np
import pytest

from redqubit.core.errors import InputError
from redqubit.core.estimate import Rate
from redqubit.core.evidence import Evidence, Provenance
from redqubit.killchain.chance import EXPERT, FACTOR, Chances, measured
from redqubit.killchain.model import Record

NAME = "QML.T0001"
FROM = Provenance(1, {}, "simulator", "2026-01-01")


def run(technique=NAME, successes=3, n=10, **fields):
    """Return the evidence of one job."""
    values = {"kind": "evasion", "attack": "fgsm", "status": "measured"} | fields
    return Evidence(
        "id", technique=technique, provenance=FROM, success=Rate(successes, n), **values
    )


def published(made, value=80.0, **fields):
    """Return a chain whose technique has one published record."""
    values = {"metric": "attack success", "unit": "%", "value": value, "mark": "V"} | fields
    record = Record("QML.E0001", "It works.", "source2026", "abstract", **values)
    chain = made.chain_of([made.technique(NAME, evidence=(record.id,))])
    return replace(chain, evidence=(record,))


def test_repeats_are_pooled_and_the_best_setting_counts():
    """An attacker takes the setting that works best; repeats of it are one sample."""
    evidence = [
        run(successes=3, n=10),
        run(successes=5, n=10, repeat=1),
        run(successes=7, n=10, attack="pgd"),
        run(successes=6, n=10, attack="pgd", repeat=1),
    ]
    assert measured(evidence) == {NAME: (13, 20)}
    assert measured(reversed(evidence)) == {NAME: (13, 20)}


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "not run"},
        {"status": "failed"},
        {"defense": "adversarial-training"},
        {"kind": "certificate"},
        {"kind": "baseline"},
        {"technique": ""},
        {"n": 0, "successes": 0},
    ],
)
def test_what_says_nothing_about_the_bare_model_is_left_out(fields):
    """Runs that failed, were defended, or are no attacks do not count."""
    assert measured([run(**fields)]) == {}


def test_a_parent_counts_its_best_child():
    """A technique without runs of its own takes those of its sub-techniques."""
    evidence = [run(f"{NAME}.001", 1, 10), run(f"{NAME}.002", 9, 10)]
    assert measured(evidence)[NAME] == (9, 10)
    assert measured([*evidence, run(NAME, 2, 10)])[NAME] == (2, 10)


def test_own_measurements_come_before_publications(made):
    """Measured, then published, then expert; the basis says which."""
    chain = published(made)
    assert Chances(chain, made.pipeline, measured={NAME: (1, 10)}).basis(NAME) == "measured"
    assert Chances(chain, made.pipeline, measured={NAME: (0, 0)}).basis(NAME) == "published"
    bare = made.chain_of([made.technique(NAME)])
    assert Chances(bare, made.pipeline).basis(NAME) == "expert"


@pytest.mark.parametrize(
    "fields",
    [
        {"unit": "fidelity", "value": 0.8},
        {"unit": "%", "value": 120.0},
        {"value": None},
        {"comparator": "up to"},
        {"comparator": "<"},
        {"mark": "M"},
        {"metric": "accuracy degradation"},
        {"metric": "gain of attack success over data poisoning"},
        {"metric": "attack success under a defense"},
        {"metric": "detection accuracy"},
    ],
)
def test_only_clear_success_rates_are_taken_from_publications(made, fields):
    """Percentages that measure something else, bounds from above and memories do not count."""
    chain = published(made, **fields)
    assert Chances(chain, made.pipeline).basis(NAME) == "expert"
    assert Chances(published(made), made.pipeline).basis(NAME) == "published"


@pytest.mark.parametrize(
    ("counts", "expected"), [((3, 10), 3.5 / 11), ((0, 10), 0.5 / 11), ((10, 10), 10.5 / 11)]
)
def test_measured_success_has_the_posterior_of_jeffreys(made, counts, expected):
    """The mean is (s + 1/2) / (n + 1), and draws agree with it and with its deviation."""
    chain = made.chain_of([made.technique(NAME)])
    chances = Chances(chain, made.pipeline, measured={NAME: counts}, draws=40_000)
    assert chances.mean(NAME) == pytest.approx(expected)
    values = chances.sample(NAME)
    deviation = np.sqrt(expected * (1 - expected) / 12)
    assert values.mean() == pytest.approx(expected, abs=5 * deviation / 200)
    assert values.std() == pytest.approx(deviation, rel=0.05)


def test_draws_agree_with_means_on_every_ground(made):
    """Published and expert ranges, and factors of mitigations, have the mean that is stated."""
    chain = replace(
        published(made),
        mitigations=(made.mitigation("QML.M0001", [NAME], strength="partial"),),
    )
    placed = replace(made.pipeline, mitigations=("QML.M0001",))
    for pipeline in (made.pipeline, placed):
        for item in (chain, replace(chain, techniques=(made.technique(NAME),))):
            chances = Chances(item, pipeline, draws=40_000)
            assert chances.sample(NAME).mean() == pytest.approx(chances.mean(NAME), abs=0.005)
    ratio = Chances(chain, placed).mean(NAME) / Chances(chain, made.pipeline).mean(NAME)
    assert ratio == pytest.approx(sum(FACTOR["partial"]) / 2)


def test_strong_prevention_leaves_no_chance(made):
    """A blocked technique never succeeds; a detecting one of equal strength only lowers it."""
    for kind, factor in (("prevent", 0.0), ("detect", sum(FACTOR["partial"]) / 2)):
        chain = replace(
            made.chain_of([made.technique(NAME)]),
            mitigations=(made.mitigation("QML.M0001", [NAME], kind=kind),),
        )
        chances = Chances(chain, made.pipeline, mitigations=["QML.M0001"])
        assert chances.mean(NAME) == pytest.approx(factor * sum(EXPERT["theory"]) / 2)
        assert chances.sample(NAME).max() <= factor + 1


def test_draws_depend_on_seed_and_name_only(made):
    """The same seed gives the same draws, whatever else is asked."""
    chain = made.chain_of([made.technique(NAME), made.technique("QML.T0002")])
    one, two, other = (Chances(chain, made.pipeline, seed=seed) for seed in (1, 1, 2))
    first = one.sample(NAME)
    one.sample("QML.T0002")
    assert np.array_equal(first, two.sample(NAME))
    assert not np.array_equal(first, other.sample(NAME))
    assert not np.array_equal(first, one.sample("QML.T0002"))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"mitigations": ["QML.M0001"]}, "mitigation"),
        ({"draws": 0}, "at least 1"),
        ({"measured": {NAME: (3, 2)}}, "3 successes of 2"),
    ],
)
def test_bad_input_is_refused(made, options, message):
    """Unknown mitigations, no draws and impossible counts are errors."""
    with pytest.raises(InputError, match=message):
        Chances(made.chain_of([made.technique(NAME)]), made.pipeline, **options)


def test_ranges_grow_with_maturity_and_shrink_with_strength():
    """The better an attack is shown, the likelier; the stronger a mitigation, the less likely."""
    ladder = [sum(EXPERT[key]) for key in EXPERT]
    assert ladder == sorted(ladder)
    assert all(0 <= low < high <= 1 for low, high in EXPERT.values())
    strengths = [sum(FACTOR[key]) for key in ("strong", "partial", "weak", "none")]
    assert strengths == sorted(strengths)
