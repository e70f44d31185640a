"""Functions that a framework, broker, worker or decoder calls with outside data."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final

from redqubit.scan.static.scope import FunctionNode, default_of, dotted, first_parameters

if TYPE_CHECKING:
    from redqubit.scan.static.module import Module

# Who calls a function, in words.
WEB: Final = "a web request"
MESSAGE: Final = "the message"
FORM: Final = "a web form"
COMMAND: Final = "the command line"
PAYLOAD: Final = "the decoded payload"

# Functions by their names, and by what a cloud or a client of MQTT or AMQP hands over.
_NAMED: Final = {"lambda_handler": WEB, "on_message": MESSAGE, "on_request": MESSAGE}
_CLOUD_CONTEXTS: Final = frozenset({"context", "ctx", "_context", "_ctx", "lambda_context", "_"})
_MQTT: Final = (["client", "userdata", "msg"], ["client", "userdata", "message"])
_AMQP: Final = frozenset({"method", "properties", "props"})

# Calls that register a function: it is any argument, by position or keyword.
_REGISTRATIONS: Final = {
    WEB: (
        ".add_url_rule",
        ".add_api_route",
        ".add_api_websocket_route",
        ".add_route",
        ".add_get",
        ".add_post",
        ".add_put",
        ".add_patch",
        ".add_delete",
        ".start_server",
        ".serve",
        ".Route",
        ".WebSocketRoute",
        ".register_function",
    ),
    MESSAGE: (".basic_consume", ".subscribe", ".psubscribe", ".consume", ".message_callback_add"),
}
# Attributes of a client that take a function: ``client.on_message = store``.
_LISTENERS: Final = re.compile(r"on_|message_callback$")
# Calls of Gradio that take a function first, or as ``fn``.
_FORMS: Final = (".click", ".submit", ".change", ".Interface", ".ChatInterface", ".upload")
_RUNNERS: Final = ("typer.run", "fire.Fire", "plac.call", "defopt.run")

# Decorators: methods of an application, functions of a framework, of a broker, of a command line.
_ROUTES: Final = frozenset(
    ["route", "view", "get", "post", "put", "delete", "patch", "head", "options", "websocket",
     "api_route", "websocket_route", "message", "connect", "expose"]
)  # fmt: skip
_APPLICATIONS: Final = (
    "flask", "fastapi", "starlette", "sanic", "quart", "bottle", "litestar"
)  # fmt: skip
_DECORATORS: Final = ("litestar.", "starlite.", "blacksheep.", "xpresso.")
_BROKERS: Final = frozenset({"subscriber", "on", "agent", "on_message"})
_COMMANDS: Final = frozenset({"command", "callback"})
_NO_COMMANDS: Final = ("pytest", "discord")

# Classes whose methods answer requests; what the address holds is handed to them by name.
_VIEWS: Final = re.compile(r"(?:View|ViewSet|ViewSetMixin|Resource|RequestHandler|HTTPEndpoint)$")
_VERBS: Final = frozenset(
    ["get", "post", "put", "patch", "delete", "head", "dispatch", "list", "retrieve", "create",
     "update", "partial_update", "destroy"]
)  # fmt: skip
_VIEW_MODULES: Final = ("django", "rest_framework")
_HTTP: Final = ("BaseHTTPRequestHandler", "SimpleHTTPRequestHandler", "StreamRequestHandler")
_RECEIVED: Final = frozenset({"self.rfile", "self.path", "self.headers"})

# What a function is handed besides the data: by any framework, by a server, by a client.
_CONTEXTS: Final = frozenset({"request", "ctx", "context"})
_SERVER_OBJECTS: Final = frozenset({"ws", "websocket", "writer", "background_tasks"})
_CLIENT_OBJECTS: Final = frozenset(
    ["client", "userdata", "ch", "channel", "method", "properties", "props", "header_frame",
     "method_frame", "header", "flags", "mid"]
)  # fmt: skip
_OBJECTS: Final = {WEB: _SERVER_OBJECTS, MESSAGE: _SERVER_OBJECTS | _CLIENT_OBJECTS}
_CONNECTIONS: Final = frozenset({"ws", "websocket", "socket", "sock", "conn", "connection"})
_FRAMEWORK: Final = re.compile(
    r"Request|Response|Session|Depends|BackgroundTasks|WebSocket|Security|State|Context|Service"
)
_MODELS: Final = re.compile(r"Model|Schema|Struct|dataclass")

# Decorators of Celery, Dramatiq, Huey, Taskiq, Procrastinate, arq and their kind.
_TASK: Final = re.compile(
    r"(?:^|\.)(?:shared_task|task|periodic_task|actor|job|background)(?:\(|$)|^entrypoint"
)
_QUEUES: Final = re.compile(r"celery|huey|dramatiq|taskiq|procrastinate", re.IGNORECASE)
_SENT: Final = re.compile(
    r"(?:^|_)(?:payload|message|msg|event|body|request|req|submission|job_spec|job_request|order"
    r"|command)(?:_(?:json|data|body|dict|b64))?$"
)
_HOOKS: Final = frozenset({"object_hook", "object_pairs_hook"})


def serves(module: Module, function: FunctionNode) -> bool:
    """Return whether a function answers requests, messages or forms of others."""
    return _caller(module, function) in {WEB, MESSAGE, FORM}


def sender(module: Module, function: FunctionNode, argument: ast.arg) -> str:
    """Return what hands a parameter outside data, in words; empty if nothing is known to."""
    if argument.arg in {"self", "cls"}:
        return ""
    calls = _caller(module, function)
    if calls in {"", PAYLOAD}:
        return calls
    if _iterated(function, argument):
        return MESSAGE
    return "" if _framework_own(module, function, argument, calls) else calls


def received(module: Module, node: ast.Attribute) -> bool:
    """Return whether an attribute is what a handler of ``http.server`` received."""
    return dotted(node) in _RECEIVED and any(base.endswith(_HTTP) for base in _bases(module, node))


def provider(module: Module, function: FunctionNode, argument: ast.arg) -> str:
    """Return the name of the function that a framework calls for a parameter's value."""
    default = default_of(function, argument)
    for part in (default, argument.annotation):
        for node in ast.walk(part) if part is not None else ():
            if isinstance(node, ast.Call) and _last(node.func) == "Depends":
                return module.name_of(node.args[0]) if node.args else ""
    return ""


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


