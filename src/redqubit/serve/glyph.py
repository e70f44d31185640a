"""Small marks that carry meaning by shape as well as hue: protection goals, maturity, strength."""

from __future__ import annotations

from functools import cache
from typing import Final, get_args

from redqubit.killchain.model import Level, Maturity
from redqubit.report.markup import Safe, join, tag

GOALS: Final = (
    ("C", "Confidentiality", "confidentiality"),
    ("I", "Integrity", "integrity"),
    ("A", "Availability", "availability"),
)
LEVELS: Final[tuple[Level, ...]] = get_args(Level)
MATURITY: Final[tuple[Maturity, ...]] = get_args(Maturity)
STRENGTHS: Final = ("none", "weak", "partial", "strong")

_OUTLINES: Final = {
    "C": "M6 1.2a4.8 4.8 0 1 0 .001 0z",
    "I": "M1.6 1.6h8.8v8.8h-8.8z",
    "A": "M6 1.2l5.2 9.6h-10.4z",
}
_HALVES: Final = {  # the left half of each shape
    "C": "M6 1.2a4.8 4.8 0 0 0 0 9.6z",
    "I": "M1.6 1.6h4.4v8.8h-4.4z",
    "A": "M6 1.2v9.6h-5.2z",
}


def step(maturity: Maturity) -> int:
    """Return the rung of the ladder: 0 for proposed to 5 for incident."""
    return MATURITY.index(maturity)


@cache
def goal(letter: str, level: Level) -> Safe:
    """Draw a protection goal: circle, square or triangle; empty, half or full by level."""
    parts = [tag("path", d=_OUTLINES[letter], class_="off" if level == "none" else "rim")]
    if level in ("medium", "high"):
        parts.append(
            tag("path", d=(_HALVES if level == "medium" else _OUTLINES)[letter], class_="fill")
        )
    return tag("svg", *parts, viewBox="0 0 12 12", class_=f"goal {letter}", aria_hidden="true")


@cache
def ticks(rung: int, of: int = 5) -> Safe:
    """Draw a count as strokes: the rung of the maturity ladder, the rest as dots."""
    strokes = [
        tag("path", d=f"M{2 + 4 * i} 1v8" if i < rung else f"M{2 + 4 * i} 8v1") for i in range(of)
    ]
    return tag("svg", *strokes, viewBox=f"0 0 {4 * of} 10", class_="ticks", aria_hidden="true")


@cache
def strength(level: str) -> Safe:
    """Draw the strength of a mitigation as rising bars, or a question mark where unknown."""
    if level == "unknown":
        inner = tag("text", "?", x=7, y=10)
        return tag("svg", inner, viewBox="0 0 14 11", class_="strength", aria_hidden="true")
    rung = STRENGTHS.index(level)
    bars = [
        tag(
            "rect",
            x=5 * i,
            y=7 - 3 * i,
            width=3.5,
            height=3 + 3 * i,
            class_="full" if i < rung else "hollow",
        )
        for i in range(3)
    ]
    return tag("svg", *bars, viewBox="0 0 14 11", class_="strength", aria_hidden="true")


@cache
def verdict(told: str) -> Safe:
    """Draw the verdict on a claim: a tick, a cross or an open ring."""
    path = {
        "supported": "M1.5 6.5l3 3.5l6-8",
        "not supported": "M2 2l8 8M10 2l-8 8",
        "open": "M6 1.5a4.5 4.5 0 1 0 .001 0z",
    }[told]
    return tag(
        "svg",
        tag("path", d=path),
        viewBox="0 0 12 12",
        class_="verdict " + told.replace(" ", "-"),
        aria_hidden="true",
    )


def sprite() -> Safe:
    """Return the goal marks of every level as symbols, for scripts to use."""
    symbols = [
        tag("symbol", goal(letter, level), id=f"goal-{letter}-{i}", viewBox="0 0 12 12")
        for letter, _, _ in GOALS
        for i, level in enumerate(LEVELS)
    ]
    return tag("svg", join(*symbols), class_="sprite", aria_hidden="true", width=0, height=0)
