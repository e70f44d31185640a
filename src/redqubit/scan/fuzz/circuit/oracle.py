"""What an oracle is: one relation, checked on one circuit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from redqubit.scan.finding import Severity
from redqubit.scan.fuzz.circuit.bench import Bench
from redqubit.scan.fuzz.circuit.subject import Subject
from redqubit.scan.fuzz.circuit.verdict import Failed, Undecidable, Verdict


@dataclass(frozen=True, slots=True)
class Oracle:
    """One relation of the catalog; ``guard`` says what must not be taken for a fault.

    ``needs`` are the packages it imports, ``advice`` is what to do about a finding.
    """

    id: str
    name: str
    summary: str
    guard: str
    relation: Callable[[Subject, Bench], Verdict]
    advice: str
    severity: Severity = "high"
    needs: tuple[str, ...] = ()

    @property
    def rule(self) -> str:
        """Return the rule id of its findings, ``FUZ-01`` for oracle ``M01``."""
        return f"FUZ-{self.id[1:]}"

    def check(self, subject: Subject, bench: Bench) -> Verdict:
        """Judge one circuit; a valid circuit the system under test raises on differs."""
        try:
            return self.relation(subject, bench)
        except Undecidable as error:
            return Verdict("unknown", 0.0, str(error))
        except Failed as error:
            return Verdict("differ", float("inf"), str(error))
