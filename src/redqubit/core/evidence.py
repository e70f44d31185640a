"""What a run leaves behind: one `Evidence` a job, joined to the kill chain by technique id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from redqubit.core.budget import Cost, Radius
from redqubit.core.estimate import Mean, Rate

SCHEMA_VERSION = 1

Kind = Literal["baseline", "evasion", "poisoning", "extraction", "certificate"]
Status = Literal["measured", "not run", "failed"]
Role = Literal["attack", "control", "certificate"]
View = Literal["none", "oblivious", "exact", "surrogate", "no gradient"]
Severity = Literal["info", "low", "medium", "high", "critical"]


@dataclass(frozen=True)
class Check:
    """A self-check against false robustness: passed, failed, or None where it could not run."""

    name: str
    passed: bool | None
    message: str


@dataclass(frozen=True)
class Control:
    """A control experiment that ran beside an attack, under the attack's own budget.

    ``name`` is ``random change``, ``base rate``, ``classical analogue`` or a control of the
    technique's own (``random flip``, ``euclidean distance``). ``role`` is ``null`` for a control
    that the attack must beat to count as an attack at all, and ``analogue`` for the same idea
    without quantum knowledge, which says whether the weakness is a quantum one.
    """

    name: str
    rate: Rate
    message: str
    role: Literal["null", "analogue"] = "null"


@dataclass(frozen=True)
class Point:
    """One measured value of a curve: the position on the axis and the rate there."""

    x: float
    rate: Rate


@dataclass(frozen=True)
class Series:
    """A curve: a name for its direct label, its role, and points in order of ``x``."""

    name: str
    role: Role
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Curve:
    """A chart's worth of series on one axis.

    ``x_label`` names the axis with its unit; ``y_label`` names the rate (robust accuracy, accuracy
    after poisoning, agreement with the victim).
    """

    title: str
    x_label: str
    y_label: str
    series: tuple[Series, ...]


@dataclass(frozen=True)
class Provenance:
    """How to get the same numbers again, and on what they were measured."""

    seed: int
    versions: Mapping[str, str]
    device: str
    created: str
    calibration: str | None = None
    data: str = ""
    model: str = ""


@dataclass(frozen=True)
class Evidence:
    """The outcome of one job of an assessment, judged.

    Parameters
    ----------
    id
        Digest of the job that produced it.
    kind
        What was measured; ``baseline`` is the model without attack or defense.
    technique, mitigation
        Ids of the kill chain; empty where none applies.
    attack, defense
        Registry names; ``none`` is the identity.
    view
        How the attacker saw the defense: ``none`` (no defense), ``oblivious`` (attacks the defended
        model as served), or adaptive with ``exact``, ``surrogate`` or ``no gradient`` knowledge.
    success
        The attack's success on eligible samples, None where it could not be judged. For extraction
        it is the agreement of the clone with the victim on held-out inputs.
    rates, means
        Everything else that was measured, by name: ``clean_accuracy``, ``attacked_accuracy``, ...
    """

    id: str
    kind: Kind
    technique: str
    attack: str
    status: Status
    provenance: Provenance
    mitigation: str = ""
    defense: str = "none"
    view: View = "none"
    repeat: int = 0
    parameters: Mapping[str, Any] = field(default_factory=dict)
    defense_parameters: Mapping[str, Any] = field(default_factory=dict)
    radius: Radius | None = None
    success: Rate | None = None
    rates: Mapping[str, Rate] = field(default_factory=dict)
    means: Mapping[str, Mean] = field(default_factory=dict)
    values: Mapping[str, float] = field(default_factory=dict)
    controls: tuple[Control, ...] = ()
    checks: tuple[Check, ...] = ()
    curves: tuple[Curve, ...] = ()
    cost: Cost = field(default_factory=Cost)
    reason: str = ""
    notes: tuple[str, ...] = ()
    schema: int = SCHEMA_VERSION


@dataclass(frozen=True)
class Finding:
    """A statement of the policy about evidence, for tables, SARIF and exit codes."""

    rule: str
    severity: Severity
    message: str
    technique: str
    evidence: tuple[str, ...] = ()
