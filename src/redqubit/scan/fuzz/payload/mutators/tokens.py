"""Mutate OpenQASM text by tokens, with a dictionary of words, numbers and odd characters."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from typing import Final

_TOKEN: Final = re.compile(r"\s+|\w+(?:\.\w*)?|\"[^\"\n]*\"|->|==|\*\*|.", re.DOTALL)
WORDS: Final = (
    *("OPENQASM", "include", "qreg", "creg", "qubit", "bit", "gate", "opaque", "measure", "reset"),
    *("barrier", "if", "else", "for", "while", "in", "switch", "case", "def", "return", "let"),
    *("const", "int", "uint", "float", "angle", "bool", "array", "duration", "delay", "box", "end"),
    *("ctrl", "negctrl", "inv", "pow", "@", "U", "CX", "gphase", "h", "x", "cx", "rx", "u3", "ccx"),
    *("pi", "sin", "ln", "sqrt", "exp", "q", "c", "true", "input", "output", "extern", "cal"),
)
SIGNS: Final = (*"()[]{};,:+-*/^%&|~!<>=@#$.'\"\\", "->", "**", "++", "<<", "==", "//", "/*", "*/")
NUMBERS: Final = (
    *("0", "1", "-1", "2", "3", "63", "64", "65", "255", "256", "2147483647", "2147483648"),
    *("4294967296", "9223372036854775808", "18446744073709551616", "1e9", "1e308", "1e309"),
    *("1e400", "1e-400", "0.0", ".5", "5.", "1_000", "0x10", "0b1", "00", "1" * 40),
)
ODD: Final = ("\0", "\ufeff", "π", "\u0445", "\u200b", "\r", "\x1b", "\U0001d70b", "\t", "\u2028")


def mutate_text(payload: bytes, rng: random.Random, other: bytes = b"") -> bytes:
    """Return ``payload`` with one to four changes.

    Parameters
    ----------
    other
        Another payload, whose pieces may be taken in.
    """
    tokens = _TOKEN.findall(payload.decode("utf-8", "replace"))
    for _ in range(rng.choice((1, 1, 2, 4))):
        change = rng.choice(_CHANGES)
        tokens = change(tokens, rng) if tokens else [rng.choice(WORDS)]
    if other and rng.random() < 0.15:
        more = _TOKEN.findall(other.decode("utf-8", "replace"))
        start, length = rng.randrange(len(more) + 1), rng.randint(1, 40)
        at = rng.randrange(len(tokens) + 1)
        tokens[at:at] = more[start : start + length]
    return "".join(tokens).encode("utf-8", "replace")


def _at(tokens: list[str], rng: random.Random) -> int:
    return rng.randrange(len(tokens))


def _delete(tokens: list[str], rng: random.Random) -> list[str]:
    at = _at(tokens, rng)
    return tokens[:at] + tokens[at + rng.choice((1, 1, 2, 8)) :]


def _repeat(tokens: list[str], rng: random.Random) -> list[str]:
    at, length = _at(tokens, rng), rng.choice((1, 2, 5, 20))
    piece = tokens[at : at + length]
    return tokens[:at] + piece * rng.choice((2, 2, 3, 50)) + tokens[at + length :]


def _swap(tokens: list[str], rng: random.Random) -> list[str]:
    first, second = _at(tokens, rng), _at(tokens, rng)
    tokens = tokens.copy()
    tokens[first], tokens[second] = tokens[second], tokens[first]
    return tokens


def _replace(tokens: list[str], rng: random.Random) -> list[str]:
    at = _at(tokens, rng)
    return [*tokens[:at], rng.choice((*WORDS, *SIGNS)), *tokens[at + 1 :]]


def _insert(tokens: list[str], rng: random.Random) -> list[str]:
    at = _at(tokens, rng)
    return [*tokens[:at], " ", rng.choice((*WORDS, *SIGNS, *NUMBERS)), " ", *tokens[at:]]


def _number(tokens: list[str], rng: random.Random) -> list[str]:
    numbers = [index for index, token in enumerate(tokens) if token[0].isdigit()]
    if not numbers:
        return _insert(tokens, rng)
    at = rng.choice(numbers)
    return [*tokens[:at], rng.choice(NUMBERS), *tokens[at + 1 :]]


def _odd(tokens: list[str], rng: random.Random) -> list[str]:
    at = _at(tokens, rng)
    return [*tokens[:at], rng.choice(ODD), *tokens[at:]]


def _cut(tokens: list[str], rng: random.Random) -> list[str]:
    return tokens[: _at(tokens, rng)]


def _nest(tokens: list[str], rng: random.Random) -> list[str]:
    numbers = [index for index, token in enumerate(tokens) if token[0].isdigit()]
    at, depth = rng.choice(numbers or [0]), rng.choice((1, 3, 60))
    return [*tokens[:at], *["("] * depth, tokens[at], *[")"] * depth, *tokens[at + 1 :]]


_CHANGES: Final[tuple[Callable[[list[str], random.Random], list[str]], ...]] = (
    *(_delete, _repeat, _swap, _replace, _replace, _insert, _insert),
    *(_number, _number, _odd, _cut, _nest),
)
