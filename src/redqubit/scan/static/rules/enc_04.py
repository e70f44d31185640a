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
from redqubit.scan.static.derived import shallow
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
from redqubit.scan.static.folding import UNKNOWN
from redqubit.scan.static.frameworks import QUANTUM, on_quantum
from redqubit.scan.static.guards import names
from redqubit.scan.static.module import Call, Module
from redqubit.scan.static.rule import Hit
from redqubit.scan.static.sources import OUTSIDE, REMOTE
from redqubit.scan.static.surroundings import Surroundings

ID: Final = "ENC-04"
NAME: Final = "Number of features not tested"
SEVERITY: Final[Severity] = "medium"
CWE: Final = (129,)
FRAMEWORKS: Final = ("qiskit", "pennylane", "cirq", "braket")
TRIGGERS: Final = (*QUANTUM, "numpy", "torch")
ADVICE: Final = "Compare the number of features with the wires and reject any other."

# Fixes the number of features, or takes it as it comes.
_FIXED: Final = re.compile(
    r"strict=True|n_features_in|min_length|conlist|min_items|check_array"
    r"|tuple\[float, float|num_features_in|n_features\b|usecols"
)
_SHAPED: Final = frozenset(
    ["reshape", "check_array", "atleast_1d", "atleast_2d", "broadcast_to", "validate_data", "view"]
)
_WIDTH: Final = re.compile(
    r"wire|qubit|feat|dim|width|columns|param|channel|sensor|angles|len\(|2 \*\* |size\b"
    r"|\b(?:n|nq|k|d|m|num_inputs|n_inputs)\b",
    re.IGNORECASE,
)
_ROWS: Final = re.compile(
    r"row|sample|shot|batch|limit|max|lines|epoch|chunk|test|train", re.IGNORECASE
)
_ONE: Final = re.compile(r"row|\bx\b|sample|features|values|vector|record|\bv\b|pixel|split", re.I)
_PADS: Final = (".pad", ".resize", ".islice", ".zip_longest", ".ljust")
_JOINS: Final = (".concatenate", ".append", ".hstack", ".cat", ".r_", ".extend")
_BLANKS: Final = frozenset({"zeros", "full", "ones", "repeat", "zeros_like"})
_PADDING: Final = frozenset({"AmplitudeEmbedding", "StatePrep"})
_LEAVES: Final = "leaves the wires without a feature as they are"
_DEEP: Final = 3  # names from what is bound back to its zip
_MOST: Final = 32  # features written as a number


def check(module: Module) -> Iterator[Hit]:
    """Yield the encoders that silently pad or cut outside data, and where it is cut."""
    if not on_quantum(module):
        return
    seen: set[ast.AST] = set()
    for call, value, encodes in _sinks(module):
        cuts = _Cuts()
        for given in givens(module, value):
            _follow(given, cuts)
        hits = [
            hit
            for home, node in cuts.found
            if home is module and node not in seen
            for hit in _at_cut(module, node, call)
        ]
        seen.update(node for _, node in cuts.found)
        yield from hits
        how = _silent(module, call, value) if encodes and not hits else None
        if how is not None:
            yield from _at_encoder(module, call, value, how)


def _sinks(module: Module) -> Iterator[tuple[Call, ast.expr, bool]]:
    """Yield what goes into encoders, and into circuits as a whole; True for the first."""
    for item in entrances(module, "angle", "amplitude", "bind", "basis"):
        yield item.call, item.value, item.kind != "basis"
    for call in module.calls():
        if is_qnode(module, call):
            for value in (*call.node.args, *(item.value for item in call.node.keywords)):
                yield call, value, False


