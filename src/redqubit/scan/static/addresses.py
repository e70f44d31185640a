"""The texts an address may start with, through settings, parameters, loops and other files."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from redqubit.scan.static.deferred import looked_up
from redqubit.scan.static.flow import passed
from redqubit.scan.static.scope import returned

if TYPE_CHECKING:
    from redqubit.scan.static.module import Module

DEPTH: Final = 10
STEPS: Final = 120  # expressions looked at for one address
_ENVIRONMENT: Final = frozenset({"os.environ.get", "os.getenv", "os.environ.setdefault"})
_READS: Final = frozenset({"items", "values", "get", "pop", "setdefault"})
_KEEPS: Final = frozenset({"rstrip", "strip", "lower", "format", "removesuffix", "format_map"})
_BUILDS: Final = frozenset(
    ["str", "urljoin", "URL", "urlparse", "urlsplit", "field", "Field", "enumerate",
     "sorted", "list", "cycle"]
)  # fmt: skip


def texts(module: Module, node: ast.expr | None) -> Iterator[str]:
    """Yield the constant texts that an address may be or start with."""
    yield from _Search().texts(module, node, DEPTH)


class _Search:
    """One question; each expression is looked at once."""

    def __init__(self) -> None:
        self.seen: set[int] = set()

    def texts(self, module: Module, node: ast.expr | None, depth: int) -> Iterator[str]:
        if node is None or depth <= 0 or id(node) in self.seen or len(self.seen) > STEPS:
            return
        self.seen.add(id(node))
        known = module.prefix(node)
        if known:
            yield known
            return
        if isinstance(node, ast.Name | ast.Attribute):
            yield from self._named(module, node, depth - 1)
            return
        for part in self._parts(module, node):
            yield from self.texts(module, part, depth - 1)
        if isinstance(node, ast.Call):
            found = module.project.definition(module.name_of(node.func), module)
            if found is not None and not isinstance(found[1], ast.ClassDef):
                for value in returned(found[1]):
                    yield from self.texts(found[0], value, depth - 1)

    def _parts(self, module: Module, node: ast.expr) -> list[ast.expr]:
        if isinstance(node, ast.JoinedStr):
            first = node.values[0] if node.values else None
            return [first.value] if isinstance(first, ast.FormattedValue) else []
        if isinstance(node, ast.BinOp):
            return [node.left]
        if isinstance(node, ast.BoolOp):
            return list(node.values)
        if isinstance(node, ast.IfExp):
            return [node.body, node.orelse]
        if isinstance(node, ast.Dict):
            return list(node.values)
        if isinstance(node, ast.Tuple | ast.List | ast.Set):
            return list(node.elts)
        if isinstance(node, ast.Subscript | ast.Await):
            return [node.value]
        return _inputs(module, node) if isinstance(node, ast.Call) else []

    def _named(self, module: Module, node: ast.Name | ast.Attribute, depth: int) -> Iterator[str]:
        for binding in module.bindings(node):
            if isinstance(binding.node, ast.arg):
                yield from self._parameter(module, binding.node, depth)
            else:
                yield from self.texts(module, binding.value, depth)
        found = module.project.bound(module.name_of(node), module)
        if found is not None:
            yield from self.texts(found[0], found[1], depth)

    def _parameter(self, module: Module, argument: ast.arg, depth: int) -> Iterator[str]:
        owner = module.parent(argument)
        function = module.parent(owner) if owner is not None else None
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            return
        if argument.arg in {"self", "cls"}:
            return
        plain = [*function.args.posonlyargs, *function.args.args]
        defaults = dict(zip(reversed(plain), reversed(function.args.defaults), strict=False))
        keywords = dict(zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True))
        yield from self.texts(module, defaults.get(argument) or keywords.get(argument), depth)
        callers = module.project.callers(module, function)
        for call in (*callers, *looked_up(module.project, module, function)):
            yield from self.texts(call.module, passed(call, function, argument), depth)


def _inputs(module: Module, node: ast.Call) -> list[ast.expr]:
    name, tail = module.name_of(node.func), ""
    if isinstance(node.func, ast.Attribute):
        tail = node.func.attr
    elif isinstance(node.func, ast.Name):
        tail = node.func.id
    if name in _ENVIRONMENT or (tail in {"env", "config"} and len(node.args) > 1):
        return node.args[1:2]
    default = [item.value for item in node.keywords if item.arg in {"default", "url"}]
    if tail in _BUILDS:
        return [*node.args[:1], *default]
    if isinstance(node.func, ast.Attribute) and tail in _KEEPS | _READS:
        rest = node.args[1:2] if tail in _READS else []
        return [node.func.value, *rest]
    return default if tail in {"Option", "Argument", "add_argument"} else []
