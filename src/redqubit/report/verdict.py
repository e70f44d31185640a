"""The first sentence of a report, and the sentences that follow it."""

from __future__ import annotations

from collections import Counter

from redqubit.report.summary import Defense, Summary, Trial
from redqubit.report.wording import percent, phrase, plural, points

GRADIENT = ("QML.T0010", "QML.T0011")
GRADIENT_FREE = "QML.T0012"


def verdict(summary: Summary) -> str:
    """Say how many attacks succeed and what the best defense takes away, at which price."""
    judged = [name for name in summary.attacks if summary.outcome(name) != "not judged"]
    if not judged:
        return "No attack was judged, so nothing is known about this model's security."
    succeeded = [name for name in judged if summary.outcome(name) == "succeeds"]
    total = plural(len(judged), "attack")
    if not succeeded:
        one = len(judged) == 1
        whom = (
            "The one attack that was judged does not succeed"
            if one
            else f"None of {total} succeeds"
        )
        return f"{whom} on this model."
    some = f"{len(succeeded)} of {total}" if len(succeeded) < len(judged) else f"All {total}"
    if len(judged) == 1:
        some = "The one attack that was judged"
    verb = "succeeds" if len(succeeded) == 1 or len(judged) == 1 else "succeed"
    return f"{some} {verb} on this model; {_best_defense(summary)}."


def lost(summary: Summary, defense: Defense) -> float | None:
    """Return the clean accuracy a defense costs, as a difference of proportions."""
    before = summary.clean.value if summary.clean else None
    after = defense.clean.value if defense.clean else None
    return None if before is None or after is None else before - after


def price(loss: float | None) -> str:
    """Say in words what a defense costs in clean accuracy."""
    if loss is None:
        return "at an unknown cost in accuracy"
    rounded = round(100 * loss, 1)
    if rounded == 0:
        return "at no cost in accuracy"
    if rounded < 0:
        return f"and gains {points(-loss)} points of accuracy"
    return f"at {points(loss)} points of accuracy"


def removed(summary: Summary, defense: Defense) -> list[str]:
    """Return the attacks that succeed without the defense and in no setting with it."""
    names = []
    for attack in summary.attacks:
        hits = [t for t in summary.trials if t.attack == attack and t.outcome == "succeeds"]
        if hits and all(defense.removes(trial) for trial in hits):
            names.append(attack)
    return names


def _best_defense(summary: Summary) -> str:
    if not summary.defenses:
        return "no defense was measured"
    ranked = sorted(
        summary.defenses,
        key=lambda item: (-len(removed(summary, item)), lost(summary, item) or 0.0),
    )
    best = ranked[0]
    gone = removed(summary, best)
    if not gone:
        return "no defense that was measured removes any of them"
    what = phrase(gone[0]) if len(gone) == 1 else str(len(gone))
    text = f"{phrase(best.name)} removes {what} {price(lost(summary, best))}"
    return text + _caveat(summary, best, gone) + _untried(summary, best)


def _untried(summary: Summary, defense: Defense) -> str:
    """Say how many attacks that succeed never met the defense: nothing is known of those."""
    met = {trial.attack for trial in defense.trials}
    left = [
        name for name in summary.attacks if summary.outcome(name) == "succeeds" and name not in met
    ]
    if not left:
        return ""
    were = "was" if len(left) == 1 else "were"
    return f"; {plural(len(left), 'successful attack')} {were} not run against it"


def _caveat(summary: Summary, defense: Defense, gone: list[str]) -> str:
    """Say what was not tried against the defense: knowledge of it, or an attack without gradient.

    Without both, a low success may come from a hidden gradient alone.
    """
    hits = [t for t in summary.trials if t.attack in gone and t.outcome == "succeeds"]
    if not all(defense.adaptive(trial) for trial in hits):
        return ", against attackers who do not know of it"
    gradient = any(trial.technique.startswith(GRADIENT) for trial in hits)
    free = [trial for trial in defense.trials if trial.technique == GRADIENT_FREE]
    if gradient and not (free and all(trial.outcome == "fails" for trial in free)):
        return ", but no attack without gradients has failed against it"
    return ""


def strongest(summary: Summary) -> Trial | None:
    """Return the strongest evasion attack on the bare model, or None.

    Attacks are compared within the budget that most of them share. Where they have curves on one
    axis, the lowest mean over the shared radii decides, else success.
    """
    rated = [
        trial
        for trial in summary.trials
        if trial.kind == "evasion" and trial.success is not None and trial.success.value is not None
    ]
    if not rated:
        return None
    budgets = Counter(trial.radius for trial in rated)
    most = max(budgets.values())
    common = next(radius for radius, times in budgets.items() if times == most)
    rivals = [trial for trial in rated if trial.radius == common]
    traces = [_trace(trial) for trial in rivals]
    shared = set.intersection(*(set(trace) for trace in traces))
    scores = [
        sum(trace[x] for x in shared) / len(shared) if shared else 1 - _success(trial)
        for trial, trace in zip(rivals, traces, strict=True)
    ]
    return min(zip(scores, rivals, strict=True), key=lambda pair: pair[0])[1]


def _trace(trial: Trial) -> dict[float, float]:
    """Return robust accuracy under the attack by radius, from its first curve."""
    for curve in trial.curves:
        for series in curve.series:
            if series.role == "attack":
                return {p.x: p.rate.value for p in series.points if p.rate.value is not None}
    return {}


def _success(trial: Trial) -> float:
    value = trial.success.value if trial.success is not None else None
    return value or 0.0


def remarks(summary: Summary) -> list[str]:
    """Return the sentences under the verdict: the worst case, doubts, and what is missing."""
    found = []
    top = strongest(summary)
    if top is not None and top.success is not None:
        nulls = [control for control in top.controls if control.role == "null"]
        text = f"{top.name} turns {percent(top.success.value)} of eligible inputs"
        text += f" within {top.radius}" if top.radius else ""
        if nulls:
            best = max(nulls, key=lambda control: control.rate.value or 0.0)
            text += f"; {best.name} turns {percent(best.rate.value)}"
        found.append(f"{text}.")
    failed = sum(check.passed is False for item in summary.evidence for check in item.checks)
    total = sum(check.passed is not None for item in summary.evidence for check in item.checks)
    if failed:
        found.append(
            f"{failed} of {plural(total, 'self-check')} warn that a number may be "
            "too good; see the warnings."
        )
    elif total:
        found.append(f"All {plural(total, 'self-check')} against false robustness passed.")
    unjudged = [name for name in summary.attacks if summary.outcome(name) == "not judged"]
    if unjudged:
        found.append(f"{plural(len(unjudged), 'attack')} could not be judged.")
    missing = []
    if summary.stopped:
        missing.append(f"{plural(len(summary.stopped), 'run')} did not take place")
    if summary.omitted:
        missing.append(
            f"the plan left out {plural(len(summary.omitted), 'pair')} of attack and defense"
        )
    if missing:
        text = " and ".join(missing)
        found.append(f"{text[0].upper()}{text[1:]}; the reasons are listed.")
    return found
