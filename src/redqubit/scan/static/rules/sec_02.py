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
from redqubit.scan.static.module import Call, Module
from redqubit.scan.static.rule import Hit
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

_SAVERS: Final = (
    "qiskit_ibm_runtime..save_account",
    "qiskit_ibm_provider..save_account",
    "qiskit..IBMQ.save_account",
    "dwave..create_config",
)
_ASKS: Final = re.compile(r"save|store|persist")  # whose name says what it does
_RESTRICTS: Final = frozenset(
    {"os.chmod", "os.open", "os.umask", "os.fchmod", "keyring.set_password"}
)


def check(module: Module) -> Iterator[Hit]:
    """Yield the places that store a token."""
    if module.in_test:
        return
    for call in module.calls(*_SAVERS):
        token = call.arg(0 if "IBMQ" in call.name else None, "token")
        if token is not None and not _restricted(module, call):
            function = module.function(call.node)
            asked = function is not None and _ASKS.search(function.name) is not None
            yield Hit(
                call.node,
                f"{call.tail}() stores the token as plain text in the home folder.",
                severity="note" if asked and _forwarded(module, token) else None,
            )
    for call in module.calls(".write", ".write_text", "json.dump", ".dump", ".writelines"):
        data = call.arg(0)
        if data is None or not _is_file(module, call) or _restricted(module, call):
            continue
        name = _secret(module, data)
        if name:
            yield Hit(call.node, f"{name!r} is written to a file that others may read.")


def _forwarded(module: Module, token: ast.expr) -> bool:
    """Return whether the token is one the function's caller hands in."""
    return any(
        binding.kind == "param"
        for node in ast.walk(token)
        if isinstance(node, ast.Name)
        for binding in module.bindings(node)
    )


def _is_file(module: Module, call: Call) -> bool:
    target = call.arg(1, "fp") if call.tail == "dump" else call.receiver
    name = module.name_of(target)
    return name.startswith(("open", "io.open", "pathlib.", "codecs.open")) or (
        not name and call.tail == "write_text"
    )


def _secret(module: Module, node: ast.expr) -> str:
    """Return the name of a secret whose value is part of an expression."""
    if isinstance(node, ast.Call):
        name = module.name_of(node.func)
        if "encrypt" in module.source(node.func) or name.startswith(("hashlib", "hmac", "len")):
            return ""
    if isinstance(node, ast.Name | ast.Attribute):
        name = node.id if isinstance(node, ast.Name) else node.attr
        return name if is_secret_name(name) else ""
    if isinstance(node, ast.Subscript):
        return ""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):
            found = _secret(module, child)
            if found:
                return found
    return ""


def _restricted(module: Module, call: Call) -> bool:
    function = module.function(call.node)
    return any(
        module.function(other.node) is function
        and (other.name in _RESTRICTS or other.tail in {"chmod", "fchmod", "encrypt"})
        for other in module.calls()
    )
