"""Calls that a thread, a pool, a queue or a framework makes later, with arguments given now."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from redqubit.scan.static.scope import FunctionNode

if TYPE_CHECKING:
    from redqubit.scan.static.module import Call, Module
    from redqubit.scan.static.project import Project

# Calls that take a function and its arguments.
_TAKERS: Final = tuple(
    f".{name}"
    for name in (
        "add_task", "submit", "Thread", "Process", "Timer", "run_in_executor", "to_thread",
        "run_sync", "start_soon", "enqueue", "partial", "add_job", "call_soon", "call_later",
        "apply_async", "map", "imap", "starmap", "apply", "spawn",
    )
)  # fmt: skip
# Methods of the function itself.
_OWN: Final = (".delay", ".apply_async", ".s", ".si", ".send", ".remote")
_NONE: Final[tuple[ast.expr, list[ast.expr], dict[str, ast.expr]]] = (ast.Constant(None), [], {})
_NAMED: Final = frozenset({"target", "func", "fn", "function"})


def given_later(
    project: Project, module: Module, function: FunctionNode, argument: ast.arg
) -> Iterator[tuple[Module, ast.expr, str]]:
    """Yield what deferred calls of a function pass for a parameter.

    The caller's module comes with it, and in words how the function came to be called.
    """
    plain = [*function.args.posonlyargs, *function.args.args]
    if plain and plain[0].arg in {"self", "cls"}:
        plain = plain[1:]
    for call, how, positional, named in _calls(project, module, function):
        if argument.arg in named:
            yield call.module, named[argument.arg], how
        elif argument in plain and plain.index(argument) < len(positional):
            yield call.module, positional[plain.index(argument)], how


def _calls(
    project: Project, module: Module, function: FunctionNode
) -> Iterator[tuple[Call, str, list[ast.expr], dict[str, ast.expr]]]:
    for other in project.mentioning(module, function, also=module.name.rpartition(".")[2]):
        for call, how in _chosen(project, other, module, function):
            yield call, how, *_arguments(call, list(call.node.args))
        for call in other.calls(*_TAKERS):
            given = list(call.node.args)
            for index, item in enumerate(given):
                target, before, also = _bound(other, item)
                if _is(project, other, target, module, function):
                    positional, named = _arguments(call, given[index + 1 :])
                    yield call, "later", [*before, *positional], {**also, **named}
                    break
            else:
                for keyword in call.node.keywords:
                    wanted = keyword.arg in _NAMED
                    target, before, also = _bound(other, keyword.value) if wanted else _NONE
                    if wanted and _is(project, other, target, module, function):
                        positional, named = _arguments(call, [])
                        yield call, "later", [*before, *positional], {**also, **named}
        for call in other.calls(*_OWN):
            if call.receiver is not None and _is(project, other, call.receiver, module, function):
                yield call, "later", *_arguments(call, list(call.node.args))


def _bound(module: Module, node: ast.expr) -> tuple[ast.expr, list[ast.expr], dict[str, ast.expr]]:
    """Return the function of ``partial(f, 1, a=2)`` with what is bound, else the node alone."""
    held = module.single(node) if isinstance(node, ast.Name) else None
    made = held.value if held is not None and isinstance(held.value, ast.Call) else node
    if not isinstance(made, ast.Call) or not made.args:
        return node, [], {}
    if ast.unparse(made.func).rpartition(".")[2] not in {"partial", "partialmethod"}:
        return node, [], {}
    named = {item.arg: item.value for item in made.keywords if item.arg}
    return made.args[0], made.args[1:], named


def _chosen(
    project: Project, other: Module, home: Module, function: FunctionNode
) -> Iterator[tuple[Call, str]]:
    """Yield the calls of a function that a table or ``getattr`` chooses, and which of them."""
    chosen: list[tuple[Call, list[ast.expr], str]] | None = other.memo.get("chosen")
    if chosen is None:
        chosen = [item for call in other.calls() if (item := _choice(other, call)) is not None]
        other.memo["chosen"] = chosen
    for call, functions, owner in chosen:
        whole = bool(owner) and owner == home.name and home.class_of(function) is None
        if whole:
            yield call, "by its name"
        elif any(_is(project, other, item, home, function) for item in functions):
            yield call, "of a table"


def _choice(module: Module, call: Call) -> tuple[Call, list[ast.expr], str] | None:
    """Return the functions of the table a call's function is taken from, or their module."""
    made: ast.expr | None = call.node.func
    if isinstance(made, ast.Name):
        binding = module.single(made)
        made = binding.value if binding is not None and binding.kind == "assign" else None
    if (
        isinstance(made, ast.Call)
        and isinstance(made.func, ast.Attribute)
        and made.func.attr == "get"
    ):
        table: ast.expr | None = made.func.value
    elif isinstance(made, ast.Call) and module.name_of(made.func) == "getattr" and made.args:
        return call, [], module.name_of(made.args[0])
    else:
        table = made.value if isinstance(made, ast.Subscript) else None
    held = module.single(table) if table is not None else None
    if held is None or not isinstance(held.value, ast.Dict):
        return None
    return call, list(held.value.values), ""


def _arguments(call: Call, rest: list[ast.expr]) -> tuple[list[ast.expr], dict[str, ast.expr]]:
    """Return positional and named arguments, also those given as ``args`` and ``kwargs``."""
    named = {item.arg: item.value for item in call.node.keywords if item.arg}
    packed = named.pop("args", None)
    if (
        packed is None
        and len(rest) == 1
        and call.tail in {"apply_async", "Timer", "apply", "starmap"}
    ):
        packed = rest[0]
    if isinstance(packed, ast.Tuple | ast.List):
        rest = packed.elts
    keywords = named.pop("kwargs", None)
    if isinstance(keywords, ast.Dict):
        for key, value in zip(keywords.keys, keywords.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                named[key.value] = value
    return rest, named


def _is(
    project: Project, other: Module, node: ast.expr, home: Module, function: FunctionNode
) -> bool:
    """Return whether an expression names the function; modules may have been parsed anew."""
    last = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
    if last != function.name:
        return False
    name = other.name_of(node)
    if other.file == home.file and name == home.qualified(function):
        return True
    found = project.definition(name, other)
    return found is not None and found[0].file == home.file and found[1].lineno == function.lineno
