"""NumPy arrays and safetensors by their headers: objects inside, sizes that do not fit."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any, Final

from redqubit.core.errors import InputError
from redqubit.killchain import document
from redqubit.scan.supply.data import Context, Data
from redqubit.scan.supply.hit import Hit, Report, Unread

HEADER: Final = 2**20  # bytes of a NumPy header
TENSORS: Final = 100_000_000  # bytes of a safetensors header, as its own reader allows
_OBJECT: Final = re.compile(r"[<>|=]?O\d*")
_BITS: Final = {
    **dict.fromkeys(("BOOL", "U8", "I8", "F8_E5M2", "F8_E4M3", "F8_E8M0"), 8),
    **dict.fromkeys(("F8_E4M3FNUZ", "F8_E5M2FNUZ"), 8),
    **dict.fromkeys(("I16", "U16", "F16", "BF16"), 16),
    **dict.fromkeys(("I32", "U32", "F32"), 32),
    **dict.fromkeys(("I64", "U64", "F64", "C64"), 64),
    "F4": 4,
    "F6_E2M3": 6,
    "F6_E3M2": 6,
}


def numpy_array(data: Data, context: Context) -> Iterator[Report]:
    """Read the header of a ``.npy`` file; an array of objects is a pickle."""
    major = data.at(6, 1)
    width = 2 if major == b"\x01" else 4
    length = int.from_bytes(data.at(8, width), "little")
    start = 8 + width + length
    if length > HEADER or start > data.size:
        yield Unread(f"{context.name}: a NumPy header of {length:,} bytes that is not there")
        return
    try:
        header = ast.literal_eval(data.at(8 + width, length).decode("latin-1").strip())
        kind = header["descr"]
    except (ValueError, SyntaxError, KeyError, TypeError, MemoryError, RecursionError):
        yield Unread(f"{context.name}: not a NumPy header")
        return
    if not _objects(kind, 8):
        return
    yield Hit(
        "MOD-01",
        "medium",
        f"the array {context.name} holds Python objects, so reading it means loading a pickle "
        "(allow_pickle=True)",
        key=f"objects {context.name.partition('!')[2]}",
        advice="store numbers or text in it, or JSON beside it",
    )
    yield from context.deeper(data.at(start, data.size), "objects")


def _objects(kind: Any, depth: int) -> bool:
    if isinstance(kind, str):
        return _OBJECT.fullmatch(kind) is not None
    if isinstance(kind, tuple) and len(kind) == 2 and depth:
        return _objects(kind[0], depth - 1)
    if isinstance(kind, list) and depth:
        return any(len(part) > 1 and _objects(part[1], depth - 1) for part in kind)
    return False


def safetensors(data: Data, context: Context) -> Iterator[Report]:
    """Check a safetensors header: its length, its entries and the bytes they claim."""
    length = int.from_bytes(data.at(0, 8), "little")
    name = context.name
    if length > min(TENSORS, data.size - 8):
        yield _bad(name, f"its header claims {length:,} bytes, more than is there or allowed")
        return
    try:
        text = data.at(8, length).decode("utf-8")
        header = document.parse(text, name, form="json").data
    except UnicodeDecodeError:
        yield _bad(name, "its header is not UTF-8 text")
        return
    except InputError as error:
        yield _bad(name, f"its header is not acceptable JSON ({error})")
        return
    if not isinstance(header, dict):
        yield _bad(name, "its header is no mapping")
        return
    spans = []
    for key, entry in header.items():
        if key == "__metadata__":
            continue
        problem = _tensor(entry, data.size - 8 - length)
        if problem:
            yield _bad(name, f"the tensor {key!r:.60} {problem}")
            return
        spans.append(tuple(entry["data_offsets"]))
    end = 0
    for first, last in sorted(spans):
        if first != end:
            yield _bad(name, "its tensors overlap or leave bytes nobody names between them")
            return
        end = last
    if end != data.size - 8 - length:
        yield _bad(name, "it has bytes after the last tensor")


def _tensor(entry: Any, size: int) -> str:
    """Return what is wrong with one entry, or an empty text."""
    if not isinstance(entry, dict) or not {"dtype", "shape", "data_offsets"} <= entry.keys():
        return "lacks dtype, shape or data_offsets"
    shape, span = entry["shape"], entry["data_offsets"]
    numbers = [*shape, *span] if isinstance(shape, list) and isinstance(span, list) else [None]
    if any(type(item) is not int or item < 0 for item in numbers) or len(span) != 2:
        return "has a shape or an offset that is no count"
    if not span[0] <= span[1] <= size:
        return "points outside the file"
    bits = _BITS.get(str(entry["dtype"]))
    count = 1
    for side in shape:
        count *= side
        if count > 2**62:
            return "has an impossible shape"
    if bits is not None and count * bits != 8 * (span[1] - span[0]):
        return "has a shape that does not fit its bytes"
    return ""


def _bad(name: str, problem: str) -> Hit:
    return Hit(
        "MOD-04",
        "medium",
        f"{name} is not a sound safetensors file: {problem}",
        key=f"safetensors {problem[:40]} {name.partition('!')[2]}",
        advice="do not load it; get the file again and compare its digest",
    )
