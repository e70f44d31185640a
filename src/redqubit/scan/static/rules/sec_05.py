"""Circuits, tokens or results travel unencrypted.

## What
An ``http://`` or ``ws://`` address given to a quantum provider, a job API or a request that carries
a token or data, or set under a service's name in a file that handles tokens.

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
import re
from collections.abc import Iterator
from typing import Final

from redqubit.scan.finding import Severity
from redqubit.scan.static.addresses import texts
from redqubit.scan.static.edits import secured
from redqubit.scan.static.endpoints import (
    BASES,
    CLIENTS,
    POSITIONAL,
    PROVIDERS,
    URL_KEYWORDS,
    host,
    is_client,
    is_inside,
    is_local,
    position_of,
    settings,
    variable_host,
)
from redqubit.scan.static.module import Module
from redqubit.scan.static.rule import Hit
from redqubit.scan.static.scope import dotted

ID: Final = "SEC-05"
NAME: Final = "Unencrypted address"
SEVERITY: Final[Severity] = "high"
CWE: Final = (319,)
FRAMEWORKS: Final = ("any",)
TRIGGERS: Final = ("requests", "httpx", "aiohttp", "urllib", "http://", "ws://")
ADVICE: Final = "Use https:// and refuse other schemes when the address is configured."

_CARRY: Final = ("headers", "auth", "json", "data", "files", "cookies", "params")
_SENDS: Final = frozenset({"post", "put", "patch", "delete", "ws_connect", "connect"})
_UNNAMED: Final = "What is sent to this host and what comes back travels unencrypted."
_PLAIN: Final = ("http://", "ws://")
# What holds the address of a service; a namespace, a license or a link has another name.
_HOLDER: Final = re.compile(
    r"(?:^|_)(?:api|endpoint|server|service|gateway|upstream|backend|broker|sapi|provider|jobs?|portal"
    r"|scheduler|queue|base_?url|registry|tracker|collector|dispatcher|coordinator)(?:s|_?ur[il]|_host"
    r"|_address|_root|_base|_api)?$",
    re.IGNORECASE,
)
_SPEAKS: Final = re.compile(
    r"^\s*(?:import|from)\s+(?:requests|httpx|aiohttp|urllib3?|websockets?|niquests)\b",
    re.MULTILINE,
)
_CREDENTIALS: Final = re.compile(
    r"token|api_?key|authorization|bearer|\bauth\b|secret", re.IGNORECASE
)


def check(module: Module) -> Iterator[Hit]:
    """Yield the calls with an unencrypted address, and addresses of services in settings."""
    if module.in_test:
        return
    told: set[str] = set()
    for call in module.calls():
        if call.tail in CLIENTS and is_client(call):
            address = call.arg(position_of(call), "url")
            carries = call.tail in _SENDS or any(call.arg(None, name) for name in _CARRY)
            yield from _hit(module, address, "high" if carries else "medium", told)
        elif call.matches(*PROVIDERS, *BASES):
            for name, value, where in settings(call):
                if name in URL_KEYWORDS:
                    yield from _hit(module, value, "high", told, where)
            if call.tail in POSITIONAL or call.matches(*BASES):
                yield from _hit(module, call.arg(0), "high", told)
    if _SPEAKS.search(module.text) and _CREDENTIALS.search(module.text):
        yield from _settings(module, told)


def _hit(
    module: Module,
    address: ast.expr | None,
    severity: Severity,
    told: set[str],
    where: ast.AST | None = None,
) -> Iterator[Hit]:
    found = next((text for text in texts(module, address) if _is_plain(text)), None)
    if address is None:
        return
    if found is None:
        if _elsewhere(module, address):
            yield Hit(where or address, _UNNAMED, severity=severity)
        return
    told.add(host(found))
    shown = is_inside(found)
    edit = secured(module, address)
    yield Hit(where or address, _told(found), severity="note" if shown else severity, edit=edit)


def _elsewhere(module: Module, address: ast.expr) -> bool:
    """Return whether the host behind ``http://`` is a setting that can be another machine.

    Where nothing tells which one it is, only what handles tokens counts.
    """
    host_part = variable_host(module, address)
    if host_part is None:
        return False
    known = [f"http://{text}" for text in texts(module, host_part)]
    if known:
        return not any(is_local(text) or is_inside(text) for text in known)
    return _CREDENTIALS.search(module.text) is not None


def _is_plain(text: str) -> bool:
    """Return whether an address names a host of another machine and no encryption."""
    return text.lower().startswith(_PLAIN) and text not in _PLAIN and not is_local(text)


def _told(address: str) -> str:
    name = address.partition("://")[2].partition("/")[0]
    return f"What is sent to {name} and what comes back travels unencrypted."


def _settings(module: Module, told: set[str]) -> Iterator[Hit]:
    """Yield addresses held under a service's name where no call shows their use."""
    for node in module.layout.strings:
        text = str(node.value)
        if not _is_plain(text) or is_inside(text) or host(text) in told:
            continue
        if _HOLDER.search(_holder(module, node)):
            told.add(host(text))
            yield Hit(node, _told(text))


def _holder(module: Module, node: ast.expr) -> str:
    """Return the name, key or parameter that a text is the value of."""
    child: ast.AST = node
    for parent in module.around(node):
        if isinstance(parent, ast.Dict) and child in parent.values:
            key = parent.keys[parent.values.index(child)]
            return key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else ""
        if isinstance(parent, ast.keyword):
            return parent.arg or ""
        if isinstance(parent, ast.Assign | ast.AnnAssign):
            target = parent.targets[0] if isinstance(parent, ast.Assign) else parent.target
            return dotted(target).rpartition(".")[2]
        if not isinstance(parent, ast.BoolOp | ast.IfExp):
            return ""
        child = parent
    return ""
