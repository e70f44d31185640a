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
from redqubit.scan.static.derived import shallow, values_of
from redqubit.scan.static.encoders import (
    Given,
    draws_floats,
    entrances,
    flow_into,
    flows,
    is_random,
    loads_dataset,
    remakes,
)
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
    r"[\(\{\[]0, ?1[\)\}\]]|isin|issubset|[<>]=? ?0?\.5|\bthreshold\b|binari[sz]|[<>]=? ?[01]\b"
    r"|[!=]= [01]\b|'01'|astype\(bool\)|\bbool_?\)"
)
_TYPES: Final = re.compile(r"Literal\[0, ?1\]|\bbool\b|\ble=1\b|\blt=2\b|\[01\]")
_TURNS: Final = frozenset(
    ["where", "binarize", "unpackbits", "bin", "bool", "heaviside", "greater", "sign",
     "signbit", "min", "clip", "logical_not", "not_equal", "isclose"]
)  # fmt: skip
_WHOLE: Final = frozenset({"int", "floor", "ceil", "rint", "round", "astype", "trunc"})
_INTEGERS: Final = frozenset({"randint", "integers", "randrange"})
_SCALED: Final = re.compile(
    r"^sklearn\.(?:preprocessing|decomposition)"
    r"\.\w*(?:Scaler|PCA|Transformer|Normalizer)\.(?:fit_)?transform$"
)


def check(module: Module) -> Iterator[Hit]:
    """Yield the basis encoders of anything but bits."""
    for item in entrances(module, "basis"):
        for place, _, flow in flows(module, item, _not_bits):
            if flow.text in _NO_BITS:
                yield Hit(place, f"{item.call.tail}() gets {flow.text}.")
                continue
            yield Hit(
                place,
                f"Data from {flow.text} reaches {item.call.tail}() without being turned into bits.",
                flow=flow.hops,
            )


_LIST: Final = "values that are not bits"
_RANDOM: Final = "random floats, not bits"
_RANGE: Final = "random integers of a wider range than bits"
_FEATURES: Final = "features, which are not bits"
_NO_BITS: Final = frozenset({_LIST, _RANDOM, _RANGE, _FEATURES})


def _not_bits(given: Given) -> Flow | None:
    """Return what is given if it is not bits."""
    module = given.module
    value = module.fold(given.value)
    if value is not UNKNOWN:
        wrong = isinstance(value, list | tuple) and any(
            isinstance(bit, int | float) and bit not in {0, 1} for bit in value
        )
        return Flow("local", _LIST, (), False, given.value, module) if wrong else None
    made = _Made()
    options: dict[str, Any] = {"clean": made.judge, "ends": _masks}
    if module.flow(given.value, origins=(), **options) is None and made.found is not None:
        call, text = made.found
        flow: Flow | None = Flow("local", text, (), False, call.node, call.module)
    else:
        flow = flow_into(module, given.value, origins=OUTSIDE, clean=_turned, ends=_masks)
    if flow is None:
        return None
    around = Surroundings(module, given.value, replace(flow, hops=flow.hops + given.hops))
    return None if _tested(around) or around.validated() else flow


def _turned(call: Call) -> bool:
    """Return whether a call makes bits; rounding to decimals does not."""
    if call.tail in {"round", "around", "rint"}:
        own = call.receiver is not None and not call.name.startswith(("numpy", "torch", "jax"))
        return len(call.node.args) + len(call.node.keywords) < (1 if own and not call.name else 2)
    kind = call.arg(0, "dtype") if call.tail in {"astype", "to", "type"} else None
    return call.tail in _TURNS or (kind is not None and "bool" in ast.unparse(kind))


class _Made:
    """Judges calls on the way; remembers one that makes numbers other than bits."""

    def __init__(self) -> None:
        self.found: tuple[Call, str] | None = None

    def judge(self, call: Call) -> bool:
        """Return whether nothing needs to be followed further than a call."""
        if _turned(call) or call.tail in _WHOLE - {"round"}:
            return True
        text = ""
        if draws_floats(call):
            text = _RANDOM
        elif call.tail in _INTEGERS and is_random(call) and _is_wide(call):
            text = _RANGE
        elif loads_dataset(call) or _SCALED.search(call.name):
            text = _FEATURES
        if text:
            self.found = (call, text)
        return bool(text) or remakes(call)


def _is_wide(call: Call) -> bool:
    """Return whether integers are drawn of more than 0 and 1."""
    high = call.literal(1, "high")
    high = call.literal(0, "high") if high is UNKNOWN or high is None else high
    limit = 1 if call.name == "random.randint" else 2
    return isinstance(high, int) and high > limit


def _tested(around: Surroundings) -> bool:
    """Return whether the data is compared with bits on the way, or its type allows only them."""
    if _TYPES.search(around.described):
        return True
    for _, scope in around.checks:
        tests = [
            item
            for item in ast.walk(shallow(scope))
            if isinstance(item, ast.Compare | ast.Call | ast.BinOp)
            and _BITS.search(ast.unparse(item))
        ]
        about = around.about(scope) if tests else set()
        if any(values_of(item) & about for item in tests):
            return True
    return False


def _masks(_module: Module, node: ast.expr) -> bool:
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod | ast.BitAnd)
