"""Addresses: which calls take one, and which hosts are the machine itself or its own network."""

from __future__ import annotations

import ast
import ipaddress
import re
from collections.abc import Iterator
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from redqubit.scan.static.scope import dotted, returned

if TYPE_CHECKING:
    from redqubit.scan.static.module import Call, Module

CLIENTS: Final = frozenset(
    ["get", "post", "put", "patch", "delete", "head", "options", "request", "stream", "urlopen",
     "urlretrieve", "open", "ws_connect", "connect", "create_connection", "Request",
     "download_url_to_file"]
)  # fmt: skip
BASES: Final = (
    "httpx.Client", "httpx.AsyncClient", "aiohttp.ClientSession",
    "requests_toolbelt..BaseUrlSession",
)  # fmt: skip
_LIBRARIES: Final = (
    "requests.", "httpx.", "aiohttp.", "urllib.request.", "urllib3.", "urllib2.", "niquests.",
    "requests_futures.", "websocket.", "websockets.", "torch.hub.",
)  # fmt: skip
PROVIDERS: Final = (
    "qiskit_ibm_runtime..QiskitRuntimeService",
    "qiskit_ibm_runtime..save_account",
    "qiskit_ibm_provider..IBMProvider",
    "qiskit..IBMQ.enable_account",
    "qiskit..IBMQ.save_account",
    "qiskit_ionq..IonQProvider",
    "dwave..DWaveSampler",
    "dwave..Client.from_config",
    "dwave..LeapHybridSampler",
    "braket..AwsSession",
    "boto3.client",
    "boto3.Session.client",
    "iqm..IQMProvider",
    "iqm..IQMClient",
    "cirq_google..Engine",
    "cirq_ionq..Service",
    "cirq_aqt..AQTSampler",
    "qbraid..QbraidProvider",
    "azure..Workspace",
    "qiskit_aqt_provider..AQTProvider",
    "pennylane.device",
    "pyquil..get_qc",
    "qiskit_serverless..ServerlessClient",
    "qiskit_serverless..IBMServerlessClient",
    "qiskit_serverless..QuantumServerless",
    "dwave..Client",
    "dwave..LeapHybridCQMSampler",
    "dwave..LeapHybridDQMSampler",
    "iqm..get_provider",
    "qiskit_rigetti..RigettiQCSProvider",
    "qcs_api_client..QCSClientConfiguration",
    "quantuminspire..QuantumInspireAPI",
    "pytket..QuantinuumBackend",
    "pytket..IQMBackend",
    "pytket..AQTBackend",
    "pytket..IBMQBackend",
    "strawberryfields..Connection",
    "xcc..Connection",
    "oqc_qcaas_client..OQCClient",
    "pulser_pasqal..PasqalCloud",
    "pasqal_cloud..SDK",
    "boto3.resource",
    "boto3.Session.resource",
    "google.api_core..ClientOptions",
    "mlflow.set_tracking_uri",
    "huggingface_hub..HfApi",
)
# Providers whose first argument is the address.
POSITIONAL: Final = frozenset(
    ["IQMProvider", "IQMClient", "IQMBackend", "OQCClient", "set_tracking_uri", "BaseUrlSession",
     "ServerlessClient", "get_provider"]
)  # fmt: skip
URL_KEYWORDS: Final = frozenset(
    {"url", "auth_url", "base_url", "endpoint", "endpoint_url", "host", "remote_host", "api_url",
     "iqm_server_url", "service_endpoint", "server", "server_url", "portal_url", "api_base_url",
     "sapi_url", "api_endpoint", "tracking_uri", "location_url"}
)  # fmt: skip
_BASE: Final = re.compile(
    r"(?:base|root|url|uri|host|endpoint|api|server|address|prefix)$", re.IGNORECASE
)
_HOST: Final = re.compile(r"^[a-z][a-z0-9+.-]*://(?:[^/@]*@)?(\[[^\]]*\]|[^/:?#]+)", re.IGNORECASE)


def is_client(call: Call) -> bool:
    """Return whether a call whose name is of `CLIENTS` is one of an HTTP client."""
    if call.name:
        return call.name.startswith(_LIBRARIES) and (
            call.tail not in {"open", "connect"} or "opener" in call.name or "socket" in call.name
        )
    receiver = call.receiver
    name = dotted(receiver).lower() if receiver is not None else ""
    if call.tail in {"open", "connect", "Request"}:
        return "opener" in name
    return any(word in name for word in ("session", "client", "http", "request"))


def position_of(call: Call) -> int:
    """Return the position of the address among the arguments of a client's call."""
    return 1 if call.tail in {"request", "stream"} else 0


def settings(call: Call) -> Iterator[tuple[str, ast.expr, ast.AST]]:
    """Yield keyword arguments by name, value and place, also those of an unpacked mapping."""
    for item in call.node.keywords:
        if item.arg is not None:
            yield item.arg, item.value, item.value
        else:
            for name, value in entries(call.module, item.value):
                yield name, value, call.node


