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
from dataclasses import replace
from typing import Final

from redqubit.scan.finding import Severity
from redqubit.scan.static.encoders import (
    FEATURES,
    WEIGHTS,
    Given,
    entrances,
    flow_into,
    givens,
    is_qnode,
    words,
)
from redqubit.scan.static.flow import Flow
from redqubit.scan.static.module import Call, Module
from redqubit.scan.static.rule import Hit
from redqubit.scan.static.sources import REMOTE, Origin
from redqubit.scan.static.surroundings import QUANTUM, Surroundings, on_quantum

ID: Final = "VAR-01"
NAME: Final = "Unverified parameters"
SEVERITY: Final[Severity] = "high"
CWE: Final = (494, 345)
FRAMEWORKS: Final = ("qiskit", "pennylane", "cirq", "braket")
TRIGGERS: Final = (*QUANTUM, "load_state_dict")
ADVICE: Final = "Compare the file's digest with a signed manifest before its parameters are bound."

_ORIGINS: Final[frozenset[Origin]] = frozenset({"download", "file", "local"})
_FIELDS: Final = re.compile(r"theta|weight|param|coeff", re.IGNORECASE)
_TRAINED: Final = (".step", ".step_and_cost", ".minimize")  # of this very program
_SETTERS: Final = (
    ".load_state_dict", ".set_weights", ".load_weights", ".load_parameters", ".set_parameters",
    ".load_params", ".set_initial_point",
)  # fmt: skip
_UPLOADED: Final = frozenset(item.removeprefix(".") for item in _SETTERS)
_QML: Final = re.compile(r"^(?:qiskit|pennylane|cirq|torch|braket)")
_WRITERS: Final = (
    ".save", ".savez", ".savez_compressed", ".dump", ".savetxt", ".write_text", ".to_csv", "open",
    ".save_model", ".to_pickle",
)  # fmt: skip


def check(module: Module) -> Iterator[Hit]:
    """Yield the places where unverified parameters are bound."""
    if not on_quantum(module):
        return
    told_of: set[ast.AST] = set()  # what is passed on to a layer is told once, where it is bound
    for call, value, known, binds in _sinks(module):
        for given in givens(module, value):
            flow = _loaded(call, given)
            if flow is None or flow.node in told_of:
                continue
            told = words(given.module, given.value, flow)
            named = _FIELDS.search(" ".join(flow.fields)) is not None
            if binds and FEATURES.search(ast.unparse(call.node.func)):
                continue  # a feature map takes data
            if not (known or named) and _vague(binds, flow, told, given.value):
                continue
            around = Surroundings(given.module, given.value, flow)
            if around.digested() or around.validated():
                continue
            told_of.add(flow.node)
            yield Hit(
                call.node,
                f"Parameters from {flow.text} are bound by {call.tail}() and nothing shows that "
                "they are the trained ones.",
                severity="note" if module.in_test or module.in_example else _severity(flow),
                flow=flow.hops,
            )


def _vague(binds: bool, flow: Flow, told: str, value: ast.expr) -> bool:
    """Return whether nothing says that numbers are weights rather than features."""
    if binds and flow.origin != "local" and not FEATURES.search(told):
        return False
    return not WEIGHTS.search(told) or FEATURES.search(ast.unparse(value)) is not None


def _loaded(call: Call, given: Given) -> Flow | None:
    uploads = REMOTE if call.tail in _UPLOADED else frozenset[Origin]()
    origins = (_ORIGINS | uploads) - {"local"}
    flow = flow_into(given.module, given.value, origins=origins, clean=_TRAINED)
    flow = flow or flow_into(given.module, given.value, origins=_ORIGINS, clean=_TRAINED)
    return flow and replace(flow, hops=(*flow.hops, *given.hops))


def _severity(flow: Flow) -> Severity:
    if flow.origin != "local":
        return SEVERITY
    return "note" if _writes(flow) else "medium"


def _writes(flow: Flow) -> bool:
    """Return whether the program itself writes the file that is read."""
    module = flow.module
    node = flow.node
    path = node.args[0] if isinstance(node, ast.Call) and node.args else None
    if isinstance(node, ast.Call) and path is None:
        path = node.func.value if isinstance(node.func, ast.Attribute) else None
    read = module.fold(path)
    return any(
        module.fold(item) == read or (path is not None and ast.unparse(item) == ast.unparse(path))
        for call in module.calls(*_WRITERS)
        for item in (*call.node.args, *([call.receiver] if call.receiver is not None else []))
    )


def _sinks(module: Module) -> Iterator[tuple[Call, ast.expr, bool, bool]]:
    """Yield calls with what they bind; whether it is weights by its role, or binds parameters."""
    for call in module.calls(*_SETTERS):
        value = call.arg(0)
        if value is not None:
            yield call, value, True, False
    for call in module.calls(".step", ".step_and_cost"):
        if call.name.startswith("pennylane.") or not call.name:
            for value in call.node.args[1:]:
                yield call, value, False, False  # data may stand beside the weights
    for call in module.calls():
        for keyword in call.node.keywords:
            if keyword.arg in {"initial_point", "init_params", "weights"} and _QML.match(call.name):
                yield call, keyword.value, True, False
        if is_qnode(module, call):
            for value in (*call.node.args, *(item.value for item in call.node.keywords)):
                yield call, value, False, False
    for item in entrances(module, "weights", "bind"):
        yield item.call, item.value, item.kind == "weights", item.kind == "bind"
