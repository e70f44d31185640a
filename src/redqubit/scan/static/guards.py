"""What was checked before a place is reached: tests that dominate it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from redqubit.scan.static.scope import dotted

if TYPE_CHECKING:
    from redqubit.scan.static.module import Module

_LEAVES = (ast.Return, ast.Raise, ast.Continue, ast.Break)


@dataclass(frozen=True, slots=True)
class Guard:
    """A test that was true (or, with ``holds`` False, false) whenever the place is reached."""

    test: ast.expr
    holds: bool


def guards(module: Module, node: ast.AST) -> Iterator[Guard]:
    """Yield the tests that dominate a node, up to its function (or the module).

    These are the ``if``, ``while`` and conditional expressions around it, and before it ``assert``
    and ``if ...: raise`` (or return, continue, break) in the blocks around it.
    """
    child = node
    for parent in module.around(node):
        if isinstance(parent, ast.If | ast.While | ast.IfExp) and child is not parent.test:
            body = parent.body if isinstance(parent.body, list) else [parent.body]
            yield Guard(parent.test, child in body)
        elif isinstance(parent, ast.BoolOp):
            for value in (
                parent.values[: parent.values.index(child)] if child in parent.values else ()
            ):
                yield Guard(value, isinstance(parent.op, ast.And))
        elif isinstance(parent, ast.comprehension | ast.ListComp | ast.GeneratorExp | ast.SetComp):
            for part in getattr(parent, "generators", ()):
                for test in part.ifs:
                    yield Guard(test, True)
        yield from _before(parent, child)
        if isinstance(parent, ast.FunctionDef | ast.AsyncFunctionDef):
            return
        child = parent


def _before(parent: ast.AST, child: ast.AST) -> Iterator[Guard]:
    for name in ("body", "orelse", "finalbody"):
        block = getattr(parent, name, None)
        if not isinstance(block, list) or child not in block:
            continue
        for statement in block[: block.index(child)]:
            if isinstance(statement, ast.Assert):
                yield Guard(statement.test, True)
            elif isinstance(statement, ast.If):
                if leaves(statement.body):
                    yield Guard(statement.test, False)
                if statement.orelse and leaves(statement.orelse):
                    yield Guard(statement.test, True)


def leaves(block: list[ast.stmt]) -> bool:
    """Return whether a block always leaves: return, raise, continue, break or exit."""
    last = block[-1] if block else None
    if isinstance(last, _LEAVES):
        return True
    if isinstance(last, ast.Expr) and isinstance(last.value, ast.Call):
        return dotted(last.value.func) in {"sys.exit", "exit", "quit", "os._exit", "abort"}
    if isinstance(last, ast.If):
        return leaves(last.body) and leaves(last.orelse)
    return False


def names(node: ast.AST) -> set[str]:
    """Return the names and attribute chains an expression reads."""
    found = set()
    for item in ast.walk(node):
        if isinstance(item, ast.Name):
            found.add(item.id)
        elif isinstance(item, ast.Attribute):
            chain = dotted(item)
            if chain:
                found.add(chain)
    return found


def tests_on(module: Module, node: ast.AST, subject: ast.expr) -> Iterator[Guard]:
    """Yield the dominating tests that read a name the subject reads."""
    wanted = names(subject) - {"self", "cls"}
    for guard in guards(module, node):
        if wanted & names(guard.test):
            yield guard


def member_of_literals(module: Module, guard: Guard, subject: ast.expr | None = None) -> bool:
    """Return whether a guard proves membership in constants: ``x in {...}``, ``x == "a"``."""
    wanted = names(subject) if subject is not None else set()
    return _proves(module, guard.test, guard.holds, wanted)


def _proves(module: Module, test: ast.expr, holds: bool, wanted: set[str]) -> bool:
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return _proves(module, test.operand, not holds, wanted)
    if isinstance(test, ast.BoolOp):
        every = isinstance(test.op, ast.And) == holds
        parts = (_proves(module, item, holds, wanted) for item in test.values)
        return any(parts) if every else all(parts)
    if isinstance(test, ast.Call) and isinstance(test.func, ast.Attribute):
        prefixed = test.func.attr in {"startswith", "fullmatch", "match"} and holds
        return prefixed and (not wanted or bool(wanted & names(test)))
    if not isinstance(test, ast.Compare) or len(test.ops) != 1:
        return False
    if wanted and not wanted & (names(test.left) | names(test.comparators[0])):
        return False
    right = test.comparators[0]
    positive = isinstance(test.ops[0], ast.In | ast.Eq)
    negative = isinstance(test.ops[0], ast.NotIn | ast.NotEq)
    if not ((positive and holds) or (negative and not holds)):
        return False
    return constant_container(module, right)


def constant_container(module: Module, node: ast.expr) -> bool:
    """Return whether an expression is a collection (or value) the source alone decides."""
    if isinstance(node, ast.Constant):
        return True
    if isinstance(node, ast.Dict | ast.Set | ast.List | ast.Tuple):
        return True
    if isinstance(node, ast.Call) and dotted(node.func) in {"set", "frozenset", "tuple", "list"}:
        return bool(node.args) and constant_container(module, node.args[0])
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr in {"keys", "split"} and constant_container(module, node.func.value)
    if isinstance(node, ast.Name | ast.Attribute):
        binding = module.single(node)
        if binding is not None and binding.value is not None and binding.value is not node:
            return constant_container(module, binding.value)
        name = node.id if isinstance(node, ast.Name) else node.attr
        return name.isupper() or name.lstrip("_").isupper()
    return False
