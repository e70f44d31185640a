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
from dataclasses import replace
from typing import Final

from redqubit.scan.finding import Severity
from redqubit.scan.static.encoders import givens
from redqubit.scan.static.flow import Flow
from redqubit.scan.static.module import Call, Module
from redqubit.scan.static.rule import Hit
from redqubit.scan.static.sources import OUTSIDE, REMOTE, Origin
from redqubit.scan.static.surroundings import QUANTUM, Surroundings, on_quantum

ID: Final = "VAR-03"
NAME: Final = "Unbounded optimizer settings"
SEVERITY: Final[Severity] = "medium"
CWE: Final = (20,)
FRAMEWORKS: Final = ("qiskit", "pennylane", "cirq", "braket")
TRIGGERS: Final = (*QUANTUM, "torch", "optax")
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
_FILES: Final[frozenset[Origin]] = frozenset({"file", "local", "env"})
_JOB: Final = re.compile(r"hyper_?param|HP_FILE|SM_HPS|/opt/(?:ml|braket)/input", re.IGNORECASE)
_NO_OPTIMIZERS: Final = frozenset(
    ["apply_updates", "global_norm", "incremental_update", "chain", "l2_loss", "squared_error"]
)
_CHOSEN: Final = re.compile(r"optimi[sz]er(?:_?cls|_?class|_?type)?$", re.IGNORECASE)
_SETTINGS: Final = frozenset(
    ["stepsize", "lr", "learning_rate", "maxiter", "max_iterations", "maxfev", "tol", "x0",
     "initial_point", "options", "perturbation", "beta1", "beta2", "betas", "eps", "momentum",
     "weight_decay", "init_value", "maxfun", "rhobeg", "blocking", "steps", "max_iter"]
)  # fmt: skip


def check(module: Module) -> Iterator[Hit]:
    """Yield the optimizers whose settings outside data decides."""
    if not on_quantum(module):
        return
    for call in module.calls():
        if not _HOMES.match(call.name) and not _is_chosen(call):
            continue
        if call.tail in _NO_OPTIMIZERS:
            continue
        for setting, value in _settings(call):
            flow = _unbounded(module, value)
            if flow is None:
                continue
            own: Severity = "note" if module.in_example else "low"
            yield Hit(
                call.node,
                f"{call.tail}() takes {setting!r} from {flow.text} without a bound.",
                severity=SEVERITY if flow.origin in REMOTE else own,
                flow=flow.hops,
            )
            break


def _is_chosen(call: Call) -> bool:
    """Return whether an optimizer is made whose class is chosen at run time."""
    if call.name and not call.name.endswith(".getattr") and call.name != "getattr":
        return False
    return _CHOSEN.search(ast.unparse(call.node.func)) is not None


def _unbounded(module: Module, value: ast.expr) -> Flow | None:
    """Return a flow into a setting that nothing on the way bounds, the worst one first."""
    for given in givens(module, value):
        for origins in (REMOTE, _USER, _FILES):
            flow = given.module.flow(given.value, origins=origins, clean=CLEAN)
            if flow is None or (origins is _FILES and not _of_a_job(flow)):
                continue
            whole = replace(flow, hops=(*flow.hops, *given.hops))
            around = Surroundings(given.module, given.value, whole)
            if not (around.compared() or around.validated()):
                return whole
            break
    return None


def _of_a_job(flow: Flow) -> bool:
    """Return whether a file holds the settings that came with a job."""
    told = " ".join((flow.text, *(hop.text for hop in flow.hops)))
    return _JOB.search(told) is not None


def _settings(call: Call) -> Iterator[tuple[str, ast.expr]]:
    for keyword in call.node.keywords:
        if keyword.arg in _SETTINGS:
            yield keyword.arg, keyword.value
    chosen = _is_chosen(call) or call.name.startswith("pennylane.")
    if chosen and call.node.args:
        yield "stepsize", call.node.args[0]
    if call.tail == "minimize" and len(call.node.args) > 1:
        yield "x0", call.node.args[1]
    elif call.name.startswith(("optax.", "qiskit_")) and call.node.args:
        yield "the first argument", call.node.args[0]
