"""The policy judges intervals, never bare values."""

import dataclasses

import pytest

from redqubit.assess.policy import Policy, exit_code
from redqubit.core.errors import InputError
from redqubit.core.estimate import Rate
from redqubit.core.evidence import Check, Control, Evidence, Provenance

BASE = Evidence(
    "a" * 16,
    "evasion",
    "QML.T0010.002",
    "projected_gradient",
    "measured",
    Provenance(7, {}, "CPU", "2026-01-01T00:00:00Z"),
)


def attack(success, *controls, **changes):
    made = tuple(Control(f"c{i}", rate, "", role) for i, (rate, role) in enumerate(controls))
    return dataclasses.replace(BASE, success=success, controls=made, **changes)


def test_an_attack_must_beat_its_null_controls():
    """Success whose interval overlaps that of a random change is no success."""
    policy = Policy()
    assert policy.succeeds(attack(Rate(90, 100), (Rate(10, 100), "null"))) is True
    assert policy.succeeds(attack(Rate(15, 100), (Rate(10, 100), "null"))) is False


def test_a_classical_analogue_does_not_excuse_the_model():
    """A classical model that breaks as easily leaves the finding standing."""
    assert Policy().succeeds(attack(Rate(90, 100), (Rate(95, 100), "analogue"))) is True


@pytest.mark.parametrize("success", [None, Rate(0, 0)])
def test_what_cannot_be_judged_is_none(success):
    """Without eligible samples there is neither success nor failure."""
    assert Policy().succeeds(attack(success)) is None
    assert Policy().findings([attack(success)]) == []


@pytest.mark.parametrize(
    ("successes", "severity"), [(6, "low"), (20, "medium"), (50, "high"), (95, "critical")]
)
def test_severity_follows_the_lower_end(successes, severity):
    """Severity is graded by the lower end of the interval, the most severe first."""
    findings = Policy().findings([attack(Rate(1, 100)), attack(Rate(successes, 100))])
    assert findings[0].severity == severity


def test_a_failed_self_check_is_a_finding():
    """A number that may be false robustness is reported even when the attack failed."""
    checks = (Check("gradient floor", False, "all zero"), Check("zero radius", True, ""))
    findings = Policy().findings([attack(Rate(0, 100), checks=checks)])
    assert [(item.rule, item.severity) for item in findings] == [("self-check-failed", "low")]


def test_exit_codes_follow_severity_and_completeness():
    """0 clean, 1 at or over the bar, 3 when a job failed and nothing reached the bar."""
    high = attack(Rate(60, 100))
    findings = Policy().findings([high])
    assert exit_code(findings, [high], "never") == 0
    assert exit_code(findings, [high], "critical") == 0
    assert exit_code(findings, [high], "high") == 1
    assert exit_code(findings, [high], "low") == 1
    assert exit_code([], [dataclasses.replace(BASE, status="failed")], "high") == 3
    refused = dataclasses.replace(BASE, status="not run")
    assert exit_code([], [high, refused], "high") == 0
    with_defense = dataclasses.replace(refused, defense="top_one")
    assert exit_code([], [high, with_defense], "high") == 0
    with pytest.raises(InputError, match="did you mean 'high'"):
        exit_code([], [], "hihg")  # type: ignore[arg-type]


def test_thresholds_must_rise():
    """A policy whose thresholds fall is refused."""
    with pytest.raises(InputError, match="rise"):
        Policy(medium=0.9)


@pytest.mark.parametrize("kind", ["baseline", "evasion"])
def test_a_model_on_which_nothing_ran_is_not_clean(kind):
    """Data that cannot be read refuse every job: a gate must not read that as a pass."""
    refused = dataclasses.replace(BASE, kind=kind, status="not run", reason="cannot read x.csv")
    assert exit_code([], [refused], "high") == 3
