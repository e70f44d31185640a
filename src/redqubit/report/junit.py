"""Evidence as JUnit XML, for continuous integration: a finding is a failed test case."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, get_args

from redqubit.core.evidence import Evidence, Finding, Severity
from redqubit.report.markup import Safe, tag
from redqubit.report.summary import OmittedRow, run_name
from redqubit.report.wording import phrase, title

_RANKS: Final = get_args(Severity)
Case = tuple[str, float, Safe]  # outcome, seconds, element


def junit(
    evidence: Sequence[Evidence],
    findings: Sequence[Finding],
    *,
    omitted: Sequence[OmittedRow] = (),
    fail_on: Severity = "low",
) -> str:
    """Render evidence as JUnit XML: one suite a kind, one case a run.

    Parameters
    ----------
    evidence, findings
        What was measured and what the policy made of it.
    omitted
        Pairs that the plan left out, as (attack, defense, reason); they count as skipped.
    fail_on
        Findings of at least this severity fail their case; milder ones are noted in its output.
    """
    bar = _RANKS.index(fail_on)
    suites: dict[str, list[Case]] = {}
    for item in evidence:
        mine = [finding for finding in findings if item.id in finding.evidence]
        suites.setdefault(item.kind, []).append(_case(item, mine, bar))
    if omitted:
        suites["left out"] = [_left_out(*row) for row in omitted]
    made = [_suite(name, cases) for name, cases in suites.items()]
    every = [case for cases in suites.values() for case in cases]
    root = tag("testsuites", *made, name="redqubit", **_counts(every))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{root}\n'


def _suite(name: str, cases: Sequence[Case]) -> Safe:
    return tag("testsuite", *(case for _, _, case in cases), name=name, **_counts(cases))


def _counts(cases: Sequence[Case]) -> dict[str, object]:
    outcomes = [outcome for outcome, _, _ in cases]
    return {
        "tests": len(cases),
        "failures": outcomes.count("failure"),
        "errors": outcomes.count("error"),
        "skipped": outcomes.count("skipped"),
        "time": f"{sum(seconds for _, seconds, _ in cases):.3f}",
    }


def _case(item: Evidence, findings: Sequence[Finding], bar: int) -> Case:
    outcome, inside = "passed", []
    if item.status == "not run":
        outcome, inside = "skipped", [tag("skipped", message=item.reason)]
    elif item.status == "failed":
        outcome, inside = "error", [tag("error", item.reason, message=item.reason, type="failed")]
    else:
        hard = [finding for finding in findings if _RANKS.index(finding.severity) >= bar]
        mild = [finding.message for finding in findings if finding not in hard]
        if hard:
            outcome = "failure"
            told = "\n".join(f"{finding.severity}: {finding.message}" for finding in hard)
            inside = [tag("failure", told, message=hard[0].message, type=hard[0].rule)]
        if mild:
            inside.append(tag("system-out", "\n".join(mild)))
    made = tag(
        "testcase",
        *inside,
        name=run_name(item),
        classname=f"redqubit.{item.kind}.{item.technique or item.mitigation or 'model'}",
        time=f"{item.cost.seconds:.3f}",
    )
    return outcome, item.cost.seconds, made


def _left_out(attack: str, defense: str, reason: str) -> Case:
    name = f"{title(attack)} against {phrase(defense)}"
    made = tag(
        "testcase",
        tag("skipped", message=reason),
        name=name,
        classname="redqubit.left-out",
        time="0.000",
    )
    return "skipped", 0.0, made
