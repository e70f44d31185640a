"""Where a model is trained: the loop (or the single call), its weights, its callbacks."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from redqubit.scan.static import handlers
from redqubit.scan.static.derived import grown, shallow
from redqubit.scan.static.guards import names
from redqubit.scan.static.scope import FunctionNode, dotted, first_parameters
from redqubit.scan.static.surroundings import called

if TYPE_CHECKING:
    from redqubit.scan.static.module import Call, Module

_STEPS: Final = ("step", "step_and_cost", "apply_gradients", "apply_updates")
_OPTIMIZER: Final = re.compile(
    r"^(?:.*[._])?(?:opt|optim|optimi[sz]er|trainer|adam|sgd|spsa)\w*$", re.I
)
_MINIMIZERS: Final = (
    "scipy.optimize.minimize",
    "qiskit_algorithms..minimize",
    "qiskit_machine_learning..minimize",
    "qiskit.algorithms..minimize",
)
_ESTIMATORS: Final = tuple(
    f"{package}..{name}"
    for package in ("qiskit_algorithms", "qiskit_machine_learning")
    for name in ("VQE", "SamplingVQE", "QAOA", "VQC", "VQR", "SPSA", "COBYLA", "ADAM",
                 "NeuralNetworkClassifier", "NeuralNetworkRegressor")
)  # fmt: skip
_STARTERS: Final = (
    ".Thread", ".Timer", ".start_new_thread", ".submit", ".signal", ".run_in_executor",
    ".start_soon", ".create_task", ".ensure_future", ".gather", ".add_signal_handler",
    ".add_reader", ".call_later", ".Process", ".start_background_task",
)  # fmt: skip
_ADDERS: Final = (
    ".append", ".add_callback", ".register", ".add_hook", ".register_hook", ".subscribe", ".on",
    ".add_listener", ".connect", ".add_done_callback", ".every", ".observe", ".on_change",
    ".add_hook", ".attach",
)  # fmt: skip
_PLAIN: Final = frozenset({"append", "on", "connect", "register"})
_HOOKS: Final = re.compile(r"hook|callback|listener|observer|subscriber|handler", re.IGNORECASE)
_HOOK_WORDS: Final = frozenset(
    ["callbacks", "hooks", "on_step", "on_epoch", "on_iteration", "step_callback", "hook",
     "post_step"]
)  # fmt: skip
_OUTSIDE_READS: Final = (
    "numpy.load", "numpy.loadtxt", "torch.load", "joblib.load", "pickle.load", "json.load",
    "json.loads", "requests.get", "httpx.get", "urllib.request.urlopen", "pennylane.numpy.load",
)  # fmt: skip
_CHANGERS: Final = frozenset(
    ["append", "extend", "copy_", "fill_", "load_state_dict", "add_", "put", "fill", "insert",
     "clear", "itemset"]
)  # fmt: skip
_KNOWN: Final = re.compile(
    r"^(?:pennylane|optax|torch\.optim|keras|tensorflow|qiskit_algorithms|qiskit_machine_learning"
    r"|qiskit\.algorithms|jaxopt|braket)\b"
)


_GRADIENT: Final = re.compile(
    r"\bgrads?\b|gradient|\w_grads?\b|\bgrad_|\bg\b|jacobian|\bg_?(?:hat|k|est)\b|nabla"
)
_ROLES: Final = (
    (re.compile(r"on_message$"), "a message handler"),
    (re.compile(r"do_(?:POST|PUT|PATCH)$"), "a request handler"),
    (re.compile(r"on_(?:train_)?(?:epoch|batch|step|iteration)(?:_(?:end|begin|start))?$"),
     "the callback"),
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Training:
    """One training: the call that steps, the loop around it (None for one call), its weights."""

    step: Call
    loop: ast.For | ast.While | None
    weights: frozenset[str]

    @property
    def where(self) -> ast.AST:
        """Return the node to report."""
        return self.step.node


@dataclass(frozen=True, slots=True, eq=False)
class Owner:
    """What changes the weights as it should: a step or a descent, its place and its words."""

    node: ast.AST
    told: str
    loop: ast.For | ast.While | None
    weights: frozenset[str]
    step: Call | None = None


def owners(module: Module) -> Iterator[Owner]:
    """Yield what trains in a module, also descent written by hand."""
    for item in trainings(module):
        yield Owner(item.step.node, f"{item.step.tail}()", item.loop, item.weights, item.step)
    for node, loop in descents(module):
        targets = [node.target] if isinstance(node, ast.AugAssign) else []
        changed = node.targets if isinstance(node, ast.Assign) else targets
        name = dotted(changed[0]) if changed else ""
        if name:
            yield Owner(node, "the descent", loop, frozenset({name}))


def trainings(module: Module) -> Iterator[Training]:
    """Yield the trainings of a module, one a loop."""
    loops: dict[ast.For | ast.While, list[Call]] = {}
    for call in module.calls(*(f".{name}" for name in _STEPS), ".minimize"):
        if not _steps(call):
            continue
        around = next(_loops(module, call.node), None)
        if around is not None:
            loops.setdefault(around, []).append(call)
        elif call.tail == "minimize":
            yield Training(call, None, frozenset(_weights(module, call)))
    for loop, calls in loops.items():
        weights = {name for call in calls for name in _weights(module, call)}
        yield Training(calls[0], loop, frozenset(weights))
    for call in module.calls(*_ESTIMATORS):
        if call.arg(None, "callback") is not None:
            yield Training(call, None, frozenset())


def called_steps(module: Module) -> Iterator[tuple[Call, ast.For | ast.While]]:
    """Yield the steps in a function without a loop, with a loop of the file that calls it."""
    steps: dict[int, Call] = {}
    for call in module.calls(*(f".{name}" for name in _STEPS)):
        function = module.function(call.node)
        if function is not None and _steps(call) and next(_loops(module, call.node), None) is None:
            steps.setdefault(id(function), call)
    for function in module.functions if steps else ():
        for node in ast.walk(function):
            if isinstance(node, ast.For | ast.While):
                for home, found in called(module, node):
                    if home is module and id(found) in steps:
                        yield steps.pop(id(found)), node


def descents(module: Module) -> Iterator[tuple[ast.AST, ast.For | ast.While]]:
    """Yield descent written by hand, ``theta = theta - rate * gradient``, with the loop around."""
    for node in module.layout.assignments:
        if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Sub):
            taken = node.value
        elif (
            isinstance(node, ast.Assign)
            and len(node.targets) == 1
            and isinstance(node.value, ast.BinOp)
            and isinstance(node.value.op, ast.Sub)
            and ast.unparse(node.value.left) == ast.unparse(node.targets[0])
        ):
            taken = node.value.right
        else:
            continue
        scaled = isinstance(taken, ast.BinOp) and isinstance(taken.op, ast.Mult | ast.MatMult)
        loop = next(_loops(module, node), None)
        if scaled and loop is not None and _GRADIENT.search(ast.unparse(taken)):
            yield node, loop


def _steps(call: Call) -> bool:
    if call.tail == "minimize":
        return call.matches(*_MINIMIZERS)
    if _KNOWN.match(call.name):
        return not re.search(r"scheduler|lr_sched", call.name, re.I)
    receiver = call.receiver
    return receiver is not None and bool(_OPTIMIZER.match(dotted(receiver)))


def _loops(module: Module, node: ast.AST) -> Iterator[ast.For | ast.While]:
    """Yield the loops around a node inside its function, the innermost first."""
    for item in module.around(node):
        if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            return
        if isinstance(item, ast.For | ast.While):
            yield item


def _weights(module: Module, call: Call) -> Iterator[str]:
    """Yield the names of what is trained."""
    if call.tail == "minimize":
        yield from _names([call.arg(1, "x0")])
        return
    if call.tail in {"step", "step_and_cost"} and call.node.args:
        yield from _names(call.node.args[1:])
        statement = module.order.statement(call.node)
        if isinstance(statement, ast.Assign):
            target = statement.targets[0]
            elements = target.elts if isinstance(target, ast.Tuple) else [target]
            first = elements[:1] if call.tail == "step_and_cost" else elements
            for item in first:
                yield from _names(item.elts if isinstance(item, ast.Tuple) else [item])
        return
    if call.tail in {"apply_gradients", "apply_updates"}:
        yield from _names([call.arg(0, "params")])
        return
    receiver = call.receiver
    binding = module.single(receiver) if receiver is not None else None
    made = binding.value if binding is not None else None
    if isinstance(made, ast.Call) and made.args:
        first_argument = made.args[0]
        if isinstance(first_argument, ast.List | ast.Tuple):
            yield from _names(first_argument.elts)
        elif isinstance(first_argument, ast.Call):
            yield dotted(first_argument.func).removesuffix(".parameters")


def _names(nodes: list[ast.expr] | list[ast.expr | None]) -> Iterator[str]:
    for node in nodes:
        if node is None:
            continue
        base = node.value if isinstance(node, ast.Starred | ast.Subscript) else node
        name = dotted(base)
        if name and name != "_":
            yield name


def writers(module: Module, training: Owner) -> Iterator[tuple[ast.AST, str, str]]:
    """Yield who else writes the weights while training runs: place, name, and what it is."""
    home = module.function(training.node)
    for function in module.functions:
        if function is home:
            continue
        role = _role(module, training, function)
        if role is None:
            continue
        for place, name in _writes(module, function, training, role):
            yield place, name, role


def _role(module: Module, training: Owner, function: FunctionNode) -> str | None:
    """Return why a function may run while training does, None if nothing says so."""
    if handlers.serves(module, function):
        return "a request handler"
    for call in module.calls(*_STARTERS):
        for given in (*call.node.args, *(item.value for item in call.node.keywords)):
            inner = given.func if isinstance(given, ast.Call) else given
            if _is(inner, function):
                kind = "a signal handler" if call.tail == "signal" else "another thread"
                return None if _trains(function, training) else kind
    if _reads_in_loop(module, training, function):
        return "a reader of a file"
    if any(_is(given, function) for given in _hooks(module, training)):
        return "the callback"
    receiver = training.step.receiver if training.step is not None else None
    binding = module.single(receiver) if receiver is not None else None
    if binding is not None and isinstance(binding.value, ast.Call):
        for keyword in binding.value.keywords:
            if keyword.arg == "callback" and _is(keyword.value, function):
                return "the callback"
    for pattern, kind in _ROLES:
        if pattern.match(function.name):
            return kind
    owner = module.class_of(function)
    bases = [dotted(base) for base in owner.bases] if owner is not None else []
    if function.name == "run" and any(base.endswith(("Thread", "Process")) for base in bases):
        return None if _trains(function, training) else "another thread"
    return _served(module, training, function)


def _served(module: Module, training: Owner, function: FunctionNode) -> str | None:
    """Return what role the caller has of a method that sets the weights to what it is given."""
    owner = module.class_of(training.node)
    if owner is None or module.class_of(function) is not owner or function.name == "__init__":
        return None
    attributes = {name.partition(".")[2] for name in training.weights if name.startswith("self.")}
    given = {item.arg for item in first_parameters(function)}
    if not given or not any(_sets(node, attributes, given) for node in ast.walk(function)):
        return None
    for call in module.project.callers(module, function):
        caller = call.module.function(call.node)
        if caller is not None and handlers.serves(call.module, caller):
            return "a request handler"
    return None


def _sets(node: ast.AST, attributes: set[str], given: set[str]) -> bool:
    """Return whether an assignment gives an attribute of ``self`` what the caller has passed."""
    if not isinstance(node, ast.Assign) or not names(node.value) & given:
        return False
    bases = (item.value if isinstance(item, ast.Subscript) else item for item in node.targets)
    return any(isinstance(base, ast.Attribute) and base.attr in attributes for base in bases)


def _hooks(module: Module, training: Owner) -> Iterator[ast.expr]:
    """Yield what is called in each step: arguments for callbacks, entries of lists of hooks."""
    if training.step is not None:
        for keyword in training.step.node.keywords:
            if keyword.arg == "callback":
                yield keyword.value
    for call in module.calls(*_ADDERS):
        receiver = dotted(call.receiver) if call.receiver is not None else ""
        if call.node.args and (call.tail not in _PLAIN or _HOOKS.search(receiver)):
            yield call.node.args[-1]
    for call in module.calls():
        for keyword in call.node.keywords:
            if keyword.arg in _HOOK_WORDS:
                lists = isinstance(keyword.value, ast.List | ast.Tuple)
                yield from keyword.value.elts if lists else [keyword.value]  # type: ignore[attr-defined]


def _is(node: ast.expr, function: FunctionNode) -> bool:
    if isinstance(node, ast.IfExp):
        return _is(node.body, function) or _is(node.orelse, function)
    return dotted(node).rpartition(".")[2] == function.name


def _reads_in_loop(module: Module, training: Owner, function: FunctionNode) -> bool:
    """Return whether the loop hands the weights to a function that reads data from outside."""
    if training.loop is None or not any(
        isinstance(node, ast.Call) and module.call(node).matches(*_OUTSIDE_READS)
        for node in ast.walk(function)
    ):
        return False
    return any(
        isinstance(node, ast.Call)
        and dotted(node.func).rpartition(".")[2] == function.name
        and any(dotted(item) in training.weights for item in node.args)
        for node in ast.walk(training.loop)
    )


def _trains(function: FunctionNode, training: Owner) -> bool:
    """Return whether the thread's function is the one that starts the training."""
    return any(node is training.node for node in ast.walk(function)) or any(
        isinstance(node, ast.Attribute) and node.attr in {"fit", "train", *_STEPS}
        for node in ast.walk(function)
    )


