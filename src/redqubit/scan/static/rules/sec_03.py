"""A token or an account is printed or logged.

## What
``print`` or a logger that is given a token, a password, an Authorization header or the account
record of a provider, and weights logged at INFO.

## Why bad
Logs are kept, collected and shown to more people than the secret was meant for; notebook outputs
are committed. Logged weights hand the model to whoever reads the log.

## Example
``print(service.active_account())``

## Instead
Log that a token is present, or its last four characters.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

from redqubit.scan.finding import Severity
from redqubit.scan.static.flow import returned
from redqubit.scan.static.module import Call, Module
from redqubit.scan.static.rule import Hit
from redqubit.scan.static.secrets import is_secret_name

ID: Final = "SEC-03"
NAME: Final = "Secret in a log"
SEVERITY: Final[Severity] = "medium"
CWE: Final = (532,)
FRAMEWORKS: Final = ("any",)
TRIGGERS: Final = ("print", "log")
ADVICE: Final = "Leave the value out of the message, or show its last four characters only."

_LEVELS: Final = frozenset(
    {"debug", "info", "warning", "warn", "error", "critical", "exception", "log"}
)
_ACCOUNTS: Final = frozenset(
    {"active_account", "saved_accounts", "stored_account", "get_credentials"}
)
_LOGGERS: Final = ("logging.", "loguru.", "structlog.")
_HARMLESS: Final = frozenset(
    {
        "len",
        "bool",
        "type",
        "isinstance",
        "redact",
        "mask",
        "hash",
        "id",
        "hashlib",
        "sha256",
        "hexdigest",
    }
)
_PLACE: Final = re.compile(r"\bpaths?\.|_path\b|_(?:log|object|file|result)_key\b|/\{")
_WEIGHTS: Final = frozenset({"weights", "theta", "thetas", "params", "parameters"})


def check(module: Module) -> Iterator[Hit]:
    """Yield the prints and log records that hold a secret."""
    if module.in_test:
        return
    calls = module.calls("print", "pprint.pprint", *(f".{level}" for level in _LEVELS))
    for call in calls:
        if not _is_output(call):
            continue
        for data in [*call.node.args, *(item.value for item in call.node.keywords)]:
            name = _secret(module, data)
            if name:
                verb = "printed" if "print" in call.name else "logged"
                yield Hit(call.node, f"{name!r} is {verb} in full.")
                break
        else:
            name = _weights(call)
            if name:
                yield Hit(call.node, f"{name!r} is logged at INFO: its readers get the model.",
                          severity="note")  # fmt: skip


def _is_output(call: Call) -> bool:
    if call.name in {"print", "pprint.pprint"}:
        return True
    if call.name:
        return call.name.startswith(_LOGGERS)
    receiver = call.receiver
    name = receiver.attr if isinstance(receiver, ast.Attribute) else getattr(receiver, "id", "")
    return name.lower().lstrip("_") in {"logger", "log", "logging"}


def _secret(module: Module, node: ast.expr) -> str:
    if isinstance(node, ast.Call):
        name = module.name_of(node.func).rpartition(".")[2]
        tail = node.func.attr if isinstance(node.func, ast.Attribute) else name
        if tail in _ACCOUNTS:
            return f"{tail}()"
        if name in _HARMLESS or tail in _HARMLESS:
            return ""
        if tail in {"get", "getenv", "getpass"} and node.args:
            key = module.fold(node.args[0])
            return key if isinstance(key, str) and is_secret_name(key) else ""
    elif isinstance(node, ast.Subscript):
        if isinstance(node.slice, ast.Slice):
            return ""
        key = module.fold(node.slice)
        if isinstance(key, str):
            return key if _is_key(key) else ""
    elif isinstance(node, ast.Name | ast.Attribute):
        name = node.id if isinstance(node, ast.Name) else node.attr
        if is_secret_name(name) and not name.isupper():
            bound = list(module.bindings(node))
            looped = any(binding.kind == "for" for binding in bound)
            place = len(bound) == 1 and _PLACE.search(_source(module, bound[0].value))
            return "" if looped or place else name
        return name if _holds(module, node) else ""
    elif isinstance(node, ast.Compare | ast.IfExp | ast.Lambda | ast.BoolOp):
        return ""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):
            found = _secret(module, child)
            if found:
                return found
    return ""


def _source(module: Module, node: ast.expr | None) -> str:
    return "" if node is None else module.source(node)


def _holds(module: Module, node: ast.Name | ast.Attribute) -> bool:
    """Return whether a name holds headers with a secret, or a function's result that is one."""
    binding = module.single(node)
    value = binding.value if binding is not None and binding.kind == "assign" else None
    if isinstance(value, ast.Dict):
        return any(
            isinstance(key, ast.Constant) and isinstance(key.value, str) and _is_key(key.value)
            for key in value.keys
        )
    if not isinstance(value, ast.Call):
        return False
    found = module.project.definition(module.name_of(value.func), module)
    if found is None or isinstance(found[1], ast.ClassDef):
        return False
    return any(_is_entry(found[0], item) for item in returned(found[1]))


def _is_entry(module: Module, node: ast.expr) -> bool:
    """Return whether an expression is an entry with a secret's name, of a mapping or a reply."""
    key = module.fold(node.slice) if isinstance(node, ast.Subscript) else None
    return isinstance(key, str) and _is_key(key)


def _is_key(key: str) -> bool:
    return key.lower() == "authorization" or is_secret_name(key)


def _weights(call: Call) -> str:
    if call.tail != "info":
        return ""
    for item in call.node.args:
        for node in ast.walk(item) if isinstance(item, ast.JoinedStr) else (item,):
            if isinstance(node, ast.Name) and node.id in _WEIGHTS:
                parent = call.module.parent(node)
                if isinstance(parent, ast.FormattedValue | ast.Call) and (
                    not isinstance(parent, ast.Call) or parent is call.node
                ):
                    return node.id
    return ""
