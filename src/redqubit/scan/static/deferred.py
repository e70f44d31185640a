"""Calls that threads, pools, queues and ``getattr`` make of a function that is not named there."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final, cast

from redqubit.scan.static.scope import FunctionNode

if TYPE_CHECKING:
    from redqubit.scan.static.call import Call
    from redqubit.scan.static.module import Module
    from redqubit.scan.static.project import Project

# Calls that are handed a function: its position, None where only a keyword names it. What follows
# is handed to the function.
STARTERS: Final = {
    "Thread": None, "Process": None, "Timer": 1, "start_new_thread": 0, "spawn": 0,
    "to_thread": 0, "run_sync": 0, "run_in_threadpool": 0, "run_in_executor": 1, "submit": 0,
    "map": 0, "imap": 0, "starmap": 0, "apply": 0, "apply_async": 0, "call_soon": 0,
    "call_later": 1, "start_soon": 0, "start_background_task": 0, "add_task": 0, "add_job": 0,
    "enqueue": 0, "partial": 0,
}  # fmt: skip
# Starters whose awaited result is what the function returned.
AWAITED: Final = frozenset({"to_thread", "run_sync", "run_in_threadpool", "run_in_executor"})
# Starters that count as a call of the function wherever calls are looked for.
RUNNERS: Final = AWAITED | {"submit", "map"}
_OTHERS: Final = tuple(f".{name}" for name in STARTERS if name not in RUNNERS)
_KEYWORDS: Final = frozenset({"target", "func", "fn", "function"})
_PACKED: Final = frozenset({"apply_async", "Timer", "apply", "starmap", "start_new_thread"})
_OWN: Final = (".delay", ".apply_async", ".s", ".si", ".send", ".remote")  # of the function itself
PARTIALS: Final = frozenset({"functools.partial", "toolz.curry", "toolz.partial", "staticmethod"})


def started(module: Module) -> list[Call]:
    """Return the calls that threads, executors and queues are told to make, but for `RUNNERS`."""
    known = module.memo.get("started")
    if known is None:
        told = (handed(call) for call in module.calls(*_OTHERS))
        queued = (
            _made(call, call.receiver, call.node.args)
            for call in module.calls(*_OWN)
            if call.receiver is not None
        )
        known = [call for call in (*told, *queued) if call is not None]
        module.memo["started"] = known
    return cast("list[Call]", known)


def handed(call: Call) -> Call | None:
    """Return the call that one of the `STARTERS` makes of the function it is handed."""
    position = STARTERS[call.tail]
    function = call.arg(position)
    if function is not None and position is not None:
        return _made(call, function, call.node.args[position + 1 :])
    named = (item.value for item in call.node.keywords if item.arg in _KEYWORDS)
    function = next(named, None)
    return _made(call, function, []) if function is not None else None


def partial(module: Module, node: ast.expr) -> ast.Call | None:
    """Return the call that bound arguments to a function, if that made a value."""
    if "partial" not in module.text:
        return None
    made: ast.expr | None = node
    if isinstance(node, ast.Name | ast.Attribute):
        binding = module.single(node)
        made = binding.value if binding is not None and binding.kind == "assign" else None
    if isinstance(made, ast.Call) and made.args and module.name_of(made.func) in PARTIALS:
        return made
    return None


def looked_up(project: Project, module: Module, function: FunctionNode) -> Iterator[Call]:
    """Yield the calls of what ``getattr`` takes from the module of a function by its name."""
    if not module.name or module.class_of(function) is not None:
        return
    for other in project.mentioning(module, function, also=module.name.rpartition(".")[2]):
        for call, owner in _attributes(other):
            if owner == module.name:
                yield call


def _made(call: Call, function: ast.expr, rest: list[ast.expr]) -> Call | None:
    """Return the call of a function that another call has it make."""
    module = call.module
    others = [item for item in call.node.keywords if item.value is not function]
    positional, keywords = _unpacked(rest, others, call.tail in _PACKED)
    held = partial(module, function)
    if held is not None:
        function, *before = held.args
        positional, keywords = [*before, *positional], [*keywords, *held.keywords]
    name = module.name_of(function) if isinstance(function, ast.Name | ast.Attribute) else ""
    if not name:
        return None
    node = ast.copy_location(ast.Call(function, positional, keywords), call.node)
    module.layout.parents[node] = module.layout.parents[call.node]
    return replace(call, node=node, name=name, tail=name.rpartition(".")[2])


def _unpacked(
    rest: list[ast.expr], keywords: list[ast.keyword], packed: bool
) -> tuple[list[ast.expr], list[ast.keyword]]:
    """Return arguments one by one, also those given as ``args`` and ``kwargs``."""
    named: list[ast.keyword] = []
    if packed and len(rest) == 1 and isinstance(rest[0], ast.Tuple | ast.List):
        rest = rest[0].elts
    for item in keywords:
        if item.arg == "args" and isinstance(item.value, ast.Tuple | ast.List):
            rest = item.value.elts
        elif item.arg == "kwargs" and isinstance(item.value, ast.Dict):
            named += [
                ast.keyword(str(key.value), value)
                for key, value in zip(item.value.keys, item.value.values, strict=True)
                if isinstance(key, ast.Constant)
            ]
        else:
            named.append(item)
    return rest, named


def _attributes(module: Module) -> list[tuple[Call, str]]:
    """Return the calls of ``getattr(owner, name)`` with the owner's name."""
    known = module.memo.get("looked up")
    if known is None:
        found = ((call, _owner(module, call.node.func)) for call in module.calls())
        known = module.memo["looked up"] = [item for item in found if item[1]]
    return cast("list[tuple[Call, str]]", known)


def _owner(module: Module, node: ast.expr) -> str:
    """Return the name of what ``getattr`` takes a function from."""
    made: ast.expr | None = node
    if isinstance(node, ast.Name):
        binding = module.single(node)
        made = binding.value if binding is not None and binding.kind == "assign" else None
    if isinstance(made, ast.Call) and made.args and module.name_of(made.func) == "getattr":
        return module.name_of(made.args[0])
    return ""
