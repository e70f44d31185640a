"""From evidence to a verdict: what counts as a finding, how severe it is, and the exit code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from redqubit.core.errors import InputError, unknown
from redqubit.core.evidence import Control, Evidence, Finding, Severity

FailOn = Literal["never", "low", "medium", "high", "critical"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)

CLEAN, FINDINGS, USAGE, INCOMPLETE = 0, 1, 2, 3


@dataclass(frozen=True)
class Policy:
    """Thresholds on the lower end of an attack's success interval, in excess of its best control.

    An attack counts as successful only if the lower end of its interval lies above the upper end
    of every control that ran beside it; its severity then follows from the lower end of success.
    """

    low: float = 0.0
    medium: float = 0.1
    high: float = 0.3
    critical: float = 0.7

    def __post_init__(self) -> None:
        steps = (self.low, self.medium, self.high, self.critical)
        if list(steps) != sorted(steps) or not 0 <= steps[0] <= steps[-1] <= 1:
            raise InputError(
                "policy thresholds must rise from low to critical within [0, 1], got "
                + ", ".join(f"{step:g}" for step in steps)
            )

    def succeeds(self, evidence: Evidence) -> bool | None:
        """Say whether the attack beat its controls; None where that cannot be judged."""
        if evidence.status != "measured" or evidence.success is None:
            return None
        low = evidence.success.low
        if low is None:
            return None
        bars = [control.rate.high for control in null_controls(evidence)]
        return low > max([self.low, *(bar for bar in bars if bar is not None)])

    def severity(self, evidence: Evidence) -> Severity:
        """Grade one attack by the lower end of its success interval."""
        low = evidence.success.low if evidence.success else None
        if not self.succeeds(evidence) or low is None:
            return "info"
        if low >= self.critical:
            return "critical"
        if low >= self.high:
            return "high"
        return "medium" if low >= self.medium else "low"

    def findings(self, evidence: Iterable[Evidence]) -> list[Finding]:
        """Turn evidence into findings, the most severe first.

        Attacks that beat their controls are findings of rule ``attack-succeeds``; failed
        self-checks are findings of rule ``self-check-failed``, because the number beside them
        cannot be trusted.
        """
        found: list[Finding] = []
        for item in evidence:
            if item.kind in ("baseline", "certificate") or item.status != "measured":
                continue
            if self.succeeds(item):
                found.append(
                    Finding(
                        "attack-succeeds",
                        self.severity(item),
                        sentence(item),
                        item.technique,
                        (item.id,),
                    )
                )
            found.extend(
                Finding(
                    "self-check-failed",
                    "low",
                    f"{item.attack} against defense {item.defense}: {check.name}: {check.message}",
                    item.technique,
                    (item.id,),
                )
                for check in item.checks
                if check.passed is False
            )
        return sorted(found, key=lambda finding: -SEVERITIES.index(finding.severity))


def null_controls(evidence: Evidence) -> list[Control]:
    """Return the controls an attack must beat: those that spend its budget without its idea.

    The classical analogue is not one of them: it says whether the weakness is a quantum one.
    """
    return [control for control in evidence.controls if control.role == "null"]


def sentence(evidence: Evidence) -> str:
    """Say in one sentence what an attack did, on how many samples, within which budget."""
    within = f" within {evidence.radius}" if evidence.radius else ""
    against = "" if evidence.defense == "none" else f" against {evidence.defense}"
    verb = "agrees with the victim on" if evidence.kind == "extraction" else "succeeds on"
    return f"{evidence.attack}{against} {verb} {evidence.success} of eligible inputs{within}"


def exit_code(findings: Sequence[Finding], evidence: Sequence[Evidence], fail_on: FailOn) -> int:
    """Return 0 clean, 1 a finding at or over ``fail_on``, 3 when something could not be judged.

    A run without one judged attack on the bare model is incomplete too: where the data or the model
    cannot be read, every job is refused with a reason, and that must not pass as clean.
    """
    if fail_on not in get_args(FailOn):
        raise unknown("value for --fail-on", fail_on, get_args(FailOn))
    if fail_on != "never":
        bar = SEVERITIES.index(fail_on)
        if any(SEVERITIES.index(finding.severity) >= bar for finding in findings):
            return FINDINGS
    bare = [item for item in evidence if item.defense == "none"]
    attacks = [item for item in bare if item.kind not in ("baseline", "certificate")]
    blind = any(
        group and not any(item.status == "measured" for item in group)
        for group in (attacks, [item for item in bare if item.kind == "baseline"])
    )
    failed = any(item.status == "failed" for item in evidence)
    return INCOMPLETE if failed or blind else CLEAN
