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
from redqubit.scan.static import handlers
from redqubit.scan.static.flow import passed
from redqubit.scan.static.frameworks import QUANTUM, on_quantum
from redqubit.scan.static.guards import guards, names
from redqubit.scan.static.module import Call, Module
from redqubit.scan.static.rule import Hit
from redqubit.scan.static.scope import Binding, FunctionNode, parameters
from redqubit.scan.static.splits import cut_later

ID: Final = "ENC-06"
NAME: Final = "Transform fitted on the wrong data"
SEVERITY: Final[Severity] = "medium"
CWE: Final = (345,)
FRAMEWORKS: Final = ("qiskit", "pennylane", "cirq", "braket")
TRIGGERS: Final = (*QUANTUM, "sklearn", "fit_transform")
ADVICE: Final = "Fit on the training part after the split and only transform everything else."

_TEST: Final = re.compile(
    r"(?:^|_)(?:test|val|valid|validation|holdout|query|new|eval|unseen)(?:_|$|\d)"
    r"|^(?:x_?|z_?)(?:te|test|val|valid)$|^(?:test|val|te)_?[xz]$|^test(?:set|data)$"
)
_TRAIN: Final = re.compile(r"train|fit|(?:^|[^a-z])x_?tr\b", re.IGNORECASE)
_LEARNS: Final = re.compile(r"train|fit|learn|calibrat|enrol|experiment", re.IGNORECASE)
_ANSWERS: Final = re.compile(
    r"^_?(?:predict|infer|classify|serve|score_request|answer|get_prediction"
    r"|make_prediction|run_inference)"
)
_TRANSFORMS: Final = (
    "sklearn.preprocessing.", "sklearn.decomposition.", "sklearn.feature_selection.",
    "sklearn.manifold.", "sklearn.compose.", "sklearn.impute.", "sklearn.random_projection.",
    "sklearn.kernel_approximation.", "cuml.preprocessing.", "cuml.decomposition.",
)  # fmt: skip
_PIPELINES: Final = ("sklearn.pipeline.", "sklearn.discriminant_analysis.", "umap.", "imblearn.")
# Transforms of a project's own, or handed in as a parameter.
_OWN: Final = re.compile(
    r"scaler|\bpca\b|(?<!un)normali[sz]er|standardi[sz]er|whiten|projector|reducer", re.IGNORECASE
)
# Of labels, whose values are known beforehand, or of each row alone.
_STATELESS: Final = re.compile(
    r"Label|OneHot|\.Normalizer\.|Binarizer|PolynomialFeatures|FunctionTransformer|vectori",
    re.IGNORECASE,
)
_AT_ONCE: Final = (
    "sklearn.preprocessing.minmax_scale", "sklearn.preprocessing.scale",
    "sklearn.preprocessing.robust_scale", "sklearn.preprocessing.quantile_transform",
    "sklearn.preprocessing.power_transform", "sklearn.preprocessing.maxabs_scale",
)  # fmt: skip
_ANEW: Final = "is fitted again"
_JOINS: Final = frozenset(
    ["concatenate", "vstack", "row_stack", "r_", "concat", "append", "hstack", "cat", "extend",
     "union"]
)  # fmt: skip
_FIRST: Final = re.compile(r"train|(?:^|[^a-z])(?:x_?)?tr(?:_|\b)|(?:^|_)fit(?:_|$)", re.IGNORECASE)
_SECOND: Final = re.compile(
    r"test|(?:^|[^a-z])(?:x_?)?(?:te|val|va)(?:_|\b)|valid|hold_?out|eval|unseen", re.IGNORECASE
)
_STEPS: Final = 4  # callers from a fit up to the function that answers


def check(module: Module) -> Iterator[Hit]:
    """Yield the fits that see test data or run at inference."""
    if not on_quantum(module) and not module.project.holds(*QUANTUM, "dimod", "dwave"):
        return
    for call in module.calls(".fit_transform", ".fit", ".partial_fit", *_AT_ONCE):
        data = call.arg(0, "X")
        if data is None or _STATELESS.search(call.name) or not _transforms(call):
            continue
        told = _judge(module, call, data)
        if told is not None:
            otherwise = any(item.test and not item.holds for item in guards(module, call.node))
            yield Hit(call.node, told, severity="low" if otherwise and _ANEW in told else None)


def _transforms(call: Call) -> bool:
    """Return whether a call fits a transform, not a model that needs labels."""
    if call.name in _AT_ONCE or call.name.startswith(_TRANSFORMS):
        return True
    labels = call.arg(1, "y") is not None
    if call.name.startswith(_PIPELINES):
        return call.tail == "fit_transform" or not labels
    receiver = call.receiver
    own = not call.name or call.module.project.is_own(call.name, call.module)
    return own and not labels and receiver is not None and bool(_OWN.search(_told(call)))


