"""Whether a number from outside is held below a maximum: by its record's class, or on its way."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from redqubit.scan.static import members
from redqubit.scan.static.derived import grown, is_range, shallow, values_of
from redqubit.scan.static.flow import passed
from redqubit.scan.static.guards import names
from redqubit.scan.static.scope import FunctionNode, dotted, parameters
from redqubit.scan.static.surroundings import BOUNDED

if TYPE_CHECKING:
    from redqubit.scan.static.module import Module
    from redqubit.scan.static.surroundings import Surroundings

_MAXIMUM: Final = re.compile(
    r"\b(?:le|lt|max|max_value|maximum|multiple_of)\s*=|MaxValueValidator|\bLiteral\[|\bOneOf\("
)
_ORDERED: Final = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
_ASSIGNED: Final = (ast.Assign, ast.AnnAssign)
# Methods that run whenever an instance is made.
_CHECKING: Final = frozenset(
    ["__init__", "__post_init__", "__attrs_post_init__", "__new__", "model_post_init", "clean",
     "validate", "check"]
)  # fmt: skip


def in_record(module: Module, node: ast.expr) -> bool:
    """Return whether an expression is a field that its class gives a maximum.

    That is a field of a validated model, a dataclass that compares it when it is made, or an entry
    of what a schema, serializer or form let through.
    """
    if isinstance(node, ast.Attribute):
        found = members.class_of(module.project, module, node.value)
        field = node.attr
    elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        holder = module.name_of(node.value).rpartition(".")[0]
        known = module.project.definition(holder, module) if holder else None
        found = (known[0], known[1]) if known and isinstance(known[1], ast.ClassDef) else None
        field = str(node.slice.value)
    else:
        return False
    return found is not None and _limits(found[0], found[1], field)


def _limits(module: Module, owner: ast.ClassDef, field: str) -> bool:
    """Return whether a class declares or compares a maximum of one of its fields."""
    for item in owner.body:
        if isinstance(item, _ASSIGNED):
            target = item.target if isinstance(item, ast.AnnAssign) else item.targets[0]
            if dotted(target) == field and _MAXIMUM.search(_declared(module, item)):
                return True
        elif isinstance(item, FunctionNode) and _checks(item, field):
            about = {f"self.{field}", field, *_taken(item, field)}
            about = grown(item, about)
            compared = (part for part in ast.walk(item) if isinstance(part, ast.Compare))
            if any(_caps(module, part, about) for part in compared):
                return True
    return False


def _declared(module: Module, item: ast.Assign | ast.AnnAssign) -> str:
    """Return what a field says of itself, with the alias it is annotated by."""
    parts = [ast.unparse(item)]
    annotation = item.annotation if isinstance(item, ast.AnnAssign) else None
    alias = module.single(annotation) if annotation is not None else None
    if alias is not None and alias.value is not None:
        parts.append(ast.unparse(alias.value))
    return " ".join(parts)


def _checks(function: FunctionNode, field: str) -> bool:
    """Return whether a method checks a field whenever an instance is made."""
    return (
        function.name in _CHECKING
        or bool(_taken(function, field))
        or any(
            "validator" in ast.unparse(mark) and "model" in ast.unparse(mark)
            for mark in function.decorator_list
        )
    )


def _taken(function: FunctionNode, field: str) -> set[str]:
    """Return the parameters of a validator of this field."""
    named = f"validate_{field}", f"clean_{field}"
    marked = any(
        isinstance(mark, ast.Call)
        and dotted(mark.func).rpartition(".")[2] in {"field_validator", "validator", "validates"}
        and any(isinstance(item, ast.Constant) and item.value == field for item in mark.args)
        for mark in function.decorator_list
    ) or any(dotted(mark) == f"{field}.validator" for mark in function.decorator_list)
    if not marked and function.name not in named:
        return set()
    return {item.arg for item in parameters(function)} - {"self", "cls"}


def on_way(around: Surroundings) -> bool:
    """Return whether the data is compared with a maximum before it is used.

    A test that only asks for a positive number sets none, nor does one of what the call returns.
    """
    return bool(BOUNDED.search(around.described)) or any(
        _compared(around, home, scope) for home, scope in around.scopes
    )


def _compared(around: Surroundings, home: Module, scope: ast.AST) -> bool:
    tests = [node for node in ast.walk(scope) if isinstance(node, ast.Compare)]
    about = _about(around, home, scope) if tests else set()
    counted = _indexes(scope) if about else set()
    return any(_caps(home, node, about) for node in tests if not names(node) & counted)


def _indexes(scope: ast.AST) -> set[str]:
    """Return the names that count in loops over a range; a test of one bounds nothing."""
    return {
        name
        for node in ast.walk(scope)
        if isinstance(node, ast.For | ast.comprehension) and is_range(node.iter)
        for name in names(node.target)
    }


def _about(around: Surroundings, home: Module, scope: ast.AST) -> set[str]:
    """Return the names that hold the data in a function, or what is made from it."""
    seeds = around.words - around.holders | _passed_into(around, home, scope)
    if _is_helper(around, scope):
        seeds = seeds | _handed(around, scope)
    return seeds | grown(scope, seeds, around.entered, before=around.node)


def _passed_into(around: Surroundings, home: Module, scope: ast.AST) -> set[str]:
    """Return the parameters of a function that the data goes through."""
    if around.flow is None or not isinstance(scope, FunctionNode):
        return set()
    places = {hop.place for hop in around.flow.hops}
    return {item.arg for item in parameters(scope) if home.place(item) in places} - around.holders


def _is_helper(around: Surroundings, scope: ast.AST) -> bool:
    """Return whether a function is only called on the way, such as a check."""
    if not isinstance(scope, FunctionNode) or scope.name in around.entered:
        return False
    source = around.flow.node if around.flow is not None else None
    return not any(item is around.node or item is source for item in ast.walk(scope))


def _handed(around: Surroundings, scope: ast.AST) -> set[str]:
    """Return the parameters of a helper that take the data."""
    assert isinstance(scope, FunctionNode)
    found: set[str] = set()
    for home, other in around.scopes:
        if other is scope or _is_helper(around, other):
            continue
        about = grown(other, around.words - around.holders, around.entered, before=around.node)
        about |= around.words - around.holders
        for node in _calls(shallow(other), scope.name):
            for argument in parameters(scope):
                given = passed(home.call(node), scope, argument)
                if given is not None and names(given) & about and not _holds(given, around.node):
                    found.add(argument.arg)
    return found


def _calls(scope: ast.AST, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(scope):
        if isinstance(node, ast.Call) and dotted(node.func).rpartition(".")[2] == name:
            yield node


def _holds(node: ast.AST, part: ast.AST) -> bool:
    return any(item is part for item in ast.walk(node))


def _caps(module: Module, node: ast.Compare, about: set[str]) -> bool:
    """Return whether a comparison can set a maximum of what the names hold."""
    if not any(isinstance(operator, _ORDERED) for operator in node.ops):
        return False
    sides = [node.left, *node.comparators]
    data = [side for side in sides if values_of(side) & about]
    others = [side for side in sides if side not in data and not names(side) & about]
    return bool(data) and any(_is_maximum(module.fold(side)) for side in others)


def _is_maximum(value: object) -> bool:
    return not isinstance(value, int | float) or value > 1
