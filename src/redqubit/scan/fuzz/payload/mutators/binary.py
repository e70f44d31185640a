"""Mutate QPY files where it matters: in length fields, counts, flags and offsets."""

from __future__ import annotations

import random
import re
import struct
from typing import Final

from redqubit.core.admission.qpy import fields

_PART: Final = re.compile(r"(\d*)([a-zA-Z?])")
_KEYS: Final = b"pqegicrtRnzxmsfvda\x00\xff"


def places(data: bytes) -> tuple[tuple[int, int], ...]:
    """Return offset and size in bytes of every number and flag of a QPY file."""
    found = []
    for start, form, _ in fields(data):
        at = start
        for count, letter in _PART.findall(form):
            width = int(count) if letter == "s" and count else struct.calcsize("!" + letter)
            if letter not in "sdf":
                found.append((at, width))
            at += width
    return tuple(found)


def mutate_qpy(payload: bytes, rng: random.Random, other: bytes = b"") -> bytes:
    """Return ``payload`` with one to four fields or bytes changed; ``other`` lends its tail."""
    data = bytearray(payload)
    where = places(payload)
    for _ in range(rng.choice((1, 1, 2, 4))):
        choice = rng.random()
        if where and choice < 0.75:
            _field(data, *rng.choice(where), rng)
        elif data and choice < 0.9:
            data[rng.randrange(len(data))] = rng.choice((0, 1, 127, 128, 255, rng.randrange(256)))
        elif choice < 0.94:
            del data[rng.randrange(len(data) + 1) :]
        elif data:
            at = rng.randrange(len(data))
            data[at:at] = data[at : at + rng.randint(1, 64)]
    if other and rng.random() < 0.05:
        cut = rng.randrange(len(data) + 1)
        data[cut:] = other[cut:]
    return bytes(data)


def _field(data: bytearray, at: int, width: int, rng: random.Random) -> None:
    if at + width > len(data):
        return
    if width == 1:
        data[at] = rng.choice(_KEYS)
        return
    old = int.from_bytes(data[at : at + width], "big")
    most = 256**width - 1
    near = (0, 1, old + 1, old - 1, old * 2, old // 2, len(data))
    far = (most, most // 2, most // 2 + 1, 256, 65_535, 1_000_000, rng.getrandbits(8 * width))
    new = rng.choice((*near, *far))
    data[at : at + width] = (new % (most + 1)).to_bytes(width, "big")
