"""The identity: no defense, behind the same door as every defense."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from redqubit.models.victim import Victim


@dataclass(frozen=True)
class NoDefense:
    """Return the victim as it is, so that "nothing" is measured like everything else."""

    name: ClassVar[str] = "none"
    mitigation: ClassVar[str] = ""
    title: ClassVar[str] = "No defense"
    cost: ClassVar[str] = "Nothing."

    def apply(self, victim: Victim, seed: int) -> Victim:  # noqa: ARG002 - every defense has one
        """Return ``victim``; an attacker has no defense to see."""
        return victim
