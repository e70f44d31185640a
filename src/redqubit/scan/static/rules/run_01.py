"""Outside data decides how much a job costs, without a maximum.

## What
Shots, repetitions, qubits, layers or depth from a request, a download or a payload reach a device,
a circuit or a run, and no maximum is applied on the way.

## Why bad
Cost grows linearly with shots and exponentially with simulated qubits: one request empties the
budget or the memory.

## Example
``sampler.run([circuit], shots=int(request.args["shots"]))``

## Instead
``min(int(value), 4096)``, or ``Field(ge=1, le=4096)`` in the request's schema.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

from redqubit.scan.finding import Severity
from redqubit.scan.static.module import Call, Module
from redqubit.scan.static.rule import Hit
from redqubit.scan.static.sources import OUTSIDE, REMOTE
from redqubit.scan.static.surroundings import QUANTUM, Surroundings

ID: Final = "RUN-01"
NAME: Final = "Unbounded shots, qubits or depth"
SEVERITY: Final[Severity] = "medium"
CWE: Final = (770,)
FRAMEWORKS: Final = ("qiskit", "pennylane", "cirq", "braket")
TRIGGERS: Final = QUANTUM
ADVICE: Final = "Apply a maximum to every number that decides what a job costs."

CLEAN: Final = ("min", "numpy.clip", "numpy.minimum", ".clip")
_COSTS: Final = frozenset(
    ["shots", "repetitions", "default_shots", "num_qubits", "n_qubits", "reps", "n_layers",
     "num_layers", "layers", "depth", "wires", "n_wires", "default_precision", "max_parallel",
     "num_reads", "trajectories", "num_shots", "n_shots"]
)  # fmt: skip
# What the operator sets, in the environment or in the program's own settings.
_MILDER: Final[dict[str, Severity]] = {"env": "note", "file": "note"}
_FREE: Final = re.compile(  # what costs nothing however large it claims to be
    r"\.(?:Instruction|Gate|ControlledGate|Parameter|from_sparse_list|from_list)$|quantum_info\."
)
_POSITIONS: Final = (
    ("qiskit.circuit.random.random_circuit", 0),
    ("qiskit.circuit.random.random_circuit", 1),
    ("qiskit..QuantumCircuit", 0),
    ("qiskit..QuantumRegister", 0),
    ("qiskit..RealAmplitudes", 0),
    ("qiskit..EfficientSU2", 0),
    ("qiskit..ZZFeatureMap", 0),
    ("qiskit..real_amplitudes", 0),
    ("qiskit..efficient_su2", 0),
    ("qiskit..zz_feature_map", 0),
    ("pennylane.device", 1),
    ("cirq..LineQubit.range", 0),
    ("cirq..GridQubit.square", 0),
    ("pennylane.set_shots", 1),
)
_FRAMEWORKS: Final = re.compile(r"^(?:qiskit\w*|pennylane|cirq\w*|braket|dwave)\b")


def check(module: Module) -> Iterator[Hit]:
    """Yield the calls whose cost outside data decides."""
    seen: set[ast.AST] = set()
    for call, what, value in _sinks(module):
        if call.node in seen or isinstance(value, ast.Constant):
            continue
        flow = module.flow(value, origins=REMOTE, clean=CLEAN)
        flow = flow or module.flow(value, origins=OUTSIDE, clean=CLEAN)
        if flow is None:
            continue
        around = Surroundings(module, value, flow)
        if around.compared() or around.validated():
            continue
        seen.add(call.node)
        yield Hit(
            call.node,
            f"{call.tail}() takes {what} from {flow.text} without a maximum.",
            severity=SEVERITY if flow.origin in REMOTE else _MILDER.get(flow.origin, "low"),
            flow=flow.hops,
        )


def _sinks(module: Module) -> Iterator[tuple[Call, str, ast.expr]]:
    for call in module.calls():
        if not (_FRAMEWORKS.match(call.name) or (call.tail == "run" and not call.name)):
            continue
        if _FREE.search(call.name) or call.tail == "from_sparse_list":
            continue
        for keyword in call.node.keywords:
            if keyword.arg in _COSTS:
                yield call, keyword.arg, keyword.value
    for pattern, position in _POSITIONS:
        for call in module.calls(pattern):
            value = call.arg(position)
            if value is not None:
                yield call, "the size", value
