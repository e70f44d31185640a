"""Certificates are not checked.

## What
``verify=False`` for HTTP clients and quantum providers, ``ssl._create_unverified_context``,
``ssl.CERT_NONE`` and ``check_hostname = False``, also in mappings, defaults, the environment and
commands.

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
import re
from collections.abc import Iterator
from typing import Final

from redqubit.scan.finding import Severity
from redqubit.scan.static.edits import drop_keyword
from redqubit.scan.static.endpoints import entries, is_local
from redqubit.scan.static.module import Call, Module
from redqubit.scan.static.rule import Hit
from redqubit.scan.static.scope import default_of, dotted

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
    "insecure",
    "validate_certs",
    "CA_BUNDLE",
    "curl",
    "wget",
    "GIT_SSL",
    "tls_",
)
ADVICE: Final = "Keep the check on; give the path of your authority's certificate instead of False."

_CLIENTS: Final = (
    "requests.", "httpx.", "aiohttp.", "qiskit_ibm_runtime.", "qiskit_ibm_provider.", "qiskit.",
    "qiskit_ionq.", "dwave.", "botocore.", "boto3.", "azure.", "urllib3.", "pyquil.", "qbraid.",
    "iqm.", "websockets.", "websocket.", "niquests.", "httplib2.", "qiskit_serverless.", "pytket.",
    "qcs_", "oqc_", "quantuminspire.", "pasqal_cloud.", "pulser", "cirq_", "xcc.", "minio.",
    "s3fs.", "elasticsearch.", "mlflow.", "google.", "qiskit_aqt_provider.", "paho.",
)  # fmt: skip
_KEYWORDS: Final = frozenset(
    ["verify", "verify_ssl", "verify_certs", "ssl_verify", "ssl", "verify_tls", "tls_verify",
     "validate_certs", "verify_certificate", "verify_certificates", "check_hostname",
     "assert_hostname", "verify_peer", "ssl_check_hostname"]
)  # fmt: skip
_OPENS: Final = frozenset({"disable_ssl_certificate_validation", "trust_all", "tls_insecure"})
_UNCHECKED: Final = ("ssl.CERT_NONE", "ssl.VerifyMode.CERT_NONE")
_WHOLE: Final = "{} switches the check off for the whole process."
_VERBS: Final = frozenset({"get", "post", "put", "patch", "delete", "head", "request", "send"})
_VARIABLES: Final = {
    "PYTHONHTTPSVERIFY": ("0",),
    "CURL_CA_BUNDLE": ("",),
    "REQUESTS_CA_BUNDLE": ("",),
    "AWS_CA_BUNDLE": ("",),
    "GIT_SSL_NO_VERIFY": ("1", "true", "True"),
    "NODE_TLS_REJECT_UNAUTHORIZED": ("0",),
    "WANDB_INSECURE_DISABLE_SSL": ("1", "true", "True"),
    "MLFLOW_TRACKING_INSECURE_TLS": ("1", "true", "True"),
}
_SETS: Final = ("os.putenv", "os.environ.setdefault", "os.environ.update", "os.environ.__setitem__")
_RUNS: Final = (
    "subprocess.run", "subprocess.check_call", "subprocess.check_output", "subprocess.Popen",
    "subprocess.call", "os.system",
)  # fmt: skip
_COMMAND: Final = re.compile(
    r"^curl\b.*\s(?:-[a-zA-Z]*k|--insecure)\b|^wget\b.*\s--no-check-certificate\b"
    r"|\bhttp\.sslVerify[ =]false\b"
)
_SPEAKS: Final = re.compile(r"\b(?:requests|httpx|aiohttp|urllib3?|ssl|Session)\b")


def check(module: Module) -> Iterator[Hit]:
    """Yield the places that switch the check off."""
    for call in module.calls():
        if call.node.keywords:
            yield from _given(module, call)
    for call in module.calls("ssl._create_unverified_context", "ssl._create_stdlib_context"):
        yield _hit(module, call.node, call, "An unverified context accepts any certificate.")
    for call in module.calls(*_SETS):
        pairs = [(module.fold(call.arg(0)), call.arg(1))] if len(call.node.args) > 1 else []
        pairs += [entry for item in call.node.args[:1] for entry in entries(module, item)]
        for key, value in [*pairs, *((item.arg, item.value) for item in call.node.keywords)]:
            if _switched_off(module, key, value):
                yield _hit(module, call.node, None, _WHOLE.format(key))
    for call in module.calls(*_RUNS):
        known = module.prefix(call.arg(0, "args")) or _constants(call.arg(0, "args"))
        if _COMMAND.search(known):
            yield _hit(module, call.node, call, "The command accepts any certificate.")
    for node in module.layout.assignments:
        if isinstance(node, ast.Assign):
            yield from _assigned(module, node)


def _given(module: Module, call: Call) -> Iterator[Hit]:
    """Yield the arguments, also those of an unpacked mapping, that switch the check off."""
    for keyword in call.node.keywords:
        if keyword.arg in _KEYWORDS and _is_off(module, keyword.value) and _client(call):
            edit = drop_keyword(call, keyword.arg, "Check certificates again.")
            yield _hit(module, keyword, call, f"{keyword.arg}=False accepts any certificate.", edit)
        elif keyword.arg in _OPENS and module.fold(keyword.value) is True:
            yield _hit(module, keyword, call, f"{keyword.arg}=True accepts any certificate.")
        elif _unchecked(module, keyword):
            yield _hit(module, keyword.value, call, "CERT_NONE accepts any certificate.")
        elif keyword.arg is None and _client(call):
            for name, value in entries(module, keyword.value):
                if name in _KEYWORDS and _is_off(module, value):
                    told = f"{name}=False accepts any certificate."
                    yield _hit(module, call.node, call, told)
                    break


def _is_off(module: Module, value: ast.expr) -> bool:
    """Return whether a value is False, or a parameter whose default is."""
    if module.fold(value) is False:
        return True
    setting = module.project.bound(module.name_of(value), module)
    if setting is not None and setting[0].fold(setting[1]) is False:
        return True
    binding = module.single(value) if isinstance(value, ast.Name) else None
    if binding is None or not isinstance(binding.node, ast.arg):
        return False
    function = module.function(binding.node)
    default = default_of(function, binding.node) if function is not None else None
    return isinstance(default, ast.Constant) and default.value is False


def _unchecked(module: Module, keyword: ast.keyword) -> bool:
    values = [keyword.value]
    if isinstance(keyword.value, ast.Dict):
        values = keyword.value.values
    return any(
        module.name_of(item) in _UNCHECKED
        or (keyword.arg == "cert_reqs" and module.fold(item) in {"CERT_NONE", "NONE"})
        for item in values
    )


def _constants(node: ast.expr | None) -> str:
    """Return the constant words of a command, joined."""
    items = node.elts if isinstance(node, ast.List | ast.Tuple) else ()
    return " ".join(str(item.value) if isinstance(item, ast.Constant) else "_" for item in items)


def _switched_off(module: Module, key: object, value: ast.expr | None) -> bool:
    return isinstance(key, str) and module.fold(value) in _VARIABLES.get(key, ())


def _hit(module: Module, node: ast.AST, call: Call | None, told: str, edit: object = None) -> Hit:
    local = call is not None and any(is_local(module.prefix(item)) for item in _inputs(call))
    severity: Severity | None = "note" if local or module.in_test else None
    return Hit(node, told, severity=severity, edit=edit)  # type: ignore[arg-type]


def _inputs(call: Call) -> list[ast.expr]:
    return [*call.node.args, *(item.value for item in call.node.keywords)]


def _client(call: Call) -> bool:
    if call.name:
        wraps = call.tail == "partial" and call.node.args
        name = call.module.name_of(call.node.args[0]) if wraps else call.name
        return name.startswith(_CLIENTS) or _own_client(call)
    receiver = call.receiver
    name = dotted(receiver).lower() if receiver is not None else ""
    web = any(word in name for word in ("session", "client", "http", "request"))
    address = call.module.prefix(call.arg(0, "url")).startswith("http")
    return call.tail in _VERBS and (web or address)


def _own_client(call: Call) -> bool:
    """Return whether a function or class of the project hands ``verify`` to a client."""
    found = call.module.project.definition(call.name, call.module)
    text = ast.unparse(found[1]) if found is not None else ""
    return "verify" in text and _SPEAKS.search(text) is not None


def _assigned(module: Module, node: ast.Assign) -> Iterator[Hit]:
    target = node.targets[0]
    if isinstance(target, ast.Attribute):
        value = module.fold(node.value)
        name = module.name_of(node.value)
        if target.attr == "verify_mode" and name in _UNCHECKED:
            yield _hit(module, node, None, "ssl.CERT_NONE accepts any certificate.")
        elif target.attr == "check_hostname" and value is False:
            yield _hit(module, node, None, "A certificate of any host is accepted.")
        elif target.attr == "verify" and value is False:
            owner = module.name_of(target.value)
            named = re.search(r"session|client|http", dotted(target), re.IGNORECASE) is not None
            if owner.startswith(_CLIENTS) or (not owner and named):
                yield _hit(module, node, None, "This session accepts any certificate.")
        elif name == "ssl._create_unverified_context" and "https_context" in target.attr:
            yield _hit(
                module, node, None, "Every HTTPS connection of the process accepts any certificate."
            )
    elif isinstance(target, ast.Subscript) and module.name_of(target.value) == "os.environ":
        key = module.fold(target.slice)
        if _switched_off(module, key, node.value):
            yield _hit(module, node, None, _WHOLE.format(key))
    elif (
        isinstance(target, ast.Name) and target.id == "verify" and module.fold(node.value) is False
    ):
        owner_class = module.parent(node)
        bases = owner_class.bases if isinstance(owner_class, ast.ClassDef) else []
        if any(module.name_of(base).startswith(_CLIENTS) for base in bases):
            yield _hit(module, node, None, "This session accepts any certificate.")
