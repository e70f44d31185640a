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
from redqubit.scan.static.module import Call, Module
from redqubit.scan.static.rule import Hit
from redqubit.scan.static.secret_values import secret_in

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
_LOGGERS: Final = ("logging.", "loguru.", "structlog.")
_PRINTS: Final = (
    "print", "pprint.pprint", "pprint.pp", "rich.print", "click.echo", "typer.echo", "click.secho",
    "typer.secho", "warnings.warn", "sys.stdout.write", "sys.stderr.write", "tqdm.tqdm.write",
    "rich.console.Console.print", "streamlit.write", "streamlit.text", "streamlit.code",
    "streamlit.json", "IPython.display.display", "syslog.syslog",
)  # fmt: skip
_LOGGER: Final = re.compile(r"(?:^|_)log(?:ger|ging)?$|Logger$", re.IGNORECASE)
_WEIGHTS: Final = frozenset(
    ["weights", "theta", "thetas", "params", "parameters", "trained_weights", "best_params",
     "best_weights", "final_weights", "final_params", "optimal_params", "state_dict", "model_state",
     "optimal_point"]
)  # fmt: skip
_LISTS: Final = frozenset(
    {"tolist", "detach", "cpu", "numpy", "flatten", "ravel", "state_dict", "clone", "copy"}
)
_LOADS: Final = re.compile(r"(?:^|[._])(?:load|loads|loadtxt|read|restore)\w*$")


def check(module: Module) -> Iterator[Hit]:
    """Yield the prints and log records that hold a secret."""
    if module.in_test:
        return
    calls = module.calls(*_PRINTS, *(f".{level}" for level in _LEVELS))
    for call in calls:
        if not _is_output(call):
            continue
        for data in [*call.node.args, *(item.value for item in call.node.keywords)]:
            name = secret_in(module, data)
            if name:
                verb = "printed" if call.matches(*_PRINTS) else "logged"
                yield Hit(call.node, f"{name!r} is {verb} in full.")
                break
        else:
            name = _weights(call)
            if name:
                told = f"{name!r} is logged at INFO: its readers get the model."
                yield Hit(call.node, told, severity="low" if _trained(call) else "note")


def _is_output(call: Call) -> bool:
    if call.matches(*_PRINTS):
        target = call.arg(None, "file")
        return target is None or call.module.name_of(target).startswith("sys.std")
    if call.name.startswith(_LOGGERS):
        return True
    receiver = call.receiver
    name = receiver.attr if isinstance(receiver, ast.Attribute) else getattr(receiver, "id", "")
    return _LOGGER.search(name) is not None


def _weights(call: Call) -> str:
    """Return the name of the weights that a record shows in full."""
    if call.tail != "info":
        return ""
    for item in call.node.args:
        parts = item.values if isinstance(item, ast.JoinedStr) else (item,)
        for part in parts:
            shown = part.value if isinstance(part, ast.FormattedValue) else part
            name = _name(_inner(shown))
            if name.lower() in _WEIGHTS:
                return name
    return ""


def _inner(node: ast.expr) -> ast.expr:
    """Return what is shown: ``w.detach().tolist()`` shows ``w``."""
    while isinstance(node, ast.Call):
        if isinstance(node.func, ast.Attribute) and node.func.attr in _LISTS:
            node = node.func.value
        elif node.args and isinstance(node.func, ast.Name) and node.func.id in {"list", "str"}:
            node = node.args[0]
        else:
            break
    return node


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Subscript):
        key = node.slice.value if isinstance(node.slice, ast.Constant) else ""
        return key if isinstance(key, str) else ""
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _shows_array(call: Call) -> bool:
    """Return whether a record says weights and writes out a whole array of them."""
    told = call.literal(0)
    named = isinstance(told, str) and re.search(r"weight|theta|angle", told, re.IGNORECASE)
    tails = {getattr(node.func, "attr", "") for node in ast.walk(call.node)
             if isinstance(node, ast.Call)}  # fmt: skip
    return bool(named) and bool(tails & _LISTS)


def _trained(call: Call) -> bool:
    """Return whether the weights are those of a model that was loaded, or are written out."""
    search = _weights(call).endswith(("params", "parameters"))
    if search and not _shows_array(call):
        return False  # of an optimizer or a search, as often as of a model
    for item in call.node.args:
        for node in ast.walk(item):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in _LISTS:
                return True
            entry = isinstance(node, ast.Subscript) and _name(node).lower() in _WEIGHTS
            if not entry and not isinstance(node, ast.Name):
                continue
            held = call.module.single(node) if isinstance(node, ast.Name) else None
            made = held.value if held is not None else getattr(node, "value", None)
            while isinstance(made, ast.Subscript | ast.Attribute):
                made = made.value
            if entry or (isinstance(made, ast.Call) and _LOADS.search(ast.unparse(made.func))):
                return True
    return False
