"""Trained parameters are loaded and bound, and nothing proves that they are the trained ones.

## What
Weights from a download or a file reach a circuit, a layer or a model, and no digest or signature
is compared on the way.

## Why bad
A few changed angles are a working model with a backdoor. Nothing in an array of floats tells that
somebody replaced it, so whoever can write the file or the transfer owns the answers.

## Example
``weights = np.asarray(requests.get(url).json())`` and then ``model(x, weights)``

## Instead
Write an HMAC or SHA-256 of the file into a signed manifest when training ends, and compare it with
``hmac.compare_digest`` before the parameters are bound.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

from redqubit.scan.finding import Severity
from redqubit.scan.static.encoders import (
    FEATURES,
    WEIGHTS,
    entrances,
    flow_into,
    is_qnode,
    words,
)
from redqubit.scan.static.module import Call, Module
from redqubit.scan.static.rule import Hit
from redqubit.scan.static.sources import REMOTE, Origin
from redqubit.scan.static.surroundings import QUANTUM, Surroundings

ID: Final = "VAR-01"
NAME: Final = "Unverified parameters"
SEVERITY: Final[Severity] = "high"
CWE: Final = (494, 345)
FRAMEWORKS: Final = ("qiskit", "pennylane", "cirq", "braket")
TRIGGERS: Final = QUANTUM
ADVICE: Final = "Compare the file's digest with a signed manifest before its parameters are bound."

_ORIGINS: Final[frozenset[Origin]] = frozenset({"download", "file", "local"})
_TRAINED: Final = (".step", ".step_and_cost", ".minimize")  # of this very program
_SETTERS: Final = (".load_state_dict", ".set_weights", ".load_weights", ".load_parameters")
_UPLOADED: Final = frozenset(item.removeprefix(".") for item in _SETTERS)
_QML: Final = re.compile(r"^(?:qiskit|pennylane|cirq|torch|braket)")
_WRITERS: Final = re.compile(r"\b(?:save|savez|savez_compressed|dump|savetxt|write_text|to_csv)\(")


def check(module: Module) -> Iterator[Hit]:
    """Yield the places where unverified parameters are bound."""
    told_of: set[ast.AST] = set()  # what is passed on to a layer is told once, where it is bound
    for call, value, known in _sinks(module):
        uploads = REMOTE if call.tail in _UPLOADED else frozenset[Origin]()
        origins = (_ORIGINS | uploads) - {"local"}
        flow = flow_into(module, value, origins=origins, clean=_TRAINED)
        flow = flow or flow_into(module, value, origins=_ORIGINS, clean=_TRAINED)
        if flow is None or flow.node in told_of:
            continue
        told = words(module, value, flow)
        if not known and (not WEIGHTS.search(told) or FEATURES.search(ast.unparse(value))):
            continue
        around = Surroundings(module, value, flow)
        if around.digested() or around.validated():
            continue
        told_of.add(flow.node)
        severity = SEVERITY
        if flow.origin == "local":
            severity = "note" if _WRITERS.search(module.text) else "medium"
        yield Hit(
            call.node,
            f"Parameters from {flow.text} are bound by {call.tail}() and nothing shows that they "
            "are the trained ones.",
            severity="note" if module.in_test or module.in_example else severity,
            flow=flow.hops,
        )


def _sinks(module: Module) -> Iterator[tuple[Call, ast.expr, bool]]:
    """Yield calls with what they bind; True where the argument is weights by its role."""
    for call in module.calls(*_SETTERS):
        value = call.arg(0)
        if value is not None:
            yield call, value, True
    for call in module.calls():
        for keyword in call.node.keywords:
            if keyword.arg in {"initial_point", "init_params", "weights"} and _QML.match(call.name):
                yield call, keyword.value, True
        if is_qnode(module, call):
            for value in (*call.node.args, *(item.value for item in call.node.keywords)):
                yield call, value, False
    for item in entrances(module, "weights", "bind"):
        yield item.call, item.value, item.kind == "weights"