def _caller(module: Module, function: FunctionNode) -> str:
    """Return what calls a function with outside data, in words; empty if nothing is known to."""
    named = _by_name(module, function)
    if named:
        return named
    if _is_cloud(function) or _is_servicer(module, function):
        return WEB
    if _is_command(module, function):
        return COMMAND
    decorated = _by_decorator(module, function)
    if decorated:
        return decorated
    if _is_view(module, function):
        return WEB
    if _listens(function):
        return MESSAGE
    if _fills(module, function):
        return FORM
    return PAYLOAD if _is_hook(module, function) else ""


def _by_name(module: Module, function: FunctionNode) -> str:
    """Return what calls a function by its well-known name, or because the module registers it."""
    return _NAMED.get(function.name) or _registered(module).get(function.name, "")


def _registered(module: Module) -> dict[str, str]:
    """Return what calls each function that the module registers with a server or a client."""
    known: dict[str, str] | None = module.memo.get("registered handlers")
    if known is not None:
        return known
    found: dict[str, str] = {}
    for item in module.layout.assignments:
        target = item.targets[0] if isinstance(item, ast.Assign) else None
        if isinstance(target, ast.Attribute) and _LISTENERS.match(target.attr):
            found[_last(item.value)] = MESSAGE
    for calls, registrations in _REGISTRATIONS.items():
        for call in module.calls(*registrations):
            given = [*call.node.args, *(item.value for item in call.node.keywords)]
            found.update(dict.fromkeys(map(_last, given), calls))
    module.memo["registered handlers"] = found
    return found


def _is_cloud(function: FunctionNode) -> bool:
    """Return whether a function takes the event and the context of a serverless cloud."""
    own = [item.arg for item in function.args.args if item.arg not in {"self", "cls"}]
    return len(own) == 2 and own[0] == "event" and own[1] in _CLOUD_CONTEXTS


def _is_servicer(module: Module, function: FunctionNode) -> bool:
    """Return whether a function is a method of a gRPC service."""
    named = any(base.endswith("Servicer") for base in _bases(module, function))
    return named and len(function.args.args) == 3


def _is_command(module: Module, function: FunctionNode) -> bool:
    """Return whether ``manage.py`` or a library for command lines runs a function."""
    bases = _bases(module, function) if function.name == "handle" else []
    if any(base.endswith("BaseCommand") for base in bases):
        return True
    return any(
        dotted(call.arg(0) or call.node) == function.name for call in module.calls(*_RUNNERS)
    )


def _by_decorator(module: Module, function: FunctionNode) -> str:
    """Return what calls a function by the first of its decorators that says so."""
    return next(filter(None, (_decorated(module, item) for item in function.decorator_list)), "")


def _decorated(module: Module, decorator: ast.expr) -> str:
    """Return what calls the functions that have a decorator."""
    call = decorator if isinstance(decorator, ast.Call) else None
    target = call.func if call is not None else decorator
    name = module.name_of(target)
    if isinstance(target, ast.Name):
        return WEB if name.startswith(_DECORATORS) and _tail(name) in _ROUTES else ""
    if not isinstance(target, ast.Attribute):
        return ""
    if target.attr in _COMMANDS and not name.startswith(_NO_COMMANDS):
        return COMMAND
    path = module.fold(call.args[0]) if call is not None and call.args else None
    if target.attr in _BROKERS and isinstance(path, str):
        return MESSAGE
    web = name.startswith(_APPLICATIONS) or (isinstance(path, str) and path.startswith("/"))
    return WEB if web and target.attr in _ROUTES else ""


