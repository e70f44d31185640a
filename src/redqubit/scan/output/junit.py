"""Findings as JUnit XML, for build servers: one suite a file, one failed case a finding."""

from __future__ import annotations

from collections.abc import Sequence

from redqubit.scan.finding import About, Finding, Result, Severity, rank
from redqubit.scan.output.text import about_of, by_severity, xml


def render(result: Result, rules: Sequence[About], *, fail_on: Severity = "low") -> str:
    """Return JUnit XML.

    Findings milder than ``fail_on`` pass and are told in the case's output; what could not be read
    is an error; a scan without findings is one passed case.
    """
    names = about_of(rules)
    suites: dict[str, list[Finding]] = {}
    for item in by_severity(result.findings):
        suites.setdefault(item.place.file, []).append(item)
    made = [_suite(file, group, names, fail_on) for file, group in sorted(suites.items())]
    failures = sum(rank(item.severity) >= rank(fail_on) for item in result.findings)
    total = len(result.findings)
    if result.skipped:
        cases = "".join(
            f'<testcase classname="redqubit.scan" name="{xml(item.file)}">'
            f'<error type="skipped" message="{xml(item.reason)}"></error></testcase>'
            for item in result.skipped
        )
        number = len(result.skipped)
        made.append(
            f'<testsuite name="not read" tests="{number}" failures="0" errors="{number}">'
            f"{cases}</testsuite>"
        )
        total += number
    if not made:
        total = 1
        made = [
            '<testsuite name="redqubit scan" tests="1" failures="0" errors="0">'
            '<testcase classname="redqubit.scan" name="no findings"></testcase></testsuite>'
        ]
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<testsuites name="redqubit scan" tests="{total}" failures="{failures}" '
        f'errors="{len(result.skipped)}" time="{result.seconds:.3f}">{"".join(made)}</testsuites>\n'
    )


def _suite(file: str, group: Sequence[Finding], names: dict[str, About], fail_on: Severity) -> str:
    cases = [_case(item, names, rank(item.severity) >= rank(fail_on)) for item in group]
    failures = sum(rank(item.severity) >= rank(fail_on) for item in group)
    return (
        f'<testsuite name="{xml(file)}" tests="{len(group)}" failures="{failures}" errors="0">'
        f"{''.join(cases)}</testsuite>"
    )


def _case(item: Finding, names: dict[str, About], failed: bool) -> str:
    name = names[item.rule].name if item.rule in names else item.rule
    told = f"{item.place.text}: {item.severity}: {item.message} {item.advice}"
    inside = (
        f'<failure type="{xml(item.rule)}" message="{xml(item.message)}">{xml(told)}</failure>'
        if failed
        else f"<system-out>{xml(told)}</system-out>"
    )
    return (
        f'<testcase classname="redqubit.scan.{xml(item.rule)}" '
        f'name="{xml(f"{item.place.text} {name}")}">{inside}</testcase>'
    )
