"""Unpack LZ4 frames, as joblib writes them, a block at a time and within the caller's limits.

Source: LZ4 Frame Format Description 1.6.4 and LZ4 Block Format Description.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO, Final

MAGIC: Final = b"\x04\x22\x4d\x18"
BLOCK: Final = 4 * 2**20  # the largest block the format allows
_WINDOW: Final = 2**16
_SKIPPABLE: Final = range(0x184D2A50, 0x184D2A60)


def unpack(file: BinaryIO) -> Iterator[bytes]:
    """Yield the content of every frame from the file's position, at most 4 MiB at a time.

    Raises
    ------
    ValueError
        A frame is damaged.
    EOFError
        A frame breaks off.
    """
    while magic := file.read(4):
        if len(magic) == 4 and int.from_bytes(magic, "little") in _SKIPPABLE:
            _exactly(file, int.from_bytes(_exactly(file, 4), "little"))
            continue
        if magic != MAGIC:
            return  # whatever follows a frame is not this reader's
        yield from _frame(file)


def _frame(file: BinaryIO) -> Iterator[bytes]:
    flags, _ = _exactly(file, 2)
    if flags >> 6 != 1:
        raise ValueError(f"version {flags >> 6} of the LZ4 frame is unknown")
    if flags & 1:
        raise ValueError("the LZ4 frame needs a dictionary")
    _exactly(file, 8 * bool(flags & 8) + 1)  # the content's size and a checksum of the header
    linked, checked = not flags & 0x20, bool(flags & 0x10)
    window = b""
    while size := int.from_bytes(_exactly(file, 4), "little"):
        plain, size = bool(size >> 31), size & 0x7FFF_FFFF
        if size > BLOCK:
            raise ValueError(f"a block of {size:,} bytes is over the format's {BLOCK:,}")
        block = _exactly(file, size)
        content = block if plain else _block(block, window)
        window = (window + content)[-_WINDOW:] if linked else b""
        yield content
        _exactly(file, 4 * checked)
    _exactly(file, 4 * bool(flags & 4))  # a checksum of the content


def _block(block: bytes, window: bytes) -> bytes:
    """Return what a block unpacks to; ``window`` is what came before it."""
    out = bytearray(window)
    most = len(window) + BLOCK
    at = 0
    while at < len(block):
        token = block[at]
        at += 1
        literals, at = _length(block, at, token >> 4)
        if literals > len(block) - at:
            raise ValueError("literals reach beyond their block")
        out += block[at : at + literals]
        at += literals
        if at == len(block):
            break
        (back,) = struct.unpack_from("<H", block, at)
        copied, at = _length(block, at + 2, token & 15)
        copied += 4
        start = len(out) - back
        if not back or start < 0 or len(out) + copied > most:
            raise ValueError("a match reaches beyond its window or its block")
        piece = out[start : start + copied]
        out += (piece * (copied // len(piece) + 1))[:copied]
    return bytes(out[len(window) :])


def _length(block: bytes, at: int, value: int) -> tuple[int, int]:
    if value == 15:
        while True:
            more = block[at]
            at += 1
            value += more
            if more != 255:
                break
    return value, at


def _exactly(file: BinaryIO, size: int) -> bytes:
    content = file.read(size)
    if len(content) < size:
        raise EOFError("it breaks off")
    return content
