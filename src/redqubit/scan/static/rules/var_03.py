"""Settings of the optimizer come from outside without bounds.

## What
A learning rate, number of steps, tolerance or starting point from a request, a download,
a payload or the command line (low) reaches an optimizer, and no minimum, maximum or schema bounds
it.

## Why bad
A huge step throws the weights onto a plateau where gradients vanish, a huge number of steps keeps
paid hardware busy, and a chosen starting point decides which minimum is found.

## Example
``qml.AdamOptimizer(stepsize=request.json["lr"])``

## Instead
``min(max(float(value), 1e-4), 0.5)``, or a schema with ``ge`` and ``le``.
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

ID: Final = "VAR-03"
NAME: Final = "Unbounded optimizer settings"
SEVERITY: Final[Severity] = "medium"
CWE: Final = (20,)
FRAMEWORKS: Final = ("qiskit", "pennylane", "cirq", "braket")
TRIGGERS: Final = QUANTUM
ADVICE: Final = "Bound every setting that comes from outside before it reaches the optimizer."

CLEAN: Final = ("min", "max", "numpy.clip", ".clip", "numpy.minimum", "numpy.maximum")
_HOMES: Final = re.compile(
    r"^(?:pennylane\..*Optimizer|pennylane\.SPSA\w*|torch\.optim\.\w+|optax\.\w+|keras\.optimizers\.\w+"
    r"|tensorflow\.keras\.optimizers\.\w+|qiskit_algorithms\.(?:optimizers\.)?\w+"
    r"|qiskit_machine_learning\.optimizers\.\w+|scipy\.optimize\.minimize"
    r"|qiskit_algorithms\.(?:optimizers\.)?\w+\.minimize"
    r"|qiskit_machine_learning\.algorithms\..*(?:VQC|VQR|NeuralNetworkClassifier))$"
)
_USER: Final = OUTSIDE - REMOTE - {"env", "file"}
_SETTINGS: Final = frozenset(
    ["stepsize", "lr", "learning_rate", "maxiter", "max_iterations", "maxfev", "tol", "x0",
     "initial_point", "options", "perturbation", "beta1", "beta2", "betas", "eps", "momentum",
     "weight_decay", "init_value", "maxfun", "rhobeg", "blocking", "steps", "max_iter"]
)  # fmt: skip


def check(module: Module) -> Iterator[Hit]:
    """Yield the optimizers whose settings outside data decides."""
    for call in module.calls():
        if not _HOMES.match(call.name):
            continue
        for setting, value in _settings(call):
            flow = module.flow(value, origins=REMOTE, clean=CLEAN)
            flow = flow or module.flow(value, origins=_USER, clean=CLEAN)
            if flow is None:
                continue
            around = Surroundings(module, value, flow)
            if around.compared() or around.validated():
                continue
            yield Hit(
                call.node,
                f"{call.tail}() takes {setting!r} from {flow.text} without a bound.",
                severity=SEVERITY if flow.origin in REMOTE else "low",
                flow=flow.hops,
            )
            break


def _settings(call: Call) -> Iterator[tuple[str, ast.expr]]:
    for keyword in call.node.keywords:
        if keyword.arg in _SETTINGS:
            yield keyword.arg, keyword.value
    if call.name.startswith("pennylane.") and call.node.args:
        yield "stepsize", call.node.args[0]
    if call.tail == "minimize" and len(call.node.args) > 1:
        yield "x0", call.node.args[1]
    elif call.name.startswith(("optax.", "qiskit_")) and call.node.args:
        yield "the first argument", call.node.args[0]
