"""The table of attacks as plain rows, for terminals and text files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from redqubit.core.estimate import Rate
from redqubit.core.evidence import Evidence, Finding, Severity
from redqubit.report.markup import clean
from redqubit.report.summary import Outcome, Summary, Trial, summarize
from redqubit.report.verdict import remarks, verdict
from redqubit.report.wording import MISSING, interval, percent, phrase

HEAD = (
    "Attack",
    "Technique",
    "Budget",
    "Success",
    "95 % interval",
    "Best control",
    "Best defense",
    "Left",
    "Verdict",
)


@dataclass(frozen=True)
class Row:
    """One attack on the bare model: its success, its strongest control and its best defense.

    The best defense is the one under which the attack, in its best view, succeeds least;
    ``defense`` is empty where none was measured against the attack.
    """

    attack: str
    technique: str
    budget: str
    success: Rate | None
    control: str
    control_rate: Rate | None
    defense: str
    left: Rate | None
    outcome: Outcome
    severity: Severity | None

    def cells(self) -> tuple[str, ...]:
        """Write the row in the order of ``HEAD``."""
        control = (
            f"{percent(_value(self.control_rate))} {self.control}" if self.control else MISSING
        )
        made = (
            self.attack,
            self.technique or MISSING,
            self.budget or MISSING,
            percent(_value(self.success)),
            interval(self.success),
            control,
            phrase(self.defense) if self.defense else MISSING,
            percent(_value(self.left)),
            f"{self.outcome} ({self.severity})" if self.severity else self.outcome,
        )
        return tuple(clean(cell).replace("\n", " ") for cell in made)


def table(evidence: Sequence[Evidence], findings: Sequence[Finding] = ()) -> tuple[Row, ...]:
    """Return one row an attack, in the order the attacks ran."""
    summary = summarize(evidence, findings)
    return tuple(_row(summary, trial) for trial in summary.trials)


def text(evidence: Sequence[Evidence], findings: Sequence[Finding] = ()) -> str:
    """Render verdict, remarks and the table of attacks as plain text."""
    summary = summarize(evidence, findings)
    cells = [HEAD, *(_row(summary, trial).cells() for trial in summary.trials)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(HEAD))]
    lines = ["  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)) for row in cells]
    lines.insert(1, "  ".join("-" * width for width in widths))
    shown = lines if summary.trials else []
    told = [clean(verdict(summary)), *(clean(remark) for remark in remarks(summary))]
    return "\n".join(line.rstrip() for line in [*told, "", *shown]).strip() + "\n"


def _row(summary: Summary, trial: Trial) -> Row:
    nulls = [control for control in trial.controls if control.role == "null"]
    control = max(nulls, key=lambda item: _value(item.rate) or 0.0, default=None)
    left = [
        (defense.name, worst.success)
        for defense in summary.defenses
        for worst in (defense.worst(trial),)
        if worst is not None
    ]
    best = min(left, key=lambda item: _value(item[1]) or 0.0, default=None)
    return Row(
        attack=trial.name,
        technique=trial.technique,
        budget=trial.budget,
        success=trial.success,
        control=control.name if control else "",
        control_rate=control.rate if control else None,
        defense=best[0] if best else "",
        left=best[1] if best else None,
        outcome=trial.outcome,
        severity=trial.severity,
    )


def _value(rate: Rate | None) -> float | None:
    return rate.value if rate is not None else None
