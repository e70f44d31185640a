"""The result of a job that was fetched by its id is used unchecked.

## What
A job or task is retrieved by an id, its result is read, and the function looks at neither status,
shots, sum of counts nor the circuit or digest the job was made for.

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
from redqubit.scan.static.module import Call, Module
from redqubit.scan.static.rule import Hit

ID: Final = "RUN-04"
NAME: Final = "Unchecked result of a remote job"
SEVERITY: Final[Severity] = "medium"
CWE: Final = (354, 345)
FRAMEWORKS: Final = ("qiskit", "braket", "cirq")
TRIGGERS: Final = ("qiskit", "braket", "cirq_google")
ADVICE: Final = "Check status, shots, sum of counts and the circuit's digest before use."

_CHECKS: Final = re.compile(
    r"\.status\(|\.state\(|\.in_final_state|\.done\(|DONE|COMPLETED|sum\(|num_shots"
    r"|shots ?[!=]=|== ?shots"
    r"|digest|sha256|hmac|\.inputs|measured_qubits|verify|validate|\.success|error_message"
    r"|additional_metadata"
    r"|task_metadata"
)
_BY_ID: Final = re.compile(
    r"^(?:qiskit_ibm_runtime\.QiskitRuntimeService\.job|qiskit_ibm_provider\.IBMProvider\.retrieve_job"
    r"|qiskit\w*\..*retrieve_job|braket\.aws\.AwsQuantumTask|cirq_google\.Engine\..*get_job)\.result$"
)


def check(module: Module) -> Iterator[Hit]:
    """Yield the results of fetched jobs that nothing looks at."""
    if module.in_test:
        return
    for call in module.calls(".result"):
        if not _BY_ID.match(call.name) and not _fetched(module, call):
            continue
        scope = module.function(call.node) or module.tree
        if _CHECKS.search(ast.unparse(scope)):
            continue
        yield Hit(
            call.node,
            "The result of a job fetched by its id is used, and its status, shots and circuit are "
            "not checked.",
        )


def _fetched(module: Module, call: Call) -> bool:
    """Return whether the job came from ``service.job(id)`` of a service that is a parameter."""
    receiver = call.receiver
    binding = module.single(receiver) if receiver is not None else None
    made = binding.value if binding is not None and binding.kind == "assign" else receiver
    if not isinstance(made, ast.Call) or not isinstance(made.func, ast.Attribute) or not made.args:
        return False
    owner = ast.unparse(made.func.value).lower()
    if made.func.attr == "retrieve_job":
        return True
    return made.func.attr == "job" and bool(re.search(r"service|provider|runtime", owner))
