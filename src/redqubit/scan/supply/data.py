"""Bytes of a file or of an archive's entry, read where needed and never whole unless small."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import BinaryIO, Final

from redqubit.scan.supply.advisories import Advisories
from redqubit.scan.supply.hit import Report, Unread

UNPACKED: Final = 2**30  # bytes, of everything packed in one file
ENTRIES: Final = 20_000
DEPTH: Final = 6
RATIO: Final = 200  # unpacked over packed, judged from 16 MiB on
CHUNK: Final = 4 * 2**20


class Data:
    """A seekable file and its size in bytes."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self.file = file
        self.size = size

    @classmethod
    def of(cls, content: bytes) -> Data:
        """Return bytes in memory as data."""
        return cls(io.BytesIO(content), len(content))

    def at(self, offset: int, count: int) -> bytes:
        """Return at most ``count`` bytes from ``offset``; fewer at the end."""
        self.file.seek(offset)
        return self.file.read(max(0, min(count, self.size - offset)))

    def whole(self) -> bytes:
        """Return everything."""
        return self.at(0, self.size)

    def chunks(self, overlap: int) -> Iterator[tuple[int, bytes]]:
        """Yield (offset, bytes) of 4 MiB each, with ``overlap`` bytes shared by neighbors."""
        offset = 0
        while offset < self.size:
            yield offset, self.at(offset, CHUNK + overlap)
            offset += CHUNK


@dataclass(slots=True)
class Budget:
    """What may still be unpacked from one file: bytes and entries."""

    bytes: int = UNPACKED
    entries: int = ENTRIES

    def take(self, count: int) -> bool:
        """Count ``count`` unpacked bytes; False once the limit is passed."""
        self.bytes -= count
        return self.bytes >= 0


@dataclass(frozen=True, slots=True)
class Context:
    """Where a reader is: the path inside the file, the depth and what is left to unpack.

    ``name`` is the file's own name, with ``!`` before each name inside an archive; ``allow`` are
    globals of pickles the user trusts, as ``module`` or ``module:name``; ``advisories`` judge the
    packages that stand in the tree themselves.
    """

    name: str
    inspect: Callable[[Data, Context], Iterator[Report]]
    allow: frozenset[str] = frozenset()
    advisories: Advisories = field(default_factory=lambda: Advisories([]))
    depth: int = 0
    budget: Budget = field(default_factory=Budget)

    def deeper(self, content: bytes, name: str) -> Iterator[Report]:
        """Inspect content found inside, one level down."""
        if self.depth >= DEPTH:
            yield Unread(f"{self.name}: packed over {DEPTH} levels deep")
            return
        inner = replace(self, name=f"{self.name}!{name}", depth=self.depth + 1)
        yield from self.inspect(Data.of(content), inner)

    def embedded(self, content: bytes, name: str) -> Iterator[Report]:
        """Inspect content that only may be something; parts that cannot be read say nothing."""
        for report in self.deeper(content, name):
            if not isinstance(report, Unread):
                yield report