def _at_encoder(module: Module, call: Call, value: ast.expr, how: str) -> Iterator[Hit]:
    flow = flow_into(module, value, origins=OUTSIDE)
    if flow is None:
        return
    told = words(module, value, flow)
    own = flow.origin not in REMOTE
    if own and WEIGHTS.search(told) and not FEATURES.search(told):
        return
    if own and how == _LEAVES and flow.origin not in {"argv", "input", "file"}:
        return
    around = Surroundings(module, value, flow)
    zipped = _zipped(module, value)
    apart = zipped is not None and module.order.statement(zipped) is not module.order.statement(
        call.node
    )
    place = zipped if zipped is not None and apart else call.node
    if not _sized(around) and not around.validated():
        yield Hit(
            place,
            f"The length of data from {flow.text} is never tested; {call.tail}() {how}.",
            flow=flow.hops,
        )


class _Cuts:
    """Stops a flow where data is cut or padded to a width, and remembers the places."""

    def __init__(self) -> None:
        self.found: list[tuple[Module, ast.expr]] = []

    def named(self, module: Module, node: ast.expr) -> bool:
        """Judge an entry: ``x[:n]`` and ``rows[:, :n]`` cut."""
        if not isinstance(node, ast.Subscript) or not _cuts(node):
            return False
        self.found.append((module, node))
        return True

    def filled(self, module: Module, node: ast.expr) -> bool:
        """Judge an operation: ``x + [0.0] * (n - len(x))`` pads."""
        if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Add):
            return False
        if not any(_is_filling(side) for side in (node.left, node.right)):
            return False
        self.found.append((module, node))
        return True

    def called(self, call: Call) -> bool:
        """Judge a call: ``np.pad(x, ...)``, ``np.concatenate([x, np.zeros(n - len(x))])``."""
        joins = call.matches(*_JOINS) and any(
            isinstance(part, ast.Call) and _last(part) in _BLANKS and _counted(part)
            for item in call.node.args
            for part in ast.walk(item)
        )
        if not joins and not call.matches(*_PADS):
            return False
        self.found.append((call.module, call.node))
        return True


def _is_filling(node: ast.expr) -> bool:
    """Return whether an operand is as many equal entries as are missing."""
    return (
        isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.Mult)
        and any(isinstance(side, ast.List | ast.Tuple) for side in (node.left, node.right))
        and _counted(node)
    )


def _counted(node: ast.expr) -> bool:
    """Return whether an expression subtracts a length."""
    return any(
        isinstance(item, ast.BinOp)
        and isinstance(item.op, ast.Sub)
        and (_is_length(item.left) or _is_length(item.right))
        for item in ast.walk(node)
    )


def _last(call: ast.Call) -> str:
    return ast.unparse(call.func).rpartition(".")[2]


def _follow(given: Given, cuts: _Cuts) -> None:
    """Follow outside data back from what is given to an encoder, up to where it is cut."""
    flow_into(
        given.module,
        given.value,
        origins=OUTSIDE,
        clean=cuts.called,
        guard=cuts.named,
        ends=cuts.filled,
    )
    cuts.found += [(given.module, value) for value in _stored(given)]


def _stored(given: Given) -> Iterator[ast.expr]:
    """Yield what is written into the front of a longer vector: ``padded[: len(x)] = x``."""
    own = names(given.value)
    for node in ast.walk(given.module.function(given.value) or shallow(given.module.tree)):
        target = node.targets[0] if isinstance(node, ast.Assign) else None
        if not isinstance(node, ast.Assign) or not isinstance(target, ast.Subscript):
            continue
        part = target.slice
        front = isinstance(part, ast.Slice) and part.lower is None and part.upper is not None
        if front and _is_length(part.upper) and names(target.value) & own:  # type: ignore[attr-defined]
            yield node.value


def _cuts(node: ast.Subscript) -> bool:
    part = node.slice.elts[-1] if isinstance(node.slice, ast.Tuple) else node.slice
    if not isinstance(part, ast.Slice) or part.upper is None or part.step is not None:
        return False
    bound = part.upper
    if isinstance(bound, ast.Constant):
        whole = isinstance(bound.value, int) and bound.value <= _MOST
        return whole and _ONE.search(ast.unparse(node.value)) is not None
    shown = ast.unparse(bound)
    return _WIDTH.search(shown) is not None and not _ROWS.search(shown)


