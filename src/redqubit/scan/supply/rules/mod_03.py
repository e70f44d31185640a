"""A JSON file of a job or a result names code to load, or carries a pickle.

## What

JSON, whatever the file is called: Braket job results that declare the data format `pickled_v4`,
Qiskit Runtime payloads whose typed objects name a module outside Qiskit, jsonpickle objects, and
texts anywhere that are base64 of a pickle, also compressed. Circuits as base64 QPY are checked
like files.

## Why bad

In each of these formats the file decides what the reader executes: released decoders imported any
module the payload named (CVE-2024-29032) or unpickled because the payload said so (CVE-2026-9291).
Results come from storage and services that others can write to.

## Example

A results file in a shared bucket says `"dataFormat": "pickled_v4"`; the next notebook that reads
the job runs what is inside.

## Instead

Store results as plain text data, upgrade the SDK and leave `allow_pickle` off, and decode only
types you expect.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from redqubit.core.errors import InputError
from redqubit.killchain import document
from redqubit.scan.finding import Severity
from redqubit.scan.supply.data import Context, Data
from redqubit.scan.supply.hit import Hit, Report, Unread
from redqubit.scan.supply.pickle_machine import walk

ID: Final = "MOD-03"
NAME: Final = "Code in job data"
SEVERITY: Final[Severity] = "high"
CWE: Final = (502, 470)
FRAMEWORKS: Final = ("qiskit", "braket", "*")
ADVICE: Final = (
    "do not decode it; have the result stored as plain data, and read it with a fixed SDK version"
)
PACKAGES: Final = ("qiskit", "qiskit_aer", "qiskit_ibm_runtime", "qiskit_experiments", "numpy")
TEXTS: Final = 100_000
_SIGNS: Final = (b"pickled_v4", b'"__module__"', b'"py/', b"\\u", b"\\/")
_LONG: Final = re.compile(rb'"[A-Za-z0-9+/_-]{24}')
_BASE64: Final = re.compile(r"[A-Za-z0-9+/_\-\s]{16,}={0,2}\s*")
_EXTRA: Final = re.compile(
    r'"(?:[^"\\]|\\.)*+"|//[^\n]*+|/\*.*?(?:\*/|\Z)|-?\b(?:NaN|Infinity)\b|,(?=\s{0,99}[\]}])',
    re.DOTALL,
)
_PACKED: Final = {b"\x80": "pickle", b"\x1f": "gzip", b"x": "zlib", b"Q": "qpy", b"P": "zip"}


def check(data: Data, context: Context, *, named: bool) -> Iterator[Report]:
    """Look through a JSON text.

    Parameters
    ----------
    data
        Starts with a bracket.
    context
        Where it stands.
    named
        Whether the file calls itself JSON; if not, text that is no JSON is not worth a word.
    """
    if not _worth(data):
        return
    if data.size > document.BYTES:
        yield Unread(f"{context.name}: JSON of over {document.BYTES // 2**20} MiB")
        return
    try:
        text = data.whole().decode("utf-8-sig")
    except UnicodeDecodeError:
        if named:
            yield Unread(f"{context.name}: not UTF-8 text")
        return
    try:
        found = document.parse(_plain(text), context.name, form="json").data
    except InputError as error:
        if named:
            yield Unread(str(error))
        yield from _Look(text, context).raw()
        return
    yield from _Look(text, context).all(found)


def _plain(text: str) -> str:
    """Return JSON without what settings files and Python's writer add to it, line for line."""

    def kept(part: re.Match[str]) -> str:
        if part[0].startswith('"'):
            return part[0]
        if part[0].startswith("/"):
            return "\n" * part[0].count("\n")
        return "null" if part[0][0] in "-NI" else ""

    return _EXTRA.sub(kept, text)


def _worth(data: Data) -> bool:
    return any(
        any(sign in chunk for sign in _SIGNS) or _LONG.search(chunk)
        for _, chunk in data.chunks(overlap=32)
    )


class _Look:
    def __init__(self, text: str, context: Context) -> None:
        self.text, self.context = text, context
        self.texts = 0
        self.braket = False

    def all(self, data: Any) -> Iterator[Report]:
        pending = [data]
        while pending:
            item = pending.pop()
            if isinstance(item, dict):
                yield from self.mapping(item)
                pending.extend(item.values())
            elif isinstance(item, list):
                pending.extend(item)
            elif isinstance(item, str):
                yield from self.packed(item)

    def mapping(self, item: dict[str, Any]) -> Iterator[Report]:
        if item.get("dataFormat") == "pickled_v4":
            self.braket = True
            yield self.hit(
                "declares the data format pickled_v4, so the SDK would unpickle what it holds "
                "(CVE-2026-9291)",
                "dataFormat",
                key="pickled_v4",
            )
        module = item.get("__module__")
        if isinstance(module, str) and module.partition(".")[0] not in PACKAGES:
            yield self.hit(
                f"holds a typed object of the module {module!r:.60}, which old decoders import "
                "and call (CVE-2024-29032)",
                "__module__",
                key=f"module {module[:60]}",
            )
        for mark in ("py/reduce", "py/function", "py/object", "py/type"):
            if isinstance(item.get(mark), str | list | dict):
                yield self.hit(
                    f"holds a jsonpickle object ({mark}: {item[mark]!r:.60}); decoding it imports "
                    "and calls what it names",
                    mark,
                    key=f"{mark} {item[mark]!r:.60}",
                )
                break

    def packed(self, text: str) -> Iterator[Report]:
        if len(text) < 16 or self.texts >= TEXTS or not _BASE64.fullmatch(text):
            return
        self.texts += 1
        content = _decoded(text)
        if content[:1] not in _PACKED and not (
            content[:1] in b"c(" and walk(Data.of(content).file).called
        ):
            return
        for report in self.context.deeper(content, "base64"):
            if isinstance(report, Hit):
                yield replace(report, line=self.line(text[:40]))
        found = walk(Data.of(content).file) if content[:1] == b"\x80" else None
        if found is not None and not found.reason and not self.braket:
            yield self.hit("holds a pickle as base64 text", text[:40], key="base64")

    def raw(self) -> Iterator[Report]:
        """Look for the same in a text that is not quite JSON, such as one with NaN."""
        if re.search(r'"dataFormat"\s*:\s*"pickled_v4"', self.text):
            yield from self.mapping({"dataFormat": "pickled_v4"})
        for module in set(re.findall(r'"__module__"\s*:\s*"([^"\\]{1,200})"', self.text)):
            yield from self.mapping({"__module__": module})
        for found in re.finditer(r'"([A-Za-z0-9+/_-]{24,}={0,2})"', self.text):
            yield from self.packed(found[1])

    def line(self, sign: str) -> int:
        position = self.text.find(f'"{sign}')
        return 1 if position < 0 else self.text.count("\n", 0, position) + 1

    def hit(self, problem: str, sign: str, key: str) -> Hit:
        return Hit(
            ID,
            SEVERITY,
            f"{self.context.name} {problem}",
            key=f"{key} {self.context.name.partition('!')[2]}",
            line=self.line(sign),
        )


def _decoded(text: str) -> bytes:
    text = "".join(text.split()).replace("-", "+").replace("_", "/").rstrip("=")
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return b""
