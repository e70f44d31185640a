"""Three oracles on the outcomes of one payload: crash triage, amplification, agreement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from redqubit.core.admission import AdmissionError, admit
from redqubit.scan.finding import Finding, Hop, Place, Severity, fingerprint
from redqubit.scan.fuzz.payload.outcome import FINE, Ending, Outcome
from redqubit.scan.fuzz.payload.targets import Kind, Target

AGREEMENT: Final = "FUZ-08"
CRASH: Final = "FUZ-23"
AMPLIFICATION: Final = "FUZ-24"
SECONDS: Final = 1.0  # processor time for the first kilobyte, and for each further one
MEGABYTES: Final = 200.0

_CRASH: Final[dict[Ending, tuple[Severity, str, tuple[int, ...]]]] = {
    "abort": ("high", "ends the process", (400, 789)),
    "panic": ("high", "raises an exception that 'except Exception' does not catch", (248, 617)),
    "exhausted": ("medium", "runs out of stack or memory", (674, 400)),
    "untyped": ("low", "raises an exception it does not document", (248, 755)),
}


@dataclass(frozen=True)
class Issue:
    """Something one payload shows; issues with the same ``key`` are one finding.

    While its payload is made small, an issue may move to another key of its ``group``.
    """

    rule: str
    key: str
    group: str
    severity: Severity
    message: str
    advice: str
    cwe: tuple[int, ...]
    targets: tuple[Target, ...]


def refusal(kind: Kind, payload: bytes) -> str:
    """Return the rule by which admission control refuses a payload; empty if it admits it."""
    if kind == "json":
        return ""
    try:
        admit(payload, kind=kind)
    except AdmissionError as refused:
        return refused.rule
    return ""


def judge(
    kind: Kind, payload: bytes, results: Sequence[tuple[Target, Outcome]]
) -> tuple[Issue, ...]:
    """Return what is wrong with the outcomes of one payload."""
    issues = []
    refused: str | None = None
    for target, outcome in results:
        if outcome.ending in _CRASH:
            issues.append(_crash(kind, target, outcome))
        what = _amplified(outcome, len(payload))
        if what:
            refused = refusal(kind, payload) if refused is None else refused
            issues.append(_amplification(target, outcome, what, len(payload), refused))
    if kind in ("qasm2", "qasm3"):
        issues += _agreement(kind, results)
    return tuple(issues)


def _crash(kind: Kind, target: Target, outcome: Outcome) -> Issue:
    severity, what, cwe = _CRASH[outcome.ending]
    which = f" ({outcome.error})" if outcome.error else ""
    return Issue(
        CRASH,
        f"{target.name}|{outcome.bucket}",
        f"{target.name}|{outcome.bucket}",
        severity,
        f"{target.name} {target.version} {what}{which} on a {kind} payload",
        "check payloads with redqubit.core.admission.admit before this parser, run it in a process "
        "of its own with memory and time limits, and report the input to its maintainers",
        cwe,
        (target,),
    )


def _amplified(outcome: Outcome, size: int) -> str:
    """Return which resource a payload of ``size`` bytes takes too much of."""
    kilobytes = max(size / 1000, 1.0)
    if outcome.ending == "hang":
        return "hang"
    if outcome.megabytes > MEGABYTES * kilobytes:
        return "memory"
    return "time" if outcome.seconds > SECONDS * kilobytes else ""


def _amplification(target: Target, outcome: Outcome, what: str, size: int, refused: str) -> Issue:
    per_byte = outcome.seconds / max(size, 1), outcome.megabytes / max(size, 1)
    cost = {
        "hang": f"does not end within {outcome.seconds:.1f} s",
        "time": f"takes {outcome.seconds:.1f} s ({1000 * per_byte[0]:.2g} ms a byte)",
        "memory": f"takes {outcome.megabytes:,.0f} MB ({per_byte[1]:.2g} MB a byte)",
    }[what]
    guard = (
        f"admission control refuses it by {refused!r}: call redqubit.core.admission.admit first"
        if refused
        else "bound processor time and memory of the process that parses"
    )
    return Issue(
        AMPLIFICATION,
        f"{target.name}|{what}|{refused}",
        f"{target.name}|{what}",
        "high" if what == "hang" else "medium",
        f"{target.name} {target.version} {cost} on {size:,} bytes",
        guard,
        (405, 400),
        (target,),
    )


def _agreement(kind: Kind, results: Sequence[tuple[Target, Outcome]]) -> list[Issue]:
    """Return the disagreement of parsers that accept with those that reject, if there is one."""
    votes = [(target, outcome) for target, outcome in results if target.votes]
    if any(outcome.ending not in FINE for _, outcome in votes):
        return []
    accept = [target for target, outcome in votes if outcome.ending == "accepted"]
    reject = [(target, outcome) for target, outcome in votes if outcome.ending == "rejected"]
    if not accept or not reject:
        return []
    for_it = ", ".join(target.name for target in accept)
    against = ", ".join(target.name for target, _ in reject)
    causes = "|".join(outcome.bucket for _, outcome in reject)
    return [
        Issue(
            AGREEMENT,
            f"{for_it}|{against}|{causes}",
            f"{for_it}|{against}|{causes}",
            "note",
            f"disagreement on a {kind} payload: {for_it} accepts, {against} rejects",
            "let the parser that runs the circuit also be the one that checks it",
            (436,),
            tuple(target for target, _ in votes),
        )
    ]


def finding(issue: Issue, kind: Kind, payload: bytes, file: str) -> Finding:
    """Return the finding about a minimal payload stored as ``file``; it does not quote it."""
    place = Place(file, 1)
    return Finding(
        issue.rule,
        issue.severity,
        issue.message,
        place,
        issue.advice,
        cwe=issue.cwe,
        flow=(Hop(place, f"a {kind} payload of {len(payload):,} bytes, kept in the corpus"),),
        fingerprint=fingerprint(issue.rule, "", issue.key, 0),
    )
