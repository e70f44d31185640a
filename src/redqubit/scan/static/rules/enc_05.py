"""Basis states made of numbers that are not bits.

## What
``BasisEmbedding`` or ``BasisState`` gets a list with other values than 0 and 1, random floats, or
data from outside that nothing turns into bits; ``int()`` alone leaves the range open.

## Why bad
What is not a bit is cut or compared by truth value, depending on the version: the encoded sample
is another one than the caller's, and 0.9 and 0.1 may become the same state.

## Example
``qml.BasisEmbedding(request.json["bits"], wires=range(4))``

## Instead
``bits = (np.asarray(x) > 0.5).astype(int)``, or reject whatever is not 0 or 1.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from redqubit.scan.finding import Severity
from redqubit.scan.static.encoders import Given, entrances, flow_into, flows
from redqubit.scan.static.flow import Flow
from redqubit.scan.static.folding import UNKNOWN
from redqubit.scan.static.module import Call, Module
from redqubit.scan.static.rule import Hit
from redqubit.scan.static.sources import OUTSIDE
from redqubit.scan.static.surroundings import Surroundings

ID: Final = "ENC-05"
NAME: Final = "Basis state of values that are not bits"
SEVERITY: Final[Severity] = "low"
CWE: Final = (704,)
FRAMEWORKS: Final = ("pennylane",)
TRIGGERS: Final = ("pennylane",)
ADVICE: Final = "Turn features into 0 or 1 by a stated threshold and reject other values."

_BITS: Final = re.compile(
    r"[\(\{\[]0, ?1[\)\}\]]|isin|issubset|[<>]=? ?0?\.5|\bthreshold\b|binar|[<>]=? ?[01]\b"
    r"|[!=]= 1\b"
)
_TURNS: Final = frozenset(
    ["round", "where", "binarize", "unpackbits", "bin", "bool", "heaviside", "greater", "sign",
     "signbit", "min", "clip"]
)  # fmt: skip
_FLOATS: Final = frozenset(["uniform", "rand", "randn", "normal", "random", "standard_normal"])


def check(module: Module) -> Iterator[Hit]:
    """Yield the basis encoders of anything but bits."""
    for item in entrances(module, "basis"):
        for place, _, flow in flows(module, item, _not_bits):
            if flow.text in {_LIST, _RANDOM}:
                yield Hit(place, f"{item.call.tail}() gets {flow.text}.")
                continue
            yield Hit(
                place,
                f"Data from {flow.text} reaches {item.call.tail}() without being turned into bits.",
                flow=flow.hops,
            )


_LIST: Final = "values that are not bits"
_RANDOM: Final = "random floats, not bits"


def _not_bits(given: Given) -> Flow | None:
    """Return what is given if it is not bits."""
    module = given.module
    value = module.fold(given.value)
    if value is not UNKNOWN:
        wrong = isinstance(value, list | tuple) and any(
            isinstance(bit, int | float) and bit not in {0, 1} for bit in value
        )
        return Flow("local", _LIST, (), False, given.value, module) if wrong else None
    drawn: list[Call] = []

    def turned(call: Call) -> bool:
        if call.tail in _FLOATS and _is_random(call):
            drawn.append(call)
            return True
        kind = call.arg(0, "dtype") if call.tail == "astype" else None
        return call.tail in _TURNS or (kind is not None and "bool" in ast.unparse(kind))

    options: dict[str, Any] = {"clean": turned, "ends": _masks}
    if module.flow(given.value, origins=(), **options) is None and drawn:
        return Flow("local", _RANDOM, (), False, drawn[0].node, drawn[0].module)
    flow = flow_into(module, given.value, origins=OUTSIDE, **options)
    if flow is None:
        return None
    around = Surroundings(module, given.value, replace(flow, hops=flow.hops + given.hops))
    return None if _BITS.search(around.text) or around.validated() else flow


def _is_random(call: Call) -> bool:
    receiver = call.receiver
    told = call.name or (ast.unparse(receiver) if receiver is not None else "")
    return re.search(r"random|rng|generator", told) is not None


def _masks(_module: Module, node: ast.expr) -> bool:
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod | ast.BitAnd)
