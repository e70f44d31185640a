"""The weights can be changed by others while they are trained.

## What
The array, list or attribute that the optimizer steps is also written by a callback, another
thread, a signal, a request or message handler, or is read again from a file inside the loop.

## Why bad
Whoever reaches that second writer steers training from within: a step that pushes weights into
a plateau or toward a backdoor looks like noise of the optimizer, and no test of the data sees it.

## Example
``@app.post("/weights")`` with ``state.theta[:] = request.json["theta"]`` while
``state.theta = opt.step(cost, state.theta)`` runs

## Instead
One owner: the loop holds the weights in a local name, hands copies to callbacks and readers, and
takes changes only between runs, checked.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

from redqubit.scan.finding import Severity
from redqubit.scan.static import handlers
from redqubit.scan.static.frameworks import QUANTUM, near_quantum
from redqubit.scan.static.members import class_of
from redqubit.scan.static.module import Call, Module
from redqubit.scan.static.rule import Hit
from redqubit.scan.static.scope import dotted, first_parameters, returned
from redqubit.scan.static.sources import REMOTE
from redqubit.scan.static.surroundings import DIGEST
from redqubit.scan.static.trained import Trained, hooked, trained, written
from redqubit.scan.static.training_loop import Owner, around, owners, writers

ID: Final = "VAR-02"
NAME: Final = "Mid-training injection"
SEVERITY: Final[Severity] = "high"
CWE: Final = (915,)
FRAMEWORKS: Final = ("qiskit", "pennylane", "cirq", "braket")
TRIGGERS: Final = (*QUANTUM, "theta", "weights", "params", "torch")
ADVICE: Final = "Give the weights one owner and hand copies to whatever runs beside the training."

_READS: Final = re.compile(
    r"^(?:numpy\.load(?:txt)?|json\.loads?|pickle\.loads?|torch\.load|joblib\.load|yaml\.safe_load"
    r"|numpy\.(?:genfromtxt|fromfile|frombuffer)|pathlib\..*read_(?:text|bytes)"
    r"|urllib\.request\.urlopen|safetensors\..*load\w*|h5py\.File"
    r"|requests\.(?:Session\.|session\.)?get.*|httpx\.(?:Client\.)?get.*|pennylane\.numpy\.load|pandas\.read_\w+|numpy\.memmap)$"
)
_KEPT: Final = re.compile(r"current_app|\.state\b|\.config\b|\.extensions")
_BUFFERS: Final = re.compile(r"\.buf$|get_obj\(\)")
_READ_METHODS: Final = frozenset(
    [
        "recv",
        "recv_json",
        "hgetall",
        "lrange",
        "recv_pyobj",
        "get_nowait",
        "hget",
        "lpop",
        "rpop",
        "blpop",
        "receive_json",
    ]
)


def check(module: Module) -> Iterator[Hit]:
    """Yield the second writers of weights that are being trained."""
    if not near_quantum(module) and not module.project.holds(*QUANTUM):
        return
    seen: set[ast.AST] = set()
    for training in owners(module):
        for place, name, role in writers(module, training):
            if place in seen:
                continue
            seen.add(place)
            line = getattr(training.node, "lineno", 0)
            yield Hit(
                place,
                f"{role.capitalize()} writes {name!r} while {training.told} on line {line} trains.",
            )
        yield from _reloaded(module, training)
        yield from _shared(module, training)
    lines = {getattr(place, "lineno", 0) for place in seen}
    for place, who, name, home in _from_afar(module):
        if getattr(place, "lineno", 0) not in lines:
            yield Hit(place, f"{who} writes {name!r}, which {home.file} trains.")


def _from_afar(module: Module) -> Iterator[tuple[ast.AST, str, str, Module]]:
    """Yield the writes of handlers and hooks to weights that a class of another file trains."""
    for function in module.functions:
        served = handlers.serves(module, function)
        given = {item.arg for item in first_parameters(function)}
        for place, target in written(function):
            base = dotted(target.value)
            if not served and base not in given:
                continue
            for item in _trained(module, target):
                if served and _may_be(module, target.value, item):
                    yield place, "A request handler", dotted(target), item.home
                    break
                if hooked(item, function, target.value):
                    yield place, "A hook", dotted(target), item.home
                    break


def _trained(module: Module, target: ast.Attribute) -> Iterator[Trained]:
    """Yield the classes of the project that train an attribute of this name."""
    return (item for item in trained(module.project) if item.attribute == target.attr)


def _may_be(module: Module, node: ast.expr, item: Trained) -> bool:
    """Return whether an object is of a class, by its making, or for want of any other."""
    found = _class(module, node)
    if found is None:
        name = module.name_of(node)
        kept = not name or _KEPT.search(name) or module.project.is_own(name, module)
        return dotted(node) != "self" and bool(kept)
    return (found[0].file, found[1].name) == (item.home.file, item.owner.name)


def _class(module: Module, node: ast.expr) -> tuple[Module, ast.ClassDef] | None:
    """Return the class of an object, also of one that another file makes and this one imports."""
    found = class_of(module.project, module, node)
    if found is not None:
        return found
    holder, _, name = module.name_of(node).rpartition(".")
    home = module.project.imported(holder, module) if holder else None
    bound = home.layout.scopes[home.tree].bindings.get(name, []) if home is not None else []
    if home is None or len(bound) != 1 or bound[0].value is None:
        return None
    return class_of(home.project, home, bound[0].value)


def _shared(module: Module, training: Owner) -> Iterator[Hit]:
    """Yield the weights that lie in memory or a file other processes map too."""
    home = module.function(training.node)
    for node in module.layout.assignments:
        value = node.value if isinstance(node, ast.Assign) else None
        if not isinstance(value, ast.Call) or not isinstance(node, ast.Assign):
            continue
        targets = {dotted(item) for item in node.targets} & training.weights
        if targets and module.function(node) is home and _maps(module.call(value)):
            yield Hit(
                node,
                f"{sorted(targets)[0]!r} lies in shared memory, so whoever maps it trains along.",
            )


def _maps(call: Call) -> bool:
    """Return whether a call lays an array over memory or a file that others can write."""
    if call.name == "numpy.memmap":
        return call.literal(2, "mode") in {"r+", "w+", "readwrite", "write"}
    buffer = call.arg(2, "buffer") if call.name == "numpy.ndarray" else None
    buffer = call.arg(0, "buffer") if call.name == "numpy.frombuffer" else buffer
    return buffer is not None and _BUFFERS.search(ast.unparse(buffer)) is not None


def _reloaded(module: Module, training: Owner) -> Iterator[Hit]:
    """Yield the assignments that read the weights anew inside the loop."""
    if training.loop is None or DIGEST.search(ast.unparse(around(module, training))):
        return
    for node in ast.walk(training.loop):
        if isinstance(node, ast.Expr):
            yield from _restored(module, training, node)
        if not isinstance(node, ast.Assign) or node is training.node:
            continue
        if training.step is not None and node.value is training.step.node:
            continue
        targets = {
            dotted(item.value if isinstance(item, ast.Subscript) else item) for item in node.targets
        }
        if targets & training.weights and (read := _read(module, node.value)) is not None:
            if _recovers(module, node, training):
                continue
            yield Hit(
                node,
                f"The loop takes {sorted(targets & training.weights)[0]!r} from {read}() between "
                "steps, so whoever writes there trains along.",
            )


def _restored(module: Module, training: Owner, node: ast.Expr) -> Iterator[Hit]:
    """Yield ``model.load_state_dict(torch.load(path))`` in the loop."""
    call = node.value if isinstance(node.value, ast.Call) else None
    if call is None or not isinstance(call.func, ast.Attribute) or not call.args:
        return
    if call.func.attr not in {"load_state_dict", "copy_", "set_weights", "load_weights"}:
        return
    base = dotted(call.func.value).removesuffix(".data")
    read = _read(module, call.args[0])
    if base in training.weights and read is not None and not _recovers(module, node, training):
        yield Hit(
            node,
            f"The loop takes {base!r} from {read}() between steps, so whoever writes there trains "
            "along.",
        )


def _read(module: Module, value: ast.expr) -> str | None:
    for node in ast.walk(value):
        if isinstance(node, ast.Call):
            call = module.call(node)
            if _reads_inside(module, call):
                return call.tail
            if _READS.match(call.name) or (not call.name and call.tail in _READ_METHODS):
                return call.name or call.tail
    return None


def _reads_inside(module: Module, call: Call) -> bool:
    """Return whether a function of the project returns what it reads."""
    found = module.project.definition(call.name, module) if call.name else None
    if found is None or isinstance(found[1], ast.ClassDef):
        return False
    origins = REMOTE | {"file", "local"}
    return any(
        found[0].flow(value, origins=origins, clean=(".step", ".step_and_cost")) is not None
        for value in returned(found[1])
    ) and any(
        _READS.match(found[0].name_of(node.func))
        for node in ast.walk(found[1])
        if isinstance(node, ast.Call)
    )


def _recovers(module: Module, node: ast.AST, training: Owner) -> bool:
    """Return whether the read is a way back after a failure: in ``except``, or on a bad loss."""
    for item in module.around(node):
        if item is training.loop:
            return False
        if isinstance(item, ast.ExceptHandler):
            return True
        if isinstance(item, ast.If) and re.search(
            r"nan|finite|isinf|epoch == 0|step == 0|i == 0|first", ast.unparse(item.test)
        ):
            return True
    return False
