"""The result of a remote job is used unchecked.

## What
A job or task is retrieved by an id, also over HTTP, or sent to a remote device (low), its result is
read, and the function looks at neither status, shots, sum of counts nor the circuit or digest the
job was made for.

## Why bad
An id may belong to another circuit, to a failed or partial run, or to somebody else's job. Counts
that were changed on the way sum to the wrong number, and nobody adds them up.

## Example
``counts = service.job(job_id).result()[0].data.meas.get_counts()``

## Instead
Require ``job.status() == "DONE"``, ``sum(counts.values()) == shots`` and the stored digest of the
circuit that was submitted.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

from redqubit.scan.finding import Severity
from redqubit.scan.static.derived import shallow
from redqubit.scan.static.endpoints import is_client
from redqubit.scan.static.guards import names
from redqubit.scan.static.module import Call, Module
from redqubit.scan.static.rule import Hit
from redqubit.scan.static.rules.run_02 import is_local
from redqubit.scan.static.scope import returned

ID: Final = "RUN-04"
NAME: Final = "Unchecked result of a remote job"
SEVERITY: Final[Severity] = "medium"
CWE: Final = (354, 345)
FRAMEWORKS: Final = ("qiskit", "braket", "cirq")
TRIGGERS: Final = (
    "qiskit", "braket", "cirq", "requests", "httpx", "azure", "qbraid", "dwave",
    ".result(", ".results(", "get_counts",
)  # fmt: skip
ADVICE: Final = "Check status, shots, sum of counts and the circuit's digest before use."

_CHECKS: Final = re.compile(
    r"\.status\(|\.state\(|\.in_final_state|\.done\(|DONE|COMPLETED|sum\(|num_shots"
    r"|shots ?[!=]=|== ?shots|repetitions ?[!=]="
    r"|digest|sha256|hmac|\.inputs|measured_qubits|verify|validate|\.success|error_message"
    r"|additional_metadata"
    r"|task_metadata"
)
_RUN: Final = re.compile(
    r"^qiskit_ibm_runtime\.(?:\w+\.)*(?:Sampler|Estimator)(?:V2)?\.run\.result$"
)
_DEVICE: Final = re.compile(r"^braket\.aws\.AwsDevice\.run\.result$")
_ROOTS: Final = frozenset({"print", "len", "np", "plt", "numpy", "service", "json", "os"})
_READS: Final = frozenset({"histogram", "measurements", "multi_measurement_histogram", "data"})
_ENDS: Final = (".result", ".results", ".get_results", ".get_counts", ".result_async")
_BY_ID: Final = re.compile(
    r"^(?:qiskit_ibm_runtime\.QiskitRuntimeService\.job|qiskit_ibm_provider\.IBMProvider\.retrieve_job"
    r"|qiskit\w*\..*retrieve_job|braket\.aws\.AwsQuantum(?:Task|Job)|cirq_google\..*get_job"
    r"|cirq_ionq\..*get_job|azure\.quantum\..*get_job|qbraid\..*(?:get|load|retrieve)_job"
    r"|qiskit_serverless\..*(?:\.job|get_job_by_id)|dwave\..*retrieve_answer)"
    r"\.(?:results?|get_results|get_counts|result_async)$"
)
# An interface of jobs over HTTP: what is read, and what shows that somebody looked first.
_JOB_ADDRESS: Final = re.compile(
    r"jobs?/|tasks?/|/results?\b|/histogram|/probabilities|/counts"
    r"|['\"]/?(?:jobs?|tasks?)['\"]\s*[,/]|['\"](?:results?|histogram|probabilities|counts)['\"]"
)
_JOB_DATA: Final = re.compile(r"result|histogram|counts|probabilit|samples|measure", re.IGNORECASE)
_QUANTUM_JOB: Final = re.compile(r"\bshots\b|\bqasm|\bqpu\b|\bionq", re.IGNORECASE)
_LOOKS: Final = re.compile(
    r"status['\"]|\bstate['\"]|\.status\b(?!_)|completed|\bdone\b", re.IGNORECASE
)


def check(module: Module) -> Iterator[Hit]:
    """Yield the results of fetched jobs that nothing looks at."""
    if module.in_test:
        return
    for call in module.calls(*_ENDS):
        fetched = _BY_ID.match(call.name) is not None or _fetched(module, call)
        if not fetched and not _submitted(module, call):
            continue
        if _CHECKS.search(_around(module, call)):
            continue
        yield Hit(
            call.node,
            f"The result of {'a job fetched by its id' if fetched else 'a remote job'} is used, "
            "and its status, shots and circuit are not checked.",
            severity="note" if module.in_example else SEVERITY if fetched else "low",
        )
    for call in module.calls("cirq_google..run"):
        yield from _direct(module, call)
    if _QUANTUM_JOB.search(module.text):
        yield from _answered(module)


def _around(module: Module, call: Call) -> str:
    """Return the function around a call; outside of one, the statements that share its names."""
    function = module.function(call.node)
    if function is not None:
        return ast.unparse(function)
    own = module.order.statement(call.node)
    shared = names(own) - _ROOTS
    near = [item for item in module.tree.body if shared & names(item)]
    return "\n".join(
        ast.unparse(item)
        for item in near
        if not isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    )


def _answered(module: Module) -> Iterator[Hit]:
    """Yield where a result is read from a job's address and its status is not."""
    for call in module.calls(".json"):
        made = _made(module, call.receiver)
        asked = module.call(made) if made is not None else None
        if asked is None or asked.tail != "get" or not is_client(asked):
            continue
        address = asked.arg(0, "url")
        function = module.function(call.node)
        if address is None or function is None or not isinstance(_text_of(module, address), str):
            continue
        told = _text_of(module, address)
        whole = ast.unparse(function)
        reads = _JOB_DATA.search(told) or _JOB_DATA.search(whole)
        if not _JOB_ADDRESS.search(told) or not reads:
            continue
        if _LOOKS.search(whole) or _CHECKS.search(whole):
            continue
        yield Hit(
            call.node,
            "The result of a job fetched by its id is used, and its status, shots and circuit are "
            "not checked.",
            severity="note" if module.in_example else None,
        )


