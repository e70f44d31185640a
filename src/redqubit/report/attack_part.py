"""The sections on attacks: every one beside its controls, then curve by curve."""

from __future__ import annotations

from redqubit.core.estimate import Rate
from redqubit.report import figures
from redqubit.report.chart import bar
from redqubit.report.frame import LineChart
from redqubit.report.markup import Safe, join, tag
from redqubit.report.parts import anchor, dot, figure, section, technique_link
from redqubit.report.summary import Summary, Trial
from redqubit.report.wording import MISSING, VIEWS, interval, percent, phrase

SMALL = (320.0, 210.0)


def overview(summary: Summary) -> Safe | None:
    """List every attack with its controls and what each defense leaves of it."""
    if not summary.trials:
        return None
    notes = [
        "Each bar is the share of eligible inputs on which the attack reaches its goal; inputs "
        "that the model gets wrong anyway are not eligible. For extraction it is the share of "
        "held-out inputs on which the clone agrees with the victim.",
        "Under each attack stand its controls, which spend the same budget without the idea, and "
        "an outlined bar where a classical model meets the same attack. An attack counts as a "
        "success only where its interval lies above that of every control.",
        "Bars in color show what a defense leaves, in the view that serves the attacker best.",
    ]
    head = tag(
        "thead",
        tag(
            "tr",
            tag("th", "Attack, controls, defenses", scope="col"),
            tag("th", "Success, 0 to 100 %", scope="col"),
            *(
                tag("th", name, scope="col", class_="num")
                for name in ("Success, %", "95 % interval", "n", "Accuracy, %")
            ),
            role="row",
        ),
        role="rowgroup",
    )
    names = ("what", "drawn", "success", "range", "count", "accuracy")
    columns = tag("colgroup", *(tag("col", class_=name) for name in names))
    body = [_group(summary, trial) for trial in summary.trials]
    made = tag(
        "table",
        tag(
            "caption", "Success of every attack, of its controls and with defenses", class_="hidden"
        ),
        columns,
        head,
        *body,
        class_="forest sticky",
        role="table",
    )
    return section("attacks", "Attacks and their controls", notes, made)


def _group(summary: Summary, trial: Trial) -> Safe:
    before, after = trial.rate("clean_accuracy"), trial.rate("attacked_accuracy")
    accuracy = ""
    if before is not None and after is not None:
        accuracy = f"{percent(before.value, unit=False)} → {percent(after.value, unit=False)}"
    name = join(
        tag("span", trial.name, class_="name"),
        " ",
        technique_link(trial.technique),
        tag("br"),
        tag("span", f"{trial.budget or trial.kind}; {_outcome(trial)}", class_="soft"),
    )
    rows = [_row(name, trial.success, "attack", accuracy, "strong")]
    for control in trial.controls:
        style = "analogue" if control.role == "analogue" else "control"
        rows.append(_row(phrase(control.name), control.rate, style, "", "sub"))
    for defense in summary.defenses:
        worst = defense.worst(trial)
        if worst is not None:
            left = worst.rate("attacked_accuracy")
            told = f"{phrase(defense.name)} ({VIEWS[worst.view]})"
            kept = percent(left.value, unit=False) if left is not None else ""
            rows.append(_row(told, worst.success, "defended", kept, "sub"))
    return tag("tbody", *rows, id=_id(trial), role="rowgroup")


def _row(name: object, rate: Rate | None, style: str, accuracy: str, kind: str) -> Safe:
    value = rate.value if rate is not None else None
    return tag(
        "tr",
        tag("th", name, scope="row", role="rowheader"),
        tag("td", bar(rate, style), class_="drawn", role="cell"),  # type: ignore[arg-type]
        tag("td", percent(value, unit=False), class_="num success", role="cell"),
        tag("td", interval(rate), class_="num range", role="cell"),
        tag("td", f"{rate.n:,}" if rate else MISSING, class_="num count", role="cell"),
        tag("td", accuracy, class_="num accuracy", role="cell"),
        class_=kind,
        role="row",
    )


def _outcome(trial: Trial) -> str:
    if trial.outcome == "succeeds":
        return f"succeeds ({trial.severity})"
    return "does not beat its controls" if trial.outcome == "fails" else "not judged"


def _id(trial: Trial) -> str:
    return anchor("attack", f"{trial.attack} {trial.variant}".strip())


def outcomes(summary: Summary) -> Safe | None:
    """List the attacks under the verdict, each with its mark, severity and success."""
    if not summary.trials:
        return None
    rows = [
        tag(
            "li",
            dot(trial.outcome),
            tag(
                "span",
                tag("a", trial.name, href=f"#{_id(trial)}"),
                tag("span", f", {_outcome(trial)}", class_="hidden"),
            ),
            tag("span", trial.severity or "", class_="soft"),
            tag("span", percent(trial.success.value if trial.success else None), class_="value"),
            class_=None if trial.outcome == "succeeds" else "fails",
        )
        for trial in summary.trials
    ]
    return tag("ol", *rows, class_="outcomes", aria_label="Attacks and their success")


def evasion(summary: Summary) -> Safe | None:
    """Show robust accuracy over the radius, one small chart an attack."""
    charts = figures.by_attack(summary, "evasion")
    if not charts:
        return None
    notes = [
        "Robust accuracy is the share of test inputs still classified correctly when each is "
        "moved by at most the radius. Whiskers and bands are 95 % intervals.",
        "Where the classical analogue falls as fast as the attack, the weakness is not a "
        "quantum one.",
    ]
    return section("evasion", "Evasion, radius by radius", notes, _multiples("evasion", charts))


def poisoning(summary: Summary) -> Safe | None:
    """Show test accuracy over the poisoned fraction, beside the controls in gray."""
    charts = figures.by_attack(summary, "poisoning")
    if not charts:
        return None
    notes = [
        "Test accuracy of the model trained again on poisoned labels, over the fraction of labels "
        "the attacker may change.",
        "A rule that uses the encoder's states must beat both the same number of random flips and "
        "the same rule in plain feature space before the state geometry deserves the credit.",
    ]
    return section("poisoning", "Poisoning, label by label", notes, _multiples("poisoning", charts))


def extraction(summary: Summary) -> Safe | None:
    """Show agreement of the clone with the victim over the queries it took."""
    chart = figures.agreement(summary)
    if chart is None:
        return None
    notes = [
        "Agreement is the share of held-out inputs on which clone and victim answer alike. The "
        "base rate is what always giving the most frequent answer would reach.",
    ]
    made = figure(chart, "extraction-chart", wide=(920, 340), narrow=(358, 300))
    return section("extraction", "Extraction, query by query", notes, made)


def _multiples(kind: str, charts: list[tuple[Trial, LineChart]]) -> Safe:
    made = [
        figure(
            chart,
            f"{kind}-chart-{i}",
            wide=SMALL,
            heading=tag("h3", chart.title, " ", technique_link(trial.technique)),
        )
        for i, (trial, chart) in enumerate(charts)
    ]
    return tag("div", *made, class_="multiples")
