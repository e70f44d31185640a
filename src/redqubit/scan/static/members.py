"""What an attribute of an instance holds: set by its methods or given to its constructor."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from redqubit.scan.static.scope import FunctionNode, returned

if TYPE_CHECKING:
    from redqubit.scan.static.call import Call
    from redqubit.scan.static.module import Module
    from redqubit.scan.static.project import Project

Value = tuple["Module", ast.expr, "Call | None", FunctionNode | None]


def values(project: Project, module: Module, node: ast.Attribute) -> Iterator[Value]:
    """Yield what an attribute of a class of the project may hold.

    Each comes with its module and, where the constructor's arguments decide it, the call of the
    class and its ``__init__`` (None for the fields of a dataclass or named tuple).
    """
    found = class_of(project, module, node.value)
    if found is None:
        return
    home, owner = found
    own = isinstance(node.value, ast.Name) and node.value.id in {"self", "cls"}
    scope = home.layout.scopes[owner]
    key = f"self.{node.attr}"
    bound = [] if own else [*scope.bindings.get(key, ()), *scope.stores.get(key, ())]
    calls = list(project.constructions(home, owner)) if own else _made(project, module, node.value)
    init = next((item for item in owner.body if _is_init(item)), None)
    for binding in bound:
        if binding.value is None:
            continue
        if init is not None and home.function(binding.value) is init:
            for call in calls:
                assert isinstance(init, ast.FunctionDef)
                yield home, binding.value, call, init
        if init is None or not calls:
            yield home, binding.value, None, None
    position = _field(owner, node.attr) if init is None else None
    for call in calls if position is not None else ():
        value = call.arg(position, node.attr)
        if value is not None:
            yield call.module, value, call, None


def class_of(
    project: Project, module: Module, node: ast.expr
) -> tuple[Module, ast.ClassDef] | None:
    """Return the class of an instance: one that is made, annotated, or that a function returns."""
    name = module.name_of(node)
    found = project.definition(name, module) if name else None
    if found is None:
        return None
    home, made = found
    if isinstance(made, ast.ClassDef):
        return home, made
    given = made.returns
    if given is None:
        return _inferred(project, home, made)
    text = given.value if isinstance(given, ast.Constant) else None
    if text == "Self" or (isinstance(given, ast.Name) and given.id == "Self"):
        owner = home.class_of(made)
        return (home, owner) if owner is not None else None
    if isinstance(text, str):
        name = f"{home.name}.{text}" if home.name else text
    else:
        name = home.name_of(given)
    known = project.definition(name, home) if name else None
    if known is None or not isinstance(known[1], ast.ClassDef):
        return None
    return known[0], known[1]


def _inferred(
    project: Project, home: Module, function: FunctionNode
) -> tuple[Module, ast.ClassDef] | None:
    """Return the class of what a function makes and returns, also out of a table it fills."""
    for value in returned(function):
        held: list[ast.expr | None] = [value]
        base = value.value if isinstance(value, ast.Subscript) else value
        if isinstance(base, ast.Name):
            held += [item.value for item in home.bindings(base)]
        for item in held:
            name = home.name_of(item.func) if isinstance(item, ast.Call) else ""
            found = project.definition(name, home) if name else None
            if found is not None and isinstance(found[1], ast.ClassDef):
                return found[0], found[1]
    return None


def method(project: Project, module: Module, node: ast.expr) -> tuple[Module, FunctionNode] | None:
    """Return the method that ``make().run`` calls, by the class that ``make`` returns."""
    found = class_of(project, module, node.value) if isinstance(node, ast.Attribute) else None
    if found is None or not isinstance(node, ast.Attribute):
        return None
    for item in found[1].body:
        if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef) and item.name == node.attr:
            return found[0], item
    return None


def _made(project: Project, module: Module, node: ast.expr) -> list[Call]:
    """Return the calls of the class that made an instance, if they are in sight."""
    if isinstance(node, ast.Name | ast.Attribute):
        binding = module.single(node)
        node = binding.value if binding is not None and binding.value is not None else node
    if not isinstance(node, ast.Call):
        return []
    name = module.name_of(node.func)
    found = project.definition(name, module) if name else None
    if found is None or isinstance(found[1], ast.ClassDef):
        return [module.call(node)]
    return [found[0].call(item) for item in returned(found[1]) if isinstance(item, ast.Call)]


def _is_init(node: ast.stmt) -> bool:
    return isinstance(node, ast.FunctionDef) and node.name == "__init__"


def _field(owner: ast.ClassDef, name: str) -> int | None:
    """Return the position of a field among the annotated ones of a class."""
    fields = [
        item.target.id
        for item in owner.body
        if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name)
    ]
    return fields.index(name) if name in fields else None


def table(module: Module, node: ast.expr) -> Iterator[str]:
    """Yield the qualified names in a written table that a called expression is taken from."""
    binding = module.single(node)
    taken = binding.value if binding is not None and binding.value is not None else node
    if isinstance(taken, ast.Call) and isinstance(taken.func, ast.Attribute):
        held = taken.func.value if taken.func.attr == "get" else None
    else:
        held = taken.value if isinstance(taken, ast.Subscript) else None
    made = module.single(held) if held is not None else None
    written = made.value if made is not None else held
    if isinstance(written, ast.Dict):
        for item in written.values:
            name = module.name_of(item)
            if name:
                yield name
