"""Functions that servers, queues and forms call with outside data, beyond decorated routes."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final

from redqubit.scan.static.scope import FunctionNode, default_of, dotted, parameters

if TYPE_CHECKING:
    from redqubit.scan.static.module import Module

_CONTEXTS: Final = frozenset({"context", "ctx", "_context", "_ctx", "lambda_context", "_"})
# Classes whose methods answer requests; what the address holds is handed to them by name.
_VIEWS: Final = re.compile(r"(?:View|ViewSet|ViewSetMixin|Resource|RequestHandler|HTTPEndpoint)$")
_VERBS: Final = frozenset(
    ["get", "post", "put", "patch", "delete", "head", "dispatch", "list", "retrieve", "create",
     "update", "partial_update", "destroy"]
)  # fmt: skip
_VIEW_MODULES: Final = ("django", "rest_framework")
_REQUESTS: Final = frozenset({"request", "req"})
_WIRES: Final = frozenset(  # what a queue's client hands over beside the message
    ["self", "cls", "client", "userdata", "ch", "channel", "method", "properties", "props",
     "header", "flags", "mid"]
)  # fmt: skip
_LISTENERS: Final = frozenset({"on_message", "on_message_callback", "on_data", "message_callback"})
_CALLBACKS: Final = frozenset({"basic_consume", "subscribe", "message_callback_add", "psubscribe"})
# Decorators of Celery, Dramatiq, Huey, Taskiq, Procrastinate, arq and their kind.
_TASK: Final = re.compile(
    r"(?:^|\.)(?:shared_task|task|periodic_task|actor|job|background)(?:\(|$)|^entrypoint"
)
_SENT: Final = re.compile(
    r"(?:^|_)(?:payload|message|msg|event|body|request|req|submission|job_spec|job_request|order"
    r"|command)(?:_(?:json|data|body|dict|b64))?$"
)
_QUEUES: Final = re.compile(r"celery|huey|dramatiq|taskiq|procrastinate", re.IGNORECASE)
_FORMS: Final = frozenset(["click", "submit", "change", "Interface", "ChatInterface", "upload"])


def receives(module: Module, function: FunctionNode, argument: ast.arg) -> str:
    """Return what hands a parameter outside data, in words; empty if nothing is known to."""
    names = [item.arg for item in parameters(function)]
    own = [name for name in names if name not in {"self", "cls"}]
    if argument.arg not in own:
        return ""
    if len(own) == 2 and own[0] == "event" and own[1] in _CONTEXTS:
        return "a web request" if argument.arg == "event" else ""
    owner = module.class_of(function)
    bases = [dotted(base).rpartition(".")[2] for base in owner.bases] if owner is not None else []
    if any(base.endswith("Servicer") for base in bases) and own[:2] == ["request", "context"]:
        return "a web request" if argument.arg == "request" else ""
    if _is_view(module, function, own, bases):
        return "" if argument.arg in _REQUESTS else "a web request"
    if argument.arg in _WIRES:
        return ""
    if _listens(module, function, own):
        return "a message queue"
    return "a web form" if _fills(module, function) else ""


def queued(module: Module, function: FunctionNode, argument: ast.arg) -> bool:
    """Return whether a worker's task, which nobody in the files queues, is handed a message.

    Other programs queue it. Where the decorator may be one of other things, the parameter's name,
    or text keys it is read by, say that it is a record somebody sent.
    """
    if argument.arg in {"self", "cls"}:
        return False
    if _is_task(module, function) and default_of(function, argument) is None:
        return True
    if not any(_TASK.search(ast.unparse(item)) for item in function.decorator_list):
        return False
    return _SENT.search(argument.arg) is not None or _is_record(function, argument.arg)


def _is_record(function: FunctionNode, name: str) -> bool:
    """Return whether a function reads entries of a parameter by constant text keys."""
    for node in ast.walk(function):
        called = node.func if isinstance(node, ast.Call) and node.args else None
        if isinstance(node, ast.Subscript):
            holder, key = node.value, node.slice
        elif isinstance(node, ast.Call) and isinstance(called, ast.Attribute):
            if called.attr != "get":
                continue
            holder, key = called.value, node.args[0]
        else:
            continue
        text = isinstance(key, ast.Constant) and isinstance(key.value, str)
        if text and isinstance(holder, ast.Name) and holder.id == name:
            return True
    return False


def _is_task(module: Module, function: FunctionNode) -> bool:
    """Return whether workers of a task queue call a function with what they are sent."""
    for item in function.decorator_list:
        target = item.func if isinstance(item, ast.Call) else item
        tail = dotted(target).rpartition(".")[2]
        if tail in {"shared_task", "actor"}:
            return True
        if tail == "task" and _QUEUES.search(f"{module.name_of(target)} {dotted(target)}"):
            return True
    return False


def _is_view(module: Module, function: FunctionNode, own: list[str], bases: list[str]) -> bool:
    if any(_VIEWS.search(base) for base in bases) and function.name in _VERBS:
        return True
    if not own or own[0] != "request" or len(own) < 2 or module.class_of(function) is not None:
        return False
    if any(isinstance(item, ast.Call) for item in _calls_of(module, function)):
        return False
    return any(_root(item) in _VIEW_MODULES for item in module.layout.imports)


def _calls_of(module: Module, function: FunctionNode) -> list[ast.Call]:
    return [call.node for call in module.calls(f".{function.name}") if call.tail == function.name]


def _root(node: ast.Import | ast.ImportFrom) -> str:
    name = node.module or "" if isinstance(node, ast.ImportFrom) else node.names[0].name
    return name.partition(".")[0]


def _listens(module: Module, function: FunctionNode, own: list[str]) -> bool:
    """Return whether a queue's client calls the function with each message."""
    if own[:3] in (["client", "userdata", "msg"], ["client", "userdata", "message"]):
        return True
    if own[-1:] == ["body"] and {"method", "properties", "props"} & set(own):
        return True
    return function.name in _handed(
        module, "listeners", _CALLBACKS, _LISTENERS | {"callback", "cb"}
    )


def _fills(module: Module, function: FunctionNode) -> bool:
    """Return whether a web form of Gradio calls the function with its fields."""
    return "gradio" in module.text and function.name in _handed(
        module, "forms", _FORMS, frozenset({"fn"}), first=True
    )


def _handed(
    module: Module, memo: str, tails: frozenset[str], keywords: frozenset[str], first: bool = False
) -> set[str]:
    """Return the names of functions that calls of these methods take for later."""
    known: set[str] | None = module.memo.get(memo)
    if known is not None:
        return known
    found: set[str] = set()
    for call in module.calls(*(f".{tail}" for tail in tails)):
        given = [item.value for item in call.node.keywords if item.arg in keywords]
        given += call.node.args[:1] if first else call.node.args
        found.update(dotted(item).rpartition(".")[2] for item in given)
    for node in module.layout.assignments:
        for target in node.targets if isinstance(node, ast.Assign) else ():
            if isinstance(target, ast.Attribute) and target.attr in keywords & _LISTENERS:
                found.add(dotted(node.value).rpartition(".")[2])
    module.memo[memo] = found - {""}
    return module.memo[memo]  # type: ignore[no-any-return]
