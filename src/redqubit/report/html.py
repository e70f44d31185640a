"""One self-contained HTML file: verdict first, then everything it stands on."""

from __future__ import annotations

import base64
import functools
import hashlib
from collections.abc import Sequence
from pathlib import Path

from redqubit import __version__
from redqubit.core.evidence import Evidence, Finding
from redqubit.killchain import KillChain, load
from redqubit.report import appendix, attack_part, defense_part, figures, record_part
from redqubit.report.figures import Robustness
from redqubit.report.frame import Line
from redqubit.report.markup import Safe, join, tag
from redqubit.report.parts import figure
from redqubit.report.summary import OmittedRow, Summary, summarize
from redqubit.report.verdict import remarks, strongest, verdict
from redqubit.report.wording import number, percent

NAMES = {
    "attacks": "Attacks",
    "evasion": "Evasion",
    "poisoning": "Poisoning",
    "extraction": "Extraction",
    "defenses": "Defenses",
    "findings": "Findings",
    "checks": "Self-checks",
    "cost": "Cost",
    "stopped": "Not run",
    "provenance": "Provenance",
    "techniques": "Techniques",
    "sources": "Sources",
}


def html(
    evidence: Sequence[Evidence],
    findings: Sequence[Finding] = (),
    *,
    title: str = "Assessment",
    omitted: Sequence[OmittedRow] = (),
    killchain: KillChain | None = None,
) -> str:
    """Render evidence as one HTML file that needs no script, no network and no other file.

    Parameters
    ----------
    evidence
        What was measured, in any order; ``not run`` and ``failed`` records are listed as such.
    findings
        What the policy made of it. An attack succeeds if a finding of the rule
        ``attack-succeeds`` names its evidence.
    title
        Name of the assessment.
    omitted
        Pairs that the plan left out, as (attack, defense, reason).
    killchain
        Where techniques are described; by default the one that ships with redqubit.
    """
    summary = summarize(evidence, findings, omitted)
    chain = killchain or load()
    parts = {
        "attacks": attack_part.overview(summary),
        "evasion": attack_part.evasion(summary),
        "poisoning": attack_part.poisoning(summary),
        "extraction": attack_part.extraction(summary),
        "defenses": defense_part.defenses(summary),
        "findings": record_part.others(summary),
        "checks": record_part.checks(summary),
        "cost": record_part.cost(summary),
        "stopped": record_part.stopped(summary),
        "provenance": record_part.provenance(summary),
        "techniques": appendix.techniques(summary, chain),
        "sources": appendix.sources(summary, chain),
    }
    body = join(
        tag("a", "Skip to the verdict", href="#verdict", class_="skip"),
        _top([name for name, part in parts.items() if part is not None]),
        tag("main", _hero(summary, title), *parts.values(), id="top"),
        tag(
            "footer",
            f"redqubit {__version__}. Rates carry 95 % Wilson intervals; n counts eligible "
            "inputs, times repeats. Nothing here says that a model is safe, only what was tried.",
        ),
    )
    return _document(f"{title}: {verdict(summary)}", body)


def _document(title: str, body: Safe) -> str:
    style = _style()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy),
        tag("meta", name="referrer", content="no-referrer"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", title),
        tag("style", Safe(style)),
    )
    return f"<!doctype html>\n{tag('html', head, tag('body', body), lang='en')}\n"


@functools.cache
def _style() -> str:
    return (Path(__file__).parent / "style.css").read_text(encoding="utf-8")


def _top(names: Sequence[str]) -> Safe:
    links = [tag("li", tag("a", NAMES[name], href=f"#{name}")) for name in names]
    mark = tag("a", "red", tag("b", "qubit"), href="#top", class_="mark")
    nav = tag("nav", tag("ol", *links), aria_label="Sections", tabindex="0")
    return tag("header", tag("div", mark, nav), class_="top")


def _hero(summary: Summary, title: str) -> Safe:
    chart = figures.headline(summary)
    days = sorted({item.provenance.created[:10] for item in summary.evidence} - {""})
    about = f"{title}, measured {days[0]}" if days else title
    about += f" to {days[-1]}" if len(days) > 1 else ""
    lead = tag(
        "div",
        tag("p", about, class_="eyebrow"),
        tag("h1", verdict(summary), id="verdict"),
        tag("ul", *(tag("li", text) for text in remarks(summary)), class_="remarks"),
        attack_part.outcomes(summary),
        class_="lead",
    )
    shown = None
    if chart is not None:
        shown = figure(
            chart,
            "headline",
            wide=(900, 470),
            narrow=(358, 340),
            heading=tag("h2", _claim(summary)),
            caption="Bands and whiskers are 95 % intervals over test inputs.",
        )
    return tag("section", lead, shown, class_="hero", aria_labelledby="verdict")


def _claim(summary: Summary) -> str:
    """Say what the headline chart shows, at the radius of the strongest attack."""
    found = figures.robustness(summary)
    if found is None or not found.lines:
        return ""
    top = strongest(summary)
    shared = [x for x, _, _ in found.lines[0].known]
    radius = top.radius.value if top and top.radius and top.radius.value in shared else shared[-1]
    told = [
        f"{verb} {percent(value)}"
        for line, verb in (
            (found.attack, "the strongest attack leaves"),
            (found.exact, "exact verification proves"),
            (found.published, "the published certificate proves"),
            (found.control, "random change leaves"),
        )
        for value in (_at(line, radius),)
        if value is not None
    ]
    return f"At {number(radius)} {_unit(found)}: {', '.join(told)} of inputs right."


def _unit(found: Robustness) -> str:
    return "rad" if "rad" in found.x_label.split("radius")[-1] else found.x_label


def _at(line: Line | None, x: float) -> float | None:
    if line is None:
        return None
    return next((value for position, _, value in line.known if position == x), None)
