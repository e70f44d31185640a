"""A scaler or projection is fitted on data it must not know.

## What
``fit`` or ``fit_transform`` runs before the split into training and test data, on both parts
joined, on the test part, or again inside the function that answers requests.

## Why bad
Test data leaks into the encoder, so the measured (robust) accuracy is too good. A transform fitted
again at inference moves with the inputs: who sends the batch shifts everybody's angles.

## Example
``X = MinMaxScaler().fit_transform(X)`` and then ``train_test_split(X, y)``

## Instead
Split first, fit on the training part only, store the fitted transform with the model, and call
``transform`` everywhere else.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

from redqubit.scan.finding import Severity
from redqubit.scan.static import sources
from redqubit.scan.static.guards import guards, names
from redqubit.scan.static.module import Call, Module
from redqubit.scan.static.rule import Hit
from redqubit.scan.static.scope import FunctionNode
from redqubit.scan.static.surroundings import QUANTUM, on_quantum, shallow

ID: Final = "ENC-06"
NAME: Final = "Transform fitted on the wrong data"
SEVERITY: Final[Severity] = "medium"
CWE: Final = (345,)
FRAMEWORKS: Final = ("qiskit", "pennylane", "cirq", "braket")
TRIGGERS: Final = (*QUANTUM, "sklearn")
ADVICE: Final = "Fit on the training part after the split and only transform everything else."

_TEST: Final = re.compile(
    r"(?:^|_)(?:test|val|valid|validation|holdout|query|new)(?:_|$|\d)|^x_?(?:te|test|val|valid)$"
)
_TRAIN: Final = re.compile(r"train|fit", re.IGNORECASE)
_ANSWERS: Final = re.compile(
    r"^_?(?:predict|infer|classify|serve|score_request|answer|get_prediction"
    r"|make_prediction|run_inference)"
)
_TRANSFORMS: Final = (
    "sklearn.preprocessing.", "sklearn.decomposition.", "sklearn.feature_selection.",
    "sklearn.manifold.",
)  # fmt: skip
_SPLITS: Final = (
    "sklearn..train_test_split", "sklearn..cross_val_score", "sklearn..cross_validate",
    "sklearn..cross_val_predict", "sklearn..KFold.split", "sklearn..StratifiedKFold.split",
    "sklearn..ShuffleSplit.split", "sklearn..StratifiedShuffleSplit.split", "torch..random_split",
)  # fmt: skip
_DRAWN: Final = re.compile(r"permutation|shuffle|train|test|split|fold")
_ANEW: Final = "is fitted again"
_JOINS: Final = (
    "numpy.concatenate", "numpy.vstack", "numpy.r_", "pandas.concat", "numpy.append",
    "numpy.hstack", "pennylane.numpy.concatenate", "pennylane.numpy.vstack",
)  # fmt: skip


def check(module: Module) -> Iterator[Hit]:
    """Yield the fits that see test data or run at inference."""
    if not on_quantum(module):
        return
    for call in module.calls(".fit_transform", ".fit"):
        pipeline = call.name.startswith("sklearn.pipeline.") and call.tail == "fit_transform"
        if not call.name.startswith(_TRANSFORMS) and not pipeline:
            continue
        if "Label" in call.name or "OneHot" in call.name:
            continue  # labels, whose values are known beforehand
        data = call.arg(0, "X")
        if data is None:
            continue
        told = _judge(module, call, data)
        if told is not None:
            otherwise = any(item.test and not item.holds for item in guards(module, call.node))
            yield Hit(call.node, told, severity="low" if otherwise and _ANEW in told else None)


def _judge(module: Module, call: Call, data: ast.expr) -> str | None:
    shown = ast.unparse(data)
    what = call.name.rpartition(".")[0].rpartition(".")[2]
    function = module.function(call.node)
    named = isinstance(data, ast.Name | ast.Attribute)
    if named and _TEST.search(shown.lower()) and not _TRAIN.search(shown):
        return f"{what} is fitted on {shown!r}, the part that should only be transformed."
    joined = module.name_of(data.func) if isinstance(data, ast.Call) else ""
    binding = module.single(_base(data))
    if binding is not None and isinstance(binding.value, ast.Call):
        joined = module.name_of(binding.value.func)
        shown = ast.unparse(binding.value)
    if joined in _JOINS and _TRAIN.search(shown) and re.search(r"test|val", shown):
        return f"{what} is fitted on training and test data joined, so the test part leaks."
    answers = _answering(module, function, data) if function is not None else None
    if answers is not None:
        return f"{what} {_ANEW} in {answers}(), so each batch moves the angles."
    return _before_split(module, call, what)


def _answering(module: Module, function: FunctionNode, data: ast.expr) -> str | None:
    """Return the function that answers requests: this one, or one that hands it the data."""
    if sources.handler(module, function) == "route" or _ANSWERS.match(function.name):
        return function.name
    binding = module.single(_base(data))
    if binding is None or not isinstance(binding.node, ast.arg):
        return None
    for call in module.project.callers(module, function):
        outer = call.module.function(call.node)
        if outer is not None and sources.handler(call.module, outer) == "route":
            return outer.name
    return None


def _base(data: ast.expr) -> ast.expr:
    """Return the table whose columns, values or rows an expression takes."""
    while True:
        if isinstance(data, ast.Call) and isinstance(data.func, ast.Attribute):
            inner = data.func.value
        elif isinstance(data, ast.Subscript):
            inner = data.value
        else:
            return data
        if not isinstance(inner, ast.Name | ast.Call | ast.Subscript | ast.Attribute):
            return data
        data = inner


def _before_split(module: Module, call: Call, what: str) -> str | None:
    """Return a sentence if the scaled data is split afterwards, in the same function."""
    data = call.arg(0, "X")
    if data is not None and _TRAIN.search(ast.unparse(data)):
        return None  # what is split later is the training part itself
    fitted = _result(module, call)
    for split in module.calls(*_SPLITS):
        after = split.node.lineno > call.node.lineno
        same = module.function(split.node) is module.function(call.node)
        if after and same and any(names(item) & fitted for item in split.node.args):
            return f"{what} is fitted before {split.tail}(), so it has seen the test part."
    if not module.in_test and _indexed(module, call, fitted):
        return f"{what} is fitted before the data is split by index, so it has seen the test part."
    return None


def _indexed(module: Module, call: Call, fitted: set[str]) -> bool:
    """Return whether fitted data is later cut in two: ``x[:n]`` and ``x[n:]``, ``x[a]``, ``x[b]``.

    Two arrays of positions count where they come from a permutation or are named for the parts.
    """
    lower, upper, drawn = set[str](), set[str](), set[str]()
    for node in ast.walk(module.function(call.node) or shallow(module.tree)):
        if not isinstance(node, ast.Subscript) or node.lineno <= call.node.lineno:
            continue
        if not (names(node.value) & fitted) or not isinstance(node.ctx, ast.Load):
            continue
        part = node.slice.elts[0] if isinstance(node.slice, ast.Tuple) else node.slice
        if isinstance(part, ast.Slice) and part.step is None:
            lower |= {ast.unparse(part.lower)} if part.lower and not part.upper else set()
            upper |= {ast.unparse(part.upper)} if part.upper and not part.lower else set()
        elif isinstance(part, ast.Name) and _DRAWN.search(_positions(module, part)):
            drawn.add(part.id)
    return bool(lower & upper) or len(drawn) > 1


def _positions(module: Module, node: ast.Name) -> str:
    """Return a name with the text of what it is made from, two steps back."""
    binding = module.single(node)
    value = binding.value if binding is not None else None
    if value is None:
        return node.id
    inner = [
        ast.unparse(held.value)
        for part in ast.walk(value)
        if isinstance(part, ast.Name)
        and (held := module.single(part)) is not None
        and held.value is not None
    ]
    return " ".join([node.id, ast.unparse(value), *inner])


def _result(module: Module, call: Call) -> set[str]:
    """Return the names that hold the transformed data."""
    if call.tail == "fit_transform":
        return _targets(module.order.statement(call.node))
    scaler = call.receiver
    found = set()
    for use in module.calls(".transform"):
        if use.receiver is None or scaler is None:
            continue
        if ast.unparse(use.receiver) == ast.unparse(scaler):
            found |= _targets(module.order.statement(use.node))
    return found


def _targets(statement: ast.AST) -> set[str]:
    if not isinstance(statement, ast.Assign):
        return set()
    return {name for target in statement.targets for name in names(target)}
