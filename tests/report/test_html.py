"""One file, no script, nothing from outside, every link resolves, hostile names stay text."""

import base64
import hashlib
import itertools
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from redqubit import report
from redqubit.core.budget import Cost, Radius
from redqubit.core.estimate import Mean, Rate
from redqubit.core.evidence import Check, Control, Curve, Finding, Point, Series
from redqubit.report.summary import run_name
from redqubit.report.wording import phrase

VOID = {"meta", "br", "col"}
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style></title><svg onload=alert(1)>",
    "javascript:alert(1)",
    "]]>&amp;<!--",
    "\x00\x1b[31m\ud800\u202egnp.exe",
    "a\nb\tc",
    "量子" * 40,
    "W" * 2000,
    "",
)


class Page(HTMLParser):
    """Collects what a browser would see, and complains about nesting."""

    def __init__(self, text):
        super().__init__()
        self.stack, self.tags, self.text, self.style = [], [], "", ""
        self.feed(text)
        self.close()
        assert self.stack == []

    def handle_starttag(self, name, attributes):
        """Note an element."""
        self.tags.append((name, dict(attributes)))
        if name not in VOID:
            self.stack.append(name)

    def handle_endtag(self, name):
        """Close an element."""
        assert self.stack.pop() == name

    def handle_data(self, data):
        """Keep text apart from style."""
        if "style" in self.stack:
            self.style += data
        else:
            self.text += data

    def values(self, attribute):
        """Return every value of an attribute."""
        return [a[attribute] for _, a in self.tags if attribute in a]


@pytest.fixture(scope="module")
def full(sample, evidence, findings):
    return report.html(evidence, findings, title="digits 0-3, 8 qubits", omitted=sample.omitted())


@pytest.fixture(scope="module")
def page(full):
    return Page(full)


def check(page):
    """Assert what must hold for every report."""
    names = {name for name, _ in page.tags}
    assert not names & {"script", "iframe", "object", "embed", "img", "form", "base", "link"}
    assert not [key for _, a in page.tags for key in a if key.startswith("on") or key == "style"]
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    for target in page.values("href"):
        assert target.startswith(
            ("#", "https://arxiv.org/", "https://doi.org/", "https://proceedings.mlr.press/")
        ), target
        if target.startswith("#"):
            assert target[1:] in ids
    for attribute in ("aria-labelledby", "aria-describedby"):
        for value in page.values(attribute):
            assert set(value.split()) <= set(ids)
    for name, attributes in page.tags:
        if name == "svg":
            assert attributes.get("role") == "img" or attributes.get("aria-hidden") == "true"
    assert [name for name, _ in page.tags].count("h1") == 1


def test_the_page_is_sound(page):
    """Well nested, unique ids, resolving links, no script, no inline style, named drawings."""
    check(page)


def test_the_policy_allows_this_style_and_nothing_else(page):
    """The content security policy holds the digest of the one style element."""
    (policy,) = [a["content"] for _, a in page.tags if a.get("http-equiv")]
    digest = base64.b64encode(hashlib.sha256(page.style.encode()).digest()).decode()
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )


def test_nothing_is_fetched(full):
    """No address is loaded: neither in attributes that fetch nor in the style."""
    assert not re.search(r"\b(src|srcset|poster|data|action)=", full)
    assert "url(" not in full
    assert "@import" not in full


def test_the_verdict_comes_first(page):
    """The heading is the verdict, before any section."""
    order = [name for name, _ in page.tags]
    assert order.index("h1") < order.index("h2")
    assert "8 of 9 attacks succeed on this model" in page.text


def test_headings_do_not_skip_levels(page):
    """Each heading is at most one level deeper than the one before."""
    levels = [int(name[1]) for name, _ in page.tags if re.fullmatch(r"h\d", name)]
    assert levels[0] == 1
    assert all(b <= a + 1 for a, b in itertools.pairwise(levels))


def test_every_section_of_the_design_is_there(page):
    """Attacks, curves, defenses, checks, cost, what did not run, provenance, appendix."""
    assert {
        "attacks",
        "evasion",
        "poisoning",
        "extraction",
        "defenses",
        "checks",
        "cost",
        "stopped",
        "provenance",
        "techniques",
        "sources",
        "headline",
    } <= set(page.values("id"))


def test_every_chart_has_its_numbers_as_a_table(page):
    """Under each drawing of a figure folds a table with the same values."""
    names = [name for name, _ in page.tags]
    assert names.count("figure") == len([n for n in names if n == "figure"])
    captions = page.text.count("in percent, with 95 % intervals")
    assert captions == names.count("figure") > 10


def test_every_technique_links_to_its_entry(page, evidence):
    """Each id in the evidence is linked, and the entry tells name, evidence and mitigations."""
    for item in evidence:
        if item.technique:
            assert f"technique-{item.technique}" in page.values("id")
    assert "Many small gradient steps" in page.text
    assert "Training on worst-case inputs flattens the loss" in page.text
    assert "[V2]" in page.text


def test_controls_stand_beside_every_attack(page, evidence):
    """Every control of every attack on the bare model appears by name."""
    for item in evidence:
        for control in item.controls:
            assert phrase(control.name) in page.text