def _text_of(module: Module, address: ast.expr) -> str:
    """Return the source of an address, through the name that holds it."""
    binding = module.single(address)
    held = binding.value if binding is not None and binding.kind == "assign" else None
    return ast.unparse(held or address)


def _direct(module: Module, call: Call) -> Iterator[Hit]:
    """Yield where the result of a sampler, which needs no ``.result()``, is read unchecked."""
    function = module.function(call.node)
    readers = [call]
    if function is not None and any(item is call.node for item in returned(function)):
        readers = module.project.callers(module, function)
    for reader in readers:
        scope = reader.module.function(reader.node) or shallow(reader.module.tree)
        used = any(isinstance(n, ast.Attribute) and n.attr in _READS for n in ast.walk(scope))
        if reader.module is module and used and not _CHECKS.search(ast.unparse(scope)):
            yield Hit(
                reader.node,
                "The result of a remote job is used, and its status, shots and circuit are not "
                "checked.",
                severity="note" if module.in_example else "low",
            )


def _submitted(module: Module, call: Call) -> bool:
    """Return whether the job is one this program sent to a remote device."""
    if _DEVICE.match(call.name):
        return True
    if not _RUN.match(call.name):
        return False
    job = _made(module, call.receiver)
    primitive = job.func.value if job is not None and isinstance(job.func, ast.Attribute) else None
    made = _made(module, primitive)
    return made is not None and not is_local(module, module.call(made))


def _made(module: Module, node: ast.expr | None) -> ast.Call | None:
    """Return the call that makes a value, through the name that holds it."""
    binding = module.single(node) if node is not None else None
    made = binding.value if binding is not None and binding.kind != "param" else node
    made = made.value if isinstance(made, ast.Await) else made
    return made if isinstance(made, ast.Call) else None


def _fetched(module: Module, call: Call) -> bool:
    """Return whether the job came from ``service.job(id)`` of a service that is a parameter."""
    receiver = call.receiver
    binding = module.single(receiver) if receiver is not None else None
    looped = binding is not None and binding.kind == "for"
    made = binding.value if binding and (looped or binding.kind == "assign") else receiver
    if not isinstance(made, ast.Call) or not isinstance(made.func, ast.Attribute):
        return False
    owner = ast.unparse(made.func.value).lower()
    if looped:
        return made.func.attr == "jobs" and re.search(r"service|provider", owner) is not None
    if not made.args:
        return False
    if made.func.attr == "retrieve_job":
        return True
    return made.func.attr in {"job", "get_job"} and bool(
        re.search(r"service|provider|runtime|engine", owner)
    )
