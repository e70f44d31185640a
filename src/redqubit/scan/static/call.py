"""Calls with their resolved names, arguments and the patterns they match."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from redqubit.scan.static import folding, indirect

if TYPE_CHECKING:
    from redqubit.scan.static.module import Module


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """A call with its resolved name; ``name`` is empty if the callee's root is unknown.

    A method of a value that a call made carries the call's name: ``requests.get(u).json()`` is
    ``requests.get.json``. ``tail`` is the last part, known even where ``name`` is not. ``other``
    marks one more name of a call that stands under its first one too (an entry of a table).
    """

    module: Module
    node: ast.Call
    name: str
    tail: str
    other: bool = False

    @property
    def receiver(self) -> ast.expr | None:
        """Return what the method is called on, None for a plain function."""
        return self.node.func.value if isinstance(self.node.func, ast.Attribute) else None

    @property
    def tabled(self) -> bool:
        """Return whether an entry of a table that the source writes out is called."""
        return indirect.called_table(self.module, self.node) is not None

    @property
    def starred(self) -> bool:
        """Return whether ``*args`` or ``**kwargs`` may bring arguments that are not seen."""
        return any(isinstance(item, ast.Starred) for item in self.node.args) or any(
            item.arg is None for item in self.node.keywords
        )

    def arg(self, position: int | None, keyword: str = "") -> ast.expr | None:
        """Return the argument at a position (from 0) or of a keyword; None if it is not given."""
        for item in self.node.keywords:
            if keyword and item.arg == keyword:
                return item.value
        if keyword:
            found = indirect.given(self.module, self.node, keyword)
            if found is not None:
                return found
        if position is None or position >= len(self.node.args):
            return None
        if any(isinstance(item, ast.Starred) for item in self.node.args[: position + 1]):
            return None
        return self.node.args[position]

    def literal(self, position: int | None, keyword: str = "") -> Any:
        """Return the folded value of an argument, ``UNKNOWN`` if absent or not constant."""
        return folding.fold(self.module, self.arg(position, keyword))

    def matches(self, *patterns: str) -> bool:
        """Return whether the name is one of the patterns.

        ``a..c`` stands for ``c`` anywhere inside package ``a``; ``.m`` for a method ``m`` of
        a value whose origin is unknown or of any other.
        """
        return fits(self.name, by_tail(patterns).get(self.tail, ()))


@lru_cache(maxsize=1024)
def by_tail(patterns: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Group patterns by their last part, so that a call is compared with few."""
    groups: dict[str, list[str]] = {}
    for pattern in patterns:
        groups.setdefault(pattern.rpartition(".")[2], []).append(pattern)
    return {tail: tuple(group) for tail, group in groups.items()}


def fits(name: str, patterns: tuple[str, ...]) -> bool:
    """Return whether a name is one of the patterns, whose last part it is known to have."""
    for pattern in patterns:
        if pattern[0] == "." and ".." not in pattern:
            return True
        package, anywhere, end = pattern.partition("..")
        if not anywhere:
            if name == pattern:
                return True
        elif name.startswith(f"{package}.") and name.endswith(f".{end}"):
            return True
    return False
