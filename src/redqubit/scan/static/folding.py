"""Constant folding: what an expression is worth when nothing outside the source decides it."""

from __future__ import annotations

import ast
import operator
import posixpath
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from redqubit.scan.static.module import Module

DEPTH: Final = 24
LENGTH: Final = 100_000  # of a text or a list that is folded
DIGITS: Final = 10**18


class Unknown:
    """The value of an expression that is not constant."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown()
_BINARY: Final[dict[type[ast.operator], Callable[[Any, Any], Any]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.BitOr: operator.or_,
    ast.BitAnd: operator.and_,
}
_UNARY: Final[dict[type[ast.unaryop], Callable[[Any], Any]]] = {
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Not: operator.not_,
    ast.Invert: operator.invert,
}
_JOINS: Final = frozenset({"os.path.join", "posixpath.join"})
_PATHS: Final = frozenset({"pathlib.Path", "pathlib.PurePath", "pathlib.PosixPath"})
_METHODS: Final = frozenset({"strip", "lower", "upper", "lstrip", "rstrip", "encode", "decode"})
_NAMED: Final = {"math.pi": 3.141592653589793, "numpy.pi": 3.141592653589793}


def fold(module: Module, node: ast.expr | None, depth: int = DEPTH) -> Any:
    """Return the constant value of an expression, or ``UNKNOWN``.

    Texts, numbers, truth values, tuples, lists and mappings are folded; names that one assignment
    binds, f-strings, arithmetic, joins of paths and a few text methods are followed.
    """
    if node is None or depth <= 0:
        return UNKNOWN
    if isinstance(node, ast.Constant):
        return node.value
    try:
        value = _compound(module, node, depth - 1)
    except (ArithmeticError, TypeError, ValueError, LookupError, AttributeError):
        return UNKNOWN
    if isinstance(value, str | bytes | tuple | list | dict) and len(value) > LENGTH:
        return UNKNOWN
    return value


def _compound(module: Module, node: ast.expr, depth: int) -> Any:
    if isinstance(node, ast.Name | ast.Attribute):
        return _name(module, node, depth)
    if isinstance(node, ast.BinOp):
        return _operation(module, node, depth)
    if isinstance(node, ast.UnaryOp):
        value = fold(module, node.operand, depth)
        return UNKNOWN if value is UNKNOWN else _UNARY[type(node.op)](value)
    if isinstance(node, ast.JoinedStr):
        parts = [_formatted(module, part, depth) for part in node.values]
        return UNKNOWN if any(part is UNKNOWN for part in parts) else "".join(parts)
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        items = [fold(module, item, depth) for item in node.elts]
        if any(item is UNKNOWN for item in items):
            return UNKNOWN
        return list(items) if isinstance(node, ast.List) else tuple(items)
    if isinstance(node, ast.Dict):
        keys = [fold(module, key, depth) for key in node.keys]
        values = [fold(module, value, depth) for value in node.values]
        if any(item is UNKNOWN for item in (*keys, *values)):
            return UNKNOWN
        return dict(zip(keys, values, strict=True))
    if isinstance(node, ast.Call):
        return _call(module, node, depth)
    if isinstance(node, ast.Subscript):
        value, key = fold(module, node.value, depth), fold(module, node.slice, depth)
        return UNKNOWN if value is UNKNOWN or key is UNKNOWN else value[key]
    return UNKNOWN


def _name(module: Module, node: ast.Name | ast.Attribute, depth: int) -> Any:
    binding = module.single(node)
    if binding is not None and binding.kind == "assign" and binding.value is not None:
        return fold(module, binding.value, depth)
    return _NAMED.get(module.name_of(node), UNKNOWN)


def _operation(module: Module, node: ast.BinOp, depth: int) -> Any:
    left, right = fold(module, node.left, depth), fold(module, node.right, depth)
    if left is UNKNOWN or right is UNKNOWN:
        return UNKNOWN
    if isinstance(node.op, ast.Div) and isinstance(left, str) and isinstance(right, str):
        return posixpath.join(left, right)
    if isinstance(node.op, ast.Mult) and not _small(left, right):
        return UNKNOWN
    if isinstance(node.op, ast.Mod) and isinstance(left, str | bytes):
        return UNKNOWN
    if isinstance(node.op, ast.Pow):
        small = all(isinstance(item, int | float) and abs(item) < 64 for item in (left, right))
        return left**right if small else UNKNOWN
    if isinstance(node.op, ast.LShift):
        return left << right if 0 <= right < 64 else UNKNOWN
    known = _BINARY.get(type(node.op))
    return UNKNOWN if known is None else known(left, right)


def _small(left: Any, right: Any) -> bool:
    for value, times in ((left, right), (right, left)):
        if isinstance(value, str | bytes | tuple | list):
            return isinstance(times, int) and len(value) * times <= LENGTH
    return all(isinstance(item, int | float) and abs(item) < DIGITS for item in (left, right))


def _formatted(module: Module, node: ast.expr, depth: int) -> Any:
    if isinstance(node, ast.FormattedValue):
        if node.format_spec is not None or node.conversion != -1:
            return UNKNOWN
        value = fold(module, node.value, depth)
        return str(value) if isinstance(value, str | int | float) else UNKNOWN
    return fold(module, node, depth)


def _call(module: Module, node: ast.Call, depth: int) -> Any:
    name = module.name_of(node.func)
    if node.keywords or any(isinstance(item, ast.Starred) for item in node.args):
        return UNKNOWN
    values = [fold(module, item, depth) for item in node.args]
    if any(value is UNKNOWN for value in values):
        return UNKNOWN
    if name in _JOINS or name in _PATHS:
        return posixpath.join(*values) if values else "."
    if name == "str" and len(values) == 1:
        return str(values[0])
    if name in {"frozenset", "set", "tuple", "list"} and len(values) == 1:
        return tuple(values[0])
    if isinstance(node.func, ast.Attribute) and node.func.attr in _METHODS:
        base = fold(module, node.func.value, depth)
        if isinstance(base, str | bytes):
            return getattr(base, node.func.attr)(*values)
    return UNKNOWN


def prefix(module: Module, node: ast.expr | None, depth: int = DEPTH) -> str:
    """Return the text an expression surely starts with; empty if nothing is known."""
    if node is None or depth <= 0:
        return ""
    value = fold(module, node, depth)
    if isinstance(value, str):
        return value
    if isinstance(node, ast.JoinedStr):
        known = ""
        for part in node.values:
            one = _formatted(module, part, depth)
            if not isinstance(one, str):
                if isinstance(part, ast.FormattedValue):
                    known += prefix(module, part.value, depth - 1)
                break
            known += one
        return known
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod):
        left = fold(module, node.left, depth)
        if isinstance(node.op, ast.Add) and isinstance(left, str):
            return left + prefix(module, node.right, depth - 1)
        start = prefix(module, node.left, depth - 1)
        return start.partition("%")[0] if isinstance(node.op, ast.Mod) else start
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if node.func.attr == "format":
            return _format(module, node, prefix(module, node.func.value, depth - 1))
        if module.name_of(node.func) in _JOINS and node.args:
            return prefix(module, node.args[0], depth - 1)
    if isinstance(node, ast.Name | ast.Attribute):
        binding = module.single(node)
        if binding is not None and binding.kind == "assign":
            return prefix(module, binding.value, depth - 1)
    return ""


def _format(module: Module, node: ast.Call, text: str) -> str:
    """Fill the plain holes of a format text until the first unknown value."""
    for item in node.args:
        value = fold(module, item)
        before, hole, after = text.partition("{}")
        if not hole or "{" in before or not isinstance(value, str | int | float):
            break
        text = f"{before}{value}{after}"
    return text.partition("{")[0]
