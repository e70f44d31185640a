"""The report as GitHub-flavored Markdown, short enough for a pull request."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from redqubit.core.evidence import Evidence, Finding
from redqubit.killchain import KillChain, load, technique
from redqubit.report.markup import clean
from redqubit.report.rows import HEAD, table
from redqubit.report.summary import OmittedRow, Summary, activity, run_name, summarize
from redqubit.report.verdict import lost, remarks, removed, verdict
from redqubit.report.wording import (
    MISSING,
    count,
    duration,
    percent,
    phrase,
    plural,
    points,
    title,
)

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|~&!#$@]|:(?=//))")


def markdown(
    evidence: Sequence[Evidence],
    findings: Sequence[Finding] = (),
    *,
    title: str = "Assessment",
    omitted: Sequence[OmittedRow] = (),
    killchain: KillChain | None = None,
) -> str:
    """Render evidence as Markdown; the arguments are those of `html`."""
    summary = summarize(evidence, findings, omitted)
    chain = killchain or load()
    blocks = [
        f"# {escape(title)}",
        f"**{escape(verdict(summary))}**",
        _bullets(remarks(summary)),
        _attacks(evidence, findings),
        _defenses(summary),
        _warnings(summary),
        _cost(summary),
        _stopped(summary),
        _provenance(summary),
        _techniques(summary, chain),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def escape(value: object) -> str:
    """Return text that Markdown shows as it is: no markup, no HTML, no link, no new line."""
    line = " ".join(clean(value).split())
    line = re.sub(r"(?i)\bwww\.", r"www\\.", _SPECIAL.sub(r"\\\1", line))
    return re.sub(r"^([-+]|\d+[.)])(?=\s)", r"\\\1", line)


def _table(head: Sequence[str], rows: Iterable[Sequence[object]], numbers: int = 0) -> str:
    first = len(head) - numbers
    marks = ["---:" if i >= first else "---" for i in range(len(head))]
    lines = [[escape(cell) for cell in head], marks]
    lines += [[escape(cell) for cell in row] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"- {escape(line)}" for line in lines)


def _attacks(evidence: Sequence[Evidence], findings: Sequence[Finding]) -> str:
    rows = [row.cells() for row in table(evidence, findings)]
    return f"## Attacks\n\n{_table(HEAD, rows)}" if rows else ""


def _defenses(summary: Summary) -> str:
    rows = [
        (
            title(defense.name),
            defense.mitigation or MISSING,
            percent(defense.clean.value if defense.clean else None),
            points(lost(summary, defense)),
            ", ".join(phrase(name) for name in removed(summary, defense)) or MISSING,
            "yes" if any(t.view not in ("none", "oblivious") for t in defense.trials) else "no",
        )
        for defense in summary.defenses
    ]
    head = (
        "Defense",
        "Mitigation",
        "Clean accuracy",
        "Accuracy lost, points",
        "Removes",
        "Met by attackers aware of it",
    )
    return f"## Defenses\n\n{_table(head, rows)}" if rows else ""


def _warnings(summary: Summary) -> str:
    lines = dict.fromkeys(
        f"{activity(item)}: {phrase(check.name)}: {check.message}"
        for item in summary.evidence
        for check in item.checks
        if check.passed is False
    )
    return f"## Self-checks that failed\n\n{_bullets(lines)}" if lines else ""


def _cost(summary: Summary) -> str:
    measured = [item.cost for item in summary.evidence if item.status == "measured"]
    if not measured:
        return ""
    total = measured[0]
    for cost in measured[1:]:
        total = total + cost
    told = (
        f"{count(total.queries)} queries, {count(total.circuits)} circuits, "
        f"{count(total.shots)} shots, {duration(total.seconds)}"
    )
    money = "" if total.money is None else f", {total.money:,.2f} US dollars"
    return f"## Cost\n\n{escape(told + money)}"


def _stopped(summary: Summary) -> str:
    rows = [(run_name(item), item.status, item.reason or MISSING) for item in summary.stopped]
    parts = [_table(("Run", "Status", "Reason"), rows)] if rows else []
    if summary.omitted:
        pairs = [(title(attack), title(defense), why) for attack, defense, why in summary.omitted]
        folded = _table(("Attack", "Defense", "Reason"), pairs)
        told = f"The plan left out {plural(len(pairs), 'pair')} of attack and defense."
        parts.append(f"<details><summary>{told}</summary>\n\n{folded}\n\n</details>")
    return "## Not run\n\n" + "\n\n".join(parts) if parts else ""


def _provenance(summary: Summary) -> str:
    if not summary.evidence:
        return ""
    first = summary.evidence[0].provenance
    versions = ", ".join(f"{name} {value}" for name, value in first.versions.items())
    pairs = [
        ("Model", first.model),
        ("Data", first.data),
        ("Seed", first.seed),
        ("Device", first.device),
        ("Calibration", first.calibration or "none: simulated without device data"),
        ("Measured", first.created),
        ("Versions", versions),
        ("Evidence records", len(summary.evidence)),
    ]
    return f"## Provenance\n\n{_table(('What', 'Value'), pairs)}"


def _techniques(summary: Summary, killchain: KillChain) -> str:
    lines = []
    for identifier in summary.techniques:
        item = technique(killchain, identifier)
        told = f"{item.name}. {item.summary}" if item else "not described in this kill chain"
        lines.append(f"- **{escape(identifier)}** {escape(told)}")
    return "## Techniques\n\n" + "\n".join(lines) if lines else ""
