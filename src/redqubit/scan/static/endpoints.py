"""Addresses: which calls take one, and which hosts are the machine itself or its own network."""

from __future__ import annotations

import ast
import ipaddress
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from redqubit.scan.static.module import Module

CLIENTS: Final = frozenset(
    {"get", "post", "put", "patch", "delete", "head", "request", "stream", "urlopen", "urlretrieve"}
)
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
)
URL_KEYWORDS: Final = frozenset(
    {"url", "auth_url", "base_url", "endpoint", "endpoint_url", "host", "remote_host", "api_url",
     "iqm_server_url", "service_endpoint"}
)  # fmt: skip
_HOST: Final = re.compile(r"^[a-z][a-z0-9+.-]*://(?:[^/@]*@)?(\[[^\]]*\]|[^/:?#]+)", re.IGNORECASE)


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
        return bool(name) and ("." not in name or name.endswith((".local", ".internal", ".test")))


def fixes_host(prefix: str) -> bool:
    """Return whether the text an address surely starts with decides the host."""
    found = _HOST.match(prefix)
    return found is not None and len(prefix) > found.end() and prefix[found.end()] in "/:?#"


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
