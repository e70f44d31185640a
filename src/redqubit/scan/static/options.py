"""Options of a command line: which one a value is, and what its declaration allows."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final

from redqubit.scan.static.flow import READ
from redqubit.scan.static.scope import default_of, parameters

if TYPE_CHECKING:
    from redqubit.scan.static.flow import Flow
    from redqubit.scan.static.module import Module

_DECLARES: Final = (".add_argument", ".option", ".argument", ".Option", ".Argument")
_FILE: Final = re.compile(r"config|settings|_file$|_path$|^path$|^file(?:name)?$", re.IGNORECASE)
_WORD: Final = re.compile(r"'([A-Za-z_]\w*)'")
_BOUNDED: Final = re.compile(r"\bmax(?:_value)?\s*=|\bl[et]\s*=|Literal\[|Range\(|Interval\(")
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
    if isinstance(flow.node, ast.arg) and _BOUNDED.search(_declared(flow, flow.node)):
        return True
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


def _declared(flow: Flow, argument: ast.arg) -> str:
    """Return what a parameter's annotation and default say of it.

    Where several go into one object, the parameter called like the field that is read counts.
    """
    function = flow.module.parent(flow.module.parent(argument) or argument)
    if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
        return ""
    named = [item for item in parameters(function) if item.arg in flow.fields]
    argument = named[0] if named else argument
    parts = [argument.annotation, default_of(function, argument)]
    return " ".join(ast.unparse(item) for item in parts if item is not None)


def _is_limited(module: Module, node: ast.Call) -> bool:
    for keyword in node.keywords:
        if keyword.arg in {"choices", "max"}:
            return True
        if keyword.arg == "type":
            if _BOUNDS.search(ast.unparse(keyword.value)):
                return True
            found = module.project.definition(module.name_of(keyword.value), module)
            code = found[1] if found is not None else keyword.value
            if any(_rejects(item) for item in ast.walk(code)):
                return True
    return False


def _rejects(node: ast.AST) -> bool:
    """Return whether a part of an option's type refuses values or brings them into bounds."""
    if isinstance(node, ast.Call):
        return ast.unparse(node.func).rpartition(".")[2] in {"min", "clip"}
    return isinstance(node, ast.Raise)
