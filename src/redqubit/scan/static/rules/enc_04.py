"""The number of features from outside is never compared with the number of wires.

## What
A vector from outside is encoded with padding, cut by a slice, or zipped with the circuit's
parameters, and nothing tests its length.

## Why bad
Too few features are padded, too many are dropped, without an error: the model answers for another
sample than the caller sent, and an attacker hides or removes features.

## Example
``circuit.assign_parameters(dict(zip(features, request.json["x"])))``

## Instead
Test ``len(x) == circuit.num_parameters`` first, or ``zip(..., strict=True)``.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

from redqubit.scan.finding import Severity
from redqubit.scan.static.encoders import entrances, flow_into
from redqubit.scan.static.folding import UNKNOWN
from redqubit.scan.static.guards import names
from redqubit.scan.static.module import Call, Module
from redqubit.scan.static.rule import Hit
from redqubit.scan.static.sources import OUTSIDE
from redqubit.scan.static.surroundings import QUANTUM, Surroundings

ID: Final = "ENC-04"
NAME: Final = "Number of features not tested"
SEVERITY: Final[Severity] = "medium"
CWE: Final = (129,)
FRAMEWORKS: Final = ("qiskit", "pennylane", "cirq", "braket")
TRIGGERS: Final = QUANTUM
ADVICE: Final = "Compare the number of features with the wires and reject any other."

_TESTED: Final = re.compile(
    r"\blen\(|\.shape|\.size\b|reshape|strict=True|n_features|min_length|max_length|conlist"
    r"|min_items|\.ndim|check_array|tuple\[float, float|atleast|num_features_in|n_components"
)


def check(module: Module) -> Iterator[Hit]:
    """Yield the encoders that silently pad or cut outside data."""
    for item in entrances(module, "angle", "amplitude", "bind"):
        how = _silent(module, item.call, item.value)
        if how is None:
            continue
        flow = flow_into(module, item.value, origins=OUTSIDE)
        if flow is None:
            continue
        around = Surroundings(module, item.value, flow)
        if _TESTED.search(around.text) or around.validated():
            continue
        yield Hit(
            item.call.node,
            f"The length of data from {flow.text} is never tested; {item.call.tail}() {how}.",
            flow=flow.hops,
        )


def _silent(module: Module, call: Call, value: ast.expr) -> str | None:
    """Return how a wrong number of features goes unseen here, None if it would be an error."""
    pad = call.arg(2, "pad_with") if call.tail == "AmplitudeEmbedding" else None
    if pad is not None and module.fold(pad) is not None:
        return "pads what is missing"
    if _zipped(module, value):
        return "binds only as many as both lists have"
    if _in_zip(module, call, value):
        return "runs only as often as both sequences allow"
    if isinstance(value, ast.Subscript) and isinstance(value.slice, ast.Slice):
        return "gets only a slice of it"
    if call.tail == "AngleEmbedding" and module.fold(call.arg(1, "wires")) is UNKNOWN:
        return "leaves the wires without a feature as they are"
    return None


def _zipped(module: Module, value: ast.expr) -> bool:
    binding = module.single(value)
    if binding is not None and binding.kind == "assign" and binding.value is not None:
        value = binding.value
    return any(_is_zip(node) for node in ast.walk(value))


def _in_zip(module: Module, call: Call, value: ast.expr) -> bool:
    """Return whether the value is what a loop over ``zip`` takes from its sequences."""
    return isinstance(value, ast.Name) and any(
        isinstance(item, ast.For) and _is_zip(item.iter) and value.id in names(item.target)
        for item in module.around(call.node)
    )


def _is_zip(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "zip"
        and not any(item.arg == "strict" for item in node.keywords)
    )
