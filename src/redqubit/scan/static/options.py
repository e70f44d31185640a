"""Options of a command line: which one a value is, and what its declaration allows."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final

from redqubit.scan.static.flow import READ

if TYPE_CHECKING:
    from redqubit.scan.static.flow import Flow
    from redqubit.scan.static.module import Module

_DECLARES: Final = (".add_argument", ".option", ".argument", ".Option", ".Argument")
_FILE: Final = re.compile(r"config|settings|_file$|_path$|^path$|^file(?:name)?$", re.IGNORECASE)
_WORD: Final = re.compile(r"'([A-Za-z_]\w*)'")
_BOUNDS: Final = re.compile(r"IntRange|FloatRange|Choice|range|bounded|limited|\bmax=|at_most|Enum")


def in_settings(flow: Flow) -> bool:
    """Return whether a value stands in a file that the command line names."""
    if flow.origin != "argv":
        return False
    named = isinstance(flow.node, ast.arg) and _FILE.search(flow.node.arg) is not None
    return named or any(hop.text == READ for hop in flow.hops)


def limited(module: Module, value: ast.expr, flow: Flow, *, also: str = "") -> bool:
    """Return whether the option that a value of the command line is has choices or a bound.

    ``also`` is the option's likely name where the value only has the name of a parameter.
    """
    if flow.origin != "argv":
        return False
    wanted = {item.attr for item in ast.walk(value) if isinstance(item, ast.Attribute)}
    wanted |= {item.id for item in ast.walk(value) if isinstance(item, ast.Name)}
    wanted |= {name for hop in flow.hops for name in _WORD.findall(hop.text)} | {also, *flow.fields}
    homes = {flow.module.file: flow.module, module.file: module}.values()
    for home in homes:
        for call in home.calls(*_DECLARES):
            names = {home.fold(item) for item in call.node.args} | {call.literal(None, "dest")}
            plain = {item.lstrip("-").replace("-", "_") for item in names if isinstance(item, str)}
            if plain & wanted and _is_limited(home, call.node):
                return True
    return False


def _is_limited(module: Module, node: ast.Call) -> bool:
    for keyword in node.keywords:
        if keyword.arg in {"choices", "max"}:
            return True
        if keyword.arg == "type":
            if _BOUNDS.search(ast.unparse(keyword.value)):
                return True
            found = module.project.definition(module.name_of(keyword.value), module)
            if found is not None and any(isinstance(x, ast.Raise) for x in ast.walk(found[1])):
                return True
    return False
