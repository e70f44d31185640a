"""Numbers and names as the reports write them."""

from __future__ import annotations

import math
from collections.abc import Mapping

from redqubit.core.estimate import Rate
from redqubit.core.evidence import View

MISSING = "–"
MINUS = "−"
NBSP = "\u00a0"  # keeps a number and its unit on one line
_CAPITALS = {
    "quid": "QUID",
    "fourier": "Fourier",
    "qsvm": "QSVM",
    "pauli": "Pauli",
    "euclidean": "Euclidean",
}

VIEWS: dict[View, str] = {
    "none": "no defense",
    "oblivious": "unaware",
    "exact": "aware, exact gradient",
    "surrogate": "aware, surrogate",
    "no gradient": "aware, no gradient",
}


def title(name: str) -> str:
    """Turn a registry name into words: ``projected_gradient`` becomes ``Projected gradient``."""
    words = [_CAPITALS.get(word, word) for word in name.replace("_", " ").split()]
    text = " ".join(words)
    return text[:1].upper() + text[1:]


def phrase(name: str) -> str:
    """Return the words of a registry name for the middle of a sentence."""
    words = title(name).split(" ")
    if words[0].lower() not in _CAPITALS:
        words[0] = words[0][:1].lower() + words[0][1:]
    return " ".join(words)


def percent(value: float | None, unit: bool = True) -> str:
    """Write a proportion as a percentage with one decimal."""
    if value is None or not math.isfinite(value):
        return MISSING
    return f"{100 * value:.1f}{f'{NBSP}%' if unit else ''}"


def interval(rate: Rate | None) -> str:
    """Write the 95 % interval of a rate in percent."""
    if rate is None or rate.low is None or rate.high is None:
        return MISSING
    return f"{percent(rate.low, unit=False)} to {percent(rate.high, unit=False)}"


def points(value: float | None) -> str:
    """Write a difference of proportions in percentage points, with a true minus sign."""
    if value is None or not math.isfinite(value):
        return MISSING
    rounded = round(100 * value, 1)
    return f"{MINUS if rounded < 0 else ''}{abs(rounded):.1f}"


def count(value: float) -> str:
    """Write a count with thousands separators, or in powers of ten from a billion on."""
    if value > 1e300:  # also the integers that no float can hold
        return "over 10³⁰⁰"
    if not math.isfinite(value):
        return MISSING
    if abs(value) < 1e9:
        return f"{round(value):,}"
    exponent = int(math.log10(abs(value)))
    superscript = str(exponent).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{value / 10**exponent:.1f} × 10{superscript}"


def duration(seconds: float) -> str:
    """Write a time span in the unit that keeps it short."""
    if not math.isfinite(seconds):
        return MISSING
    for limit, size, unit in ((120.0, 1.0, "s"), (7200.0, 60.0, "min"), (math.inf, 3600.0, "h")):
        if seconds < limit:
            value = seconds / size
            digits = 2 if value < 10 and unit == "s" else 1
            return f"{value:,.{digits}f}{NBSP}{unit}"
    return MISSING


def number(value: object) -> str:
    """Write a parameter value: floats short, everything else as it prints."""
    return f"{value:g}" if isinstance(value, float) else str(value)


def setting(name: str, value: object) -> str:
    """Write a parameter with its value; nested settings stand in parentheses."""
    if isinstance(value, Mapping):
        inside = ", ".join(setting(str(key), value[key]) for key in value)
        return f"{name.replace('_', ' ')} ({inside})"
    told = "none" if value is None else number(value)
    return f"{name.replace('_', ' ')} {told}"


def plural(n: int, noun: str) -> str:
    """Return ``1 attack`` or ``3 attacks``."""
    return f"{n} {noun}{'' if n == 1 else 's'}"


def listing(names: list[str]) -> str:
    """Join names with commas and a final ``or``."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
