"""Where data is cut into a training and a test part, also in another function."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from redqubit.scan.static.derived import shallow
from redqubit.scan.static.flow import passed
from redqubit.scan.static.guards import names
from redqubit.scan.static.scope import FunctionNode, parameters, returned

if TYPE_CHECKING:
    from redqubit.scan.static.module import Call, Module

_SPLITS: Final = re.compile(
    r"(?:^|_)splits?(?:_|$)|^Subset$|^cross_val|cross_validate|(?:^|_)k?folds?$|hold_?out"
)
# Cuts into batches or columns, and texts into words.
_BATCHES: Final = re.compile(
    r"^(?:str|re|shlex|numpy|jax|tensorflow)\b|^torch\.(?:split|tensor_sp)"
)
_DRAWN: Final = re.compile(r"permutation|shuffle|train|test|split|fold|setdiff")
_TRAIN: Final = re.compile(r"train|(?:^|_)tr(?:_|$)", re.IGNORECASE)
# What gives the same rows in another form.
_KEEPS: Final = re.compile(
    r"array|tensor|astype|dataset|frame|from_numpy|^(?:float|double|to|numpy|clip|clamp|copy|zip"
    r"|list|vstack|hstack|column_stack|concatenate|concat|transform|fit_transform|values|assign"
    r"|reshape|squeeze|where|nan_to_num|fillna|dropna)$",
    re.IGNORECASE,
)
_SELF: Final = frozenset({"self", "cls"})
DEPTH: Final = 2  # functions from where data is made to where it is cut


def cut_later(module: Module, start: ast.AST, held: set[str], depth: int = DEPTH) -> str | None:
    """Return how rows that names hold are cut into parts after a place, None if they are not."""
    function = module.function(start)
    scope = function or shallow(module.tree)
    after = getattr(start, "lineno", 0)
    held = kept(scope, held, after)
    own = {name for name in held if name.startswith("self.")}
    for other in _methods(module, start) if own else ():
        if other is not function and (told := _cut(module, other, own, 0, depth)):
            return told
    told = _around(module, start) or _cut(module, scope, held, after, depth)
    if told is None and function is not None and depth > 0:
        told = _by_callers(module, function, held, start, depth)
    return told


def _around(module: Module, start: ast.AST) -> str | None:
    """Return the split that a fit stands in: ``train_test_split(scaler.fit_transform(x), y)``."""
    for item in module.around(start):
        if isinstance(item, ast.stmt):
            return None
        if isinstance(item, ast.Call) and _is_split(module.call(item)):
            return f"{module.call(item).tail}()"
    return None


def _cut(module: Module, scope: ast.AST, held: set[str], after: int, depth: int) -> str | None:
    """Return how a function cuts rows that names hold, itself or in a function it calls."""
    for node in ast.walk(scope):
        if not isinstance(node, ast.Call) or node.lineno < after:
            continue
        given = [*node.args, *(item.value for item in node.keywords)]
        touched = [item for item in given if rows(item) & held]
        if not touched:
            continue
        call = module.call(node)
        if _is_split(call):
            return f"{call.tail}()"
        if depth > 0 and _helper_cuts(module, call, held, depth):
            return f"{call.tail}()"
    if any(_draws_rows(node, held) for node in ast.walk(scope)):
        return "a part of the rows is drawn"
    return "the data is split by index" if _indexed(module, scope, held, after) else None


def _draws_rows(node: ast.AST, held: set[str]) -> bool:
    """Return whether the rest of drawn rows is taken: ``table.drop(part.index)``."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    if node.func.attr != "drop" or not rows(node.func.value) & held:
        return False
    given = [*node.args, *(item.value for item in node.keywords)]
    return any(isinstance(item, ast.Attribute) and item.attr == "index" for item in given)


def _is_split(call: Call) -> bool:
    return _SPLITS.search(call.tail) is not None and not _BATCHES.search(call.name)


def _helper_cuts(module: Module, call: Call, held: set[str], depth: int) -> bool:
    """Return whether a function of the project cuts the rows a call passes to it."""
    found = module.project.definition(call.name, module) if call.name else None
    if found is None or isinstance(found[1], ast.ClassDef):
        return False
    home, function = found[0], found[1]
    for argument in parameters(function):
        given = passed(call, function, argument)
        if given is not None and rows(given) & held:
            taken = kept(function, {argument.arg}, 0)
            if _cut(home, function, taken, 0, depth - 1):
                return True
    return False


def _by_callers(
    module: Module, function: FunctionNode, held: set[str], start: ast.AST, depth: int
) -> str | None:
    """Return how the callers of a function cut the rows it returns."""
    values = returned(function)
    within = any(item in values for item in (start, *module.around(start)))
    if not within and not any(rows(value) & held for value in values):
        return None
    for call in module.project.callers(module, function):
        statement = call.module.order.statement(call.node)
        targets = statement.targets[0] if isinstance(statement, ast.Assign) else None
        if targets is None:
            continue
        taken = set[str]()
        for value in values:
            taken |= _taken(value, targets, held)
        if any(_TRAIN.search(name) for name in taken):
            continue  # what is cut later is the training part itself
        told = cut_later(call.module, call.node, taken, depth - 1) if taken else None
        if told is not None:
            return told
    return None


