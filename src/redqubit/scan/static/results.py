"""What a function of the project gives back, as a qualified name."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final

from redqubit.scan.static.scope import FunctionNode, dotted, returned

if TYPE_CHECKING:
    from redqubit.scan.static.module import Module

_LOADED: Final = re.compile(r"(?<=[a-z0-9A-Z])\.(?:load|from_\w+|fit|copy)$")


def result_name(module: Module, name: str, depth: int) -> str:
    """Return the name of what the function of a qualified name returns, empty if unknown.

    All its returned values (but None) have this name, or its annotation tells it.
    """
    found = module.project.definition(name, module)
    if found is None or isinstance(found[1], ast.ClassDef):
        return ""
    home, function = found[0], found[1]
    memo: dict[ast.AST, str] = home.memo.setdefault("results", {})
    known = memo.get(function)
    if known is not None:
        return known
    memo[function] = ""  # a function that calls itself
    values = [value for value in returned(function) if not _is_none(value)]
    names = {home.qualified_name(value, depth) for value in values}
    if len(names) > 1:  # one branch makes an instance, another loads it
        names = {_LOADED.sub("", name) for name in names}
    made = names.pop() if len(names) == 1 else ""
    memo[function] = made or home.annotated(function.returns, depth)
    return memo[function]


def property_name(module: Module, name: str, depth: int) -> str:
    """Return the name of what reading a property of the project's classes gives, else empty."""
    if depth <= 0 or not name or not module.project.is_own(name, module):
        return ""
    plain: set[str] = module.memo.setdefault("no properties", set())
    if name in plain:
        return ""
    found = module.project.definition(name, module)
    decorators = found[1].decorator_list if found is not None else []
    if not any(dotted(item).endswith("property") for item in decorators):
        plain.add(name)
        return ""
    return result_name(module, name, depth - 1)


def provided_name(module: Module, argument: ast.arg, depth: int) -> str:
    """Return the name of what a framework provides for a parameter: ``= Depends(connect)``."""
    function = module.parent(module.parent(argument) or argument)
    if depth <= 0 or not isinstance(function, FunctionNode):
        return ""
    plain = [*function.args.posonlyargs, *function.args.args]
    pairs = [
        *zip(reversed(plain), reversed(function.args.defaults), strict=False),
        *zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True),
    ]
    for known, default in pairs:
        if known is not argument or not isinstance(default, ast.Call) or not default.args:
            continue
        if dotted(default.func).rpartition(".")[2] in {"Depends", "Provide", "Security"}:
            name = module.qualified_name(default.args[0], depth - 1)
            return result_name(module, name, depth - 1) if name else ""
    return ""


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
