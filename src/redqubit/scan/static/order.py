"""Which statements run before which, and which bindings reach a use."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from redqubit.scan.static.scope import FIXED, SCOPES, Binding


class Order:
    """Which statements run before which, as far as their nesting tells."""

    def __init__(self, parents: dict[ast.AST, ast.AST]) -> None:
        self._parents = parents
        self._blocks: dict[ast.AST, tuple[tuple[ast.AST, str], ...]] = {}

    def statement(self, node: ast.AST) -> ast.AST:
        """Return the statement a node belongs to."""
        while not isinstance(node, ast.stmt | ast.ExceptHandler) and node in self._parents:
            node = self._parents[node]
        return node

    def blocks(self, node: ast.AST) -> tuple[tuple[ast.AST, str], ...]:
        """Return the blocks around a node up to its function: (statement, field), inner first."""
        start = self.statement(node)
        known = self._blocks.get(start)
        if known is None:
            known = tuple(self._climb(start))
            self._blocks[start] = known
        return known

    def _climb(self, node: ast.AST) -> Iterator[tuple[ast.AST, str]]:
        while node in self._parents:
            parent = self._parents[node]
            yield parent, _field(parent, node)
            if isinstance(parent, SCOPES):
                return
            node = parent

    def reaching(self, bindings: list[Binding], use: ast.AST) -> list[Binding]:
        """Return the bindings of one scope whose value a use in that scope may see."""
        if len(bindings) == 1 and bindings[0].kind in FIXED:
            return list(bindings)
        around = dict(self.blocks(use))
        loops = {node for node in around if isinstance(node, ast.For | ast.AsyncFor | ast.While)}
        place = position(use)
        inside = {id(node) for node in self._ancestors(use)}
        for binding in bindings:
            if (
                isinstance(binding.node, ast.comprehension)
                and id(self._parents[binding.node]) in inside
            ):
                return [binding]
        found: list[Binding] = []
        later: list[Binding] = []
        for binding in reversed(bindings):
            if isinstance(binding.node, ast.comprehension):
                continue
            blocks = () if binding.kind == "param" else self.blocks(binding.node)
            if any(
                isinstance(node, ast.If) and node in around and around[node] != field_
                for node, field_ in blocks
            ):
                continue
            own = id(binding.node) in inside and binding.kind in {"assign", "augmented", "unpack"}
            if position(binding.node) > place or own:
                if any(node in loops for node, _ in blocks):
                    later.append(binding)
                continue
            found.append(binding)
            certain = not blocks or blocks[0] in around.items() or binding.kind == "param"
            if certain and binding.kind not in {"augmented", "store"}:
                break
        return [*reversed(found), *later]

    def _ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        while node in self._parents:
            node = self._parents[node]
            yield node
            if isinstance(node, ast.stmt):
                return


def _field(parent: ast.AST, child: ast.AST) -> str:
    for name in ("body", "orelse", "finalbody", "handlers", "cases"):
        block = getattr(parent, name, None)
        if block is child or (isinstance(block, list) and child in block):
            return name
    return ""


def position(node: ast.AST) -> tuple[int, int]:
    """Return line (from 1) and column (from 0) of a node; comprehensions count as their target."""
    if isinstance(node, ast.comprehension):
        node = node.target
    return getattr(node, "lineno", 0), getattr(node, "col_offset", 0)