def test_reasons_are_told(page):
    """What did not run is listed with its reason, and so are the pairs left out."""
    assert "needs a trace probe, which this pipeline does not offer" in page.text
    assert "The plan left out 23 pairs of attack and defense." in page.text
    assert page.text.count("the kill chain has no edge") == 23


def test_the_same_evidence_gives_the_same_page(sample, evidence, findings, full):
    """Rendering is a function of its arguments."""
    again = report.html(evidence, findings, title="digits 0-3, 8 qubits", omitted=sample.omitted())
    assert again == full


def test_no_evidence_is_a_page_that_says_so():
    """An empty assessment renders, and claims nothing."""
    made = Page(report.html([]))
    check(made)
    assert "nothing is known about this model's security" in made.text


def test_a_page_of_failures_lists_them(sample, evidence):
    """If nothing ran, the page holds each reason once with its runs, and no charts."""
    stopped = [replace(item, status="failed", reason="out of memory") for item in evidence]
    made = Page(report.html(stopped))
    check(made)
    assert made.text.count("out of memory") == 1
    assert all(run_name(item) in made.text for item in stopped)
    assert "figure" not in {name for name, _ in made.tags}


def test_unjudged_rates_are_dashes(evidence):
    """Evidence whose rates have no samples renders without numbers and without errors."""
    none = Rate(0, 0)
    hollow = [
        replace(
            item,
            success=none if item.success else None,
            rates=dict.fromkeys(item.rates, none),
            controls=tuple(replace(c, rate=none) for c in item.controls),
            curves=tuple(
                replace(
                    curve,
                    series=tuple(
                        replace(s, points=tuple(Point(p.x, none) for p in s.points))
                        for s in curve.series
                    ),
                )
                for curve in item.curves
            ),
        )
        for item in evidence
    ]
    made = Page(report.html(hollow))
    check(made)
    assert "nothing is known about this model's security" in made.text
    assert not re.search(r"\bnan\b|(?<!L-)\binf\b", made.text)


def test_huge_numbers_stay_readable(sample):
    """Counts beyond any machine and radii beyond any budget do not break the page."""
    item = replace(
        sample.evasion("square"),
        radius=Radius(1e300),
        success=Rate(10**15, 10**15 + 1),
        cost=Cost(10**30, 10**400, 2**70, 1e18, 1e15),
        values={"x": 1e308, "y": float("inf"), "z": float("nan")},
        parameters={"radius": 1e300, "steps": 10**50},
    )
    made = Page(report.html([item]))
    check(made)
    assert "1.0 × 10³⁰" in made.text
    assert "over 10³⁰⁰" in made.text


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_stays_text(sample, text):
    """Whatever is written into any field of the evidence shows as text and links nowhere else."""
    base = sample.evasion("projected_gradient")
    curve = Curve(
        text,
        text,
        text,
        (
            Series(text, "attack", base.curves[0].series[0].points),
            Series(text, "control", base.curves[0].series[1].points),
            Series(text, "certificate", base.curves[0].series[1].points),
        ),
    )
    versions = {text: text}
    item = replace(
        base,
        id=text,
        technique=text,
        attack=text or "attack",
        parameters={text: text},
        rates={text: Rate(1, 2)},
        means={text: Mean(1.0, 0.0, 2.0, 3)},
        values={text: 1.0},
        controls=(Control(text, Rate(1, 2), text), Control(text, Rate(1, 2), text, "analogue")),
        checks=(Check(text, False, text), Check(text, True, text)),
        curves=(curve,),
        notes=(text,),
        provenance=replace(
            base.provenance,
            versions=versions,
            device=text,
            created=text,
            calibration=text,
            data=text,
            model=text,
        ),
    )
    records = [
        item,
        replace(item, id=text + "2", defense=text or "defense", mitigation=text, view="exact"),
        replace(item, id=text + "3", kind="poisoning", attack=text + " p"),
        replace(item, id=text + "4", kind="extraction", attack=text + " e"),
        replace(item, id=text + "5", kind="certificate"),
        replace(item, id=text + "6", status="not run", reason=text),
    ]
    found = [
        Finding("attack-succeeds", "high", text, text, (text,)),
        Finding(text or "rule", "low", text, text, (text,)),
    ]
    made = Page(report.html(records, found, title=text, omitted=[(text, text, text)]))
    check(made)
    for other in (report.markdown, report.sarif, report.junit, report.text):
        assert other(records, found).encode()


def test_other_findings_are_shown(sample):
    """Findings of rules this version does not know are listed with their severity."""
    item = sample.evasion("square")
    finding = Finding(
        "shots-too-few", "medium", "64 shots hide the margin", "QML.T0012", (item.id,)
    )
    made = Page(report.html([item], [finding]))
    assert "64 shots hide the margin" in made.text


def test_an_unknown_technique_has_an_entry_that_says_so(sample):
    """An id the kill chain does not know still resolves to an entry."""
    made = Page(report.html([replace(sample.evasion("square"), technique="QML.T9999")]))
    check(made)
    assert "This kill chain does not describe the technique." in made.text
