"""Look into zip, tar and compressed files without unpacking them to disk."""

from __future__ import annotations

import bz2
import lzma
import re
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any, Final

from redqubit.scan.supply import lz4, native
from redqubit.scan.supply.data import RATIO, Context, Data
from redqubit.scan.supply.hit import Hit, Report, Unread

ENTRY: Final = 256 * 2**20  # bytes of one entry
HEAD: Final = 4_096
SMALL: Final = 16 * 2**20  # below this no ratio makes a bomb
_STEP: Final = 2**20
_DRIVE: Final = re.compile(r"[A-Za-z]:")
_RAW: Final = re.compile(r"(?:.*/)?data/\d+")  # numbers of a PyTorch archive


def zipped(data: Data, context: Context) -> Iterator[Report]:
    """Inspect every entry of a zip archive."""
    try:
        with zipfile.ZipFile(data.file) as archive:
            yield from _entries(archive, context)
    except (*DAMAGE, RuntimeError) as error:
        yield Unread(f"{context.name}: not a whole zip archive: {_told(error)}")


def _entries(archive: zipfile.ZipFile, context: Context) -> Iterator[Report]:
    names: set[str] = set()
    for entry in archive.infolist():
        context.budget.entries -= 1
        if context.budget.entries < 0:
            yield Unread(f"{context.name}: has too many entries")
            return
        yield from _leads_out(entry.filename, context)
        if entry.filename in names:
            yield Unread(f"{context.name}: two entries are called {entry.filename!r:.80}")
        names.add(entry.filename)
        if entry.filename.endswith(("/", "\\")):
            continue
        if entry.file_size > SMALL and entry.file_size > RATIO * max(entry.compress_size, 1):
            yield Unread(
                f"{context.name}!{entry.filename}: unpacks to {entry.file_size:,} bytes, over "
                f"{RATIO} times its size, as a decompression bomb does"
            )
            continue
        try:
            with archive.open(entry) as stream:
                yield from _stream(stream, entry.filename, context)
        except (*DAMAGE, RuntimeError) as error:
            yield Unread(f"{context.name}!{entry.filename}: cannot be unpacked: {_told(error)}")


def tarred(data: Data, context: Context) -> Iterator[Report]:
    """Inspect every file of a tar archive."""
    data.file.seek(0)
    try:
        with tarfile.open(fileobj=data.file, mode="r:") as archive:
            for entry in archive:
                context.budget.entries -= 1
                if context.budget.entries < 0:
                    yield Unread(f"{context.name}: has too many entries")
                    return
                yield from _leads_out(entry.name, context)
                if entry.issym() or entry.islnk():
                    yield from _leads_out(entry.linkname, context, kind="link to")
                stream = archive.extractfile(entry) if entry.isreg() else None
                if stream is not None:
                    yield from _stream(stream, entry.name, context)
    except DAMAGE as error:
        yield Unread(f"{context.name}: not a whole tar archive: {_told(error)}")


def _stream(stream: Any, name: str, context: Context) -> Iterator[Report]:
    """Read an entry if its first bytes are of interest, within the limits."""
    head = stream.read(HEAD)
    raw = _RAW.fullmatch(name) is not None and head[:1] != b"\x80"
    if not context.budget.take(len(head)):
        yield Unread(f"{context.name}!{name}: unpacks to too much")
        return
    if raw or (len(head) == HEAD and not interesting(head, name)):
        return
    parts, size = [head], len(head)
    while len(head) == HEAD and (part := stream.read(_STEP)):
        parts.append(part)
        size += len(part)
        if size > ENTRY or not context.budget.take(len(part)):
            yield Unread(f"{context.name}!{name}: unpacks to over {size:,} bytes")
            return
    yield from context.deeper(b"".join(parts), name)


def interesting(head: bytes, name: str) -> bool:
    """Whether a file with this start can hold anything a reader here understands."""
    start = head.lstrip()[:1]
    return (
        head[:1] in _STARTS
        or start in (b"{", b"[")
        or head.startswith((b"QISKIT", b"BZh", b"\xfd7zXZ", lz4.MAGIC, b"OPENQASM", b"Metadata"))
        or head[257:262] == b"ustar"
        or name.endswith((".onnx", ".h5", ".keras", ".pkl", ".pickle", ".json", ".safetensors"))
        or name.endswith((".qasm", ".qasm2", ".qasm3"))
        or head[8:9] == b"{"
        or bool(native.form(head))
    )


_STARTS: Final = {bytes([byte]) for byte in b"\x80PK\x1f\x89\x93\x78\x5d(cliI]}.)SVU\x08"}


def compressed(data: Data, context: Context, form: str) -> Iterator[Report]:
    """Inspect what a gzip, zlib, bz2, xz, lzma or lz4 stream holds."""
    parts: list[bytes] = []
    size = 0
    try:
        for part in _unpack(data, form):
            parts.append(part)
            size += len(part)
            if size > SMALL and size > RATIO * data.size:
                yield Unread(
                    f"{context.name}: unpacks to over {RATIO} times its size, as a decompression "
                    "bomb does"
                )
                return
            if size > ENTRY or not context.budget.take(len(part)):
                yield Unread(f"{context.name}: unpacks to over {size:,} bytes")
                return
    except DAMAGE as error:
        if form not in ("zlib", "lzma") or size > HEAD:  # their marks are too short to be sure
            yield Unread(f"{context.name}: not a whole {form} stream: {_told(error)}")
        if size <= HEAD:
            return
    if size:
        yield from context.deeper(b"".join(parts), form)


def _packer(form: str) -> Any:
    match form:
        case "gzip":
            return zlib.decompressobj(31)
        case "zlib":
            return zlib.decompressobj()
        case "bz2":
            return bz2.BZ2Decompressor()
    return lzma.LZMADecompressor(memlimit=512 * 2**20)


def _unpack(data: Data, form: str) -> Iterator[bytes]:
    """Yield unpacked bytes of one stream after another, at most 1 MiB at a time.

    Raises
    ------
    EOFError
        A stream breaks off.
    """
    if form == "lz4":
        data.file.seek(0)
        yield from lz4.unpack(data.file)
        return
    packer, limited = _packer(form), form in ("gzip", "zlib")
    for _, chunk in data.chunks(0):
        rest = chunk
        while True:
            part = packer.decompress(rest, _STEP)
            rest = packer.unconsumed_tail if limited else b""
            if part:
                yield part
            if packer.eof:
                rest = packer.unused_data
                if form in ("zlib", "lzma") or not rest.strip(b"\0"):
                    return
                packer = _packer(form)
            elif not rest if limited else packer.needs_input:
                break
    raise EOFError("it breaks off")


def _leads_out(name: str, context: Context, kind: str = "entry") -> Iterator[Report]:
    if outside(name):
        yield Hit(
            "MOD-04",
            "high",
            f"{context.name} has the {kind} {name!r:.120} that leads out of the folder it would be "
            "unpacked to",
            key=f"out {name}",
            advice="do not unpack it; ask for an archive whose names stay inside",
        )


def outside(name: str) -> bool:
    """Whether a path leads out of the folder it is relative to, on any system."""
    parts = name.replace("\\", "/").split("/")
    return name.startswith(("/", "\\")) or ".." in parts or bool(_DRIVE.match(name))


def _told(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:100]


DAMAGE: Final = (
    zipfile.BadZipFile,
    struct.error,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    OSError,
    EOFError,
    ValueError,
    MemoryError,
    OverflowError,
    IndexError,
)
