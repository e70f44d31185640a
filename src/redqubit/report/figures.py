"""From the curves of the evidence to the charts of a report."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from redqubit.core.estimate import Rate
from redqubit.core.evidence import Curve, Point, Series
from redqubit.report.frame import Line, LineChart, Style
from redqubit.report.summary import Defense, Summary, Trial, curves
from redqubit.report.verdict import strongest
from redqubit.report.wording import percent, phrase, title

EXACT = "exact"


@dataclass(frozen=True)
class Robustness:
    """The lines of the headline chart; any may be missing."""

    x_label: str
    y_label: str
    attack: Line | None
    control: Line | None
    exact: Line | None
    published: Line | None

    @property
    def lines(self) -> tuple[Line, ...]:
        """Return the lines that exist."""
        found = (self.attack, self.exact, self.published, self.control)
        return tuple(line for line in found if line is not None and line.known)


def robustness(summary: Summary) -> Robustness | None:
    """Collect the strongest attack, its random control and both certificates on one axis."""
    top = strongest(summary)
    bare = [item for item in summary.certificates if item.defense == "none"]
    candidates = [*(top.curves if top else ()), *curves(bare)]
    if not candidates:
        return None
    x_label, y_label = candidates[0].x_label, candidates[0].y_label
    series = [s for c in candidates if c.x_label == x_label for s in c.series]

    def find(role: str, wanted: Style, name: str, exact: bool | None = None) -> Line | None:
        for item in series:
            if item.role == role and (exact is None or (EXACT in item.name.lower()) == exact):
                told = f"{name}: {item.name}" if wanted == "published" else name
                return _line(item, wanted, told or _capital(item.name), summary.clean)
        return None

    attack = find("attack", "attack", f"Strongest attack: {phrase(top.attack)}" if top else "")
    return Robustness(
        x_label,
        y_label,
        attack,
        find("control", "control", ""),
        find("certificate", "exact", "Exact verification", exact=True),
        find("certificate", "published", "Published certificate", exact=False),
    )


def headline(summary: Summary) -> LineChart | None:
    """Build the chart that stands beside the verdict."""
    found = robustness(summary)
    if found is None or not found.lines:
        return None
    upper = found.exact or found.attack
    gap = None
    if found.published is not None and upper is not None:
        gap = (found.published, upper, "left open by the published certificate")
    return LineChart(
        title="Robust accuracy over the radius",
        description=_told(found.lines),
        x_label=found.x_label,
        y_label=_capital(found.y_label),
        lines=found.lines,
        gap=gap,
    )


def by_attack(summary: Summary, kind: str) -> list[tuple[Trial, LineChart]]:
    """Build one chart for each curve of each attack of a kind, on the bare model."""
    made = []
    for trial in summary.trials:
        if trial.kind != kind:
            continue
        for curve in trial.curves:
            lines = tuple(
                _line(
                    series,
                    "attack" if series.role == "attack" else "control",
                    "Attack" if series.role == "attack" else _capital(series.name),
                    summary.clean,
                )
                for series in curve.series
            )
            chart = _chart(trial.name, curve, lines)
            if not chart.empty:
                made.append((trial, chart))
    return made


def agreement(summary: Summary) -> LineChart | None:
    """Build the chart of all extractions: agreement with the victim over queries."""
    lines: list[Line] = []
    labels = ("queries", "agreement with the victim")
    for trial in summary.trials:
        if trial.kind != "extraction":
            continue
        found = trial.curves
        for curve in found:
            labels = (curve.x_label, curve.y_label)
            for series in curve.series:
                style: Style = "attack" if series.role == "attack" else "control"
                name = trial.name if series.role == "attack" else _capital(series.name)
                if style == "attack" or all(line.name != name for line in lines):
                    lines.append(_line(series, style, name))
        if not found and trial.success is not None and trial.queries > 0:
            lines.append(Line(trial.name, "attack", (Point(trial.queries, trial.success),)))
    chart = LineChart(
        "Agreement with the victim over queries",
        _told(lines),
        labels[0],
        _capital(labels[1]),
        tuple(lines),
        log=all(point.x > 0 for line in lines for point in line.points),
    )
    return None if chart.empty else chart


def by_defense(summary: Summary) -> list[tuple[Defense, LineChart]]:
    """Build one chart a defense: its strongest attack with and without it, and what is proved."""
    made = []
    top = strongest(summary)
    trials = sorted(summary.trials, key=lambda trial: (trial is not top, *_rank(trial)))
    for defense in summary.defenses:
        for trial in trials:
            chart = _beside(summary, defense, trial)
            if chart is not None:
                made.append((defense, chart))
                break
    return made


def _rank(trial: Trial) -> tuple[int, float]:
    value = trial.success.value if trial.success is not None else None
    return (("evasion", "poisoning", "extraction").index(trial.kind), -(value or 0.0))


def _beside(summary: Summary, defense: Defense, trial: Trial) -> LineChart | None:
    worst = defense.worst(trial)
    if worst is None:
        return None
    before, after = trial.curves, worst.curves
    if not before or not after:
        return None
    evasive, starts_clean = trial.kind == "evasion", trial.kind != "extraction"
    sides: tuple[tuple[Curve, Style, str, Rate | None], ...] = (
        (after[0], "attack", "With the defense", defense.clean),
        (before[0], "control", "Without", summary.clean),
    )
    lines = [
        _line(series, style, name, clean if starts_clean else None)
        for curve, style, name, clean in sides
        for series in curve.series
        if series.role == "attack"
    ]
    proved = [item for item in summary.certificates if item.defense == defense.name]
    for curve in curves(proved):
        lines += [
            _line(series, "exact", "Proved with it", defense.clean)
            for series in curve.series
            if evasive and curve.x_label == after[0].x_label and EXACT in series.name.lower()
        ]
    chart = _chart(f"{title(defense.name)}: {phrase(trial.attack)}", after[0], tuple(lines))
    return None if chart.empty else chart


def _chart(name: str, curve: Curve, lines: tuple[Line, ...]) -> LineChart:
    return LineChart(name, _told(lines), curve.x_label, _capital(curve.y_label), lines)


def _line(series: Series, style: Style, name: str, clean: Rate | None = None) -> Line:
    """Make a line; it starts at clean accuracy, where no radius and no poisoning is."""
    points = tuple(sorted(series.points, key=lambda point: point.x))
    if clean is not None and points and points[0].x > 0:
        points = (Point(0.0, clean), *points)
    return Line(name, style, points)


def _told(lines: Iterable[Line]) -> str:
    """Describe a chart in a sentence a line: where each starts and ends."""
    told = [
        f"{line.name}: from {percent(line.known[0][2])} at {line.known[0][0]:g} "
        f"to {percent(line.known[-1][2])} at {line.known[-1][0]:g}."
        for line in lines
        if line.known
    ]
    return " ".join(told)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