def _told(call: Call) -> str:
    receiver = ast.unparse(call.receiver) if call.receiver is not None else ""
    return f"{call.name.rpartition('.')[0]} {receiver}"


def _judge(module: Module, call: Call, data: ast.expr) -> str | None:
    what = call.name.rpartition(".")[0].rpartition(".")[2] or "The transform"
    what = f"{call.tail}()" if call.name in _AT_ONCE else what
    answers = _answering(module, call, data)
    if answers is not None and _is_idle(module, call):
        return None
    if answers is not None:
        return f"{what} {_ANEW} in {answers}(), so each batch moves the angles."
    if call.tail == "partial_fit":
        return None
    shown = ast.unparse(data)
    if _is_test(data):
        return f"{what} is fitted on {shown!r}, the part that should only be transformed."
    given = _given_test(module, call, data)
    if given:
        return f"{what} is fitted on {given!r}, the part that should only be transformed."
    if _joined(module, data):
        return f"{what} is fitted on training and test data joined, so the test part leaks."
    return _before_split(module, call, what)


def _is_idle(module: Module, call: Call) -> bool:
    """Return whether nothing reads the transformed data: only the fit itself is of interest."""
    function, made = module.function(call.node), _targets(module.order.statement(call.node))
    if function is None or call.tail != "fit_transform" or not made:
        return False
    return not any(
        isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in made
        for node in ast.walk(function)
    )


def _is_test(data: ast.expr) -> bool:
    shown = ast.unparse(data) if isinstance(data, ast.Name | ast.Attribute) else ""
    last = shown.lower().rpartition(".")[2]
    return _TEST.search(last) is not None and not _TRAIN.search(shown)


def _given_test(module: Module, call: Call, data: ast.expr) -> str:
    """Return the test part that a caller passes to a function which always fits, by its name."""
    binding = module.single(data) if isinstance(data, ast.Name) else None
    function = module.function(call.node)
    argument = binding.node if binding is not None else None
    if function is None or not isinstance(argument, ast.arg) or any(guards(module, call.node)):
        return ""
    if any(item.arg.startswith(("fit", "scaler", "train")) for item in parameters(function)):
        return ""
    for use in module.project.callers(module, function):
        given = passed(use, function, argument)
        if given is not None and _is_test(given):
            return ast.unparse(given)
    return ""


def _joined(module: Module, data: ast.expr) -> bool:
    """Return whether data is a training and a test part put together."""
    binding = module.single(_base(data))
    made = binding.value if binding is not None and binding.kind == "assign" else None
    node = made if made is not None else data
    for item in ast.walk(node):
        parts = _put_together(item)
        if len(parts) > 1:
            roles = [_role(module, part) for part in parts]
            return "first" in roles and "second" in roles
    return False


def _put_together(node: ast.AST) -> list[ast.expr]:
    """Return what an expression joins: ``np.vstack([a, b])``, ``a.append(b)``, ``np.r_[a, b]``."""
    parts: list[ast.expr] = []
    if isinstance(node, ast.Call) and _last(node.func) in _JOINS:
        given = [item for item in node.args if not isinstance(item, ast.Constant)]
        own = isinstance(node.func, ast.Attribute) and _last(node.func) in {"append", "union"}
        parts = [*given]
        if own and len(given) == 1:
            parts.append(node.func.value)  # type: ignore[attr-defined]
    elif isinstance(node, ast.Subscript) and _last(node.value) == "r_":
        parts = [node.slice]
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        sides = [node.left, node.right]
        parts = sides if all(_is_list(side) for side in sides) else []
    if len(parts) == 1 and isinstance(parts[0], ast.Tuple | ast.List):
        return parts[0].elts
    return parts


def _last(node: ast.expr) -> str:
    return ast.unparse(node).rpartition(".")[2]


def _is_list(node: ast.expr) -> bool:
    return isinstance(node, ast.List) or (isinstance(node, ast.Call) and _last(node.func) == "list")


def _role(module: Module, part: ast.expr) -> str:
    """Return which part a piece of data is by its own name, or by what it is made from."""
    own = _by_name(ast.unparse(part))
    binding = module.single(_base(part)) if not own else None
    if binding is None or binding.value is None:
        return own
    position = _position(binding)
    if "split" in ast.unparse(binding.value).partition("(")[0]:
        return "second" if position % 2 else "first"
    return _by_name(ast.unparse(binding.value))


def _by_name(text: str) -> str:
    first, second = _FIRST.search(text), _SECOND.search(text)
    if bool(first) == bool(second):
        return ""
    return "first" if first else "second"


