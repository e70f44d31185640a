"""Find weaknesses before they run: static rules, supply chain, circuit and payload fuzzing."""

from redqubit.scan.finding import (
    SEVERITIES,
    About,
    Finding,
    Fix,
    Hop,
    Place,
    Result,
    Severity,
    Skipped,
)

__all__ = [
    "SEVERITIES",
    "About",
    "Finding",
    "Fix",
    "Hop",
    "Place",
    "Result",
    "Severity",
    "Skipped",
]