def _taken(value: ast.expr, target: ast.expr, held: set[str]) -> set[str]:
    """Return the names of a target that get the rows of what is returned."""
    pair = isinstance(value, ast.Tuple) and isinstance(target, ast.Tuple)
    if pair and len(value.elts) == len(target.elts):  # type: ignore[attr-defined]
        found = set[str]()
        for part, name in zip(value.elts, target.elts, strict=True):  # type: ignore[attr-defined]
            if rows(part) & held:
                found |= names(name)
        return found
    if isinstance(target, ast.Tuple):
        return names(target.elts[0])
    return names(target)


def _methods(module: Module, start: ast.AST) -> Iterator[FunctionNode]:
    owner = module.class_of(start)
    for item in owner.body if owner is not None else ():
        if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef):
            yield item


def rows(node: ast.expr) -> set[str]:
    """Return the names whose rows an expression has: no keys, lengths or selections."""
    if isinstance(node, ast.Name):
        return {node.id}
    if isinstance(node, ast.Attribute):
        return names(node) - _SELF if node.attr not in {"shape", "size"} else set()
    if isinstance(node, ast.Subscript):
        return rows(node.value) if _whole(node) else set()
    if isinstance(node, ast.Call):
        tail = ast.unparse(node.func).rpartition(".")[2]
        if not _KEEPS.search(tail):
            return set()
        given = [*node.args, *(item.value for item in node.keywords)]
        inner = [node.func.value] if isinstance(node.func, ast.Attribute) else []
        return set().union(*map(rows, [*inner, *given]))
    if isinstance(node, ast.BinOp):
        return rows(node.left) | rows(node.right)
    if isinstance(node, ast.Tuple | ast.List):
        return set().union(*map(rows, node.elts))
    if isinstance(node, ast.Starred | ast.UnaryOp):
        return rows(node.value if isinstance(node, ast.Starred) else node.operand)
    return set()


def _whole(node: ast.Subscript) -> bool:
    """Return whether an entry has all rows: columns by name, or ``x[:, :4]``."""
    part = node.slice.elts[0] if isinstance(node.slice, ast.Tuple) else node.slice
    if isinstance(part, ast.Slice):
        return part.lower is None and part.upper is None
    return isinstance(part, ast.Constant) and isinstance(part.value, str)


def kept(scope: ast.AST, held: set[str], after: int) -> set[str]:
    """Return names with those that later assignments give the same rows."""
    found = set(held)
    assignments = [
        node for node in ast.walk(scope) if isinstance(node, ast.Assign) and node.lineno >= after
    ]
    for node in sorted(assignments, key=lambda item: item.lineno):
        if rows(node.value) & found:
            found |= set().union(*(names(target) for target in node.targets)) - _SELF
    return found


def _indexed(module: Module, scope: ast.AST, held: set[str], after: int) -> bool:
    """Return whether rows are cut in two: ``x[:n]`` and ``x[n:]``, ``x[a]`` and ``x[b]``.

    Two arrays of positions count where they come from a permutation or are named for the parts.
    """
    lower, upper, drawn, masks = set[str](), set[str](), set[str](), set[str]()
    for node in ast.walk(scope):
        if not isinstance(node, ast.Subscript) or node.lineno <= after:
            continue
        if not (names(node.value) & held) or not isinstance(node.ctx, ast.Load):
            continue
        part = node.slice.elts[0] if isinstance(node.slice, ast.Tuple) else node.slice
        if isinstance(part, ast.Slice) and part.step is None:
            lower |= {ast.unparse(part.lower)} if part.lower and not part.upper else set()
            upper |= {ast.unparse(part.upper)} if part.upper and not part.lower else set()
        elif isinstance(part, ast.UnaryOp) and isinstance(part.op, ast.Invert):
            masks.add(ast.unparse(part.operand))
        elif isinstance(part, ast.Name):
            masks.add(f"~{part.id}")
        if _DRAWN.search(_positions(module, part)):
            drawn.add(ast.unparse(part))
    halves = any(f"~{name}" in masks for name in masks)
    return bool(lower & upper) or halves or len(drawn) > 1


def _positions(module: Module, part: ast.expr) -> str:
    """Return the text of positions with that of what they are made from, two steps back."""
    base = part.operand if isinstance(part, ast.UnaryOp) else part
    if isinstance(base, ast.Subscript) and isinstance(base.slice, ast.Slice):
        base = base.value
    if not isinstance(base, ast.Name):
        return ""
    binding = module.single(base)
    value = binding.value if binding is not None else None
    if value is None:
        return base.id
    inner = [
        ast.unparse(held.value)
        for item in ast.walk(value)
        if isinstance(item, ast.Name)
        and (held := module.single(item)) is not None
        and held.value is not None
    ]
    return " ".join([base.id, ast.unparse(value), *inner])
