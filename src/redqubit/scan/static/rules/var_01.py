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
from redqubit.scan.static import handlers
from redqubit.scan.static.bound import SETTERS, Sink, sinks
from redqubit.scan.static.encoders import (
    FEATURES,
    WEIGHTS,
    Given,
    flow_into,
    givens,
    words,
)
from redqubit.scan.static.flow import Flow
from redqubit.scan.static.frameworks import QUANTUM, beside_quantum, on_quantum
from redqubit.scan.static.module import Call, Module
from redqubit.scan.static.rule import Hit
from redqubit.scan.static.sources import REMOTE, Origin
from redqubit.scan.static.surroundings import Surroundings

ID: Final = "VAR-01"
NAME: Final = "Unverified parameters"
SEVERITY: Final[Severity] = "high"
CWE: Final = (494, 345)
FRAMEWORKS: Final = ("qiskit", "pennylane", "cirq", "braket")
TRIGGERS: Final = (*QUANTUM, "load_state_dict", "theta", "weight", "param")
ADVICE: Final = "Compare the file's digest with a signed manifest before its parameters are bound."

_OTHERS: Final = ("pyquil", "pytket")
_ORIGINS: Final[frozenset[Origin]] = frozenset({"download", "file", "local"})
_FIELDS: Final = re.compile(r"theta|weight|param|coeff", re.IGNORECASE)
# Calls that train, in this very program.
_TRAINS: Final = re.compile(
    r"(?:^|_)(?:train|training|fit|optimi[sz]e|minimi[sz]e|step|step_and_cost)(?:$|_)"
)
_UPLOADED: Final = frozenset(item.removeprefix(".") for item in SETTERS)
_WRITERS: Final = (
    ".save", ".savez", ".savez_compressed", ".dump", ".savetxt", ".write_text", ".to_csv", "open",
    ".save_model", ".to_pickle",
)  # fmt: skip


def check(module: Module) -> Iterator[Hit]:
    """Yield the places where unverified parameters are bound."""
    others = any(word in module.text for word in _OTHERS)
    if not (others or on_quantum(module) or beside_quantum(module)):
        return
    found: dict[ast.AST, tuple[tuple[bool, int], Hit]] = {}  # what enters is told of once
    for sink in sinks(module):
        for given in givens(module, sink.value):
            flow = _unverified(sink, given)
            if flow is None or _told_there(module, given):
                continue
            rank = (given.call is not None, sink.call.node.lineno)
            if flow.node not in found or rank < found[flow.node][0]:
                found[flow.node] = rank, _hit(module, sink.call, flow)
    yield from (hit for _, hit in found.values())


def _unverified(sink: Sink, given: Given) -> Flow | None:
    """Return the flow of weights into what is bound if nothing on its way verifies them."""
    flow = _loaded(sink.call, given)
    if flow is None:
        return None
    told = words(given.module, given.value, flow)
    named = _FIELDS.search(" ".join(flow.fields)) is not None
    if sink.binds and FEATURES.search(ast.unparse(sink.call.node.func)):
        return None  # a feature map takes data
    if not (sink.known or named) and _vague(sink.binds, flow, told, given.value):
        return None
    around = Surroundings(given.module, given.value, flow)
    return None if around.digested() or around.validated() else flow


def _told_there(module: Module, given: Given) -> bool:
    """Return whether the file that hands the weights over is looked at for itself."""
    home = given.module
    if home.file == module.file or not any(word in home.text for word in TRIGGERS):
        return False
    return any(sink.value is given.value for sink in sinks(home))


def _hit(module: Module, call: Call, flow: Flow) -> Hit:
    return Hit(
        call.node,
        f"Parameters from {flow.text} are bound by {call.tail}() and nothing shows that "
        "they are the trained ones.",
        severity="note" if module.in_test or module.in_example else _severity(flow),
        flow=flow.hops,
    )


def _vague(binds: bool, flow: Flow, told: str, value: ast.expr) -> bool:
    """Return whether nothing says that numbers are weights rather than features."""
    keys = value.keys if isinstance(value, ast.Dict) else []
    if any(isinstance(key, ast.Constant) and WEIGHTS.search(str(key.value)) for key in keys):
        return False
    if binds and flow.origin != "local" and not FEATURES.search(told):
        return False
    return not WEIGHTS.search(told) or FEATURES.search(ast.unparse(value)) is not None


def _loaded(call: Call, given: Given) -> Flow | None:
    uploads = REMOTE if call.tail in _UPLOADED else frozenset[Origin]()
    origins = (_ORIGINS | uploads) - {"local"}
    flow = flow_into(given.module, given.value, origins=origins, clean=_trains)
    flow = flow or flow_into(given.module, given.value, origins=_ORIGINS, clean=_trains)
    flow = flow or _of_a_job(given)
    return flow and replace(flow, hops=(*flow.hops, *given.hops))


def _trains(call: Call) -> bool:
    """Return whether a call makes the weights it returns; data it takes trains them."""
    return _TRAINS.search(call.tail) is not None


def _of_a_job(given: Given) -> Flow | None:
    """Return a flow of weights that another job has stored; counts of shots are no weights."""
    flow = flow_into(given.module, given.value, origins={"job"}, clean=_trains)
    stored = flow is not None and any(WEIGHTS.search(field) for field in flow.fields)
    return flow if stored else None


def _severity(flow: Flow) -> Severity:
    if flow.origin != "local":
        return SEVERITY
    return "note" if _writes(flow) and not _serves(flow) else "medium"


def _serves(flow: Flow) -> bool:
    """Return whether a request handler reads the file, long after it was written."""
    function = flow.module.function(flow.node)
    return function is not None and handlers.serves(flow.module, function)


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
