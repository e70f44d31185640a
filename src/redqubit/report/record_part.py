"""The sections on the record itself: warnings, cost, what did not run, and provenance."""

from __future__ import annotations

import functools
from collections.abc import Iterable

from redqubit.core.budget import Cost
from redqubit.core.evidence import Check, Evidence, Provenance
from redqubit.report.markup import Safe, join, tag
from redqubit.report.parts import details, facts, mitigation_link, section, table, technique_link
from redqubit.report.summary import (
    CHECK_FAILED,
    SUCCEEDS,
    Summary,
    activity,
    run_name,
    settings,
)
from redqubit.report.wording import (
    MISSING,
    VIEWS,
    count,
    duration,
    number,
    percent,
    phrase,
    plural,
    title,
)


def others(summary: Summary) -> Safe | None:
    """List findings of rules that no other section shows."""
    rows = [
        (finding.rule, finding.severity, technique_link(finding.technique), finding.message)
        for finding in summary.findings
        if finding.rule not in (SUCCEEDS, CHECK_FAILED)
    ]
    if not rows:
        return None
    made = table("Other findings", ("Rule", "Severity", "Technique", "Finding"), rows)
    return section("findings", "Other findings", [], made)


def checks(summary: Summary) -> Safe | None:
    """Show the self-checks against false robustness, the failed ones first."""
    every = [(item, check) for item in summary.evidence for check in item.checks]
    if not every:
        return None
    notes = [
        "Shot noise, flat gradients and a lazy attack all look like robustness. These checks warn "
        "of that; a number beside a failed check is not counted as a defense's success.",
    ]
    failed: dict[tuple[str, str, str], list[Evidence]] = {}
    for item, check in every:
        if check.passed is False:
            failed.setdefault((item.attack, check.name, check.message), []).append(item)
    warnings = [
        tag(
            "li",
            tag("strong", f"{activity(items[0])}: {phrase(name)}."),
            f" {message}. " if message else " ",
            tag("span", f"Seen {_where(items)}.", class_="soft"),
        )
        for (_, name, message), items in failed.items()
    ]
    rows = [
        (
            title(name),
            sum(check.passed is True for check in same),
            sum(check.passed is False for check in same),
            sum(check.passed is None for check in same),
        )
        for name, same in _by_name(check for _, check in every).items()
    ]
    return section(
        "checks",
        f"Self-checks: {plural(len(failed), 'warning')}" if failed else "Self-checks",
        notes,
        tag("ul", *warnings, class_="warnings") if warnings else None,
        table("Self-checks", ("Check", "Passed", "Failed", "Not run"), rows, numbers=3),
    )


def _by_name(every: Iterable[Check]) -> dict[str, list[Check]]:
    found: dict[str, list[Check]] = {}
    for check in every:
        found.setdefault(check.name, []).append(check)
    return found


def _where(items: list[Evidence]) -> str:
    names = dict.fromkeys(
        "without defense" if item.defense == "none" else f"with {phrase(item.defense)}"
        for item in items
    )
    return ", ".join(names)


def cost(summary: Summary) -> Safe | None:
    """Show what each attack, defense and verification consumed."""
    groups: dict[str, list[Cost]] = {}
    for item in sorted(summary.evidence, key=_stage):
        if item.status == "measured":
            groups.setdefault(_activity(item), []).append(item.cost)
    totals = {name: functools.reduce(Cost.__add__, costs) for name, costs in groups.items()}
    totals = {name: total for name, total in totals.items() if total != Cost()}
    if not totals:
        return None
    priced = any(total.money is not None for total in totals.values())
    whole = functools.reduce(Cost.__add__, totals.values())
    rows = [_cost_row(name, total, priced) for name, total in [*totals.items(), ("All", whole)]]
    head = ("Activity", "Queries", "Circuits", "Shots", "Time", *(("Money, $",) if priced else ()))
    notes = [
        "Queries are inputs the target answered, circuits what a device would have run, shots "
        "their repetitions. Time was measured on the machine named in the provenance. All runs of "
        "an activity are added up, with controls and defenses.",
    ]
    made = table("Cost", head, rows, numbers=len(head) - 1, scroll=True)
    return section("cost", "Cost in queries, circuits, shots and time", notes, made)


def _stage(item: Evidence) -> int:
    """Order activities: training, defenses, attacks, verification."""
    if item.kind == "baseline":
        return int(item.defense != "none")
    return 3 if item.kind == "certificate" else 2


