"""Outside data chooses the host a program talks to.

## What
The address, proxy or endpoint of a provider, or the address of a request, that comes from a web
request, a message or decoded JSON.

## Why bad
The server sends its token to a host of the attacker's choice, or fetches addresses inside the
network that the attacker cannot reach.

## Example
``QiskitRuntimeService(url=request.json["url"])``

## Instead
Choose from a list of addresses by name; for user-supplied addresses check scheme and host against
an allow-list.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

from redqubit.scan.finding import Severity
from redqubit.scan.static.endpoints import (
    BASES,
    CLIENTS,
    POSITIONAL,
    PROVIDERS,
    URL_KEYWORDS,
    fixes_host,
    host_parts,
    is_client,
    position_of,
    settings,
)
from redqubit.scan.static.guards import allow_listed
from redqubit.scan.static.module import Call, Module
from redqubit.scan.static.rule import Hit
from redqubit.scan.static.sources import REMOTE, Origin
from redqubit.scan.static.surroundings import Surroundings

ID: Final = "SEC-06"
NAME: Final = "Address from outside"
SEVERITY: Final[Severity] = "medium"
CWE: Final = (918,)
FRAMEWORKS: Final = ("any",)
TRIGGERS: Final = ("url", "endpoint", "proxies", "request", "http", "client")
ADVICE: Final = "Pick the address from an allow-list by name; check scheme and host of any other."

_ORIGINS: Final[frozenset[Origin]] = REMOTE
_NUMBERS: Final = (
    "int", "float", "urllib.parse.quote", "urllib.parse.quote_plus", "urllib.request.quote",
    "urllib.parse.urlencode",
)  # fmt: skip
# A model that looks at the host itself.
_VALIDATED: Final = re.compile(
    r"\b(?:host|hostname|netloc|domain)\b[^\n]* in \w|[Aa]llow(?:ed|list)|ALLOWED"
)
_DIVERTS: Final = frozenset({"proxies", "proxy", "url_resolver"})
_WRAPS: Final = ("urllib.request.Request", "urllib.parse.urljoin", "httpx.URL", "yarl.URL")


def check(module: Module) -> Iterator[Hit]:
    """Yield the calls whose address outside data decides."""
    if module.in_test:
        return
    for call in module.calls():
        if call.matches(*PROVIDERS, *BASES):
            for name, value, where in settings(call):
                if name in URL_KEYWORDS or name in _DIVERTS:
                    yield from _hit(module, call, value, where)
            if call.tail in POSITIONAL:
                yield from _hit(module, call, call.arg(0), call.node)
        elif call.tail in CLIENTS and call.tail != "Request" and is_client(call):
            address = call.arg(position_of(call), "url")
            yield from _hit(module, call, address, call.node)
            yield from _hit(module, call, call.arg(None, "proxies"), call.node)


def _hit(module: Module, call: Call, address: ast.expr | None, where: ast.AST) -> Iterator[Hit]:
    address = _unwrapped(module, address)
    if address is None or fixes_host(module.prefix(address)):
        return
    for part in host_parts(module, address):
        flow = module.flow(part, origins=_ORIGINS, clean=_NUMBERS, guard=allow_listed)
        if flow is None or flow.numeric:
            continue
        if not _VALIDATED.search(Surroundings(module, address, flow).described):
            told = f"{call.tail}() talks to the address that {flow.text} names."
            # What an interface the program chose answers, such as where its results lie.
            followed = flow.origin == "download"
            yield Hit(where, told, severity="note" if followed else None, flow=flow.hops)
            return


def _unwrapped(module: Module, address: ast.expr | None) -> ast.expr | None:
    """Return the address a request object holds, or the base another address is joined to."""
    for _ in range(4):
        if isinstance(address, ast.Name):
            binding = module.single(address)
            made = binding.value if binding is not None and binding.kind == "assign" else None
        else:
            made = address
        if not isinstance(made, ast.Call) or not module.call(made).matches(*_WRAPS):
            return address
        address = module.call(made).arg(0, "url")
    return address
