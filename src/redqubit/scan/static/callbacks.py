"""Functions that a server, broker or cloud calls with what it received."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from redqubit.scan.static.scope import FunctionNode, dotted

if TYPE_CHECKING:
    from redqubit.scan.static.module import Module

# Calls that register a callback: by position or any of the keywords.
_REGISTERS: Final = (
    ".basic_consume",
    ".subscribe",
    ".psubscribe",
    ".consume",
    ".add_url_rule",
    ".add_api_route",
    ".add_api_websocket_route",
    ".add_route",
    ".add_get",
    ".add_post",
    ".add_put",
    ".add_patch",
    ".add_delete",
    ".message_callback_add",
    ".start_server",
    ".serve",
    ".Route",
    ".WebSocketRoute",
    ".register_function",
)
_CONVENTIONS: Final = frozenset({"lambda_handler", "on_message", "on_request"})
_EVENT: Final = ["event", "context"]
# What such functions are handed besides the data.
_OWN: Final = frozenset(
    [
        "channel",
        "ch",
        "method",
        "properties",
        "props",
        "header_frame",
        "method_frame",
        "client",
        "userdata",
        "ws",
        "websocket",
        "writer",
        "context",
        "background_tasks",
    ]
)
_CONNECTIONS: Final = frozenset({"ws", "websocket", "socket", "sock", "conn", "connection"})
_HTTP: Final = ("BaseHTTPRequestHandler", "SimpleHTTPRequestHandler", "StreamRequestHandler")
_RECEIVED: Final = frozenset({"self.rfile", "self.path", "self.headers"})


def called_back(module: Module, function: FunctionNode) -> bool:
    """Return whether something outside the program calls a function with what it received."""
    if function.name in _CONVENTIONS or servicer(module, function):
        return True
    plain = [item.arg for item in function.args.args if item.arg not in {"self", "cls"}]
    if plain == _EVENT or plain == [f"_{name}" if name == "context" else name for name in _EVENT]:
        return True
    return function.name in _registered(module)


def servicer(module: Module, function: FunctionNode) -> bool:
    """Return whether a function is a method of a gRPC service."""
    owner = module.class_of(function)
    if owner is None or len(function.args.args) != 3:
        return False
    return any(dotted(base).endswith("Servicer") for base in owner.bases)


def framework_own(module: Module, function: FunctionNode, argument: ast.arg) -> bool:
    """Return whether a callback's parameter is an object of the framework, not what it received."""
    if argument.arg not in _OWN:
        return False
    return function.name in _CONVENTIONS or function.name in _registered(module)


def iterated(function: FunctionNode, argument: ast.arg) -> bool:
    """Return whether a handler takes its messages by a loop over a connection it is handed."""
    if argument.arg not in _CONNECTIONS:
        return False
    return any(
        isinstance(node, ast.For | ast.AsyncFor)
        and isinstance(node.iter, ast.Name)
        and node.iter.id == argument.arg
        for node in ast.walk(function)
    )


def received(module: Module, node: ast.Attribute) -> bool:
    """Return whether an attribute is what a handler of ``http.server`` received."""
    if dotted(node) not in _RECEIVED:
        return False
    owner = module.class_of(node)
    return owner is not None and any(dotted(base).endswith(_HTTP) for base in owner.bases)


def _registered(module: Module) -> frozenset[str]:
    known: frozenset[str] | None = module.memo.get("callbacks")
    if known is not None:
        return known
    found: set[str] = set()
    for call in module.calls(*_REGISTERS):
        given = [*call.node.args, *(item.value for item in call.node.keywords)]
        found |= {dotted(item).rpartition(".")[2] for item in given}
    for item in module.layout.assignments:
        target = item.targets[0] if isinstance(item, ast.Assign) else None
        if isinstance(target, ast.Attribute) and target.attr.startswith("on_"):
            found.add(dotted(item.value).rpartition(".")[2])
    made = frozenset(found - {""})
    module.memo["callbacks"] = made
    return made