def _is_view(module: Module, function: FunctionNode) -> bool:
    """Return whether a function is a view of a web framework, by its class or first parameter."""
    if any(_VIEWS.search(base) for base in _bases(module, function)) and function.name in _VERBS:
        return True
    own = first_parameters(function)
    if len(own) < 2 or own[0].arg != "request" or module.class_of(function) is not None:
        return False
    if any(call.tail == function.name for call in module.calls(f".{function.name}")):
        return False
    return any(_root(item) in _VIEW_MODULES for item in module.layout.imports)


def _listens(function: FunctionNode) -> bool:
    """Return whether a function takes what a queue's client hands over with each message."""
    own = [item.arg for item in first_parameters(function)]
    return own[:3] in _MQTT or (own[-1:] == ["body"] and not _AMQP.isdisjoint(own))


def _fills(module: Module, function: FunctionNode) -> bool:
    """Return whether a web form of Gradio calls the function with its fields."""
    return "gradio" in module.text and function.name in _of_forms(module)


def _of_forms(module: Module) -> set[str]:
    """Return the names of the functions that a module's web forms call."""
    known: set[str] | None = module.memo.get("form handlers")
    if known is not None:
        return known
    found: set[str] = set()
    for call in module.calls(*_FORMS):
        named = [item.value for item in call.node.keywords if item.arg == "fn"]
        found.update(map(_last, [*call.node.args[:1], *named]))
    module.memo["form handlers"] = found
    return found


def _is_hook(module: Module, function: FunctionNode) -> bool:
    """Return whether JSON decoding calls the function with each object of the text."""
    if function.name in _HOOKS:
        return True
    called = f"self.{function.name}" if module.class_of(function) is not None else function.name
    return any(
        item.arg in _HOOKS and dotted(item.value) == called
        for call in module.calls(".loads", ".load", ".__init__", ".JSONDecoder")
        for item in call.node.keywords
    )


def _iterated(function: FunctionNode, argument: ast.arg) -> bool:
    """Return whether a handler takes its messages by a loop over a connection it is handed."""
    return argument.arg in _CONNECTIONS and any(
        isinstance(node, ast.For | ast.AsyncFor)
        and isinstance(node.iter, ast.Name)
        and node.iter.id == argument.arg
        for node in ast.walk(function)
    )


def _framework_own(module: Module, function: FunctionNode, argument: ast.arg, calls: str) -> bool:
    """Return whether a parameter is an object of the framework, not what it received."""
    name, annotation = argument.arg, argument.annotation
    listens = _by_name(module, function) or _listens(function)
    if listens and name in _OBJECTS.get(calls, ()):
        return True
    default = default_of(function, argument)
    if default is not None and _FRAMEWORK.search(ast.unparse(default)):
        return True
    if name == "request" and _is_servicer(module, function):
        return False
    told = annotation is not None and _FRAMEWORK.search(ast.unparse(annotation))
    return bool(told or _is_context(module, function, name)) and not _is_model(module, annotation)


def _is_context(module: Module, function: FunctionNode, name: str) -> bool:
    """Return whether a parameter's name says that it is the request or the context of a call."""
    if name in _CONTEXTS or (name in _CLOUD_CONTEXTS and _is_cloud(function)):
        return True
    return name == "req" and _is_view(module, function)


def _is_model(module: Module, annotation: ast.expr | None) -> bool:
    """Return whether an annotation is a class of the project that describes data."""
    if not isinstance(annotation, ast.Name | ast.Attribute):
        return False
    found = module.project.definition(module.name_of(annotation), module)
    if found is None or not isinstance(found[1], ast.ClassDef):
        return False
    told = [*found[1].bases, *found[1].decorator_list]
    return any(_MODELS.search(ast.unparse(item)) for item in told)


def _is_task(module: Module, function: FunctionNode) -> bool:
    """Return whether workers of a task queue call a function with what they are sent."""
    for item in function.decorator_list:
        target = item.func if isinstance(item, ast.Call) else item
        tail = _last(target)
        if tail in {"shared_task", "actor"}:
            return True
        if tail == "task" and _QUEUES.search(f"{module.name_of(target)} {dotted(target)}"):
            return True
    return False


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


def _bases(module: Module, node: ast.AST) -> list[str]:
    """Return the last names of the bases of the class that a node stands in."""
    owner = module.class_of(node)
    return [_last(base) for base in owner.bases] if owner is not None else []


def _root(node: ast.Import | ast.ImportFrom) -> str:
    name = node.module or "" if isinstance(node, ast.ImportFrom) else node.names[0].name
    return name.partition(".")[0]


def _last(node: ast.expr) -> str:
    return _tail(dotted(node))


def _tail(name: str) -> str:
    return name.rpartition(".")[2]