def _writes(
    module: Module, function: FunctionNode, training: Owner, role: str
) -> Iterator[tuple[ast.AST, str]]:
    """Yield the writes to shared weights; a callback's own vector counts, plain names do not."""
    shared = {name for name in training.weights if "." in name or _global(module, training, name)}
    tails = {name.rpartition(".")[2] for name in shared if "." in name}
    declared = {
        name for node in ast.walk(function) if isinstance(node, ast.Global | ast.Nonlocal)
        for name in node.names
    }  # fmt: skip
    handed = role in {"the callback", "a reader of a file"}
    own = {item.arg for item in first_parameters(function)} if handed else set()
    if role == "a reader of a file":
        own = grown(function, own)
    local = {
        target.id
        for node in ast.walk(function)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name) and target.id not in declared
    }
    for node in ast.walk(function):
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.AugAssign):
            targets = [node.target]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            changes = node.func.attr in _CHANGERS
            first = ast.Subscript(_data(node.func.value), ast.Constant(0), ast.Store())
            targets = [first] if changes else []
        for target in targets:
            base = target.value if isinstance(target, ast.Subscript) else target
            name = dotted(_data(base))
            inside = isinstance(target, ast.Subscript) or isinstance(node, ast.AugAssign)
            if not name:
                continue
            if "." in name:
                if name in shared or name.rpartition(".")[2] in tails:
                    yield node, name
            elif (name in shared and (name in declared or (inside and name not in local))) or (
                name in own
                and inside
                and name not in local
                and (_array(node, target) or role != "the callback")
            ):
                yield node, name


def _array(node: ast.AST, target: ast.expr) -> bool:
    """Return whether a write to a callback's parameter changes an array, not a log or a dict."""
    if isinstance(node, ast.Call):
        return False
    if isinstance(target, ast.Subscript):
        return not (isinstance(target.slice, ast.Constant) and isinstance(target.slice.value, str))
    return isinstance(node, ast.AugAssign)


def _data(node: ast.expr) -> ast.expr:
    """Return the array behind ``.data`` and ``.value``."""
    while isinstance(node, ast.Attribute) and node.attr in {"data", "value"}:
        node = node.value
    return node


def _global(module: Module, training: Owner, name: str) -> bool:
    """Return whether a name of the training is bound at the top of the module."""
    found = module.scope(training.node).lookup(name)
    return found is not None and found[0].node is module.tree


def around(module: Module, training: Owner) -> ast.AST:
    """Return the function the training stands in; of a module what is outside functions."""
    function = module.function(training.node)
    return function if function is not None else shallow(module.tree)
