"""A checkpoint is overwritten in place while it is trained or served.

## What
A training loop writes its weights again and again to one constant path, or a file that a request
handler of the same module reads, without a temporary name and a rename.

## Why bad
A crash or a reader in the middle of a write leaves half a file: the last good weights are gone,
or the service answers with a mixture of old and new.

## Example
``for step in range(100): ...; np.save("weights.npy", weights)``

## Instead
Write to ``weights.npy.tmp`` and ``os.replace`` it, with a digest beside it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

from redqubit.scan.finding import Severity
from redqubit.scan.static import handlers
from redqubit.scan.static.derived import shallow
from redqubit.scan.static.encoders import givens
from redqubit.scan.static.frameworks import QUANTUM, near_quantum
from redqubit.scan.static.guards import names
from redqubit.scan.static.module import Call, Module
from redqubit.scan.static.rule import Hit
from redqubit.scan.static.scope import dotted, first_parameters, returned
from redqubit.scan.static.surroundings import called
from redqubit.scan.static.training_loop import descents, trainings

ID: Final = "VAR-07"
NAME: Final = "Checkpoint overwritten in place"
SEVERITY: Final[Severity] = "medium"
CWE: Final = (353,)
FRAMEWORKS: Final = ("qiskit", "pennylane", "cirq", "braket")
TRIGGERS: Final = (*QUANTUM, "torch", "heckpoint", "theta", "weights")
ADVICE: Final = "Write to a temporary file, then os.replace it, and store a digest beside it."

_WRITERS: Final = {
    "numpy.save": 0, "numpy.savez": 0, "numpy.savez_compressed": 0, "numpy.savetxt": 0,
    "pennylane.numpy.save": 0, "torch.save": 1, "joblib.dump": 1, "json.dump": 1, "pickle.dump": 1,
    "dill.dump": 1, "cloudpickle.dump": 1, "yaml.dump": 1, "yaml.safe_dump": 1, "jax.numpy.save": 0,
    "safetensors.torch.save_file": 1, "safetensors.numpy.save_file": 1,
}  # fmt: skip
_ATOMIC: Final = re.compile(
    r"os\.replace|os\.rename|\.replace\(|\.rename\(|NamedTemporary|mkstemp|atomic"
)
_METHODS: Final = (".write_text", ".write_bytes", ".save_weights")
_WEIGHTS: Final = re.compile(r"theta|weight|param|state_dict", re.IGNORECASE)
_TEMPORARY: Final = re.compile(r"tmp|temp|part|draft|staging|\bnew", re.IGNORECASE)
_JOINS: Final = frozenset(
    ["Path", "join", "joinpath", "str", "with_suffix", "with_name", "fspath", "expanduser",
     "resolve", "absolute", "PurePath"]
)  # fmt: skip
_KEEPS: Final = re.compile(r"check_?point", re.IGNORECASE)
_STEPS: Final = frozenset({"step", "epoch", "iteration", "nfev", "n_iter", "round", "round_"})


def check(module: Module) -> Iterator[Hit]:
    """Yield the writes in place that training repeats or a handler reads."""
    if module.in_test:
        return
    if not near_quantum(module) and not (
        _KEEPS.search(module.text) and module.project.holds(*QUANTUM)
    ):
        return
    loops = _training_loops(module)
    for call in _writes(module):
        path = _path(module, call)
        if path is None:
            continue
        around = next((item for item in module.around(call.node) if item in loops), None)
        scope = module.function(call.node) or module.tree
        value = _constant(module, path)
        if value is None and around is not None and _same(module, path, around):
            value = ast.unparse(path)
        value = value or _passed(module, path)
        kept = value is None and isinstance(scope, ast.FunctionDef) and _steady(module, path)
        if (value is None and not kept) or _atomic(module, path, scope):
            continue
        repeated = (
            around is not None
            or _each_step(module, scope)
            or _called_in(module, scope, loops)
            or _called_afar(module, scope)
        )
        value = value or ast.unparse(path)
        served = _served(module, value, scope)
        if repeated or served:
            yield Hit(
                call.node,
                f"{value!r} is overwritten in place "
                + (
                    f"while {served}() serves it."
                    if served
                    else "in each step, so a crash leaves half a file."
                ),
            )


def _writes(module: Module) -> Iterator[Call]:
    """Yield the calls that write files; of texts and methods of objects those with weights."""
    yield from module.calls(*_WRITERS)
    for call in module.calls(*_METHODS):
        told = ast.unparse(call.node)
        if call.name not in _WRITERS and _WEIGHTS.search(told):
            yield call


def _atomic(module: Module, path: ast.expr, scope: ast.AST) -> bool:
    """Return whether a file is renamed after it was written, or is not the one that is read."""
    texts = [ast.unparse(shallow(scope))]
    texts += [ast.unparse(item) for _, item in called(module, scope)]
    if not any(_ATOMIC.search(text) for text in texts):
        return False
    others = [item for item in _writes(module) if module.function(item.node) is scope]
    if len(others) < 2 or _TEMPORARY.search(ast.unparse(path)):
        return True
    written = ast.unparse(path)
    for node in ast.walk(scope):
        method = node.func if isinstance(node, ast.Call) else None
        if isinstance(method, ast.Attribute) and method.attr in {"replace", "rename", "move"}:
            moved = (method.value, *node.args[:1]) if isinstance(node, ast.Call) else ()
            if any(ast.unparse(item) == written for item in moved):
                return True
    return False


def _steady(module: Module, path: ast.expr, depth: int = 4) -> bool:
    """Return whether a path is made only of constants and of what an object keeps or gives."""
    if depth <= 0:
        return False
    for node in ast.walk(path):
        if isinstance(node, ast.Call) and not _is_join(node):
            return False
        if isinstance(node, ast.Name) and node.id != "self" and not _is_fixed(module, node, depth):
            return False
        if isinstance(node, ast.Attribute) and dotted(node).startswith("self."):
            given = _property(module, node)
            if given is not None and not _steady(module, given, depth - 1):
                return False
            binding = module.single(node)
            setter = module.function(binding.node) if binding is not None else None
            if setter is not None and setter.name != "__init__":
                return False
    return True


def _is_fixed(module: Module, node: ast.Name, depth: int) -> bool:
    """Return whether a name is an import or was made of steady parts."""
    binding = module.single(node)
    if binding is None or binding.kind == "import":
        return binding is not None
    made = binding.value if binding.kind == "assign" else None
    return made is not None and _steady(module, made, depth - 1)


def _property(module: Module, node: ast.Attribute) -> ast.expr | None:
    """Return what a property of the class returns."""
    owner = module.class_of(node)
    for item in owner.body if owner is not None else ():
        if isinstance(item, ast.FunctionDef) and item.name == node.attr:
            values = returned(item)
            return values[0] if len(values) == 1 else None
    return None


def _is_join(node: ast.AST | None) -> bool:
    """Return whether a call only puts a path together."""
    return isinstance(node, ast.Call) and dotted(node.func).rpartition(".")[2] in _JOINS


def _called_afar(module: Module, scope: ast.AST) -> bool:
    """Return whether a loop of training in another file calls the function that writes."""
    if not isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef):
        return False
    for call in module.project.callers(module, scope):
        if call.module is not module:
            loops = call.module.memo.setdefault("epochs", None)
            if loops is None:
                loops = call.module.memo["epochs"] = _training_loops(call.module)
            if any(item in loops for item in call.module.around(call.node)):
                return True
    return False


def _passed(module: Module, path: ast.expr | None) -> str | None:
    """Return a constant path that a call passes for the parameter a function writes to."""
    for given in givens(module, path) if isinstance(path, ast.Name) else ():
        value = given.module.fold(given.value)
        if given.call is not None and isinstance(value, str):
            return value
    return None


def _training_loops(module: Module) -> set[ast.AST]:
    """Return the loops around the steps of training."""
    places: list[ast.AST] = [item.step.node for item in trainings(module) if item.loop is not None]
    places += [place for place, _ in descents(module)]
    found: set[ast.AST] = set()
    for place in places:
        for item in module.around(place):
            if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef):
                break
            if isinstance(item, ast.For | ast.While):
                found.add(item)
    steps = {id(module.function(place)) for place in places} - {id(None)}
    return found | {loop for loop in _loops(module, steps) if loop not in found}


def _loops(module: Module, steps: set[int]) -> Iterator[ast.AST]:
    """Yield the loops that call a function in which the steps are made: the epochs."""
    for function in module.functions if steps else ():
        for node in ast.walk(function):
            if isinstance(node, ast.For | ast.While) and any(
                home is module and id(found) in steps for home, found in called(module, node)
            ):
                yield node


def _same(module: Module, path: ast.expr, loop: ast.AST) -> bool:
    """Return whether a path that is not known is the same in each round of a loop."""
    binding = module.single(path)
    if binding is not None and binding.kind == "assign" and binding.value is not None:
        path = binding.value
    if any(isinstance(node, ast.Call) and not _is_join(node) for node in ast.walk(path)):
        return False
    bound = {
        node.id
        for node in ast.walk(loop)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    return bool(names(path)) and not {item.partition(".")[0] for item in names(path)} & bound


def _called_in(module: Module, scope: ast.AST, loops: set[ast.AST]) -> bool:
    """Return whether a loop of training calls the function that writes."""
    if not isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef):
        return False
    return any(
        found is scope for loop in loops for home, found in called(module, loop) if home is module
    )


def _constant(module: Module, path: ast.expr | None) -> str | None:
    """Return a path, or its last part, if it is the same each time; None if it is not."""
    value = module.fold(path)
    if isinstance(value, str):
        return value
    binding = module.single(path) if path is not None else None
    if binding is not None and binding.kind == "assign":
        path = binding.value
    if isinstance(path, ast.BinOp) and isinstance(path.op, ast.Div):
        value = module.fold(path.right)
    elif isinstance(path, ast.Call) and module.name_of(path.func).endswith("path.join"):
        value = module.fold(path.args[-1]) if path.args else None
    return value if isinstance(value, str) else None


def _each_step(module: Module, scope: ast.AST) -> bool:
    """Return whether a function is what training calls in each step to keep a checkpoint."""
    if not isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef):
        return False
    owner = module.class_of(scope)
    named = " ".join([scope.name, owner.name if owner is not None else ""])
    given = {item.arg for item in first_parameters(scope)}
    return bool(_KEEPS.search(named)) and bool(given & _STEPS)


def _path(module: Module, call: Call) -> ast.expr | None:
    """Return the path a call writes to, also of a file that ``open`` made for it."""
    if call.name not in _WRITERS:
        return call.receiver if call.tail.startswith("write_") else call.arg(0, "filepath")
    given = call.arg(_WRITERS[call.name])
    binding = module.single(given) if given is not None else None
    opened = binding.value if binding is not None and binding.kind in {"with", "assign"} else given
    if isinstance(opened, ast.Call) and module.name_of(opened.func) == "open" and opened.args:
        return opened.args[0]
    return given


def _served(module: Module, path: str, scope: ast.AST) -> str | None:
    """Return the request handler that names the same path."""
    for function in module.functions:
        if function is scope or not handlers.serves(module, function):
            continue
        for node in ast.walk(function):
            whole = not isinstance(module.parent(node), ast.Attribute)
            if not whole or not isinstance(node, ast.Constant | ast.Name | ast.Attribute):
                continue
            if module.fold(node) == path:
                return function.name
    return None
