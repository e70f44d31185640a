"""Make a payload small by ddmin: lines first, then tokens; or blocks of bytes.

Source: Zeller and Hildebrandt, IEEE TSE 28, 183 (2002), section 3.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Final

from redqubit.scan.fuzz.payload.targets import Kind

_TOKEN: Final = re.compile(r"\s+|\w+|[^\w\s]")
Fails = Callable[[bytes], bool]


class _Budget:
    """Counts trials and time; an exhausted budget fails no candidate any more."""

    def __init__(self, fails: Fails, trials: int, seconds: float) -> None:
        self.fails, self.left = fails, trials
        self.deadline = time.monotonic() + seconds

    def __call__(self, candidate: bytes) -> bool:
        if self.left <= 0 or time.monotonic() > self.deadline:
            return False
        self.left -= 1
        return self.fails(candidate)


def shrink(
    payload: bytes, kind: Kind, fails: Fails, *, trials: int = 300, seconds: float = 10.0
) -> bytes:
    """Return a smaller payload for which ``fails`` still holds."""
    check = _Budget(fails, trials, seconds)
    if kind == "qpy":
        return b"".join(_fewer(_blocks(payload), check))
    try:
        text = payload.decode()
    except UnicodeDecodeError:
        return b"".join(_fewer(_blocks(payload), check))
    lines = [line.encode() for line in re.split(r"(?<=[;\n}])", text) if line]
    text = b"".join(_fewer(lines, check)).decode()
    tokens = [token.encode() for token in _TOKEN.findall(text)]
    return b"".join(_fewer(tokens, check))


def _blocks(payload: bytes) -> list[bytes]:
    return [payload[at : at + 1] for at in range(len(payload))]


def _fewer(parts: list[bytes], fails: _Budget) -> list[bytes]:
    """Remove ever smaller runs of parts as long as the failure stays."""
    size = max(len(parts) // 2, 1)
    while parts and fails.left > 0:
        start, removed = 0, False
        while start < len(parts):
            rest = parts[:start] + parts[start + size :]
            if fails(b"".join(rest)):
                parts, removed = rest, True
            else:
                start += size
        if size == 1 and not removed:
            break
        size = max(size // 2, 1) if not removed or size > 1 else 1
    return parts
