"""Anybody who knows a job's id gets its result.

## What
A request handler passes the job id of the request to the provider, and nothing in it asks whose
job that is.

## Why bad
The service's credentials see every customer's jobs. Ids are in links, logs and lists, so one
customer reads another one's circuits, data and results.

## Example
``@app.get("/jobs/{job_id}")`` with ``return service.job(job_id).result()``

## Instead
Store who submitted a job, and look it up by id and user together.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from redqubit.scan.finding import Severity
from redqubit.scan.static.derived import shallow
from redqubit.scan.static.endpoints import is_client, pieces, position_of
from redqubit.scan.static.frameworks import QUANTUM
from redqubit.scan.static.guards import names
from redqubit.scan.static.module import Call, Module
from redqubit.scan.static.rule import Hit
from redqubit.scan.static.surroundings import Surroundings

ID: Final = "RUN-06"
NAME: Final = "Job id without an owner"
SEVERITY: Final[Severity] = "low"
CWE: Final = (639,)
FRAMEWORKS: Final = ("qiskit", "braket", "cirq")
TRIGGERS: Final = (
    *QUANTUM, "requests", "httpx", "azure", "qbraid", "dwave",
    ".job(", "retrieve_job", "get_job", "load_job",
)  # fmt: skip
ADVICE: Final = "Look the job up by id and user together before the provider is asked."

_OWNED: Final = re.compile(
    r"owner|\buser(?![-_ ]?agent)|_user\b|current_|tenant|account|principal|customer|belongs"
    r"|session\[|\bsub\b|\bown(?:s|ed|ership)\b|authori[sz]ed|can_(?:read|access|view|see)|has_access"
    r"|\bmay_|jwt|login_required|permission|abort\(403|403",
    re.IGNORECASE,
)
_OUTPUT: Final = re.compile(r"(?:^|[._])log|\bprint$|Exception$|Response$")
_FETCHERS: Final = (
    ("qiskit_ibm_runtime..job", "job_id"),
    ("qiskit_ibm_provider..retrieve_job", "job_id"),
    ("qiskit_ibm_provider..job", "job_id"),
    ("braket.aws.AwsQuantumTask", "arn"),
    ("cirq_google..get_job", "job_id"),
    ("azure.quantum..get_job", "job_id"),
    ("qbraid..load_job", "job_id"),
    ("qbraid..get_job", "job_id"),
    ("qiskit..retrieve_job", "job_id"),
    ("qiskit_ionq..retrieve_job", "job_id"),
    ("qiskit_aqt_provider..retrieve_job", "job_id"),
    ("iqm..retrieve_job", "job_id"),
    ("cirq_google..get_program", "program_id"),
    ("braket.aws.AwsQuantumJob", "arn"),
    ("cirq_ionq..get_job", "job_id"),
    ("qiskit_serverless..job", "job_id"),
    ("qiskit_serverless..get_job_by_id", "job_id"),
    ("dwave..retrieve_answer", "id_"),
    ("boto3..get_quantum_task", "quantumTaskArn"),
    ("boto3..cancel_quantum_task", "quantumTaskArn"),
    ("boto3..get_job", "jobArn"),
)
_UNKNOWN: Final = re.compile(
    r"(?:^|[._'\"])(?:service|svc|provider|runtime\w*|backend|engine|workspace)(?:\(\)|['\"]\])?$"
)
_SUBMITS: Final = (".post", ".run", ".submit")  # the id of a job just sent is the sender's
_ADDRESS: Final = re.compile(r"\b(?:jobs?|tasks?)//?$")
_QUANTUM: Final = re.compile(r"\bshots\b|\bqubits?\b|\bqpu\b|ionq|quantum|qiskit", re.IGNORECASE)


def check(module: Module) -> Iterator[Hit]:
    """Yield the jobs that a request names."""
    calls: list[tuple[Call, ast.expr | None]] = [
        (call, call.arg(0, keyword)) for pattern, keyword in _FETCHERS
        for call in module.calls(pattern)
    ]  # fmt: skip
    for call in module.calls(".job", ".retrieve_job", ".get_job"):
        receiver = call.receiver
        if not call.name and receiver is not None and _UNKNOWN.search(module.source(receiver)):
            calls.append((call, call.arg(0, "job_id")))
    if _QUANTUM.search(module.text):
        calls += _addressed(module)
    for call, value in calls:
        flow = module.flow(value, origins={"request"}, clean=_SUBMITS)
        if value is None or flow is None or _owned(Surroundings(module, value, flow)):
            continue
        yield Hit(
            call.node,
            f"{call.tail}() takes the job's id from {flow.text}, and nobody asks whose it is.",
            flow=flow.hops,
        )


def _addressed(module: Module) -> list[tuple[Call, ast.expr | None]]:
    """Return the requests whose address ends in a job's id, with the id."""
    found: list[tuple[Call, ast.expr | None]] = []
    for call in module.calls(*(f".{name}" for name in ("get", "delete", "put", "request"))):
        address = call.arg(position_of(call), "url") if is_client(call) else None
        binding = module.single(address) if isinstance(address, ast.Name) else None
        made = binding.value if binding is not None and binding.kind == "assign" else address
        for before, part in pairwise(_parts(made)):
            known = before.value if isinstance(before, ast.Constant) else ""
            known = known if isinstance(known, str) else ""
            if not isinstance(part, ast.Constant) and _ADDRESS.search(f"{known}/"):
                found.append((call, part))
    return found


def _parts(address: ast.expr | None) -> list[ast.expr]:
    """Return the pieces of an address, or what a function that joins them is given."""
    if address is None:
        return []
    joined = pieces(address)
    if joined == [address] and isinstance(address, ast.Call):
        return [part for item in address.args for part in pieces(item)]
    return joined


def _owned(around: Surroundings) -> bool:
    """Return whether an owner decides: in a condition, or in a look-up together with the job."""
    for _, scope in around.scopes:
        for node in ast.walk(shallow(scope)):
            test = getattr(node, "test", None)
            if isinstance(test, ast.expr) and _OWNED.search(ast.unparse(test)):
                return True
            if isinstance(node, ast.comprehension) and any(
                _OWNED.search(ast.unparse(item)) for item in node.ifs
            ):
                return True
            if isinstance(node, ast.Call) and _looks_up(node, around.words):
                return True
    return False


def _looks_up(call: ast.Call, words: set[str]) -> bool:
    """Return whether a call takes job and owner, or is named for the question."""
    callee = ast.unparse(call.func)
    if _OUTPUT.search(callee):
        return False
    given = [*call.args, *(item.value for item in call.keywords)]
    if not any(names(item) & words for item in given):
        return False
    keywords = " ".join(item.arg or "" for item in call.keywords)
    return bool(_OWNED.search(" ".join([callee, keywords, *map(ast.unparse, given)])))