def _activity(item: Evidence) -> str:
    if item.kind == "certificate":
        return "Verification"
    if item.kind == "baseline":
        return "Training" if item.defense == "none" else f"Setting up {phrase(item.defense)}"
    return activity(item)


def _cost_row(name: str, total: Cost, priced: bool) -> tuple[str, ...]:
    row = (
        name,
        count(total.queries),
        count(total.circuits),
        count(total.shots),
        duration(total.seconds),
    )
    if not priced:
        return row
    return (*row, MISSING if total.money is None else f"{total.money:,.2f}")


def stopped(summary: Summary) -> Safe | None:
    """List what was not run or failed, and the pairs the plan left out, with the reasons."""
    if not summary.stopped and not summary.omitted:
        return None
    notes = ["What is not in this report may still succeed. Each line says why it is missing."]
    parts: list[Safe] = []
    if summary.stopped:
        runs: dict[tuple[str, str], list[str]] = {}
        for item in summary.stopped:
            runs.setdefault((item.status, item.reason), []).append(run_name(item))
        rows = [
            (reason or "no reason was recorded", status, "; ".join(names))
            for (status, reason), names in runs.items()
        ]
        parts.append(table("Not run", ("Reason", "Status", "Runs"), rows))
    if summary.omitted:
        pairs = [(title(attack), title(defense), why) for attack, defense, why in summary.omitted]
        listed = table("Left out", ("Attack", "Defense", "Reason"), pairs)
        parts.append(
            tag("p", f"The plan left out {plural(len(pairs), 'pair')} of attack and defense.")
        )
        parts.append(details("Pairs and reasons", listed) if len(pairs) > 6 else listed)
    return section("stopped", "Not run, and why", notes, *parts)


def provenance(summary: Summary) -> Safe:
    """Show how to get the same numbers again, and every number that was measured."""
    records = [item.provenance for item in summary.evidence]
    notes = [
        "The same seed, versions and files give the same numbers on any number of workers.",
    ]
    versions = {name: each.versions[name] for each in records for name in each.versions}
    pairs = [
        ("Model", _distinct(item.model for item in records)),
        ("Data", _distinct(item.data for item in records)),
        ("Seed", _distinct(str(item.seed) for item in records)),
        ("Device", _distinct(item.device for item in records)),
        ("Calibration", _distinct(_calibration(item) for item in records)),
        ("Measured", _span(sorted(item.created for item in records))),
        ("Versions", ", ".join(f"{name} {value}" for name, value in versions.items())),
        ("Evidence", plural(len(records), "record")),
    ]
    return section(
        "provenance",
        "Provenance",
        notes,
        facts(pairs),
        details("Settings of every run", _settings(summary)) if records else None,
        details("Every number that was measured", _numbers(summary)) if records else None,
    )


def _distinct(values: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(value for value in values if value))


def _span(moments: list[str]) -> str:
    if not moments:
        return ""
    return moments[0] if moments[0] == moments[-1] else f"{moments[0]} to {moments[-1]}"


def _calibration(item: Provenance) -> str:
    return item.calibration or "none: simulated without device data"


def _settings(summary: Summary) -> Safe:
    rows = [
        (
            tag("code", item.id),
            *_run(item),
            technique_link(item.technique) or mitigation_link(item.mitigation) or MISSING,
            settings(item) or MISSING,
            " ".join(item.notes) or MISSING,
            str(item.repeat),
        )
        for item in summary.evidence
    ]
    head = (
        "Evidence",
        "Run",
        "Defense",
        "Attacker",
        "Technique",
        "Settings",
        "Notes",
        "Repeat",
    )
    return table("Settings of every run", head, rows, numbers=1, scroll=True)


def _run(item: Evidence) -> tuple[str, str, str]:
    run = activity(item)
    if item.defense == "none":
        return run, MISSING, MISSING
    return run, title(item.defense), VIEWS[item.view] if item.view != "none" else MISSING


def _numbers(summary: Summary) -> Safe:
    rows = []
    for item in summary.evidence:
        found = [(name, percent(rate.value), f"{rate.n:,}") for name, rate in item.rates.items()]
        found += [(name, number(mean.value), f"{mean.n:,}") for name, mean in item.means.items()]
        found += [(name, number(value), MISSING) for name, value in item.values.items()]
        rows += [(*_run(item), phrase(name), value, n) for name, value, n in found]
    head = ("Run", "Defense", "Attacker", "Number", "Value", "n")
    return join(table("Every number that was measured", head, rows, numbers=2, scroll=True))
