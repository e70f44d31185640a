"""Callables that are not called by their own name: partials, tables of functions, results.

What they stand for is named as if they were called where the value is used.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Final

from redqubit.scan.static.deferred import AWAITED, PARTIALS, STARTERS, partial
from redqubit.scan.static.scope import dotted

if TYPE_CHECKING:
    from redqubit.scan.static.call import Call
    from redqubit.scan.static.module import Module

_CLASS: Final = re.compile(r"[A-Z]\w*[a-z]|[A-Z]{2,6}$")  # also VQC, but no CONSTANT_NAME
# Class methods of validated models that make an instance.
_DECODES: Final = (".model_validate", ".model_validate_json", ".parse_obj", ".parse_raw")
_HYBRID: Final = "hybrid_job"


def made(module: Module, node: ast.Call, name: str) -> str:
    """Return the name of what a call makes: a partial is named like the function it holds."""
    if name in PARTIALS and node.args:
        return module.name_of(node.args[0])
    last = name.rpartition(".")[2]
    position = STARTERS[last] if last in AWAITED else None
    if position is not None and position < len(node.args):
        return module.name_of(node.args[position]) or name
    if name in {"getattr", "importlib.import_module"} and node.args:
        return _spelled(module, node, name)
    if name.endswith(_DECODES):
        return name.rpartition(".")[0]
    if name.endswith(".get") or not name:
        function = node.func
        if isinstance(function, ast.Attribute) and function.attr == "get" and node.args:
            return _common(module, _table(module, function.value)) or name
        return name
    if isinstance(node.func, ast.Name):
        return _promised(module, node.func) or name
    return name


def _spelled(module: Module, node: ast.Call, name: str) -> str:
    """Return the name of ``getattr(torch, "load")`` and ``import_module("pickle")``."""
    last = node.args[1 if name == "getattr" and len(node.args) > 1 else 0]
    if not (isinstance(last, ast.Constant) and isinstance(last.value, str)):
        return name
    if name != "getattr":
        return last.value
    base = module.name_of(node.args[0])
    return f"{base}.{last.value}" if base else name


def element(module: Module, node: ast.expr | None) -> str:
    """Return the name of the elements of a collection that is written out or built in place."""
    if isinstance(node, ast.Name):
        binding = module.single(node)
        node = binding.value if binding is not None and binding.kind == "assign" else None
    if isinstance(node, ast.ListComp | ast.GeneratorExp | ast.SetComp):
        return module.name_of(node.elt)
    if isinstance(node, ast.Attribute):
        return _listed(module, node)
    if isinstance(node, ast.List | ast.Tuple) and node.elts:
        names = {module.name_of(item) for item in node.elts}
        return names.pop() if len(names) == 1 else shared(names)
    return ""


def _listed(module: Module, node: ast.Attribute) -> str:
    """Return the class of the elements of a field that is annotated as a list of them."""
    name = module.name_of(node.value)
    found = module.project.definition(name, module) if name else None
    if found is None or not isinstance(found[1], ast.ClassDef):
        return ""
    for item in found[1].body:
        if isinstance(item, ast.AnnAssign) and dotted(item.target) == node.attr:
            kind = item.annotation
            if isinstance(kind, ast.Subscript) and isinstance(kind.slice, ast.Name):
                return found[0].name_of(kind.slice)
    return ""


def shared(names: Collection[str | None]) -> str:
    """Return one of several names if all are classes of one module, else an empty text."""
    known = sorted(name or "" for name in names)
    homes = {name.rpartition(".")[0] for name in known}
    classes = all(_CLASS.match(name.rpartition(".")[2]) for name in known)
    return known[0] if classes and len(homes) == 1 and "" not in homes else ""


def chosen(module: Module, node: ast.Subscript) -> str:
    """Return the name of an entry of a table that the source writes out.

    If the key is not constant, one of the entries stands for all, provided that they are of one
    package.
    """
    table = _table(module, node.value)
    if table is None:
        return ""
    key = module.fold(node.slice)
    for known, value in zip(table.keys, table.values, strict=True):
        if isinstance(known, ast.Constant) and known.value == key:
            return module.name_of(value)
    return _common(module, table)


def given(module: Module, node: ast.Call, keyword: str) -> ast.expr | None:
    """Return what ``**options`` or a partial passes for a keyword."""
    for item in node.keywords:
        if item.arg is None:
            found = _entry(module, item.value, keyword)
            if found is not None:
                return found
    held = partial(module, node.func)
    if held is not None:
        for item in held.keywords:
            if item.arg == keyword:
                return item.value
    return None


def alternatives(module: Module, node: ast.Call, name: str) -> Iterator[Call]:
    """Yield a call under the further names it may have where it calls an entry of a table."""
    table = called_table(module, node)
    from redqubit.scan.static.call import Call

    for value in table.values if table is not None else ():
        other = module.name_of(value) if isinstance(value, ast.Name | ast.Attribute) else ""
        if other and other != name:
            yield Call(module, node, other, other.rpartition(".")[2], other=True)


def called_table(module: Module, node: ast.Call) -> ast.Dict | None:
    """Return the table, written out in the source, one of whose entries a call calls."""
    function: ast.expr | None = node.func
    if isinstance(function, ast.Name):
        binding = module.single(function)
        function = binding.value if binding is not None and binding.kind == "assign" else None
    if isinstance(function, ast.Subscript):
        return _table(module, function.value)
    holder = _holder(function)
    return _table(module, holder) if holder is not None else None


def is_result(module: Module, node: ast.expr) -> bool:
    """Return whether what is called is itself the result of a call: ``make(4)(x)``."""
    if isinstance(node, ast.Name | ast.Attribute):
        binding = module.single(node)
        return binding is not None and isinstance(binding.value, ast.Call)
    return isinstance(node, ast.Call)


def _holder(node: ast.expr | None) -> ast.expr | None:
    """Return the table of ``table.get(key)``."""
    function = node.func if isinstance(node, ast.Call) else None
    if isinstance(function, ast.Attribute) and function.attr == "get":
        return function.value
    return None


def _entry(module: Module, node: ast.expr, keyword: str) -> ast.expr | None:
    """Return the value of a key in a mapping that the source writes out."""
    if isinstance(node, ast.Name | ast.Attribute):
        binding = module.single(node)
        if binding is None or binding.kind != "assign" or binding.value is None:
            return None
        node = binding.value
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and key.value == keyword:
                return value
    elif isinstance(node, ast.Call) and dotted(node.func) == "dict":
        return next((item.value for item in node.keywords if item.arg == keyword), None)
    return None


def _table(module: Module, node: ast.expr) -> ast.Dict | None:
    if not isinstance(node, ast.Name | ast.Attribute):
        return node if isinstance(node, ast.Dict) else None
    binding = module.single(node)
    value = binding.value if binding is not None and binding.kind == "assign" else None
    return value if isinstance(value, ast.Dict) else None


def _common(module: Module, table: ast.Dict | None) -> str:
    """Return the name of the first entry if all are functions or classes of one package."""
    values = table.values if table is not None else []
    if not all(isinstance(value, ast.Name | ast.Attribute) for value in values):
        return ""
    names = [module.name_of(value) for value in values]
    roots = {name.partition(".")[0] for name in names}
    return names[0] if names and "" not in roots and len(roots) == 1 else ""


def _promised(module: Module, node: ast.Name) -> str:
    """Return the class that a function of the file says it returns."""
    binding = module.single(node)
    function = binding.node if binding is not None else None
    if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
        return ""
    for item in function.decorator_list:
        target = item.func if isinstance(item, ast.Call) else item
        name = module.name_of(target)
        if name.startswith("braket.") and name.endswith(_HYBRID):
            return "braket.aws.AwsQuantumJob"
    returns = function.returns
    if not isinstance(returns, ast.Name | ast.Attribute):
        return ""
    name = module.name_of(returns)
    return name if "." in name else ""
