"""Calls that are made for a function by others: threads, executors, queues, factories."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, cast

from redqubit.scan.static.call import Call
from redqubit.scan.static.scope import dotted

if TYPE_CHECKING:
    from redqubit.scan.static.module import Module

# The position of the function among the arguments; what follows is handed to it.
_STARTERS: Final = {
    "Thread": None, "Process": None, "Timer": 1, "add_task": 0, "submit": 0, "to_thread": 0,
    "run_in_threadpool": 0, "run_in_executor": 1, "start_soon": 0, "start_new_thread": 0,
    "partial": 0, "apply_async": 0, "enqueue": 0, "run_sync": 0, "start_background_task": 0,
}  # fmt: skip
_PATTERNS: Final = tuple(f".{name}" for name in _STARTERS)
_QUEUED: Final = (".delay", ".apply_async", ".send", ".remote")


def started(module: Module) -> list[Call]:
    """Return the calls that threads, executors and queues are told to make."""
    known = module.memo.get("started")
    if known is None:
        known = module.memo["started"] = list(_started(module))
    return cast(list[Call], known)


def _started(module: Module) -> Iterator[Call]:
    for call in module.calls(*_PATTERNS):
        given = call.arg(_STARTERS[call.tail], "target")
        name = module.name_of(given) if isinstance(given, ast.Name | ast.Attribute) else ""
        if given is not None and name:
            yield _told(call, given, name)
    for call in module.calls(*_QUEUED):
        name = call.name.rpartition(".")[0]
        if name and call.receiver is not None:
            yield _of(call, call.receiver, call.node.args, call.node.keywords, name)


def _told(call: Call, given: ast.expr, name: str) -> Call:
    """Return the call of a function as a starter will make it."""
    packed, named = call.arg(None, "args"), call.arg(None, "kwargs")
    args = packed.elts if isinstance(packed, ast.Tuple | ast.List) else []
    keywords = [item for item in call.node.keywords if item.arg not in {"target", "args", "kwargs"}]
    if isinstance(named, ast.Dict):
        keywords = [
            ast.keyword(str(key.value), value)
            for key, value in zip(named.keys, named.values, strict=True)
            if isinstance(key, ast.Constant)
        ]
    if given in call.node.args and not args:
        args = call.node.args[call.node.args.index(given) + 1 :]
        if len(args) == 1 and call.tail == "start_new_thread" and isinstance(args[0], ast.Tuple):
            args = args[0].elts
    return _of(call, given, args, keywords, name)


def _of(
    call: Call, func: ast.expr, args: list[ast.expr], keywords: list[ast.keyword], name: str
) -> Call:
    node = ast.copy_location(ast.Call(func, args, keywords), call.node)
    return Call(call.module, node, name, name.rpartition(".")[2])


def wrapped_uses(module: Module, target: str) -> Iterator[Call]:
    """Yield the calls of what ``qml.QNode(circuit, device)`` made of a function."""
    for call in module.calls("pennylane..QNode"):
        if not (call.node.args and module.name_of(call.node.args[0]) == target):
            continue
        parent = module.parent(call.node)
        name = dotted(parent.targets[0]) if isinstance(parent, ast.Assign) else ""
        for use in module.calls() if name else ():
            if dotted(use.node.func) == name:
                yield use


def is_result(module: Module, node: ast.expr) -> bool:
    """Return whether what is called is itself the result of a call: ``make(4)(x)``."""
    if isinstance(node, ast.Name | ast.Attribute):
        binding = module.single(node)
        return binding is not None and isinstance(binding.value, ast.Call)
    return isinstance(node, ast.Call)
