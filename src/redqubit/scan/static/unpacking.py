"""Which part of a value an unpacked name takes: ``for a, b in zip(x, y)``, ``a, b = f()``."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from redqubit.scan.static.scope import dotted

if TYPE_CHECKING:
    from redqubit.scan.static.module import Module
    from redqubit.scan.static.scope import Binding

_SAME: Final = frozenset({"tqdm", "trange", "list", "tuple", "iter", "reversed", "sorted", "track"})


def select(module: Module, binding: Binding) -> tuple[ast.expr | None, tuple[int, ...]]:
    """Return the expression a name is taken from, and the positions still to be taken of it.

    The expression is None for a counter, which holds no data.
    """
    value = binding.value
    target, loop = _target(binding.node)
    path = _path(target, binding.name) if target is not None else None
    if value is None or path is None:
        return value, ()
    while isinstance(value, ast.Call) and value.args:
        name = module.name_of(value.func)
        tail = (name or dotted(value.func)).rpartition(".")[2]
        if loop and tail in _SAME:
            value = value.args[0]
        elif loop and path and name == "enumerate":
            if path[0] == 0:
                return None, ()
            value, path = value.args[0], path[1:]
        elif loop and path and name == "zip" and path[0] < len(value.args):
            value, path = value.args[path[0]], path[1:]
            loop = loop and not path
            if isinstance(value, ast.Starred):
                return value.value, ()
        elif path and tail == "train_test_split" and path[0] // 2 < len(value.args):
            return value.args[path[0] // 2], ()
        else:
            break
    return value, path


def _target(node: ast.AST) -> tuple[ast.expr | None, bool]:
    if isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
        return node.target, True
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        return node.targets[0], False
    return None, False


def _path(target: ast.expr, name: str) -> tuple[int, ...] | None:
    """Return the positions that lead to a name in a target, None if a star makes them unsure."""
    if not isinstance(target, ast.Tuple | ast.List):
        return () if dotted(target) == name else None
    for index, item in enumerate(target.elts):
        if isinstance(item, ast.Starred):
            return None
        inner = _path(item, name)
        if inner is not None:
            return (index, *inner)
    return None
