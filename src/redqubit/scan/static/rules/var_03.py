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
from redqubit.scan.static.encoders import DRAWN, givens
from redqubit.scan.static.flow import Flow
from redqubit.scan.static.frameworks import QUANTUM, beside_quantum, on_quantum
from redqubit.scan.static.module import Call, Module
from redqubit.scan.static.options import limited
from redqubit.scan.static.rule import Hit
from redqubit.scan.static.scope import dotted
from redqubit.scan.static.sources import OUTSIDE, REMOTE, Origin
from redqubit.scan.static.surroundings import Surroundings
from redqubit.scan.static.training_loop import owners

ID: Final = "VAR-03"
NAME: Final = "Unbounded optimizer settings"
SEVERITY: Final[Severity] = "medium"
CWE: Final = (20,)
FRAMEWORKS: Final = ("qiskit", "pennylane", "cirq", "braket")
TRIGGERS: Final = (*QUANTUM, "torch", "optax", "optimi", "keras")
ADVICE: Final = "Bound every setting that comes from outside before it reaches the optimizer."

CLEAN: Final = ("min", "max", "numpy.clip", ".clip", "numpy.minimum", "numpy.maximum")
_HOMES: Final = re.compile(
    r"^(?:pennylane\..*Optimizer|pennylane\.SPSA\w*|torch\.optim\.\w+|optax\.\w+|keras\.optimizers\.\w+"
    r"|tensorflow\.keras\.optimizers\.\w+|qiskit_algorithms\.(?:optimizers\.)?\w+"
    r"|qiskit_machine_learning\.optimizers\.\w+|qiskit\.algorithms\.optimizers\.\w+"
    r"|scipy\.optimize\.(?:minimize|dual_annealing|differential_evolution|basinhopping|shgo)"
    r"|jax\.example_libraries\.optimizers\.\w+|jaxopt\.\w+"
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
_FIRST: Final = ("optax.", "qiskit_", "keras.", "tensorflow.")
_PACKAGES: Final = re.compile(
    r"^(?:pennylane|torch\.optim|optax|(?:tensorflow\.)?keras\.optimizers"
    r"|qiskit_algorithms|qiskit_machine_learning)(?:\.optimi[sz]e\w*)?$"
)
_FIELDS: Final = frozenset({"stepsize", "lr", "learning_rate", "maxiter", "_stepsize", "tol"})
_HELD: Final = re.compile(r"opt(?:im\w*|imi[sz]er)?$", re.IGNORECASE)
_RATE: Final = re.compile(r"(?:^|[._])(?:lr|eta|alpha|rate|step_?size|learning_rate)$", re.I)
_GROUP: Final = re.compile(r"group|optim|\bopt\b|options")
_SETTINGS: Final = frozenset(
    ["stepsize", "lr", "learning_rate", "maxiter", "max_iterations", "maxfev", "tol", "x0",
     "initial_point", "options", "perturbation", "beta1", "beta2", "betas", "eps", "momentum",
     "weight_decay", "init_value", "maxfun", "rhobeg", "blocking", "steps", "max_iter"]
)  # fmt: skip


def check(module: Module) -> Iterator[Hit]:
    """Yield the optimizers whose settings outside data decides."""
    if not (on_quantum(module) or beside_quantum(module)):
        return
    for call in module.calls():
        if not _HOMES.match(call.name) and not _is_chosen(module, call):
            continue
        if call.tail in _NO_OPTIMIZERS:
            continue
        for setting, value in _settings(module, call):
            flow = _unbounded(module, setting, value)
            if flow is None:
                continue
            yield _hit(module, call.node, f"{call.tail}()", setting, flow)
            break
    for node, setting, value in (*_assigned(module), *_by_hand(module)):
        flow = _unbounded(module, setting, value)
        if flow is not None:
            yield _hit(module, node, "The optimizer", setting, flow)


def _hit(module: Module, node: ast.AST, what: str, setting: str, flow: Flow) -> Hit:
    own: Severity = "note" if module.in_example else "low"
    return Hit(
        node,
        f"{what} takes {setting!r} from {flow.text} without a bound.",
        severity=SEVERITY if flow.origin in REMOTE else own,
        flow=flow.hops,
    )


def _is_chosen(module: Module, call: Call) -> bool:
    """Return whether an optimizer is made whose class is chosen at run time."""
    if call.name and not call.name.endswith(".getattr") and call.name != "getattr":
        return False
    if _CHOSEN.search(ast.unparse(call.node.func)) is not None:
        return True
    binding = module.single(call.node.func)
    made = binding.value if binding is not None else call.node.func
    if not isinstance(made, ast.Call) or module.name_of(made.func) != "getattr" or not made.args:
        return False
    return _PACKAGES.match(module.name_of(made.args[0])) is not None and any(
        item.arg in _SETTINGS for item in call.node.keywords
    )


def _assigned(module: Module) -> Iterator[tuple[ast.AST, str, ast.expr]]:
    """Yield what is written into settings of an optimizer that is made already."""
    for node in module.layout.assignments:
        for target in node.targets if isinstance(node, ast.Assign) else ():
            setting = _setting(target)
            if setting and isinstance(node, ast.Assign):
                yield node, setting, node.value


def _by_hand(module: Module) -> Iterator[tuple[ast.AST, str, ast.expr]]:
    """Yield how often a loop trains, and the rate of a descent that is written out."""
    seen: set[ast.AST] = set()
    for training in owners(module):
        for loop in module.around(training.node):
            if isinstance(loop, ast.FunctionDef | ast.AsyncFunctionDef):
                break
            count = loop.iter if isinstance(loop, ast.For) else None
            if isinstance(count, ast.Call) and dotted(count.func) == "range" and loop not in seen:
                seen.add(loop)
                yield loop, "the number of steps", count.args[-1 if len(count.args) < 3 else 1]
        if training.step is None:
            node = training.node
            taken = node.value if isinstance(node, ast.Assign | ast.AugAssign) else None
            if isinstance(taken, ast.BinOp) and isinstance(taken.op, ast.Sub):
                taken = taken.right
            for part in (taken.left, taken.right) if isinstance(taken, ast.BinOp) else ():
                key = part.slice if isinstance(part, ast.Subscript) else None
                name = str(key.value) if isinstance(key, ast.Constant) else dotted(part)
                if _RATE.search(name):
                    yield node, name, part


def _setting(target: ast.expr) -> str:
    """Return the setting that ``opt.stepsize`` or ``group["lr"]`` names, empty for others."""
    if isinstance(target, ast.Attribute):
        named = target.attr in _FIELDS and _HELD.search(dotted(target.value))
        return target.attr if named else ""
    if isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant):
        named = target.slice.value in _FIELDS and _GROUP.search(ast.unparse(target.value))
        return str(target.slice.value) if named else ""
    return ""