def _at_cut(module: Module, node: ast.expr, call: Call) -> Iterator[Hit]:
    columns = isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Tuple)
    base = node.value if isinstance(node, ast.Subscript) else node
    flow = flow_into(module, base, origins=REMOTE if columns else OUTSIDE)
    if flow is None:
        return
    around = Surroundings(module, node, flow)
    if _FIXED.search(around.text) or around.validated() or _measured(around):
        return
    yield Hit(
        node,
        f"Data from {flow.text} is cut or padded to fit {call.tail}() and its length is never "
        "tested.",
        flow=flow.hops,
    )


def _sized(around: Surroundings) -> bool:
    """Return whether the data's length is looked at on the way, or set by its type or shape."""
    if _FIXED.search(around.text):
        return True
    for _, scope in around.scopes:
        reads = [node for node in ast.walk(shallow(scope)) if _is_length(node) or _shapes(node)]
        about = around.about(scope) if reads else set()
        if any(names(node) & about for node in reads):
            return True
    return False


def _shapes(node: ast.AST) -> bool:
    """Return whether data is brought to a shape, or columns are chosen from it."""
    if isinstance(node, ast.Subscript):
        part = node.slice.elts[-1] if isinstance(node.slice, ast.Tuple) else node.slice
        whole = isinstance(node.slice, ast.Tuple) and isinstance(part, ast.Slice)
        return isinstance(part, ast.List) or (whole and part.upper is not None)  # type: ignore[attr-defined]
    return isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in _SHAPED


def _measured(around: Surroundings) -> bool:
    """Return whether a length is compared on the way, other than with an upper limit."""
    for _, scope in around.scopes:
        tests = [node for node in ast.walk(shallow(scope)) if isinstance(node, ast.Compare)]
        sides = [side for node in tests for side in _measures(node)]
        about = around.about(scope) if sides else set()
        if any(names(side) & about for side in sides):
            return True
    return False


def _measures(node: ast.Compare) -> list[ast.expr]:
    """Return the sides that are a length which the comparison fixes or bounds from below."""
    left, operator, right = node.left, node.ops[0], node.comparators[0]
    if isinstance(operator, ast.Eq | ast.NotEq | ast.In | ast.NotIn):
        sides = [left, right]
    elif isinstance(operator, ast.Lt | ast.LtE):
        sides = [left]
    else:
        sides = [right] if isinstance(operator, ast.Gt | ast.GtE) else []
    return [side for side in sides if _is_length(side)]


def _is_length(node: ast.AST) -> bool:
    if isinstance(node, ast.Subscript):
        node = node.value
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id == "len"
    return isinstance(node, ast.Attribute) and node.attr in {"shape", "size"}


def _silent(module: Module, call: Call, value: ast.expr) -> str | None:
    """Return how a wrong number of features goes unseen here, None if it would be an error."""
    pad = call.arg(2, "pad_with") if call.tail in _PADDING else None
    if pad is not None and module.fold(pad) is not None:
        return "pads what is missing"
    if _zipped(module, value) is not None:
        return "binds only as many as both lists have"
    if _in_zip(module, call, value):
        return "runs only as often as both sequences allow"
    if isinstance(value, ast.Subscript) and isinstance(value.slice, ast.Slice):
        return "gets only a slice of it"
    if call.tail == "AngleEmbedding" and module.fold(call.arg(1, "wires")) is UNKNOWN:
        return _LEAVES
    return None


def _zipped(module: Module, value: ast.expr, depth: int = _DEEP) -> ast.AST | None:
    """Return the ``zip`` that a value is made with, through names and merged mappings."""
    for node in ast.walk(value):
        if _is_zip(node):
            return node
        if depth > 0 and isinstance(node, ast.Name | ast.Attribute):
            binding = module.single(node)
            made = binding.value if binding is not None and binding.kind == "assign" else None
            mapping = isinstance(made, ast.Dict | ast.DictComp | ast.Call | ast.BinOp)
            found = _zipped(module, made, depth - 1) if made is not None and mapping else None
            if found is not None:
                return found
    return None


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
