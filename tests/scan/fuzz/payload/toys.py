"""Parsers with seeded faults, and one without."""

import os
import time
from collections.abc import Callable

from redqubit.scan.fuzz.payload.targets import Kind, Target


class ToyError(Exception):
    """What a toy documents."""


class PanicError(BaseException):
    """What ``except Exception`` does not catch."""


def clean(payload: bytes) -> int:
    """Accept UTF-8 text with balanced braces."""
    text = payload.decode("utf-8", "replace")
    if text.count("{") != text.count("}"):
        raise ToyError("braces")
    return len(text)


def hangs(payload: bytes) -> int:
    """Never end where a loop is asked for."""
    while b"while" in payload:
        pass
    return clean(payload)


def sleeps(payload: bytes) -> int:
    """Wait without using the processor."""
    if b"delay" in payload:
        time.sleep(600)
    return clean(payload)


def aborts(payload: bytes) -> int:
    """End the process."""
    if b"opaque" in payload:
        os.abort()
    return clean(payload)


def leaves(payload: bytes) -> int:
    """Leave the process quietly."""
    if b"extern" in payload:
        os._exit(0)
    return clean(payload)


def panics(payload: bytes) -> int:
    """Raise what is no `Exception`."""
    if b"switch" in payload:
        raise PanicError("at 12")
    return clean(payload)


def eats(payload: bytes) -> int:
    """Touch 230 MB for a small input."""
    if b"array" in payload:
        return len(b"\1" * 230_000_000)
    return clean(payload)


def gorges(payload: bytes) -> int:
    """Ask for more memory than there may be."""
    if b"18446744073709551616" in payload:
        return len(bytearray(10**13))
    return clean(payload)


def recurses(payload: bytes) -> int:
    """Recurse as deep as the parentheses."""

    def descend(rest: int) -> int:
        return rest and 1 + descend(rest - 1)

    return descend(50 * payload.count(b"("))


def untyped(payload: bytes) -> int:
    """Raise what is not documented, with a message that differs each time."""
    if b"input" in payload:
        raise KeyError(f"{len(payload)} of {id(payload):#x}")
    return clean(payload)


def stricter(payload: bytes) -> int:
    """Reject what the clean parser accepts."""
    if b"duration" in payload:
        raise ToyError("no durations")
    return clean(payload)


def toy(parse: Callable[[bytes], object], kind: Kind = "qasm3", *, votes: bool = False) -> Target:
    """Return the target of a toy."""
    return Target(parse.__name__, kind, "redqubit", (), lambda: parse, ("ToyError",), votes=votes)
