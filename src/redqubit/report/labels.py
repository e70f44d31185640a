"""Where the labels of a chart go: text widths, line breaks and places that do not overlap."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

_NARROW = frozenset("ijltfrI.,:;'|!()[]/ ")
_WIDE = frozenset("mwMW@%—…")


def text_width(text: str, size: float) -> float:
    """Return an upper estimate of the width of sans-serif text, in the unit of ``size``.

    Wide enough for the widest common system font in semibold.
    """
    return sum(map(_width, text)) * size


def _width(char: str) -> float:
    if unicodedata.east_asian_width(char) in "WF":
        return 1.1
    if char in _NARROW:
        return 0.42
    if char in _WIDE:
        return 1.06
    return 0.8 if char.isupper() else 0.69


def wrap(text: str, size: float, width: float, most: int = 3) -> tuple[str, ...]:
    """Break text into lines of at most ``width``; a word that is too long is cut.

    At most ``most`` lines are returned; the last ends in an ellipsis where text is left out.
    """
    lines: list[str] = []
    for word in text.split():
        piece = _cut(word, size, width)
        if lines and text_width(f"{lines[-1]} {piece}", size) <= width:
            lines[-1] = f"{lines[-1]} {piece}"
        else:
            lines.append(piece)
    if len(lines) > most:
        lines = [*lines[: most - 1], _cut(" ".join(lines[most - 1 :]), size, width)]
    return tuple(lines) or ("",)


def _cut(text: str, size: float, width: float) -> str:
    """Return as much of the text as fits, with an ellipsis where some is left out."""
    room = width / size
    end, used, full = 0, _width("…"), 0.0
    for char in text:
        full += _width(char)
        if full > room:
            return text[: max(end, 1)].rstrip() + "…"
        used += _width(char)
        end += used <= room
    return text


def spread(
    wanted: Sequence[float], sizes: Sequence[float], low: float, high: float
) -> tuple[float, ...]:
    """Place labels of given sizes along a line without overlap, near where they are wanted.

    The centers minimize the sum of squared moves, weighted equally, in the order of ``wanted``
    (ties keep their order). All labels lie inside ``[low, high]`` where they fit; where they do
    not, they start at ``low`` and run over.

    Source: pool adjacent violators (isotonic regression), Ayer et al. (1955).
    """
    order = sorted(range(len(wanted)), key=lambda i: (wanted[i], i))
    before = 0.0
    offsets: list[float] = []  # of each center from the start of a gapless stack
    for i in order:
        offsets.append(before + sizes[i] / 2)
        before += sizes[i]
    blocks: list[tuple[float, int]] = []  # (mean start of the stack, members)
    for i, offset in zip(order, offsets, strict=True):
        start, members = wanted[i] - offset, 1
        while blocks and blocks[-1][0] >= start:
            other, count = blocks.pop()
            start = (start * members + other * count) / (members + count)
            members += count
        blocks.append((start, members))
    top = max(low, high - before)
    starts = [min(max(start, low), top) for start, members in blocks for _ in range(members)]
    placed = {i: start + offset for i, start, offset in zip(order, starts, offsets, strict=True)}
    return tuple(placed[i] for i in range(len(wanted)))