def _unbounded(module: Module, setting: str, value: ast.expr) -> Flow | None:
    """Return a flow into a setting that nothing on the way bounds, the worst one first."""
    for given in givens(module, value):
        for origins in (REMOTE, _USER, _FILES):
            flow = given.module.flow(given.value, origins=origins, clean=_harmless)
            if flow is None or (origins is _FILES and not _of_a_job(flow)):
                continue
            whole = replace(flow, hops=(*flow.hops, *given.hops))
            around = Surroundings(given.module, given.value, whole)
            option = limited(given.module, given.value, whole, also=setting)
            if not (around.compared() or around.validated() or option):
                return whole
            break
    return None


def _of_a_job(flow: Flow) -> bool:
    """Return whether a file holds the settings that came with a job."""
    told = " ".join((flow.text, *(hop.text for hop in flow.hops)))
    return _JOB.search(told) is not None


def _harmless(call: Call) -> bool:
    """Return whether a call bounds its arguments, or draws numbers whose seed or count they are."""
    return call.tail in DRAWN or call.matches(*CLEAN)


def _settings(module: Module, call: Call) -> Iterator[tuple[str, ast.expr]]:
    for keyword in call.node.keywords:
        if keyword.arg in _SETTINGS:
            yield keyword.arg, keyword.value
        elif keyword.arg is None and isinstance(keyword.value, ast.Name | ast.Subscript | ast.Call):
            yield "the keywords", keyword.value
    chosen = _is_chosen(module, call) or call.name.startswith("pennylane.")
    if chosen and call.node.args:
        yield "stepsize", call.node.args[0]
    if call.name.startswith("torch.optim.") and len(call.node.args) > 1:
        yield "lr", call.node.args[1]
    if call.tail == "minimize" and len(call.node.args) > 1:
        yield "x0", call.node.args[1]
    elif call.name.startswith(_FIRST) and call.node.args:
        yield "the first argument", call.node.args[0]
