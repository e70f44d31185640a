"""The assessments of the user: success with intervals, defenses side by side, every evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from redqubit.assess.policy import Policy
from redqubit.core.estimate import Rate
from redqubit.core.evidence import Evidence
from redqubit.report import figures, summarize, verdict
from redqubit.report.chart import bar, draw
from redqubit.report.markup import Safe
from redqubit.report.summary import Defense, Summary, Trial
from redqubit.report.verdict import lost, remarks
from redqubit.report.wording import VIEWS, duration, number, phrase, points, setting, title
from redqubit.serve.page import Page, Site
from redqubit.serve.runs import Run, address


@dataclass(frozen=True)
class Bar:
    """One line of the chart of a trial: what it shows, how it is drawn, and the rate."""

    name: str
    style: str
    rate: Rate | None

    @property
    def drawing(self) -> Safe:
        """Return the bar with its interval as a whisker."""
        return bar(self.rate, self.style)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Shown:
    """A run with what the report makes of it."""

    run: Run

    @cached_property
    def summary(self) -> Summary:
        """Return the evidence, grouped and judged by the usual policy."""
        return summarize(self.run.evidence, Policy().findings(self.run.evidence))

    @property
    def verdict(self) -> str:
        """Return the first sentence of the report."""
        return verdict(self.summary)

    @property
    def remarks(self) -> list[str]:
        """Return the sentences that follow it."""
        return remarks(self.summary)

    @property
    def days(self) -> str:
        """Return when it was measured."""
        days = sorted({item.provenance.created[:10] for item in self.run.evidence} - {""})
        return " to ".join(dict.fromkeys((days[0], days[-1]))) if days else ""

    @property
    def charts(self) -> dict[str, Safe]:
        """Return robust accuracy over the radius drawn for a desk and a phone, if measured."""
        chart = figures.headline(self.summary)
        if chart is None or chart.empty:
            return {}
        sizes = {"broad": (720.0, 380.0), "slim": (358.0, 340.0)}
        return {name: draw(chart, f"headline-{name}", *size) for name, size in sizes.items()}


def pages(site: Site) -> Iterator[Page]:
    """Yield the list of runs and the page of each."""
    shown = [Shown(run) for run in site.runs]
    yield site.html(
        "assessments.html",
        "assessments.html",
        "Assessments",
        lambda: {"shown": shown, "address": address, "bars": bars, **_tools()},
    )
    for item in shown:
        yield site.html(
            address(item.run.name),
            "assessment.html",
            f"Assessment {item.run.name}",
            lambda item=item: _context(item),  # type: ignore[misc]
            section="assessments.html",
        )


def _tools() -> Mapping[str, Any]:
    return {"views": VIEWS, "number": number, "setting": setting, "outcome": outcome}


def _context(item: Shown) -> Mapping[str, Any]:
    summary = item.summary
    return {
        "item": item,
        "summary": summary,
        "bars": bars,
        "matrix": matrix(summary),
        "records": item.run.evidence,
        "rates": rates,
        "duration": duration,
        **_tools(),
    }


def bars(summary: Summary, trial: Trial) -> list[Bar]:
    """Return the bars of a trial: the attack, its controls, and what each defense leaves."""
    found = [Bar("", "attack", trial.success)]
    for control in trial.controls:
        style = "analogue" if control.role == "analogue" else "control"
        found.append(Bar(phrase(control.name), style, control.rate))
    for defense in summary.defenses:
        worst = defense.worst(trial)
        if worst is not None:
            told = f"{phrase(defense.name)}, {VIEWS[worst.view]}"
            found.append(Bar(told, "defended", worst.success))
    return found


def outcome(trial: Trial) -> str:
    """Say how an attack fared."""
    if trial.outcome == "succeeds":
        return f"succeeds, {trial.severity}"
    return "does not beat its controls" if trial.outcome == "fails" else "not judged"


@dataclass(frozen=True)
class Cell:
    """Success under a defense in the attacker's best view, and whether the attack is gone."""

    value: float
    change: str
    gone: bool
    tint: int


def matrix(summary: Summary) -> list[tuple[Defense, str, list[Cell | None]]]:
    """Return each defense with what it costs in accuracy and what it leaves of each attack."""
    rows = []
    for defense in summary.defenses:
        cells = [_cell(defense, trial) for trial in summary.trials]
        rows.append((defense, points(lost(summary, defense)), cells))
    return rows


def _cell(defense: Defense, trial: Trial) -> Cell | None:
    worst = defense.worst(trial)
    value = worst.success.value if worst and worst.success else None
    before = trial.success.value if trial.success else None
    if value is None:
        return None
    change = points(value - before) if before is not None else ""
    return Cell(value, change, defense.removes(trial), min(5, int(6 * value)))


def rates(item: Evidence) -> Iterator[tuple[str, Rate]]:
    """Yield every rate of a record by name: success, its controls, and what else was counted."""
    if item.success is not None:
        yield "Success", item.success
    for control in item.controls:
        yield f"Control: {phrase(control.name)}", control.rate
    for name, rate in item.rates.items():
        yield title(name), rate
