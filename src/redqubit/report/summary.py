"""Evidence grouped into what a reader asks: which attacks, against which defenses, how well."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from redqubit.core.budget import Cost, Radius
from redqubit.core.estimate import Rate
from redqubit.core.evidence import (
    Control,
    Curve,
    Evidence,
    Finding,
    Kind,
    Point,
    Series,
    Severity,
    View,
)
from redqubit.core.record import canonical
from redqubit.report.wording import VIEWS, number, phrase, setting, title

ADAPTIVE: tuple[View, ...] = ("exact", "surrogate", "no gradient")
ATTACKS: tuple[Kind, ...] = ("evasion", "poisoning", "extraction")
SUCCEEDS = "attack-succeeds"
CHECK_FAILED = "self-check-failed"

Outcome = Literal["succeeds", "fails", "not judged"]
OmittedRow = tuple[str, str, str]  # attack, defense, reason


@dataclass(frozen=True)
class Trial:
    """One attack against one defense, seen one way; its repeats are pooled.

    Pooled rates add successes and trials, so ``n`` counts samples times repeats.
    """

    attack: str
    technique: str
    kind: Kind
    defense: str
    mitigation: str
    view: View
    variant: str
    records: tuple[Evidence, ...]
    outcome: Outcome
    severity: Severity | None

    @property
    def first(self) -> Evidence:
        """Return the record of the first repeat, for parameters and curves."""
        return self.records[0]

    @property
    def name(self) -> str:
        """Return the attack in words, with its settings where it ran with several."""
        return title(self.attack) + (f" ({self.variant})" if self.variant else "")

    @property
    def radius(self) -> Radius | None:
        """Return the evasion budget."""
        return self.first.radius

    @property
    def budget(self) -> str:
        """Write the budget: the radius, or the parameter that sets the size of the attack."""
        if self.radius is not None:
            return str(self.radius)
        if self.kind == "extraction" and self.queries:
            return f"{self.queries:,.0f} queries"
        if "fraction" in self.first.parameters:
            return f"{number(self.first.parameters['fraction'])} of labels"
        return ""

    @property
    def queries(self) -> float:
        """Return how many queries one extraction sent, as recorded or as metered."""
        return self.first.values.get("queries", float(self.first.cost.queries))

    @functools.cached_property
    def success(self) -> Rate | None:
        """Return success on eligible samples (agreement for extraction), None if unjudged."""
        return pool(record.success for record in self.records)

    def rate(self, name: str) -> Rate | None:
        """Return a named rate, such as ``clean_accuracy``, pooled over repeats."""
        return pool(record.rates.get(name) for record in self.records)

    @functools.cached_property
    def controls(self) -> tuple[Control, ...]:
        """Return the controls, pooled over repeats, in the order they were recorded."""
        found: dict[str, list[Control]] = {}
        for record in self.records:
            for control in record.controls:
                found.setdefault(control.name, []).append(control)
        return tuple(
            Control(name, pool(c.rate for c in same) or Rate(0, 0), same[0].message, same[0].role)
            for name, same in found.items()
        )

    @functools.cached_property
    def curves(self) -> tuple[Curve, ...]:
        """Return the curves, with the points of the repeats pooled."""
        return curves(self.records)

    @property
    def doubtful(self) -> bool:
        """Say whether a self-check failed, so that a low success may be false robustness."""
        return any(check.passed is False for record in self.records for check in record.checks)

    @property
    def cost(self) -> Cost:
        """Return the cost of all repeats together."""
        return functools.reduce(Cost.__add__, (record.cost for record in self.records), Cost())


@dataclass(frozen=True)
class Defense:
    """A defense with its clean accuracy and every trial against it."""

    name: str
    mitigation: str
    clean: Rate | None
    trials: tuple[Trial, ...]
    parameters: Mapping[str, object]
    cost: Cost

    def against(self, trial: Trial) -> tuple[Trial, ...]:
        """Return the trials of the same attack with the same settings."""
        return tuple(
            item
            for item in self.trials
            if (item.attack, item.variant) == (trial.attack, trial.variant)
        )

    def worst(self, trial: Trial) -> Trial | None:
        """Return the view in which the same attack does best; None where none was judged."""
        judged = [item for item in self.against(trial) if _value(item) is not None]
        return max(judged, key=lambda t: (_value(t) or 0.0, t.view in ADAPTIVE), default=None)

    def removes(self, trial: Trial) -> bool:
        """Say whether the attack succeeds without the defense and in no view of it.

        In every view success must also lie below that without the defense by intervals that do
        not overlap: to be lost among the controls is no cut yet. A failure beside a failed
        self-check does not count.
        """
        views = self.against(trial)
        floor = trial.success.low if trial.success is not None else None
        return (
            trial.outcome == "succeeds"
            and floor is not None
            and bool(views)
            and all(
                item.outcome == "fails"
                and not item.doubtful
                and item.success is not None
                and item.success.high is not None
                and item.success.high < floor
                for item in views
            )
        )

    def adaptive(self, trial: Trial) -> bool:
        """Say whether an attacker who knows the defense was measured too."""
        return any(item.view in ADAPTIVE for item in self.against(trial))


@dataclass(frozen=True)
class Summary:
    """Everything a report shows, grouped; the evidence itself stays untouched inside."""

    evidence: tuple[Evidence, ...]
    findings: tuple[Finding, ...]
    omitted: tuple[OmittedRow, ...]
    trials: tuple[Trial, ...]
    defenses: tuple[Defense, ...]
    clean: Rate | None
    certificates: tuple[Evidence, ...]

    @functools.cached_property
    def attacks(self) -> tuple[str, ...]:
        """Return the names of the attacks that ran without defense, in order."""
        return tuple(dict.fromkeys(trial.attack for trial in self.trials))

    def outcome(self, attack: str) -> Outcome:
        """Return the outcome of an attack over its settings: one success is a success."""
        outcomes = {trial.outcome for trial in self.trials if trial.attack == attack}
        for outcome in ("succeeds", "fails"):
            if outcome in outcomes:
                return outcome
        return "not judged"

    @functools.cached_property
    def techniques(self) -> tuple[str, ...]:
        """Return the ids of every technique mentioned, sorted."""
        named = {item.technique for item in self.evidence}
        named |= {finding.technique for finding in self.findings}
        return tuple(sorted(named - {""}))

    @functools.cached_property
    def stopped(self) -> tuple[Evidence, ...]:
        """Return the evidence of jobs that were not run or failed."""
        return tuple(item for item in self.evidence if item.status != "measured")


def curves(records: Sequence[Evidence]) -> tuple[Curve, ...]:
    """Return the curves of one job, with the points of its repeats pooled."""
    found: dict[tuple[str, str, str], dict[tuple[str, str], dict[float, list[Rate]]]] = {}
    for record in records:
        for curve in record.curves:
            into = found.setdefault((curve.title, curve.x_label, curve.y_label), {})
            for series in curve.series:
                points = into.setdefault((series.name, series.role), {})
                for point in series.points:
                    points.setdefault(point.x, []).append(point.rate)
    return tuple(
        Curve(*labels, tuple(_series(name, role, points) for (name, role), points in into.items()))
        for labels, into in found.items()
    )


def _series(name: str, role: str, points: dict[float, list[Rate]]) -> Series:
    made = tuple(Point(x, pool(points[x]) or Rate(0, 0)) for x in sorted(points))
    return Series(name, role, made)  # type: ignore[arg-type]  # the role came out of a Series


def pool(rates: Iterable[Rate | None]) -> Rate | None:
    """Add rates up; None stands for what was not judged and is left out."""
    known = [rate for rate in rates if rate is not None]
    if not known:
        return None
    return Rate(sum(rate.successes for rate in known), sum(rate.n for rate in known))


def activity(record: Evidence) -> str:
    """Name what a record measured: its attack, or its kind where no attack ran."""
    return title(record.attack if record.attack not in ("", "none") else record.kind)


def run_name(record: Evidence) -> str:
    """Name a run in words: what was measured, with which defense, seen how."""
    name = activity(record)
    if record.defense != "none":
        joined = "against" if record.kind in ATTACKS else "with"
        seen = "" if record.view == "none" else f" ({VIEWS[record.view]})"
        name += f" {joined} {phrase(record.defense)}{seen}"
    return f"{name} #{record.repeat}" if record.repeat else name


def settings(record: Evidence) -> str:
    """Write the settings of a run: its radius, then every parameter."""
    told = [] if record.radius is None else [str(record.radius)]
    told += [
        setting(name, value)
        for name, value in record.parameters.items()
        if name != "radius" or record.radius is None
    ]
    return ", ".join(told)


def summarize(
    evidence: Sequence[Evidence],
    findings: Sequence[Finding] = (),
    omitted: Sequence[OmittedRow] = (),
) -> Summary:
    """Group evidence by attack, settings, defense and view.

    Which attacks succeed is not decided here: an attack succeeds if a finding of the rule
    ``attack-succeeds`` names its evidence.
    """
    severity: dict[str, Severity] = {
        identifier: finding.severity
        for finding in findings
        if finding.rule == SUCCEEDS
        for identifier in finding.evidence
    }
    measured = [item for item in evidence if item.status == "measured"]
    trials = _trials([item for item in measured if item.kind in ATTACKS], severity)
    bare = tuple(trial for trial in trials if trial.defense == "none")
    names = dict.fromkeys(
        item.defense
        for item in measured
        if item.defense != "none" and item.kind in (*ATTACKS, "baseline")
    )
    return Summary(
        evidence=tuple(evidence),
        findings=tuple(findings),
        omitted=tuple(omitted),
        trials=bare,
        defenses=tuple(_defense(name, measured, trials) for name in names),
        clean=_clean(measured, "none"),
        certificates=tuple(item for item in measured if item.kind == "certificate"),
    )


def _trials(attacks: Sequence[Evidence], severity: Mapping[str, Severity]) -> tuple[Trial, ...]:
    groups: dict[tuple[str, str, str, View], list[Evidence]] = {}
    settings: dict[str, dict[str, Evidence]] = {}
    for item in attacks:
        key = canonical((item.parameters, item.radius))
        settings.setdefault(item.attack, {}).setdefault(key, item)
        groups.setdefault((item.attack, key, item.defense, item.view), []).append(item)
    return tuple(
        _trial(records, _variant(settings[attack], key), severity)
        for (attack, key, _, _), records in groups.items()
    )


def _trial(records: list[Evidence], variant: str, severity: Mapping[str, Severity]) -> Trial:
    first = records[0]
    hits = [severity[item.id] for item in records if item.id in severity]
    judged = any(item.success is not None and item.success.n for item in records)
    ranks: tuple[Severity, ...] = ("info", "low", "medium", "high", "critical")
    return Trial(
        attack=first.attack,
        technique=first.technique,
        kind=first.kind,
        defense=first.defense,
        mitigation=first.mitigation,
        view=first.view,
        variant=variant,
        records=tuple(records),
        outcome="succeeds" if hits else "fails" if judged else "not judged",
        severity=max(hits, key=ranks.index, default=None),
    )


def _variant(settings: Mapping[str, Evidence], key: str) -> str:
    """Write what sets one of several settings of an attack apart; empty for a single one."""
    if len(settings) == 1:
        return ""
    mine = settings[key]
    others = [item for other, item in settings.items() if other != key]
    told = [
        setting(name, value)
        for name, value in mine.parameters.items()
        if name != "radius" and any(item.parameters.get(name) != value for item in others)
    ]
    if any(item.radius != mine.radius for item in others):
        told.insert(0, str(mine.radius or "no radius"))
    return ", ".join(told) or f"setting {list(settings).index(key) + 1}"


def _defense(name: str, measured: Sequence[Evidence], trials: Sequence[Trial]) -> Defense:
    mine = tuple(trial for trial in trials if trial.defense == name)
    base = [item for item in measured if item.kind == "baseline" and item.defense == name]
    source = base[0] if base else mine[0].first
    return Defense(
        name=name,
        mitigation=source.mitigation,
        clean=_clean(measured, name),
        trials=mine,
        parameters=base[0].parameters if base else {},
        cost=functools.reduce(Cost.__add__, (item.cost for item in base), Cost()),
    )


def _clean(measured: Sequence[Evidence], defense: str) -> Rate | None:
    """Return clean accuracy: from the baseline, else from any evasion run on the same model."""
    for kinds in (("baseline",), ("evasion", "extraction")):
        found = pool(
            item.rates.get("clean_accuracy")
            for item in measured
            if item.defense == defense and item.kind in kinds
        )
        if found is not None:
            return found
    return None


def _value(trial: Trial) -> float | None:
    return trial.success.value if trial.success is not None else None
