"""Which names hold some data, or what a function makes from it."""

from __future__ import annotations

import ast
from collections.abc import Collection
from typing import Final

from redqubit.scan.static.guards import names

GROWTH: Final = 4  # assignments followed from the data to what is made from it
_SIZES: Final = frozenset({"len", "isinstance", "type", "hasattr", "range"})


def grown(
    scope: ast.AST,
    words: set[str],
    stops: Collection[str] = (),
    fields: Collection[str] = (),
    *,
    before: ast.AST | None = None,
) -> set[str]:
    """Return names with those that assignments, loops and comprehensions make from them.

    What the functions ``stops`` return is something else, and so are other entries of a mapping
    than ``fields``, if these are known. With ``before`` so is what is made of this expression's
    use, and the index of a loop.
    """
    pairs: list[tuple[set[str], set[str]]] = []
    for node in ast.walk(shallow(scope)):
        if before is not None and _leaves_data(node, before):
            continue
        if isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
            pairs.append((names(node.target), names(node.iter)))
        elif isinstance(node, ast.Assign) and not _calls(node.value, stops):
            targets = set().union(*map(names, node.targets))
            pairs.append((targets, _read(node.value, fields) if fields else names(node.value)))
        elif isinstance(node, ast.NamedExpr):
            pairs.append((names(node.target), names(node.value)))
    known = set(words)
    for _ in range(GROWTH):
        size = len(known)
        for targets, read in pairs:
            if read & known:
                known |= targets
        if len(known) == size:
            break
    return known


def _leaves_data(node: ast.AST, use: ast.AST) -> bool:
    """Return whether an assignment keeps what the use of data returned, or a loop counts."""
    if isinstance(node, ast.Assign):
        return any(item is use for item in ast.walk(node.value))
    return isinstance(node, ast.For | ast.comprehension) and is_range(node.iter)


def is_range(node: ast.expr) -> bool:
    """Return whether a loop runs over a range, whose elements only count."""
    counted = node.func if isinstance(node, ast.Call) else None
    return isinstance(counted, ast.Name) and counted.id == "range"


def _read(node: ast.AST, fields: Collection[str]) -> set[str]:
    """Return the names an expression reads, but not to take another entry of them."""
    key: ast.expr | None = None
    if isinstance(node, ast.Subscript):
        key = node.slice
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
        key = node.args[0] if node.func.attr in {"get", "pop"} else None
    if isinstance(key, ast.Constant) and isinstance(key.value, str) and key.value not in fields:
        return set()
    own = names(node) if isinstance(node, ast.Name | ast.Attribute) else set()
    return own.union(*(_read(child, fields) for child in ast.iter_child_nodes(node)))


def _calls(node: ast.expr, tails: Collection[str]) -> bool:
    return bool(tails) and any(
        isinstance(item, ast.Call) and ast.unparse(item.func).rpartition(".")[2] in tails
        for item in ast.walk(node)
    )


def values_of(node: ast.AST) -> set[str]:
    """Return the names an expression reads the value of, not only the length or type."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _SIZES:
        return set()
    if isinstance(node, ast.Attribute) and node.attr in {"shape", "ndim", "size", "dtype"}:
        return set()
    own = names(node) if isinstance(node, ast.Name | ast.Attribute) else set()
    return own.union(*(values_of(child) for child in ast.iter_child_nodes(node)))


def shallow(scope: ast.AST) -> ast.AST:
    """Return a function as it is; of a module only what stands outside functions."""
    if not isinstance(scope, ast.Module):
        return scope
    own = [
        item
        for item in scope.body
        if not isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    ]
    return ast.Module(own, [])
