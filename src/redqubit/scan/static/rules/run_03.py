"""The hardware a circuit runs on is whatever somebody else names.

## What
A request or the command line (low) names the backend and no list of allowed ones is asked, or
``least_busy`` picks one and the function records neither its name nor its properties.

## Why bad
Noise, topology and calibration belong to a model as much as its weights. A cheap, noisy or
simulated device in place of the expected one changes answers, and the bill, without a trace.

## Example
``backend = service.backend(request.json["backend"])``

## Instead
Test membership in a set of allowed names, and store ``backend.name`` and the calibration's date
with each result.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

from redqubit.scan.finding import Severity
from redqubit.scan.static.endpoints import entries
from redqubit.scan.static.frameworks import QUANTUM
from redqubit.scan.static.guards import allow_listed
from redqubit.scan.static.guards import names as names_of
from redqubit.scan.static.module import Call, Module
from redqubit.scan.static.options import in_settings, limited
from redqubit.scan.static.rule import Hit
from redqubit.scan.static.scope import dotted, parameters, returned
from redqubit.scan.static.sources import OUTSIDE, REMOTE
from redqubit.scan.static.surroundings import Surroundings
from redqubit.scan.static.typed import bars_text

ID: Final = "RUN-03"
NAME: Final = "Backend chosen by others"
SEVERITY: Final[Severity] = "medium"
CWE: Final = (1357, 829)
FRAMEWORKS: Final = ("qiskit", "pennylane", "braket", "cirq")
TRIGGERS: Final = (*QUANTUM, "shots", "dwave", "pyquil", "qbraid", "pytket", "azure")
ADVICE: Final = "Allow named backends only, and record name and calibration with each result."

_BACKENDS: Final = (
    ("qiskit_ibm_runtime..backend", 0, "name"),
    ("qiskit_ibm_runtime..get_backend", 0, "name"),
    ("qiskit_ibm_provider..get_backend", 0, "name"),
    ("qiskit_aer.Aer.get_backend", 0, "name"),
    ("qiskit_ionq..get_backend", 0, "name"),
    ("braket.aws.AwsDevice", 0, "arn"),
    ("pennylane.device", 0, "name"),
    ("cirq_google..get_processor", 0, "processor_id"),
    ("cirq_google..get_sampler", 0, "processor_id"),
    ("azure.quantum..get_backend", 0, "name"),
    ("azure.quantum..get_targets", 0, "name"),
    ("qiskit..get_backend", 0, "name"),
    ("qiskit_ibm_runtime..Session", None, "backend"),
    ("qiskit_ibm_runtime..Batch", None, "backend"),
    ("iqm..get_backend", 0, "name"),
    ("qiskit_aqt_provider..get_backend", 0, "name"),
    ("qiskit_rigetti..get_backend", 0, "name"),
    ("dwave..DWaveSampler", None, "solver"),
    ("dwave..get_solver", 0, "name"),
    ("qbraid..get_device", 0, "device_id"),
    ("pyquil..get_qc", 0, "name"),
    ("pytket..IBMQBackend", 0, "backend_name"),
    ("pytket..QuantinuumBackend", 0, "device_name"),
    ("pytket..BraketBackend", 0, "device"),
    ("pytket..IonQBackend", 0, "device_name"),
    ("pytket..AzureBackend", 0, "name"),
    ("pytket..IQMBackend", 0, "device"),
    ("cudaq.set_target", 0, "target"),
    ("strawberryfields..RemoteEngine", 0, "target"),
    ("perceval..RemoteProcessor", 0, "name"),
    ("dwave..LeapHybridSampler", None, "solver"),
    ("qiskit_braket_provider..get_backend", 0, "name"),
    ("bluequbit..run", None, "device"),
    ("cirq_ionq..run", None, "target"),
    ("cirq_ionq..create_job", None, "target"),
    ("cirq_ionq..Service", None, "default_target"),
    ("braket..AwsQuantumJob.create", 0, "device"),
    ("braket..hybrid_job", 0, "device"),
    ("pennylane.device", None, "backend"),
    ("pennylane.device", None, "device_arn"),
)
_SERVICE: Final = re.compile(
    r"(?:^|[._'\"])(?:service|svc|provider|runtime\w*|engine|workspace)(?:\(\)|['\"]\])?$",
    re.IGNORECASE,
)
# What makes a device of a name; the name was told there.
_MADE: Final = (
    ".backend", ".get_backend", ".get_processor", ".get_sampler", ".get_device", ".AwsDevice",
    ".least_busy", ".backends", ".get_solver", ".get_qc", ".get_targets",
)  # fmt: skip
_POSTS: Final = (".post", ".put", ".request")
_TARGETS: Final = frozenset({"target", "backend", "backend_name", "device", "solver", "qpu"})
_RECORDS: Final = re.compile(
    r"backend_name|\.properties\(|calibration|last_update|instance_of|allow|backend_version"
    r"|\.configuration\("
)
_OF: Final = (
    r"\b{0}(?:\.name\b|\.target\b|\(\)\.name)|(?:print|info|debug|str|repr|_?log)\([^\n]*\b{0}\b"
)
_LISTED: Final = re.compile(r"Literal\[|Enum\b|allowed|ALLOWED|permitted|whitelist|SUPPORTED")
# What the operator sets, in the environment or in the program's own settings.
_MILDER: Final[dict[str, Severity]] = {"env": "note", "file": "note"}


def check(module: Module) -> Iterator[Hit]:
    """Yield the backends that a request or the queue decides."""
    seen: set[ast.AST] = set()
    for call, value, where in _named(module):
        flow = module.flow(value, origins=REMOTE, clean=_MADE, guard=_allowed)
        flow = flow or module.flow(value, origins=OUTSIDE, clean=_MADE, guard=_allowed)
        if flow is None or where in seen or limited(module, value, flow, also="backend"):
            continue
        if _listed(Surroundings(module, value, flow)) or _mapped(module, value):
            continue
        seen.add(where)
        severity = SEVERITY if flow.origin in REMOTE else _MILDER.get(flow.origin, "low")
        yield Hit(
            where,
            f"{call.tail}() takes the device's name from {flow.text}, and no list of allowed "
            "ones is asked.",
            severity="note" if in_settings(flow) else severity,
            flow=flow.hops,
        )
    for call in _least_busy(module):
        function = module.function(call.node)
        if module.in_test or call.arg(None, "filters") is not None or _recorded(module, call):
            continue
        if function is not None and "least_busy" in function.name:
            continue  # its callers pick
        served = function is not None and _decides(module)
        yield Hit(
            call.node,
            "least_busy() picks the device and nothing records or checks which one it was.",
            severity=SEVERITY if served else "low",
        )


def _allowed(module: Module, node: ast.expr) -> bool:
    """Return whether a name is compared with allowed ones, or its type lists them."""
    return allow_listed(module, node) or bars_text(module, node)


def _named(module: Module) -> Iterator[tuple[Call, ast.expr, ast.AST]]:
    """Yield the calls that take a device's name, the name, and where to tell it."""
    for pattern, position, keyword in _BACKENDS:
        for call in module.calls(pattern):
            value = call.arg(position, keyword)
            if value is not None:
                yield call, value, call.node
    for call in module.calls(".backend", ".get_backend", ".get_processor"):
        receiver = call.receiver
        if not call.name and receiver is not None and _SERVICE.search(module.source(receiver)):
            given = call.arg(0, "name")
            if given is not None:
                yield call, given, call.node
    for call in module.calls(*_POSTS):
        body = call.arg(None, "json")
        sent = dict(entries(module, body)) if body is not None else {}
        if "shots" in sent:  # a job
            for key in sent.keys() & _TARGETS:
                yield call, sent[key], sent[key]


