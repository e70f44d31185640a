"""The section on defenses: what each leaves of every attack, and what it costs."""

from __future__ import annotations

from redqubit.report import figures
from redqubit.report.markup import Safe, join, tag
from redqubit.report.parts import details, figure, mitigation_link, scrolling, section, table
from redqubit.report.summary import Defense, Summary, Trial
from redqubit.report.verdict import lost
from redqubit.report.wording import MISSING, VIEWS, duration, interval, percent, points, title

STEPS = (0.1, 0.25, 0.45, 0.65, 0.85)  # lower ends of the tints 1 to 5


def defenses(summary: Summary) -> Safe | None:
    """Show the matrix of defenses against attacks, charts and every view."""
    if not summary.defenses:
        return None
    notes = [
        "A cell holds the success that is left, in percent, in the view that serves the attacker "
        "best, and the change in points. The stronger the tint, the more is left. Underlined is "
        "what a defense removes: in every view the attack succeeds less, by intervals that do not "
        "overlap, no longer beats its controls, and passed its self-checks.",
        "An attacker may be unaware of a defense, or aware of it with the exact gradient, with a "
        "surrogate of it, or without a gradient. A defense that was only met by unaware attackers "
        "has not been tested.",
        "Accuracy lost is on clean inputs, in percentage points.",
    ]
    charts = [
        figure(chart, f"defense-chart-{i}", wide=(320, 210), heading=tag("h3", chart.title))
        for i, (_, chart) in enumerate(figures.by_defense(summary))
    ]
    return section(
        "defenses",
        "Defenses and their price",
        notes,
        _matrix(summary),
        tag("div", *charts, class_="multiples") if charts else None,
        details("Every attack against every defense, view by view", _views(summary)),
    )


def tint(value: float | None) -> str | None:
    """Return the class that colors a success, in six even steps."""
    if value is None:
        return None
    return f"r{sum(value >= step for step in STEPS)}"


def _matrix(summary: Summary) -> Safe:
    trials = [trial for trial in summary.trials if any(d.against(trial) for d in summary.defenses)]
    head = tag(
        "tr",
        tag("th", "Defense", scope="col", class_="first"),
        tag("th", "Accuracy lost", scope="col", class_="num"),
        tag("th", "Time to set up", scope="col", class_="num"),
        *(tag("th", trial.name, scope="col") for trial in trials),
    )
    bare = tag(
        "tr",
        tag("th", "None", scope="row"),
        tag("td", MISSING, class_="num"),
        tag("td", MISSING, class_="num"),
        *(_cell(trial, None, None) for trial in trials),
    )
    rows = [
        tag(
            "tr",
            tag("th", title(defense.name), " ", mitigation_link(defense.mitigation), scope="row"),
            tag("td", points(lost(summary, defense)), class_="num"),
            tag("td", _setup(defense), class_="num"),
            *(_cell(trial, defense, defense.worst(trial)) for trial in trials),
        )
        for defense in summary.defenses
    ]
    made = tag(
        "table",
        tag("caption", "Success left by each defense, in percent", class_="hidden"),
        tag("thead", head),
        tag("tbody", bare, *rows),
        class_="matrix",
    )
    return scrolling("Defenses against attacks", made)


def _setup(defense: Defense) -> str:
    return duration(defense.cost.seconds) if defense.cost.seconds else MISSING


def _cell(trial: Trial, defense: Defense | None, worst: Trial | None) -> Safe:
    shown = trial if defense is None else worst
    value = shown.success.value if shown is not None and shown.success is not None else None
    if value is None:
        return tag("td", MISSING, class_="soft")
    before = trial.success.value if trial.success is not None else None
    change = None if defense is None or before is None else value - before
    classes = [tint(value), "gone" if defense is not None and defense.removes(trial) else None]
    return tag(
        "td",
        tag("b", percent(value, unit=False)),
        tag("small", points(change)) if change is not None else None,
        class_=" ".join(name for name in classes if name),
    )


def _views(summary: Summary) -> Safe:
    rows = [
        (
            title(defense.name),
            item.name,
            VIEWS[item.view],
            "doubtful" if item.doubtful else "",
            percent(trial.success.value if trial.success else None, unit=False),
            percent(item.success.value if item.success else None, unit=False),
            interval(item.success),
        )
        for defense in summary.defenses
        for trial in summary.trials
        for item in defense.against(trial)
    ]
    head = (
        "Defense",
        "Attack",
        "Attacker",
        "Self-checks",
        "Before, %",
        "After, %",
        "95 % interval",
    )
    return join(table("Every attack against every defense", head, rows, numbers=3, scroll=True))
