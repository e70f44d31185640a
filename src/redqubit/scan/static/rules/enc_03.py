"""Amplitudes that are not normalized, or whose norm may be zero.

## What
A vector goes into an amplitude encoder without normalization although its norm is not 1, or is
normalized by the encoder although it comes from outside and may be all zeros.

## Why bad
A wrong norm makes probabilities that do not sum to 1 or ends the program. Normalizing a row of
zeros divides by zero: probabilities become NaN, and no error says so.

## Example
``qml.AmplitudeEmbedding(row, wires=range(3), normalize=True)`` with a row of an uploaded file

## Instead
Reject rows whose ``np.linalg.norm`` is (nearly) zero, and divide by it or pass ``normalize=True``.
"""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any, Final

from redqubit.scan.finding import Hop, Severity
from redqubit.scan.static.encoders import (
    Given,
    changed,
    draws_floats,
    entrances,
    flow_into,
    flows,
    loads_dataset,
    remakes,
)
from redqubit.scan.static.flow import Flow
from redqubit.scan.static.folding import UNKNOWN
from redqubit.scan.static.module import Call, Module
from redqubit.scan.static.rule import Hit
from redqubit.scan.static.sources import OUTSIDE, REMOTE
from redqubit.scan.static.surroundings import Surroundings

ID: Final = "ENC-03"
NAME: Final = "Amplitudes without a norm"
SEVERITY: Final[Severity] = "medium"
CWE: Final = (682, 20)
FRAMEWORKS: Final = ("qiskit", "pennylane")
TRIGGERS: Final = ("pennylane", "qiskit")
ADVICE: Final = "Reject vectors with a norm near zero and normalize the others before encoding."

_NORMED: Final = re.compile(
    r"linalg\.norm|vdot|sum\(.*\*\* ?2|isclose|allclose|unit_vector|is_valid\(|hypot"
)
_NORMS: Final = re.compile(r"norm(?!al\b)|unit_|softmax|random_state|Statevector", re.IGNORECASE)
_GUARDED: Final = re.compile(
    r"\.any\(|np\.any|numpy\.any|count_nonzero|isclose|allclose|nonzero|\bany\(|[=!]= 0"
    r"|> (?:0|1e|tol|tiny|min)|<=? (?:0|1e|tol|tiny|min|eps)|\beps|EPS|or 1|np\.where|maximum\("
    r"|\bmax\(.*(?:norm|1e)"
    r"|if (?:not )?\w*(?:norm|total|length|scale)\b"
)
_MEASURED: Final = re.compile(r"linalg\.norm|sum\(")
_FILLED: Final = frozenset({"ones", "arange", "linspace"})
_TOLERANCE: Final = 1e-6


def check(module: Module) -> Iterator[Hit]:
    """Yield the amplitude encoders whose vector may have no norm or a wrong one."""
    for item in entrances(module, "amplitude"):
        call = item.call
        normalize = call.literal(*_normalize(call))
        if call.starred or (normalize is UNKNOWN and call.arg(*_normalize(call)) is not None):
            continue
        value = module.fold(item.value)
        if value is not UNKNOWN:
            norm = _norm(value)
            if norm == 0 or (norm is not None and not normalize_on(normalize) and _off(norm)):
                yield Hit(
                    call.node,
                    f"The vector given to {call.tail}() has norm {norm:.4g}, not 1"
                    + (", and zero cannot be normalized." if norm == 0 else "."),
                )
            continue
        raw = partial(_zero if normalize_on(normalize) else _raw, call)
        for place, given, flow in flows(module, item, raw):
            divided = normalize_on(normalize) or _divides(given)
            yield Hit(
                place,
                f"A row of zeros from {flow.text} cannot be normalized for {call.tail}() and gives "
                "NaN without an error."
                if divided
                else f"The vector from {flow.text} reaches {call.tail}() without normalization.",
                flow=flow.hops,
            )


def _raw(call: Call, given: Given) -> Flow | None:
    """Return a flow of a vector that nothing normalizes, or only by a norm that may be zero."""
    flow = flow_into(
        given.module,
        given.value,
        origins=OUTSIDE | {"local"},
        clean=_normalizes,
        guard=changed,
        ends=_is_division,
    )
    if flow is None:
        flow = _drawn(given)
    if flow is None:
        return _zero(call, given) if _divides(given) else None
    around = _around(call, given, flow)
    return None if around.told(_NORMED) or around.validated() else flow


def _normalizes(made: Call) -> bool:
    return _NORMS.search(made.tail) is not None or ".Normalizer." in made.name


def _drawn(given: Given) -> Flow | None:
    """Return a flow of random numbers or a library's data, whose norm is not 1."""
    found: list[Call] = []

    def judged(made: Call) -> bool:
        if draws_floats(made) or loads_dataset(made) or made.tail in _FILLED:
            found.append(made)
            return True
        return _normalizes(made) or remakes(made)

    options: dict[str, Any] = {"clean": judged, "guard": changed, "ends": _is_factor}
    if given.module.flow(given.value, origins=(), **options) is not None or not found:
        return None
    made = found[0]
    hop = Hop(made.module.place(made.node), f"data enters from {made.tail}()")
    return Flow("local", f"{made.tail}()", (hop,), False, made.node, made.module)


def _zero(call: Call, given: Given) -> Flow | None:
    """Return a flow of a vector that may be all zeros."""
    origins = REMOTE if _divides(given) else OUTSIDE
    flow = flow_into(given.module, given.value, origins=origins)
    if flow is None:
        return None
    around = _around(call, given, flow)
    measured = not _divides(given) and around.told(_MEASURED)
    return None if measured or around.told(_GUARDED) or around.validated() else flow


def _around(call: Call, given: Given, flow: Flow) -> Surroundings:
    node = call.node if given.call is None else given.value
    return Surroundings(given.module, node, replace(flow, hops=flow.hops + given.hops))


def _is_division(_module: Module, node: ast.expr) -> bool:
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)


def _is_factor(_module: Module, node: ast.expr) -> bool:
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div | ast.Mult)


def _divides(given: Given) -> bool:
    """Return whether the vector is divided by its own norm where it is given."""
    binding = given.module.single(given.value)
    node = binding.value if binding is not None and binding.kind == "assign" else given.value
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Div):
        return False
    held = given.module.single(node.right)
    below = held.value if held is not None and held.value is not None else node.right
    return _MEASURED.search(ast.unparse(below)) is not None


def normalize_on(value: Any) -> bool:
    """Return whether a folded ``normalize`` argument switches it on."""
    return value is not UNKNOWN and bool(value)


def _normalize(call: Call) -> tuple[int | None, str]:
    return (3 if call.tail in {"AmplitudeEmbedding", "StatePrep"} else None), "normalize"


def _norm(value: Any) -> float | None:
    """Return the 2-norm of a flat vector of numbers; None for labels, integers and matrices."""
    if not isinstance(value, list | tuple) or not value:
        return None
    if not all(isinstance(item, int | float | complex) for item in value):
        return None
    return math.sqrt(sum(abs(item) ** 2 for item in value))


def _off(norm: float) -> bool:
    return abs(norm - 1) > _TOLERANCE