def _least_busy(module: Module) -> Iterator[Call]:
    """Yield the calls that take whichever device has the shortest queue."""
    for call in module.calls(".least_busy"):
        receiver = call.receiver
        unknown = not call.name and receiver is not None
        if call.name.startswith(("qiskit", "azure")) or (
            unknown and receiver is not None and _SERVICE.search(module.source(receiver))
        ):
            yield call
    for call in module.calls("min", "sorted"):
        key = call.arg(None, "key")
        if key is not None and "pending_jobs" in ast.unparse(key):
            yield call


def _recorded(module: Module, call: Call) -> bool:
    """Return whether the name or properties of the picked device are kept or shown."""
    statement = module.order.statement(call.node)
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    names = [dotted(item) for item in targets if dotted(item)]
    function = module.function(call.node)
    scope: ast.AST = function or module.tree
    if any(name.startswith("self.") for name in names):
        scope = module.class_of(call.node) or scope
    texts = [ast.unparse(scope)]
    if function is not None and _given_back(function, call, names):
        callers = module.project.callers(module, function)
        texts += [ast.unparse(item.module.function(item.node) or item.module.tree)
                  for item in callers]  # fmt: skip
        names.append(r"\w+")
    words = [item if item == r"\w+" else re.escape(item) for item in names] or [r"\w+"]
    return any(
        _RECORDS.search(text) or any(re.search(_OF.format(word), text) for word in words)
        for text in texts
    )


def _given_back(
    function: ast.FunctionDef | ast.AsyncFunctionDef, call: Call, names: list[str]
) -> bool:
    return any(
        item is call.node or dotted(item) in names or call.node in ast.walk(item)
        for item in returned(function)
    )


def _listed(around: Surroundings) -> bool:
    """Return whether the name is looked for in a list, or its type lists what is allowed."""
    if _LISTED.search(around.text):
        return True
    for _, scope in around.scopes:
        own = isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef)
        given = {item.arg for item in parameters(scope)} if own else set()  # type: ignore[arg-type]
        for node in ast.walk(scope):
            if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In | ast.NotIn):
                plain = not isinstance(node.left, ast.Constant)
                if plain and names_of(node.left) & (around.words | given):
                    return True
    return False


def _decides(module: Module) -> bool:
    """Return whether the module trains or answers with what the device returns."""
    return bool(re.search(r"\b(?:predict|classify|serve|fit|train|evaluate)\w*\(", module.text))


def _mapped(module: Module, value: ast.expr) -> bool:
    """Return whether the name is looked up in a mapping that the source holds."""
    binding = module.single(value)
    made = binding.value if binding is not None and binding.value is not None else value
    if isinstance(made, ast.Subscript):
        made = made.value
    elif isinstance(made, ast.Call) and isinstance(made.func, ast.Attribute):
        made = made.func.value
    else:
        return False
    held = module.single(made)
    return held is not None and isinstance(held.value, ast.Dict)
