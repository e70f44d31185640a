"""A remote job may run or queue without an end.

## What
A session, batch or primitive on IBM hardware without a maximum time, or a task on an AWS device
without a polling limit, in a file that sets no time limit anywhere.

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
from redqubit.scan.static.module import Call, Module
from redqubit.scan.static.rule import Hit

ID: Final = "RUN-02"
NAME: Final = "Remote job without a time limit"
SEVERITY: Final[Severity] = "low"
CWE: Final = (400,)
FRAMEWORKS: Final = ("qiskit", "braket")
TRIGGERS: Final = ("qiskit_ibm_runtime", "braket.aws", "braket")
ADVICE: Final = "Set max_time, max_execution_time or a polling timeout."

_SET: Final = re.compile(
    r"max_time|max_execution_time|timeout|deadline|poll_timeout", re.IGNORECASE
)
_PRIMITIVES: Final = tuple(
    f"qiskit_ibm_runtime.{name}" for name in ("SamplerV2", "EstimatorV2", "Sampler", "Estimator")
)
_LOCAL: Final = re.compile(r"[Ff]ake|AerSimulator|LocalSimulator|StatevectorSampler|\blocal\b")


def check(module: Module) -> Iterator[Hit]:
    """Yield the sessions and tasks without a limit."""
    if module.in_test or _SET.search(ast.unparse(module.tree)):
        return
    limited: set[ast.AST | None] = set()
    for call in module.calls("qiskit_ibm_runtime.Session", "qiskit_ibm_runtime.Batch"):
        limited.add(module.function(call.node))
        if not call.starred and not _is_local(module, call):
            yield Hit(
                call.node, f"{call.tail} has no max_time, so it is billed until it is closed."
            )
    for call in module.calls(*_PRIMITIVES):
        if module.function(call.node) in limited or call.starred or _is_local(module, call):
            continue
        yield Hit(
            call.node, f"{call.tail} has no max_execution_time, so a job may run without end."
        )
    for call in module.calls("braket.aws.AwsDevice.run", "braket.aws.AwsDevice.run_batch"):
        if not call.starred:
            yield Hit(
                call.node,
                f"{call.tail}() of a device has no poll_timeout_seconds; it waits for days.",
                severity="note",
            )
            return


def _is_local(module: Module, call: Call) -> bool:
    """Return whether what the primitive runs on is a simulator of this machine."""
    mode = call.arg(0, "mode") or call.arg(None, "backend")
    if mode is None:
        return False
    binding = module.single(mode)
    made = binding.value if binding is not None and binding.value is not None else mode
    return bool(_LOCAL.search(ast.unparse(made)))
