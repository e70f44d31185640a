"""Circuits, tokens or results travel unencrypted.

## What
An ``http://`` address given to a quantum provider, a job API or a request that carries a token or
data.

## Why bad
Anyone on the line reads the token, the circuit (which is the model) and the results, and can
change them.

## Example
``requests.post("http://jobs.example.org/v1/jobs", headers={"Authorization": token})``

## Instead
``https://``; for a service on the same machine ``http://127.0.0.1`` is fine.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from redqubit.scan.finding import Severity
from redqubit.scan.static.edits import secured
from redqubit.scan.static.endpoints import CLIENTS, PROVIDERS, URL_KEYWORDS, is_inside, is_local
from redqubit.scan.static.module import Call, Module
from redqubit.scan.static.rule import Hit
from redqubit.scan.static.scope import dotted

ID: Final = "SEC-05"
NAME: Final = "Unencrypted address"
SEVERITY: Final[Severity] = "high"
CWE: Final = (319,)
FRAMEWORKS: Final = ("any",)
TRIGGERS: Final = ("http://",)
ADVICE: Final = "Use https:// and refuse other schemes when the address is configured."

_READS: Final = frozenset({"os.environ.get", "os.getenv"})
_CARRY: Final = ("headers", "auth", "json", "data", "files", "cookies")
_BASES: Final = ("httpx.Client", "httpx.AsyncClient", "aiohttp.ClientSession")
_SENDS: Final = frozenset({"post", "put", "patch", "delete"})


def check(module: Module) -> Iterator[Hit]:
    """Yield the calls with an unencrypted address."""
    if module.in_test:
        return
    for call in module.calls():
        if call.tail in CLIENTS and _client(call):
            position = 1 if call.tail in {"request", "stream"} else 0
            address = call.arg(position, "url")
            carries = call.tail in _SENDS or any(call.arg(None, name) for name in _CARRY)
            yield from _hit(module, address, "high" if carries else "medium")
        elif call.matches(*_BASES):
            yield from _hit(module, call.arg(None, "base_url"), "high")
        elif call.matches(*PROVIDERS):
            for keyword in call.node.keywords:
                if keyword.arg in URL_KEYWORDS:
                    yield from _hit(module, keyword.value, "high")
            if call.tail in {"IQMProvider", "IQMClient"}:
                yield from _hit(module, call.arg(0, "url"), "high")


def _hit(module: Module, address: ast.expr | None, severity: Severity) -> Iterator[Hit]:
    text = module.prefix(address) or _default(module, address)
    if address is None or not text.lower().startswith("http://") or text == "http://":
        return
    if is_local(text):
        return
    if is_inside(text):
        severity = "note"
    host = text[7:].partition("/")[0]
    told = f"What is sent to {host} and what comes back travels unencrypted."
    yield Hit(address, told, severity=severity, edit=secured(module, address))


def _default(module: Module, address: ast.expr | None, depth: int = 4) -> str:
    """Return the address that stands where the environment names none."""
    if isinstance(address, ast.JoinedStr) and address.values:
        first = address.values[0]
        return _default(module, first.value) if isinstance(first, ast.FormattedValue) else ""
    if isinstance(address, ast.BinOp):
        return _default(module, address.left, depth)
    if isinstance(address, ast.Call) and module.name_of(address.func) in _READS:
        return module.prefix(address.args[1]) if len(address.args) > 1 else ""
    binding = module.single(address) if address is not None else None
    if binding is None or binding.kind != "assign" or depth <= 0:
        return ""
    return _default(module, binding.value, depth - 1)


def _client(call: Call) -> bool:
    if call.name:
        return call.name.startswith(
            ("requests.", "httpx.", "aiohttp.", "urllib.request.", "urllib3.")
        )
    receiver = call.receiver
    name = dotted(receiver).lower() if receiver is not None else ""
    return any(word in name for word in ("session", "client", "http", "request"))
