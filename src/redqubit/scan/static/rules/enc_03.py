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

import math
import re
from collections.abc import Iterator
from typing import Any, Final

from redqubit.scan.finding import Severity
from redqubit.scan.static.encoders import entrances, flow_into
from redqubit.scan.static.folding import UNKNOWN
from redqubit.scan.static.module import Call, Module
from redqubit.scan.static.rule import Hit
from redqubit.scan.static.sources import OUTSIDE
from redqubit.scan.static.surroundings import Surroundings

ID: Final = "ENC-03"
NAME: Final = "Amplitudes without a norm"
SEVERITY: Final[Severity] = "medium"
CWE: Final = (682, 20)
FRAMEWORKS: Final = ("qiskit", "pennylane")
TRIGGERS: Final = ("pennylane", "qiskit")
ADVICE: Final = "Reject vectors with a norm near zero and normalize the others before encoding."

_NORMED: Final = re.compile(r"norm|vdot|sum\(.*\*\* ?2|isclose|allclose|unit_vector|Statevector")
_GUARDED: Final = re.compile(
    r"linalg\.norm|\.any\(|np\.any|numpy\.any|count_nonzero|isclose|allclose|nonzero|\bany\("
    r"|sum\(|== 0|> 0|\beps"
)
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
        flow = flow_into(module, item.value, origins=OUTSIDE | {"local"})
        if flow is None:
            continue
        text = Surroundings(module, call.node, flow).text.replace("normalize=", "")
        if not normalize_on(normalize):
            if not _NORMED.search(text) and not Surroundings(module, call.node, flow).validated():
                yield Hit(
                    call.node,
                    f"The vector from {flow.text} reaches {call.tail}() without normalization.",
                    flow=flow.hops,
                )
        elif flow.origin != "local" and not _GUARDED.search(text):
            yield Hit(
                call.node,
                f"A row of zeros from {flow.text} cannot be normalized by {call.tail}() and gives "
                "NaN without an error.",
                flow=flow.hops,
            )


def normalize_on(value: Any) -> bool:
    """Return whether a folded ``normalize`` argument switches it on."""
    return value is not UNKNOWN and bool(value)


def _normalize(call: Call) -> tuple[int | None, str]:
    return (3 if call.tail == "AmplitudeEmbedding" else None), "normalize"


def _norm(value: Any) -> float | None:
    """Return the 2-norm of a flat vector of numbers; None for labels, integers and matrices."""
    if not isinstance(value, list | tuple) or not value:
        return None
    if not all(isinstance(item, int | float | complex) for item in value):
        return None
    return math.sqrt(sum(abs(item) ** 2 for item in value))


def _off(norm: float) -> bool:
    return abs(norm - 1) > _TOLERANCE
