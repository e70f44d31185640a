"""Certificates are not checked.

## What
``verify=False`` for HTTP clients and quantum providers, ``ssl._create_unverified_context``,
``ssl.CERT_NONE`` and ``check_hostname = False``.

## Why bad
Anyone on the line can pose as the provider: read the token and the circuits, and answer with
results of their own.

## Example
``QiskitRuntimeService(channel="ibm_cloud", verify=False)``

## Instead
Leave the default; for an own authority pass its certificate: ``verify="company-ca.pem"``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from redqubit.scan.finding import Severity
from redqubit.scan.static.edits import drop_keyword
from redqubit.scan.static.endpoints import is_local
from redqubit.scan.static.module import Call, Module
from redqubit.scan.static.rule import Hit
from redqubit.scan.static.scope import dotted

ID: Final = "SEC-04"
NAME: Final = "Certificate check switched off"
SEVERITY: Final[Severity] = "high"
CWE: Final = (295,)
FRAMEWORKS: Final = ("any",)
TRIGGERS: Final = (
    "verify",
    "unverified",
    "CERT_NONE",
    "check_hostname",
    "ssl",
    "PYTHONHTTPSVERIFY",
)
ADVICE: Final = "Keep the check on; give the path of your authority's certificate instead of False."

_CLIENTS: Final = (
    "requests.", "httpx.", "aiohttp.", "qiskit_ibm_runtime.", "qiskit_ibm_provider.", "qiskit.",
    "qiskit_ionq.", "dwave.", "botocore.", "boto3.", "azure.", "urllib3.", "pyquil.", "qbraid.",
    "iqm.", "websockets.", "websocket.",
)  # fmt: skip
_KEYWORDS: Final = ("verify", "verify_ssl", "verify_certs", "ssl_verify", "ssl")
_VERBS: Final = frozenset({"get", "post", "put", "patch", "delete", "head", "request", "send"})
_VARIABLES: Final = {"PYTHONHTTPSVERIFY": "0", "CURL_CA_BUNDLE": "", "REQUESTS_CA_BUNDLE": ""}


def check(module: Module) -> Iterator[Hit]:
    """Yield the places that switch the check off."""
    for call in module.calls():
        for keyword in call.node.keywords:
            if keyword.arg in _KEYWORDS and module.fold(keyword.value) is False and _client(call):
                edit = drop_keyword(call, keyword.arg, "Check certificates again.")
                yield _hit(
                    module, keyword, call, f"{keyword.arg}=False accepts any certificate.", edit
                )
            elif module.name_of(keyword.value) == "ssl.CERT_NONE":
                yield _hit(module, keyword.value, call, "ssl.CERT_NONE accepts any certificate.")
    for call in module.calls("ssl._create_unverified_context", "ssl._create_stdlib_context"):
        yield _hit(module, call.node, call, "An unverified context accepts any certificate.")
    for node in module.layout.assignments:
        if isinstance(node, ast.Assign):
            yield from _assigned(module, node)


def _hit(module: Module, node: ast.AST, call: Call | None, told: str, edit: object = None) -> Hit:
    local = call is not None and any(is_local(module.prefix(item)) for item in _inputs(call))
    severity: Severity | None = "note" if local or module.in_test else None
    return Hit(node, told, severity=severity, edit=edit)  # type: ignore[arg-type]


def _inputs(call: Call) -> list[ast.expr]:
    return [*call.node.args, *(item.value for item in call.node.keywords)]


def _client(call: Call) -> bool:
    if call.name:
        return call.name.startswith(_CLIENTS)
    receiver = call.receiver
    name = dotted(receiver).lower() if receiver is not None else ""
    web = any(word in name for word in ("session", "client", "http", "request"))
    address = call.module.prefix(call.arg(0, "url")).startswith("http")
    return call.tail in _VERBS and (web or address)


def _assigned(module: Module, node: ast.Assign) -> Iterator[Hit]:
    target = node.targets[0]
    if isinstance(target, ast.Attribute):
        value = module.fold(node.value)
        name = module.name_of(node.value)
        if target.attr == "verify_mode" and name == "ssl.CERT_NONE":
            yield _hit(module, node, None, "ssl.CERT_NONE accepts any certificate.")
        elif target.attr == "check_hostname" and value is False:
            yield _hit(module, node, None, "A certificate of any host is accepted.")
        elif target.attr == "verify" and value is False:
            owner = module.name_of(target.value)
            if owner.startswith(_CLIENTS) or (not owner and "session" in dotted(target).lower()):
                yield _hit(module, node, None, "This session accepts any certificate.")
        elif name == "ssl._create_unverified_context" and "https_context" in target.attr:
            yield _hit(
                module, node, None, "Every HTTPS connection of the process accepts any certificate."
            )
    elif isinstance(target, ast.Subscript) and module.name_of(target.value) == "os.environ":
        key = module.fold(target.slice)
        if (
            isinstance(key, str)
            and key in _VARIABLES
            and module.fold(node.value) == _VARIABLES[key]
        ):
            yield _hit(module, node, None, f"{key} switches the check off for the whole process.")
