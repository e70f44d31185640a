"""A remote job may run or queue without an end.

## What
A session, batch or primitive on IBM hardware without a maximum time, or a task on an AWS device
without a polling limit, in a function, class and module that set no time limit; or a job that
``requests``, which waits forever, submits without a timeout.

## Why bad
Sessions are billed until they are closed. A loop that never ends, or a tampered circuit, spends
the whole budget, and a caller that waits for the result hangs.

## Example
``with Session(backend=backend) as session: sampler = SamplerV2(mode=session)``

## Instead
``Session(backend=backend, max_time="10m")`` and ``sampler.options.max_execution_time = 300``.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

from redqubit.scan.finding import Severity
from redqubit.scan.static.derived import shallow
from redqubit.scan.static.endpoints import is_local as is_inside_machine
from redqubit.scan.static.module import Call, Module
from redqubit.scan.static.rule import Hit

ID: Final = "RUN-02"
NAME: Final = "Remote job without a time limit"
SEVERITY: Final[Severity] = "low"
CWE: Final = (400,)
FRAMEWORKS: Final = ("qiskit", "braket")
TRIGGERS: Final = ("qiskit_ibm_runtime", "braket", "requests", "urllib", "httpx", "aiohttp")
ADVICE: Final = "Set max_time, max_execution_time or a polling timeout."

_SET: Final = re.compile(
    r"max_time|max_execution_time|timeout|deadline|poll_timeout", re.IGNORECASE
)
PRIMITIVES: Final = tuple(
    f"qiskit_ibm_runtime.{name}"
    for name in ("SamplerV2", "EstimatorV2", "Sampler", "Estimator", "Executor")
)
_SUBMITS: Final = (  # other clients have a timeout by default
    *(f"requests.{name}" for name in ("post", "put", "Session.post", "session.post",
                                      "Session.request", "request", "Session.put")),
    "urllib3.PoolManager.request",
    "urllib.request.urlopen",
)  # fmt: skip
_JOB: Final = re.compile(r"\bshots\b|qubits?\b|\bqasm|openqasm|\bqpu\b")
_NOTICE: Final = re.compile(r"slack|discord|webhook|telegram", re.IGNORECASE)
_ENDLESS: Final = ("httpx.Client", "httpx.AsyncClient", "httpx.post", "httpx.get", "httpx.put")
_TASKS: Final = (
    "braket.aws.AwsDevice.run", "braket.aws.AwsDevice.run_batch",
    "braket.aws.AwsQuantumTask.create", "braket.aws.AwsQuantumJob.create",
)  # fmt: skip
_PLUGINS: Final = ("pennylane.device", "braket..BraketAwsQubitDevice")
_REMOTE: Final = frozenset({"braket.aws.qubit", "braket.aws.ahs"})
_POLLS: Final = re.compile(
    r"poll_timeout|max_runtime|stopping_condition|wait_until_complete=False|wait_for|asyncio\.timeout"
    r"|deadline|alarm\("
)
_LOCAL: Final = re.compile(r"[Ff]ake|AerSimulator|LocalSimulator|StatevectorSampler|\blocal\b")


def check(module: Module) -> Iterator[Hit]:
    """Yield the sessions, primitives, tasks and requests without a limit."""
    if module.in_test or module.in_example:
        return
    sessions: set[ast.AST | None] = set()
    for call in module.calls("qiskit_ibm_runtime.Session", "qiskit_ibm_runtime.Batch"):
        sessions.add(module.function(call.node))
        if not call.starred and not is_local(module, call) and not _limited(module, call):
            yield Hit(
                call.node, f"{call.tail} has no max_time, so it is billed until it is closed."
            )
    for call in module.calls(*PRIMITIVES):
        if module.function(call.node) in sessions or call.starred or is_local(module, call):
            continue
        if not _limited(module, call):
            yield Hit(
                call.node, f"{call.tail} has no max_execution_time, so a job may run without end."
            )
    for call in module.calls(*_TASKS):
        if call.starred or _polled(module, call):
            continue
        waits = _waits(module, call)
        yield Hit(
            call.node,
            f"{call.tail}() of a device has no poll_timeout_seconds; it waits for days.",
            severity=None if waits else "note",
        )
    yield from _plugged(module)
    for call in module.calls(*_SUBMITS):
        if is_inside_machine(module.prefix(call.arg(0, "url"))):
            continue
        sent = _sent(module, call)
        if (call.tail == "urlopen" and "data=" not in sent) or _NOTICE.search(sent):
            continue
        if _JOB.search(sent) and not call.starred and call.arg(None, "timeout") is None:
            yield Hit(call.node, f"{call.name}() submits a job and has no timeout.")
    for call in module.calls(*_ENDLESS):
        if call.literal(None, "timeout") is None and _JOB.search(module.text):
            yield Hit(call.node, f"{call.tail}() waits for a job's answer without an end.")


def _plugged(module: Module) -> Iterator[Hit]:
    """Yield devices of PennyLane and backends of Qiskit that send each run to AWS."""
    for call in module.calls(*_PLUGINS):
        name = call.literal(0, "name")
        remote = call.tail != "device" or (isinstance(name, str) and name in _REMOTE)
        if remote and not call.starred and not _polled(module, call):
            yield Hit(call.node, f"{call.tail}() waits for days: it has no poll_timeout_seconds.")


def _polled(module: Module, call: Call) -> bool:
    """Return whether the time a task is waited for is limited around a call or its device."""
    scopes = [shallow(module.tree), module.class_of(call.node), module.function(call.node)]
    return any(_POLLS.search(ast.unparse(item)) for item in scopes if item is not None)


def _waits(module: Module, call: Call) -> bool:
    """Return whether the function around a call, or the class, reads the result."""
    scope = module.function(call.node)
    if scope is None:
        return True
    owner = module.class_of(call.node)
    for other in module.calls(".result", ".results", ".get_counts"):
        function = module.function(other.node)
        kept = owner is not None and module.class_of(other.node) is owner
        if function is scope or kept:
            return True
    return False


def _sent(module: Module, call: Call) -> str:
    """Return the source of the function around a call, or outside one of what the call is given."""
    function = module.function(call.node)
    if function is not None:
        return ast.unparse(function)
    given = [*call.node.args, *(item.value for item in call.node.keywords)]
    held = [module.single(node) for item in given for node in ast.walk(item)
            if isinstance(node, ast.Name)]  # fmt: skip
    values = [binding.value for binding in held if binding is not None and binding.value]
    return " ".join(ast.unparse(item) for item in [*given, *values])


def _limited(module: Module, call: Call) -> bool:
    """Return whether a limit is named in the function or class of a call, or for the module."""
    scopes = [shallow(module.tree), module.class_of(call.node), module.function(call.node)]
    return any(_SET.search(ast.unparse(item)) for item in scopes if item is not None)


def is_local(module: Module, call: Call) -> bool:
    """Return whether what the primitive runs on is a simulator of this machine."""
    mode = call.arg(0, "mode") or call.arg(None, "backend")
    if mode is None:
        return False
    binding = module.single(mode)
    made = binding.value if binding is not None and binding.value is not None else mode
    return bool(_LOCAL.search(ast.unparse(made)))
