"""What lies around the statements of OpenQASM text: comments, strings, pragmas, brackets."""

from __future__ import annotations

import re
from itertools import accumulate
from typing import Final

from redqubit.core.admission.expression import number
from redqubit.core.admission.found import Tally

_SKIPPED: Final = re.compile(
    r"\"[^\"\n]*+\"|'[^'\n]*+'|//[^\n]*+|/\*(?:[^*]|\*(?!/))*+(?:\*/|(?P<open>\Z))"
)
_INCLUDE: Final = re.compile(r"include\b\s*+(?:\"([^\"\n]*+)\"|'([^'\n]*+)')?+")
_STRING: Final = re.compile(r"\"[^\"\n]*+\"|'[^'\n]*+'")
_LINE: Final = re.compile(r"^[ \t]*+(?:#?pragma\b|@[A-Za-z_])[^\n]*+", re.MULTILINE)
_ANNOTATION: Final = re.compile(r"@(?=[A-Za-z_])")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)")
# Small Greek letters name parameters; omicron, which looks like an o, does not.
_FOREIGN: Final = re.compile(r"[^\x00-\x7fα-ξπ-ωℇµ]")
_HEADER: Final = re.compile(r"\s*+OPENQASM\s++(\d{1,9})(?:\.\d{1,9})?+\s*+;")
_DEPTH: Final = {ord(bracket): 1 if bracket in "([{" else -1 for bracket in "()[]{}"}
_LONG: Final = re.compile(r"[^\w.](\d\w{14,}+)")
_POWER: Final = re.compile(r"[\d.][eE][+-]?\d")
_SCIENTIFIC: Final = re.compile(r"(?<![\w.])(?:\d[\d_]*+\.?[\d_]*+|\.\d++)[eE][+-]?(\d++)")
_SIGNS: Final = re.compile(r"(?:[-+~!]\s*+){50}")  # parsers recurse into each sign
_OTHER: Final = bytes(range(256)).translate(None, b"()[]{}")
_LETTERS: Final = re.sub(rb"\W", b"", bytes(range(128))) + bytes(range(128, 256))
_RUNS: Final = bytes(97 if byte in _LETTERS else 32 for byte in range(256))
_NOT_SYMBOLS: Final = _LETTERS + b" \t\n\r\x0b\x0c"
_NOT_A_NUMBER: Final = re.compile(
    r"[(,=+\-*/^]\s*+(nan|inf|infinity)\s*+[),;+\-*/^]", re.IGNORECASE
)


def peel(text: str, tally: Tally) -> str:
    """Return ``text`` without comments, strings, pragmas and annotations, and note what they hide.

    Sets tokens, nesting, includes, version and the magnitude of literals of ``tally``.
    """
    if match := _CONTROL.search(text):
        tally.fault("characters", f"control character U+{ord(match[0]):04X}")
    if '"' in text or "'" in text or "/" in text:
        text = _without_comments(text, tally)
    text = _without_lines(text, tally)
    for match in _INCLUDE.finditer(text):
        if text[match.start() - 1 : match.start()].isalnum():
            continue
        name = match[1] if match[1] is not None else match[2]
        if name is None:
            tally.fault("include", "an include without a file name")
        elif len(tally.includes) > 20:
            break
        elif name not in tally.includes:
            tally.includes.append(name)
    text = _STRING.sub('""', text)
    if text.count('"') % 2 or "'" in text:
        tally.fault("strings", "a quote that is not closed on its line")
    if header := _HEADER.match(text):
        tally.version = int(header[1])
    _read_characters(text, tally)
    raw = text.encode(errors="surrogatepass")
    words = raw.translate(_RUNS).split()
    tally.tokens = len(words) + len(raw.translate(None, _NOT_SYMBOLS))
    _read_brackets(raw, tally)
    if _SIGNS.search(text):
        tally.fault("nesting", "fifty signs in front of one number")
    _read_literals(text, tally, longest=max(map(len, words), default=0))
    return text


def _without_comments(text: str, tally: Tally) -> str:
    unclosed = False

    def replace(match: re.Match[str]) -> str:
        nonlocal unclosed
        unclosed = unclosed or match["open"] is not None
        return match[0] if match[0][0] in "\"'" else " "

    text = _SKIPPED.sub(replace, text)
    if unclosed:
        tally.fault("comments", "a comment that is never closed")
    return text


def _without_lines(text: str, tally: Tally) -> str:
    if "@" not in text and "pragma" not in text:
        return text
    for match in _LINE.finditer(text):
        before = text[max(0, match.start() - 200) : match.start()].rstrip()
        if before and before[-1] not in ";{}\"'":
            tally.fault("pragmas", "a pragma or annotation within a statement")
    text = _LINE.sub("", text)
    for match in _ANNOTATION.finditer(text):
        before = text[max(0, match.start() - 200) : match.start()].rstrip()
        if not before.endswith(("ctrl", "inv", ")")):
            tally.fault("pragmas", "an annotation that does not begin its line")
            break
    return text


def _read_characters(text: str, tally: Tally) -> None:
    if text.isascii():
        return
    if match := _FOREIGN.search(text):
        tally.fault("characters", f"U+{ord(match[0]):04X} outside comments and strings")
    elif tally.version < 3:
        tally.fault("characters", "a Greek letter outside OpenQASM 3")


def _read_brackets(raw: bytes, tally: Tally) -> None:
    depth = list(accumulate(map(_DEPTH.__getitem__, raw.translate(None, _OTHER))))
    tally.nesting = max(depth, default=0)
    if depth and (min(depth) < 0 or depth[-1]):
        tally.fault("brackets", "brackets that do not match")


def _read_literals(text: str, tally: Tally, longest: int) -> None:
    """Note numbers that are not finite and the largest of those of fifteen digits and more."""
    if longest >= 15:
        for literal in _LONG.findall(text):
            tally.magnitude = max(tally.magnitude, number(literal))
    if _POWER.search(text):
        for match in _SCIENTIFIC.finditer(text):
            if len(match[1]) > 3 or int(match[1]) > 400:
                tally.fault("literals", "a number whose exponent is beyond floating point")
            else:
                tally.magnitude = max(tally.magnitude, number(match[0]))
    if wrong := _NOT_A_NUMBER.search(text):
        tally.fault("literals", f"{wrong[1].lower()} as a number")