def entries(module: Module, node: ast.expr, depth: int = 4) -> Iterator[tuple[str, ast.expr]]:
    """Yield the entries of a mapping by key, through the name that holds it and its stores."""
    if depth <= 0:
        return
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if key is None:
                yield from entries(module, value, depth - 1)
            elif isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield key.value, value
    elif isinstance(node, ast.Call):
        if dotted(node.func) == "dict":
            for item in node.keywords:
                if item.arg is not None:
                    yield item.arg, item.value
            for value in [*node.args, *(item.value for item in node.keywords if not item.arg)]:
                yield from entries(module, value, depth - 1)
        else:
            yield from _returned_entries(module, node, depth)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        yield from entries(module, node.left, depth - 1)
        yield from entries(module, node.right, depth - 1)
    elif isinstance(node, ast.Name | ast.Attribute):
        for binding in module.bindings(node):
            if binding.value is None or binding.value is node:
                continue
            if binding.kind == "assign":
                yield from entries(module, binding.value, depth - 1)
            elif binding.kind == "store" and isinstance(binding.node, ast.Assign):
                for target in binding.node.targets:
                    key = target.slice if isinstance(target, ast.Subscript) else None
                    if isinstance(key, ast.Constant) and isinstance(key.value, str):
                        yield key.value, binding.value
            elif binding.kind == "store":
                yield from entries(module, binding.value, depth - 1)


def _returned_entries(module: Module, node: ast.Call, depth: int) -> Iterator[tuple[str, ast.expr]]:
    name = module.name_of(node.func)
    found = module.project.definition(name, module) if name else None
    if found is None or isinstance(found[1], ast.ClassDef) or found[0] is not module:
        return
    for value in returned(found[1]):
        yield from entries(module, value, depth - 1)


def host(address: str) -> str:
    """Return the host of an address in lower case, empty if there is none."""
    found = _HOST.match(address.strip())
    return found[1].strip("[]").lower().rstrip(".") if found else ""


def is_local(address: str) -> bool:
    """Return whether an address is the machine itself."""
    name = host(address)
    if name in {"localhost", "0.0.0.0", "host.docker.internal"} or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def is_inside(address: str) -> bool:
    """Return whether an address is of a private network, or a single name as containers use."""
    name = host(address)
    try:
        return ipaddress.ip_address(name).is_private
    except ValueError:
        return bool(name) and ("." not in name or name.endswith((".local", ".internal")))


def fixes_host(prefix: str) -> bool:
    """Return whether the text an address surely starts with decides the host."""
    found = _HOST.match(prefix)
    return found is not None and len(prefix) > found.end() and prefix[found.end()] in "/:?#"


def variable_host(module: Module, node: ast.expr | None, depth: int = 6) -> ast.expr | None:
    """Return what stands for the host in an address that starts with plain ``http://``."""
    if node is None or depth <= 0:
        return None
    if isinstance(node, ast.Name | ast.Attribute):
        binding = module.single(node)
        made = binding.value if binding is not None and binding.kind == "assign" else None
        return variable_host(module, made, depth - 1)
    parts = pieces(node)
    first = parts[0].value if parts and isinstance(parts[0], ast.Constant) else None
    if isinstance(first, str):
        return parts[1] if first in {"http://", "ws://"} and len(parts) > 1 else None
    return variable_host(module, parts[0], depth - 1) if parts and parts[0] is not node else None


def pieces(node: ast.expr) -> list[ast.expr]:
    """Return the constant and other pieces of text that is put together in any way."""
    given: list[ast.expr] = []
    text: object = None
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        text = node.left.value if isinstance(node.left, ast.Constant) else None
        given = node.right.elts if isinstance(node.right, ast.Tuple) else [node.right]
    elif isinstance(node, ast.Call) and _formats(node.func):
        text = node.func.value.value  # type: ignore[attr-defined]
        given = [*node.args, *(item.value for item in node.keywords)]
    if isinstance(text, str):
        around = [ast.Constant(part) for part in re.split(r"%[sd]|\{\w*\}", text)]
        mixed = [item for pair in zip_longest(around, given) for item in pair]
        return [item for item in mixed if item is not None]
    return _flat(node)


def _formats(function: ast.expr) -> bool:
    """Return whether a function is ``format`` of a text that is written out."""
    if not isinstance(function, ast.Attribute) or function.attr != "format":
        return False
    return isinstance(function.value, ast.Constant)


def host_parts(module: Module, node: ast.expr, depth: int = 8) -> list[ast.expr]:
    """Return the values that can decide the host of an address put together from parts.

    What follows the first slash after the host is only a path.
    """
    if isinstance(node, ast.Name | ast.Attribute) and depth > 0:
        binding = module.single(node)
        if binding is not None and binding.kind == "assign" and binding.value is not None:
            joined = isinstance(binding.value, ast.JoinedStr | ast.BinOp | ast.Name)
            if joined:
                return host_parts(module, binding.value, depth - 1)
    found: list[ast.expr] = []
    known = ""
    for part in _flat(node):
        text = module.fold(part)
        if isinstance(text, str):
            known += text
            before, scheme, after = known.partition("://")
            if "/" in (after if scheme else before):
                return found
        else:
            if found and known == "_" and _BASE.search(dotted(found[0])):
                return found  # a path after the whole base
            found.append(part)
            known += "_"
    return found


def _flat(node: ast.expr) -> list[ast.expr]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return [*_flat(node.left), *_flat(node.right)]
    if isinstance(node, ast.JoinedStr):
        return [
            part.value if isinstance(part, ast.FormattedValue) else part for part in node.values
        ]
    return [node]
