"""Features from outside reach a rotation without a test that they are finite.

## What
Numbers of a request, a download, a file or a job's result become rotation angles or bound
parameters, and nothing on the way tests that they are finite or inside a range.

## Why bad
Angles of NaN or infinity pass through embeddings, rotations and resolvers without an error: the
state, the loss and every later weight become NaN. Angles beyond about 1e16 keep no digit of their
phase, so an attacker picks the answer at random. Only binding in Qiskit rejects NaN, and there
an unhandled error ends the service.

## Example
``qml.AngleEmbedding(request.json["features"], wires=range(4))``

## Instead
Test with ``np.isfinite(x).all()`` and a range (``abs(x) <= np.pi``) before the circuit is built, or
declare the fields as finite floats with bounds in the request's schema.
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
    Entrance,
    Given,
    entrances,
    flow_into,
    flows,
    words,
)
from redqubit.scan.static.flow import Flow
from redqubit.scan.static.frameworks import QUANTUM
from redqubit.scan.static.module import Module
from redqubit.scan.static.rule import Hit
from redqubit.scan.static.sources import OUTSIDE, REMOTE
from redqubit.scan.static.surroundings import Surroundings

ID: Final = "ENC-01"
NAME: Final = "Features without a finiteness test"
SEVERITY: Final[Severity] = "high"
CWE: Final = (20,)
FRAMEWORKS: Final = ("qiskit", "pennylane", "cirq", "braket")
TRIGGERS: Final = QUANTUM
ADVICE: Final = "Reject values that are not finite or not in the encoder's range before encoding."

CLEAN: Final = (
    "int",
    "round",
    "numpy.clip",
    "numpy.nan_to_num",
    "sklearn.preprocessing.normalize",  # as everything there, it raises on NaN
    "sklearn.preprocessing.scale",
    "sklearn.preprocessing.minmax_scale",
    ".transform",
    ".fit_transform",
    ".clip",
    ".clamp",
    ".nan_to_num",
    ".dropna",
    ".fillna",
    "numpy.argmax",
    ".index",
)
_IMAGES: Final = (".load_img", ".img_to_array", ".imread", "PIL..open", ".imdecode")  # bounded
_USER: Final = frozenset({"argv", "input"})
_GAPS: Final = frozenset(
    ["read_csv", "read_excel", "read_table", "genfromtxt", "read_parquet", "read_feather"]
)
_BROKEN: Final = re.compile(r"\b(?:float|complex|Decimal|Any|ndarray|list|List)\b")


def check(module: Module) -> Iterator[Hit]:
    """Yield the rotations that outside numbers reach unchecked."""
    for item in entrances(module, "angle", "bind"):
        for place, given, flow in flows(module, item, _unchecked):
            told = words(given.module, given.value, flow)
            weights = WEIGHTS.search(told) and not FEATURES.search(told)
            if weights and flow.origin not in {"request", "payload"} | _USER:
                continue  # stored weights, which VAR-01 is about
            if flow.origin == "local" and not FEATURES.search(told):
                continue
            yield _hit(place, item, flow, told)


def _unchecked(given: Given) -> Flow | None:
    """Return a flow of numbers that may be NaN and that nothing tests."""
    clean = (*CLEAN, *_IMAGES)
    flow = flow_into(given.module, given.value, origins=OUTSIDE, clean=clean)
    if flow is None:
        # a table's empty cells are NaN, also in a file of the program's own
        flow = flow_into(given.module, given.value, origins={"local"}, clean=clean)
        if flow is None or not _has_gaps(flow):
            return None
    if _is_whole(flow):
        return None
    around = Surroundings(given.module, given.value, replace(flow, hops=flow.hops + given.hops))
    pinned = flow.origin in {"file", "local", "download"} and around.digested()
    return None if pinned or around.finite() else flow


def _is_whole(flow: Flow) -> bool:
    """Return whether a web framework makes the source an integer or the like."""
    annotation = flow.node.annotation if isinstance(flow.node, ast.arg) else None
    return flow.numeric and annotation is not None and not _BROKEN.search(ast.unparse(annotation))


def _has_gaps(flow: Flow) -> bool:
    return isinstance(flow.node, ast.Call) and flow.module.call(flow.node).tail in _GAPS


def _hit(place: ast.AST, item: Entrance, flow: Flow, told: str) -> Hit:
    rejects = item.kind == "bind" and (
        item.call.name.startswith("qiskit") or item.call.tail == "assign_parameters"
    )
    severity: Severity = SEVERITY if flow.origin in REMOTE and not rejects else "medium"
    settings = flow.origin in {"file", "env"} and not FEATURES.search(told)
    if settings or flow.origin == "local":
        severity = "low"  # what the owner of the experiment writes
    why = (
        "which ends in an error nobody handles for NaN and in noise for huge numbers"
        if rejects
        else "which takes NaN and infinity without an error"
    )
    return Hit(
        place,
        f"Numbers from {flow.text} reach {item.call.tail}(), {why}.",
        severity=severity,
        flow=flow.hops,
    )
