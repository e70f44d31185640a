"""How often the loops of an OpenQASM program run."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from redqubit.core.admission.found import CAP, Tally

PREFIX: Final = re.compile(r"\s*+(if|else|for|while|switch|case|default|box)\b")
VARIES: Final = re.compile(r"(?!\b(?:true|false|pi|tau|euler)\b)\b[^\W\d]\w*+")
_FOR: Final = re.compile(r"\s*+((?:\w++(?:\s*+\[[^\[\]]*+\])?+\s++)*?)(\w++)\s++in\b\s*+")
_SIDE: Final = re.compile(r"[()]")


@dataclass(frozen=True)
class Loop:
    """A for loop: the name of its ``variable`` and how many ``rounds`` it runs, at most."""

    variable: str
    rounds: int


def parenthesis(text: str) -> tuple[str, str]:
    """Return what the parenthesis that begins ``text`` holds, and what follows it."""
    start = text.find("(")
    if start < 0 or text[:start].strip():
        return "", text
    depth = 0
    for match in _SIDE.finditer(text, start):
        depth += 1 if match[0] == "(" else -1
        if not depth:
            return text[start + 1 : match.start()], text[match.end() :]
    return text[start + 1 :], ""


def read_for(
    text: str,
    tally: Tally,
    value: Callable[[str, str], int],
    width: Callable[[str], int],
) -> tuple[Loop, str]:
    """Return the loop whose header follows ``for``, and what follows the header."""
    match = _FOR.match(text)
    if match is None:
        tally.fault("loops", "a for loop without a range")
        return Loop("", 1), ""
    text = text[match.end() :]
    if text.startswith("["):
        inside, _, rest = text[1:].partition("]")
        return Loop(match[2], _range(inside, tally, value)), rest
    if text.startswith("‹"):
        inside, _, rest = text[1:].partition("›")
        return Loop(match[2], inside.count(",") + 1), rest
    name = re.match(r"\w*+", text)
    over = name[0] if name else ""
    return Loop(match[2], width(over)), text[len(over) :]


def _range(inside: str, tally: Tally, value: Callable[[str, str], int]) -> int:
    parts = inside.split(":")
    if len(parts) not in (2, 3):
        tally.fault("loops", "a range that is not start:step:stop")
        return 1
    start, stop = value(parts[0], "loops"), value(parts[-1], "loops")
    step = value(parts[1], "loops") if len(parts) == 3 else 1
    if not step:
        tally.fault("loops", "a range with step 0")
        return 1
    return min(max((stop - start) // step + 1, 1), CAP)
