"""JUnit XML: a case a run, a failure a finding, and counts that add up."""

from dataclasses import replace
from xml.etree import ElementTree

import pytest

from redqubit import report


def parse(*arguments, **options):
    return ElementTree.fromstring(report.junit(*arguments, **options).split("\n", 1)[1])


def test_counts_add_up(sample, evidence, findings):
    """Every record and every left-out pair is one case; suites and root count the same."""
    root = parse(evidence, findings, omitted=sample.omitted())
    cases = list(root.iter("testcase"))
    assert int(root.get("tests")) == len(cases) == len(evidence) + 23
    for key, name in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        assert int(root.get(key)) == len(list(root.iter(name)))
        assert int(root.get(key)) == sum(int(suite.get(key)) for suite in root)
    assert int(root.get("failures")) == len({i for f in findings for i in f.evidence})


def test_kinds_are_suites(sample, evidence, findings):
    """Baseline, evasion, poisoning, extraction, certificate and left out each have a suite."""
    root = parse(evidence, findings, omitted=sample.omitted())
    assert [suite.get("name") for suite in root] == [
        "baseline",
        "evasion",
        "poisoning",
        "extraction",
        "certificate",
        "left out",
    ]


@pytest.mark.parametrize(
    ("status", "element"), [("not run", "skipped"), ("failed", "error"), ("measured", None)]
)
def test_a_job_that_did_not_run_is_skipped_or_an_error(sample, status, element):
    """Not run is skipped, failed is an error, both with the reason; measured passes."""
    item = replace(sample.evasion("square"), status=status, reason="because")
    (case,) = parse([item], []).iter("testcase")
    assert [child.tag for child in case] == ([element] if element else [])
    assert all(child.get("message") == "because" for child in case)


def test_mild_findings_are_noted_without_failing(sample, evidence, findings):
    """Below the bar a finding goes to the output of its case."""
    root = parse(evidence, findings, fail_on="critical")
    critical = {i for f in findings if f.severity == "critical" for i in f.evidence}
    assert int(root.get("failures")) == len(critical)
    assert list(root.iter("system-out"))


def test_cases_are_told_apart(sample):
    """Defense, view and repeat are part of the name; the class names kind and technique."""
    item = replace(sample.evasion("square", "top_one", "no gradient"), repeat=2)
    (case,) = parse([item], []).iter("testcase")
    assert case.get("name") == "Square against top one (aware, no gradient) #2"
    assert case.get("classname") == "redqubit.evasion.QML.T0012"


def test_nothing_is_an_empty_suite():
    """No evidence is valid XML without cases."""
    assert parse([], []).get("tests") == "0"
