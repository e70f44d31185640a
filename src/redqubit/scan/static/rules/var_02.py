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
from redqubit.scan.static import sources
from redqubit.scan.static.members import class_of
from redqubit.scan.static.module import Call, Module
from redqubit.scan.static.rule import Hit
from redqubit.scan.static.scope import dotted, returned
from redqubit.scan.static.sources import REMOTE
from redqubit.scan.static.surroundings import DIGEST, QUANTUM, near_quantum
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
    r"|requests\.(?:Session\.|session\.)?get.*|httpx\.(?:Client\.)?get.*|pennylane\.numpy\.load|pandas\.read_\w+|numpy\.memmap)$"
)
_READ_METHODS: Final = frozenset({"recv", "recv_json", "hgetall", "lrange", "recv_pyobj"})


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
    for place, name, home in _from_afar(module):
        if place not in seen:
            yield Hit(place, f"A request handler writes {name!r}, which {home.file} trains.")


def _from_afar(module: Module) -> Iterator[tuple[ast.AST, str, Module]]:
    """Yield the writes of handlers to weights that a class of another file trains."""
    for function in module.functions:
        if sources.handler(module, function) != "route":
            continue
        for target in _written(function):
            found = _class(module, target.value)
            if found is None:
                continue
            home, owner = found
            trained = (item for item in owners(home) if home.class_of(item.node) is owner)
            if any(f"self.{target.attr}" in item.weights for item in trained):
                yield target, dotted(target), home


def _written(function: ast.AST) -> Iterator[ast.Attribute]:
    """Yield the attributes a function assigns, whole or in part."""
    for node in ast.walk(function):
        targets = node.targets if isinstance(node, ast.Assign) else []
        targets = [node.target] if isinstance(node, ast.AugAssign) else targets
        for target in targets:
            base = target.value if isinstance(target, ast.Subscript) else target
            if isinstance(base, ast.Attribute):
                yield base


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
