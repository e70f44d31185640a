"""The QML kill chain and questions to it; no torch, no qiskit."""

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
from redqubit.killchain.query import (
    evidence_of,
    mitigates,
    mitigations_of,
    sources_of,
    technique,
)

__all__ = [
    "MARKS",
    "Edge",
    "KillChain",
    "Mitigation",
    "Record",
    "Source",
    "Tactic",
    "Technique",
    "evidence_of",
    "load",
    "mitigates",
    "mitigations_of",
    "sources_of",
    "technique",
]