def _position(binding: Binding) -> int:
    target = binding.node.targets[0] if isinstance(binding.node, ast.Assign) else None
    shown = [ast.unparse(item) for item in target.elts] if isinstance(target, ast.Tuple) else []
    return shown.index(binding.name) if binding.name in shown else 0


def _answering(module: Module, call: Call, data: ast.expr) -> str | None:
    """Return the function that answers requests: this one, or one that hands it the data."""
    function = module.function(call.node)
    if function is None or _teaches(function):
        return None
    if handlers.serves(module, function) or _ANSWERS.match(function.name):
        return function.name
    if function.name == "transform" and module.class_of(function) is not None:
        return function.name if names(data) & _arguments(function) else None
    return _served(module, function, _STEPS) if _handed_in(module, data, function) else None


def _served(module: Module, function: FunctionNode, steps: int) -> str | None:
    """Return the route or consumer that calls a function, through others."""
    for call in module.project.callers(module, function) if steps > 0 else ():
        outer = call.module.function(call.node)
        if outer is None or outer is function or _teaches(outer):
            continue
        if handlers.serves(call.module, outer):
            return outer.name
        found = _served(call.module, outer, steps - 2)
        if found is not None:
            return found
    return None


def _teaches(function: FunctionNode) -> bool:
    """Return whether a function trains, by its name or as it fits a model too."""
    if _LEARNS.search(function.name):
        return True
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "fit"
        and len(node.args) + len(node.keywords) > 1
        for node in ast.walk(function)
    )


def _handed_in(module: Module, data: ast.expr, function: FunctionNode) -> bool:
    """Return whether data is made from what a function's caller passes."""
    known = _arguments(function)
    if names(data) & known:
        return True
    binding = module.single(_base(data))
    made = binding.value if binding is not None else None
    return made is not None and bool(names(made) & known)


def _arguments(function: FunctionNode) -> set[str]:
    return {item.arg for item in parameters(function)} - {"self", "cls"}


def _base(data: ast.expr) -> ast.expr:
    """Return the table whose columns, values or rows an expression takes."""
    while True:
        if isinstance(data, ast.Call) and isinstance(data.func, ast.Attribute):
            inner = data.func.value
        elif isinstance(data, ast.Subscript | ast.Attribute):
            inner = data.value
        else:
            return data
        if not isinstance(inner, ast.Name | ast.Call | ast.Subscript | ast.Attribute):
            return data
        if isinstance(inner, ast.Name) and inner.id in {"self", "cls"}:
            return data
        data = inner


def _before_split(module: Module, call: Call, what: str) -> str | None:
    """Return a sentence if the scaled data is split afterwards."""
    data = call.arg(0, "X")
    if data is None or _TRAIN.search(ast.unparse(data)) or _is_part(module, data):
        return None  # what is split later is the training part itself
    if module.in_test:
        return None
    told = cut_later(module, call.node, _result(module, call))
    if told is None:
        return None
    return f"{what} is fitted before {told}, so it has seen the test part."


def _is_part(module: Module, data: ast.expr, steps: int = _STEPS) -> bool:
    """Return whether data is what a split gave, also after other transforms."""
    binding = module.single(_base(data))
    made = binding.value if binding is not None else None
    if not isinstance(made, ast.Call):
        return False
    if "split" in _last(made.func):
        return True
    scaled = _last(made.func) in {"fit_transform", "transform"} and made.args
    return bool(scaled) and steps > 0 and _is_part(module, made.args[0], steps - 1)


def _result(module: Module, call: Call) -> set[str]:
    """Return the names that hold the transformed data."""
    if call.tail != "fit":
        return _targets(module.order.statement(call.node))
    scaler = _scaler(module, call)
    after = module.parent(call.node)
    if isinstance(after, ast.Attribute) and after.attr == "transform":
        return _targets(module.order.statement(call.node))
    found = set()
    for use in module.calls(".transform"):
        if use.receiver is not None and ast.unparse(use.receiver) == scaler:
            found |= _targets(module.order.statement(use.node))
    return found


def _scaler(module: Module, call: Call) -> str:
    """Return the name of what is fitted: ``s.fit(x)``, or ``s`` of ``s = PCA().fit(x)``."""
    statement = module.order.statement(call.node)
    if isinstance(statement, ast.Assign) and statement.value is call.node:
        return ast.unparse(statement.targets[0])
    return ast.unparse(call.receiver) if call.receiver is not None else ""


def _targets(statement: ast.AST) -> set[str]:
    if isinstance(statement, ast.AnnAssign | ast.AugAssign):
        return names(statement.target)
    if not isinstance(statement, ast.Assign):
        return set()
    return {
        name
        for target in statement.targets
        for name in names(target.value if isinstance(target, ast.Subscript) else target)
    } - {"self", "cls"}
