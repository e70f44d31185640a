"""What an oracle says about a circuit: agree, differ or unknown, by the tolerance rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Outcome = Literal["agree", "differ", "unknown"]
EXACT: Final = 1e-9  # simulators and formats in complex128
COMPILED: Final = 1e-4  # what a compiler's documented approximations may change at most
ULP: Final = 2.0**-52


@dataclass(frozen=True, slots=True)
class Verdict:
    """``distance`` is the largest difference seen; ``detail`` says between what."""

    outcome: Outcome
    distance: float = 0.0
    detail: str = ""


class Undecidable(Exception):  # noqa: N818 - a verdict, not an error
    """The relation cannot be judged for this circuit; never a finding."""


class Failed(Exception):  # noqa: N818 - what the system under test did, not an error here
    """The system under test raised on a valid circuit."""


def judge(distance: float, turns: float, detail: str, *, compiled: bool = False) -> Verdict:
    """Return the verdict on a distance of amplitudes or expectation values.

    ``turns`` is the sum of all angles in radians, and bounds their rounding. Compilers may drop
    gates that are nearly the identity: below `COMPILED` a difference is unknown.
    """
    exact = EXACT + 16 * ULP * turns
    if distance <= exact:
        return Verdict("agree", distance)
    if distance <= (max(exact, COMPILED) if compiled else exact) or exact > COMPILED:
        return Verdict("unknown", distance, f"{detail}: {distance:.3g} is within an approximation")
    return Verdict("differ", distance, f"{detail} by {distance:.3g}")


def worst(verdicts: list[Verdict]) -> Verdict:
    """Return the first that differs, else an unknown, else agreement with the largest distance."""
    for outcome in ("differ", "unknown"):
        for verdict in verdicts:
            if verdict.outcome == outcome:
                return verdict
    return Verdict("agree", max((verdict.distance for verdict in verdicts), default=0.0))
