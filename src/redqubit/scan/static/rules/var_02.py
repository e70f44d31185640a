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
from redqubit.scan.static.module import Module
from redqubit.scan.static.rule import Hit
from redqubit.scan.static.scope import dotted
from redqubit.scan.static.surroundings import DIGEST, QUANTUM
from redqubit.scan.static.training_loop import Training, around, trainings, writers

ID: Final = "VAR-02"
NAME: Final = "Mid-training injection"
SEVERITY: Final[Severity] = "high"
CWE: Final = (915,)
FRAMEWORKS: Final = ("qiskit", "pennylane", "cirq", "braket")
TRIGGERS: Final = QUANTUM
ADVICE: Final = "Give the weights one owner and hand copies to whatever runs beside the training."

_READS: Final = re.compile(
    r"^(?:numpy\.load(?:txt)?|json\.loads?|pickle\.loads?|torch\.load|joblib\.load|yaml\.safe_load"
    r"|requests\.(?:Session\.|session\.)?get.*|httpx\.(?:Client\.)?get.*|pennylane\.numpy\.load|pandas\.read_\w+|numpy\.memmap)$"
)
_READ_METHODS: Final = frozenset({"recv", "recv_json", "hgetall", "lrange", "recv_pyobj"})


def check(module: Module) -> Iterator[Hit]:
    """Yield the second writers of weights that are being trained."""
    for training in trainings(module):
        for place, name, role in writers(module, training):
            yield Hit(
                place,
                f"{role.capitalize()} writes {name!r} while {training.step.tail}() on line "
                f"{training.step.node.lineno} trains.",
            )
        yield from _reloaded(module, training)


def _reloaded(module: Module, training: Training) -> Iterator[Hit]:
    """Yield the assignments that read the weights anew inside the loop."""
    if training.loop is None or DIGEST.search(ast.unparse(around(module, training))):
        return
    for node in ast.walk(training.loop):
        if not isinstance(node, ast.Assign) or node.value is training.step.node:
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


def _read(module: Module, value: ast.expr) -> str | None:
    for node in ast.walk(value):
        if isinstance(node, ast.Call):
            call = module.call(node)
            if _READS.match(call.name) or (not call.name and call.tail in _READ_METHODS):
                return call.name or call.tail
    return None


def _recovers(module: Module, node: ast.AST, training: Training) -> bool:
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
