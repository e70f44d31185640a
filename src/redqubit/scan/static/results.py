"""What a function of the project gives back, as a qualified name."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final

from redqubit.scan.static.scope import returned

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


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
