"""Tell what a file is by its bytes, whatever it is called, and hand it to its reader."""

from __future__ import annotations

import base64
import binascii
import re
import zipfile
from collections.abc import Iterator
from typing import Final

from redqubit.scan.supply import archives, arrays, keras, lz4, onnx
from redqubit.scan.supply.data import Context, Data
from redqubit.scan.supply.hit import Report, Unread
from redqubit.scan.supply.rules import dep_01, dep_06, mod_01, mod_02, mod_03, mod_06

HEAD: Final = 4_096
_HDF5: Final = b"\x89HDF\r\n\x1a\n"
_ZLIB: Final = re.compile(rb"x[\x01\x5e\x9c\xda]")
_LZMA: Final = re.compile(rb"\x5d\x00\x00.{10}", re.DOTALL)
_PICKLES: Final = (".pkl", ".pickle", ".joblib", ".dill")
_OPENQASM: Final = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s|//[^\n]*\n)*OPENQASM\s+[23]")
_SECOND: Final = frozenset(b"\x80\x88\x89\x8a\x8b\x8c\x8d\x8e\x8f\x95\x96]})(cilINSVUXKMJLGFTBC.")
_WEAK: Final = frozenset(b"(]})cilINSVUXKMJLGFTBC")  # first opcodes of protocols 0 and 1


def inspect(data: Data, context: Context) -> Iterator[Report]:
    """Report what is wrong with one file or entry; never raises for what is in it."""
    if data.size == 0:
        return
    head = data.at(0, HEAD)
    name = context.name.rpartition("!")[2]
    if context.depth:
        yield from dep_06.packed(head, context)
    yield from _by_start(data, context, head, name)
    if not head.startswith(b"PK") and _packed(head) != "tar" and _zip_at_end(data):
        yield from archives.zipped(data, context)


def _by_start(data: Data, context: Context, head: bytes, name: str) -> Iterator[Report]:
    form = _packed(head)
    if head[:1] == b"\x80" and head[1:2] <= b"\x05":
        yield from mod_01.check(data, context, certain=_certain(head))
    elif head.startswith(b"QISKIT"):
        yield from mod_02.check(data, context)
        yield from mod_06.check(data, context)
    elif head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        yield from archives.zipped(data, context)
    elif head.startswith(b"\x93NUMPY"):
        yield from arrays.numpy_array(data, context)
    elif head.startswith(_HDF5) or any(data.at(2**power, 8) == _HDF5 for power in (9, 10, 11)):
        yield from keras.hdf5(data, context)
    elif form == "tar":
        yield from archives.tarred(data, context)
    elif form:
        yield from archives.compressed(data, context, form)
    elif head.startswith(b"Metadata-Version:"):
        yield from dep_01.carried(head, context.name, context.advisories)
    elif name.lower().endswith((".qasm", ".qasm2", ".qasm3")) or _OPENQASM.match(head):
        yield from mod_06.check(data, context)
    elif head[8:9] == b"{" and _small_header(head, name):
        yield from arrays.safetensors(data, context)
    elif onnx.is_model(data):
        yield from onnx.check(data, context)
    elif head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        yield from _json(data, context, head, name)
    elif head[:1] == b"g" and (content := _base64(data, head)):
        yield from context.deeper(content, "base64")
    elif head[0] in _WEAK:
        yield from mod_01.check(data, context, certain=False)
    elif name.lower().endswith(_PICKLES):
        yield Unread(f"{context.name}: called a pickle but not in any form known here")


def _certain(head: bytes) -> bool:
    """Whether the second instruction is one that pickles start with."""
    return len(head) < 3 or head[2] in _SECOND


def _packed(head: bytes) -> str:
    if head.startswith(b"\x1f\x8b"):
        return "gzip"
    if head.startswith(b"BZh"):
        return "bz2"
    if head.startswith(b"\xfd7zXZ\x00"):
        return "xz"
    if head.startswith(lz4.MAGIC):
        return "lz4"
    if _ZLIB.match(head) and int.from_bytes(head[:2], "big") % 31 == 0:
        return "zlib"
    if _LZMA.match(head):
        return "lzma"
    if len(head) >= 512 and (head[257:262] == b"ustar" or _old_tar(head)):
        return "tar"
    return ""


def _old_tar(head: bytes) -> bool:
    """Whether the first block has the checksum of a tar entry, as tars without a mark do."""
    field = head[148:156].strip(b"\0 ")
    if not 4 <= len(field) <= 7 or not head[0] or field.strip(b"01234567"):
        return False
    return int(field, 8) == sum(head[:148]) + sum(head[156:512]) + 8 * 32


def _small_header(head: bytes, name: str) -> bool:
    return name.endswith(".safetensors") or int.from_bytes(head[:8], "little") < 2**40


def _zip_at_end(data: Data) -> bool:
    tail = data.at(max(0, data.size - 2**16 - 22), 2**16 + 22)
    if b"PK\x05\x06" not in tail:
        return False
    try:
        return zipfile.is_zipfile(data.file)
    except archives.DAMAGE:
        return False


def _json(data: Data, context: Context, head: bytes, name: str) -> Iterator[Report]:
    if name == "config.json" and keras.is_config(head):
        yield from keras.config(data, context)
        return
    named = name.lower().endswith(".json")
    yield from mod_03.check(data, context, named=named)


def _base64(data: Data, head: bytes) -> bytes:
    """Return the pickle a text file holds as base64, or nothing."""
    if not re.match(rb"gA[IJKLMNOPQRSTUV][A-Za-z0-9+/=\s]*\Z", head) or data.size > 2**28:
        return b""
    try:
        return base64.b64decode(data.whole())
    except (binascii.Error, ValueError):
        return b""
