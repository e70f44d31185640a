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
from redqubit.scan.static.guards import allow_listed
from redqubit.scan.static.module import Module
from redqubit.scan.static.rule import Hit
from redqubit.scan.static.sources import OUTSIDE, REMOTE
from redqubit.scan.static.surroundings import QUANTUM, Surroundings

ID: Final = "RUN-03"
NAME: Final = "Backend chosen by others"
SEVERITY: Final[Severity] = "medium"
CWE: Final = (1357, 829)
FRAMEWORKS: Final = ("qiskit", "pennylane", "braket", "cirq")
TRIGGERS: Final = QUANTUM
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
)
_RECORDS: Final = re.compile(
    r"\.name\b|backend_name|\.properties\(|calibration|last_update|\.target\b|instance_of|allow"
    r"|backend_version|print\(.*backend|\.configuration\("
)
_LISTED: Final = re.compile(
    r" not in | in [A-Z_]{3,}| in \{| in \(|Literal\[|Enum|allowed|ALLOWED|choices="
)
# What the operator sets, in the environment or in the program's own settings.
_MILDER: Final[dict[str, Severity]] = {"env": "note", "file": "note"}


def check(module: Module) -> Iterator[Hit]:
    """Yield the backends that a request or the queue decides."""
    for pattern, position, keyword in _BACKENDS:
        for call in module.calls(pattern):
            value = call.arg(position, keyword)
            flow = module.flow(value, origins=REMOTE) or module.flow(value, origins=OUTSIDE)
            if value is None or flow is None:
                continue
            if allow_listed(module, value):
                continue
            if _LISTED.search(Surroundings(module, value, flow).text) or _mapped(module, value):
                continue
            yield Hit(
                call.node,
                f"{call.tail}() takes the device's name from {flow.text}, and no list of allowed "
                "ones is asked.",
                severity=SEVERITY if flow.origin in REMOTE else _MILDER.get(flow.origin, "low"),
                flow=flow.hops,
            )
    for call in module.calls(".least_busy"):
        function = module.function(call.node)
        if not call.name.startswith(("qiskit", "azure")):
            continue
        text = ast.unparse(function) if function is not None else ast.unparse(module.tree)
        if _RECORDS.search(text) or module.in_test or call.arg(None, "filters") is not None:
            continue
        served = function is not None and _decides(module)
        yield Hit(
            call.node,
            "least_busy() picks the device and nothing records or checks which one it was.",
            severity=SEVERITY if served else "low",
        )


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
