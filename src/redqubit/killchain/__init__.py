"""The QML kill chain and questions to it; no torch, no qiskit."""

from redqubit.killchain.compare import difference
from redqubit.killchain.cut import choke_points, minimal_cut
from redqubit.killchain.feasible import blocked_by, judge, reachable
from redqubit.killchain.likelihood import measured, sensitivity, simulate, what_if
from redqubit.killchain.load import load
from redqubit.killchain.model import (
    MARKS,
    Edge,
    KillChain,
    Mitigation,
    Record,
    Source,
    Tactic,
    Technique,
)
from redqubit.killchain.path import Goal, cheapest
from redqubit.killchain.query import (
    evidence_of,
    mitigates,
    mitigations_of,
    sources_of,
    technique,
)
from redqubit.killchain.threat import threats

__all__ = [
    "MARKS",
    "Edge",
    "Goal",
    "KillChain",
    "Mitigation",
    "Record",
    "Source",
    "Tactic",
    "Technique",
    "blocked_by",
    "cheapest",
    "choke_points",
    "difference",
    "evidence_of",
    "judge",
    "load",
    "measured",
    "minimal_cut",
    "mitigates",
    "mitigations_of",
    "reachable",
    "sensitivity",
    "simulate",
    "sources_of",
    "technique",
    "threats",
    "what_if",
]
