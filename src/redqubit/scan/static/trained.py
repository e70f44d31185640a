"""Attributes that classes of a project train, and who is handed their objects in each step."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from redqubit.scan.static.scope import FunctionNode, dotted, first_parameters
from redqubit.scan.static.training_loop import owners

if TYPE_CHECKING:
    from redqubit.scan.static.module import Module
    from redqubit.scan.static.project import Project

_WORDS: Final = ("step_and_cost", "zero_grad", "apply_updates", "minimize", "Optimizer")
_MUTATORS: Final = frozenset(["copy_", "fill_", "add_", "mul_", "fill", "itemset", "put"])
_LOADERS: Final = frozenset({"load_state_dict", "set_weights", "load_weights"})
_COPIERS: Final = frozenset({"copyto", "put", "place", "putmask"})


@dataclass(frozen=True, slots=True, eq=False)
class Trained:
    """An attribute of a class that its methods train, and what the loop calls with the object.

    ``hooks`` are the names of these methods with the position of the object.
    """

    home: Module
    owner: ast.ClassDef
    attribute: str
    line: int
    hooks: frozenset[tuple[str, int]]


def trained(project: Project) -> Iterator[Trained]:
    """Yield the attributes that classes of a project train."""
    for home in project.having(*_WORDS):
        known = home.memo.get("trained")
        if known is None:
            known = home.memo["trained"] = list(_trained(home))
        yield from cast(list[Trained], known)


def _trained(home: Module) -> Iterator[Trained]:
    for training in owners(home):
        owner = home.class_of(training.node)
        own = [name[5:] for name in training.weights if name.startswith("self.")]
        if owner is None or not own:
            continue
        place = training.loop if training.loop is not None else training.node
        hooks = frozenset(_hooks(place))
        for name in own:
            yield Trained(home, owner, name, getattr(training.node, "lineno", 0), hooks)


def _hooks(loop: ast.AST) -> Iterator[tuple[str, int]]:
    """Yield the methods of other objects that a loop calls with ``self``, and its position."""
    for node in ast.walk(loop):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        for position, given in enumerate(node.args):
            if isinstance(given, ast.Name) and given.id == "self":
                yield node.func.attr, position


def written(function: ast.AST) -> Iterator[tuple[ast.AST, ast.Attribute]]:
    """Yield the attributes a function assigns or changes, whole or in part, with the place."""
    for node in ast.walk(function):
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.AugAssign):
            targets = [node.target]
        elif isinstance(node, ast.Call):
            targets = list(_changed(node))
        for target in targets:
            base = target
            while isinstance(base, ast.Subscript) or _is_data(base):
                base = cast(ast.Subscript | ast.Attribute, base).value
            if isinstance(base, ast.Attribute):
                yield target if isinstance(node, ast.Assign | ast.AugAssign) else node, base


def _is_data(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in {"data", "value"}


def _changed(node: ast.Call) -> Iterator[ast.expr]:
    """Yield what a call changes in place: its object, or the first argument of ``copyto``."""
    tail = dotted(node.func).rpartition(".")[2]
    if isinstance(node.func, ast.Attribute) and tail in _MUTATORS | _LOADERS:
        yield node.func.value
    if tail in _COPIERS and node.args:
        yield node.args[0]
    if tail == "setattr" and len(node.args) == 3 and isinstance(node.args[1], ast.Constant):
        yield ast.copy_location(
            ast.Attribute(node.args[0], str(node.args[1].value), ast.Store()), node
        )


def hooked(item: Trained, function: FunctionNode, base: ast.expr) -> bool:
    """Return whether the loop hands its object to a function under the name of ``base``."""
    given = first_parameters(function)
    return any(
        name == function.name and position < len(given) and dotted(base) == given[position].arg
        for name, position in item.hooks
    )
