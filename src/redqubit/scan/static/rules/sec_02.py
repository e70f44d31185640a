"""A token is written to a file anyone on the machine can read.

## What
``save_account(token=...)``, which stores the token as plain text, and tokens written to files whose
mode is not restricted.

## Why bad
On shared machines (clusters, notebook servers, build agents, container images) other users and
later jobs can read the file and use the account.

## Example
``QiskitRuntimeService.save_account(token=token)``

## Instead
Read the token from the environment or a keyring where it is used; if a file is needed, create it
with mode 0600.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

from redqubit.scan.finding import Severity
from redqubit.scan.static.endpoints import settings
from redqubit.scan.static.module import Call, Module
from redqubit.scan.static.rule import Hit
from redqubit.scan.static.secret_values import secret_in
from redqubit.scan.static.secrets import is_secret_name

ID: Final = "SEC-02"
NAME: Final = "Token stored as plain text"
SEVERITY: Final[Severity] = "medium"
CWE: Final = (312, 522)
FRAMEWORKS: Final = ("any",)
TRIGGERS: Final = (
    "save_account",
    "save_credentials",
    "token",
    "api_key",
    "apikey",
    "secret",
    "password",
)
ADVICE: Final = (
    "Read the token from the environment or a keyring; restrict a file to mode 0600 before "
    "writing it."
)

# Methods that keep a token, with the position of the token.
_SAVERS: Final = {
    "qiskit_ibm_runtime..save_account": None,
    "qiskit_ibm_provider..save_account": None,
    "qiskit..IBMQ.save_account": 0,
    "qiskit..IBMQ.stored_account": 0,
    "dwave..create_config": None,
    "quantuminspire..save_account": 0,
    "strawberryfields..store_account": 0,
    "xcc..Settings.save": None,
    "qbraid..save_config": None,
    "dotenv.set_key": 2,
}
_TOKENS: Final = frozenset({"token", "api_key", "api_token", "refresh_token", "access_token"})
_WRITES: Final = (
    ".write", ".write_text", ".write_bytes", ".dump", ".safe_dump", ".writelines", ".writerow",
    "print", "pathlib.Path.write_text",
)  # fmt: skip
_ASKS: Final = re.compile(r"save|store|persist")  # whose name says what it does
_RESTRICTS: Final = frozenset({"os.umask", "keyring.set_password"})
_MODES: Final = frozenset({"chmod", "fchmod", "open", "touch", "mkdir", "fdopen"})
# What a function says that makes a file private; 384 is 0o600.
_MODE: Final = re.compile(r"chmod\(|os\.open\(|S_IRUSR|384|opener=")
_DUMPS: Final = frozenset({"dump", "safe_dump"})


def check(module: Module) -> Iterator[Hit]:
    """Yield the places that store a token."""
    if module.in_test:
        return
    for call in module.calls(*_SAVERS, ".save_account"):
        token = _token(call)
        if token is not None and not _restricted(module, call):
            yield Hit(
                call.node,
                f"{call.tail}() stores the token as plain text in the home folder.",
                severity="note" if _only_asked(module, call, token) else None,
            )
    for call in module.calls(*_WRITES):
        if not _is_file(module, call) or _restricted(module, call):
            continue
        names = (secret_in(module, item) for item in _written(module, call))
        told = next(filter(None, names), "")
        if told:
            yield Hit(call.node, f"{told!r} is written to a file that others may read.")


def _token(call: Call) -> ast.expr | None:
    """Return the token that a call keeps."""
    for name, value, _ in settings(call):
        if name in _TOKENS:
            return value
    for pattern, position in _SAVERS.items():
        if position is not None and call.matches(pattern):
            named = call.literal(1) if call.name == "dotenv.set_key" else "token"
            secret = isinstance(named, str) and is_secret_name(named)
            return call.arg(position) if secret else None
    return None


def _only_asked(module: Module, call: Call, token: ast.expr) -> bool:
    """Return whether a library's function, which is there to save, is handed the token."""
    function = module.function(call.node)
    if function is None or not _ASKS.search(function.name) or not _forwarded(module, token):
        return False
    callers = module.project.callers(module, function)
    return all(other.module.in_test or other.module.in_example for other in callers)


def _forwarded(module: Module, token: ast.expr) -> bool:
    """Return whether the token is one the function's caller hands in."""
    return any(
        binding.kind == "param"
        for node in ast.walk(token)
        if isinstance(node, ast.Name)
        for binding in module.bindings(node)
    )


def _target(call: Call) -> ast.expr | None:
    """Return the open file or path that a call writes to."""
    if call.name == "print":
        return call.arg(None, "file")
    receiver = call.receiver
    if call.tail in _DUMPS:
        return call.arg(1, "fp") or call.arg(None, "stream") or call.arg(None, "f")
    if call.tail == "write" and call.node.args:
        name = call.module.name_of(receiver)
        if name.startswith("configparser."):
            return call.node.args[0]
    if call.tail == "writerow" and isinstance(receiver, ast.Name):
        binding = call.module.single(receiver)
        made = binding.value if binding is not None else None
        return made.args[0] if isinstance(made, ast.Call) and made.args else None
    return receiver


def _written(module: Module, call: Call) -> list[ast.expr]:
    """Return what a call writes; a table of settings holds what was put into it."""
    receiver = call.receiver
    if call.tail == "write" and module.name_of(receiver).startswith("configparser."):
        stored = module.bindings(receiver) if isinstance(receiver, ast.Name) else []
        return [
            item.value for item in stored if item.kind == "store" and item.value is not None
        ] + [
            value
            for other in module.calls(".set", ".read_dict")
            if other.receiver is not None
            and ast.dump(other.receiver) == ast.dump(receiver or call.node)
            for value in other.node.args
        ]
    return list(call.node.args) if call.name == "print" else call.node.args[:1]


def _is_file(module: Module, call: Call) -> bool:
    target = _target(call)
    name = module.name_of(target)
    if call.tail in {"write_text", "write_bytes"}:
        return not name or name.startswith("pathlib.")
    return name.startswith(("open", "io.open", "pathlib.", "codecs.open")) or (
        isinstance(target, ast.Call) and getattr(target.func, "attr", "") == "open"
    )


def _restricted(module: Module, call: Call) -> bool:
    """Return whether the function around a call restricts a file's mode, or keeps no plain text."""
    function = module.function(call.node)
    return any(
        module.function(other.node) is function
        and (other.name in _RESTRICTS or other.tail == "encrypt" or _private(other))
        for other in module.calls()
    )


def _private(call: Call) -> bool:
    """Return whether a call gives a file a mode that only its owner can use."""
    if call.arg(None, "opener") is not None:
        return True
    if call.tail not in _MODES:
        found = call.module.project.definition(call.name, call.module) if call.name else None
        own = found is not None and not isinstance(found[1], ast.ClassDef)
        return own and found is not None and _MODE.search(ast.unparse(found[1])) is not None
    given = [*call.node.args, *(item.value for item in call.node.keywords)]
    modes = [call.module.fold(item) for item in given]
    known = [mode for mode in modes if type(mode) is int and 0o400 <= mode <= 0o777]
    if known:
        return all(mode & 0o077 == 0 for mode in known)
    return call.tail in {"chmod", "fchmod"} and "S_I" in ast.unparse(call.node)
