"""What a fuzzing campaign did: findings, verdicts by oracle, and where to go on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from redqubit.scan.finding import Finding, Result, Skipped

OUTCOMES: Final = ("agree", "differ", "unknown")


@dataclass(frozen=True, slots=True)
class Campaign:
    """``next`` is the first case not yet run; with ``seed`` it says how to go on.

    ``verdicts`` counts agree, differ and unknown by oracle id; ``cases`` counts circuits, or rows
    sent to a model; ``skipped`` are oracles that could not run and stored cases that could not be
    read, with the reason. ``not_applicable`` are oracles the subject declares too little for.
    """

    findings: tuple[Finding, ...]
    verdicts: Mapping[str, Mapping[str, int]]
    cases: int
    seconds: float
    seed: int
    next: int = 0
    skipped: tuple[Skipped, ...] = field(default_factory=tuple)
    not_applicable: tuple[Skipped, ...] = field(default_factory=tuple)

    @property
    def rate(self) -> float:
        """Return cases per second."""
        return self.cases / self.seconds if self.seconds > 0 else 0.0

    @property
    def result(self) -> Result:
        """Return the record every output format takes."""
        return Result(
            self.findings,
            skipped=self.skipped,
            files=self.cases,
            seconds=self.seconds,
            unit="case",
        )
