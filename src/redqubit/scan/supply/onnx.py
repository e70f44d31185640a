"""ONNX models by their protocol buffer fields: files they point to and operators they bring."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from redqubit.scan.finding import Severity
from redqubit.scan.supply.archives import outside
from redqubit.scan.supply.data import Context, Data
from redqubit.scan.supply.hit import Hit, Report, Unread

BYTES: Final = 2**30
FIELDS: Final = 2_000_000
DEPTH: Final = 24
DOMAINS: Final = ("", "ai.onnx", "ai.onnx.ml", "ai.onnx.training", "ai.onnx.preview.training")
_EXTERNAL: Final = frozenset({"location", "offset", "length", "checksum", "basepath"})
_MODEL: Final = {1: 0, 2: 2, 3: 2, 4: 2, 5: 0, 6: 2, 7: 2, 8: 2, 14: 2, 20: 2, 25: 2, 26: 2}
_GRAPH, _NODE, _ATTRIBUTE, _TENSOR, _SPARSE, _FUNCTION, _TRAINING = range(7)
# by kind of message: which fields hold messages of which kind
_INSIDE: Final[dict[int, dict[int, int]]] = {
    _GRAPH: {1: _NODE, 5: _TENSOR, 15: _SPARSE},
    _NODE: {5: _ATTRIBUTE},
    _ATTRIBUTE: {
        5: _TENSOR,
        6: _GRAPH,
        10: _TENSOR,
        11: _GRAPH,
        22: _SPARSE,
        23: _SPARSE,
    },
    _TENSOR: {},
    _SPARSE: {1: _TENSOR, 2: _TENSOR},
    _FUNCTION: {7: _NODE, 11: _ATTRIBUTE},
    _TRAINING: {1: _GRAPH, 2: _GRAPH},
}
_TOP: Final = {7: _GRAPH, 20: _TRAINING, 25: _FUNCTION}

Field = tuple[int, int, int, int]  # number, wire type, first byte, byte after the last


class _BrokenError(Exception):
    pass


def is_model(data: Data) -> bool:
    """Whether the top level has exactly the fields an ONNX model may have, and a graph."""
    if not 0 < data.size < 2**31:
        return False
    position, seen = 0, set()
    try:
        while position < data.size:
            head = data.at(position, 20)
            number, wire, _, end = _field(head, 0, 2**62)
            if _MODEL.get(number) != wire:
                return False
            seen.add(number)
            position += end
        return position == data.size and 7 in seen and bool(seen & {1, 8})
    except _BrokenError:
        return False


def check(data: Data, context: Context) -> Iterator[Report]:
    """Report external data that leads out of the folder and operators outside the standard."""
    if data.size > BYTES:
        yield Unread(f"{context.name}: an ONNX model of over {BYTES // 2**30} GiB")
        return
    walker = _Walker(data.whole(), context)
    try:
        yield from walker.model()
    except _BrokenError as error:
        yield Unread(f"{context.name}: not a whole ONNX model: {error}")


class _Walker:
    def __init__(self, raw: bytes, context: Context) -> None:
        self.raw, self.context = raw, context
        self.left = FIELDS
        self.own: set[tuple[str, str]] = set()  # functions the model defines itself
        self.told: set[str] = set()

    def fields(self, start: int, end: int) -> Iterator[Field]:
        while start < end:
            self.left -= 1
            if self.left < 0:
                raise _BrokenError(f"over {FIELDS:,} fields")
            field = _field(self.raw, start, end)
            yield field
            start = field[3]

    def text(self, field: Field) -> str:
        return self.raw[field[2] : field[3]].decode("utf-8", "replace")

    def model(self) -> Iterator[Report]:
        top = list(self.fields(0, len(self.raw)))
        for field in top:
            if field[0] == 25 and field[1] == 2:
                inside = {part[0]: part for part in self.fields(field[2], field[3])}
                name, domain = inside.get(1), inside.get(10)
                self.own.add((self.text(domain) if domain else "", self.text(name) if name else ""))
        for number, wire, start, end in top:
            if number in _TOP and wire == 2:
                yield from self.message(_TOP[number], start, end, 0)

    def message(self, kind: int, start: int, end: int, depth: int) -> Iterator[Report]:
        if depth > DEPTH:
            raise _BrokenError(f"nested deeper than {DEPTH}")
        inside = _INSIDE[kind]
        texts: dict[int, str] = {}
        for field in self.fields(start, end):
            number, wire, first, last = field
            if wire == 2 and number in inside:
                yield from self.message(inside[number], first, last, depth + 1)
            elif wire == 2 and kind == _NODE and number in (4, 7):
                texts[number] = self.text(field)
            elif wire == 2 and kind == _TENSOR and number == 13:
                yield from self.external(first, last)
        if kind == _NODE:
            yield from self.node(texts.get(7, ""), texts.get(4, ""))

    def node(self, domain: str, operator: str) -> Iterator[Report]:
        known = domain in DOMAINS or domain.startswith("com.microsoft")
        if known or (domain, operator) in self.own or f"domain {domain}" in self.told:
            return
        self.told.add(f"domain {domain}")
        yield self.hit(
            "medium",
            f"uses the operator {operator!r:.40} of {domain!r:.60}, which needs a native library "
            "that runs as part of the model",
            f"domain {domain[:60]}",
            "load it only with a library you built or verified, or export the model without it",
        )

    def external(self, start: int, end: int) -> Iterator[Report]:
        key = value = ""
        for field in self.fields(start, end):
            if field[1] == 2 and field[0] == 1:
                key = self.text(field)
            elif field[1] == 2 and field[0] == 2:
                value = self.text(field)
        if f"{key} {value}" in self.told:
            return
        if key == "location" and (outside(value) or "\0" in value or not value):
            self.told.add(f"{key} {value}")
            yield self.hit(
                "high",
                f"reads its weights from {value!r:.100}, outside its own folder",
                f"location {value[:60]}",
                "do not load it; ask for a model whose external data lies beside it",
            )
        elif key not in _EXTERNAL or (key in ("offset", "length") and not value.isdigit()):
            self.told.add(f"{key} {value}")
            yield self.hit(
                "medium",
                f"describes external data with {key!r:.40} = {value!r:.40}, which no reader needs",
                f"external {key[:40]}",
                "do not load it; get the model again from its source",
            )

    def hit(self, severity: Severity, problem: str, key: str, advice: str) -> Hit:
        name = self.context.name
        return Hit(
            "MOD-04",
            severity,
            f"the ONNX model {name} {problem}",
            key=f"{key} {name.partition('!')[2]}",
            advice=advice,
        )


def _field(raw: bytes, position: int, end: int) -> Field:
    tag, position = _varint(raw, position)
    number, wire = tag >> 3, tag & 7
    first = position
    if wire == 0:
        _, last = _varint(raw, position)
    elif wire == 1:
        last = position + 8
    elif wire == 5:
        last = position + 4
    elif wire == 2:
        length, first = _varint(raw, position)
        last = first + length
    else:
        raise _BrokenError(f"a field of the unknown type {wire}")
    if last > end or number == 0:
        raise _BrokenError("a field ends after its message")
    return number, wire, first, last


def _varint(raw: bytes, position: int) -> tuple[int, int]:
    value = shift = 0
    while shift < 64:
        if position >= len(raw):
            raise _BrokenError("it breaks off")
        byte = raw[position]
        position += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, position
        shift += 7
    raise _BrokenError("a number is too long")
