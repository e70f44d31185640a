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
from redqubit.scan.static import sources
from redqubit.scan.static.module import Call, Module
from redqubit.scan.static.rule import Hit
from redqubit.scan.static.surroundings import QUANTUM, called, shallow
from redqubit.scan.static.training_loop import trainings

ID: Final = "VAR-07"
NAME: Final = "Checkpoint overwritten in place"
SEVERITY: Final[Severity] = "medium"
CWE: Final = (353,)
FRAMEWORKS: Final = ("qiskit", "pennylane", "cirq", "braket")
TRIGGERS: Final = QUANTUM
ADVICE: Final = "Write to a temporary file, then os.replace it, and store a digest beside it."

_WRITERS: Final = {
    "numpy.save": 0, "numpy.savez": 0, "numpy.savez_compressed": 0, "numpy.savetxt": 0,
    "pennylane.numpy.save": 0, "torch.save": 1, "joblib.dump": 1, "json.dump": 1, "pickle.dump": 1,
}  # fmt: skip
_ATOMIC: Final = re.compile(
    r"os\.replace|os\.rename|\.replace\(|\.rename\(|NamedTemporary|mkstemp|atomic"
)


def check(module: Module) -> Iterator[Hit]:
    """Yield the writes in place that training repeats or a handler reads."""
    if module.in_test:
        return
    loops = {item.loop for item in trainings(module) if item.loop is not None}
    for call in module.calls(*_WRITERS):
        path = _path(module, call)
        value = module.fold(path)
        if path is None or not isinstance(value, str):
            continue
        scope = module.function(call.node) or module.tree
        texts = [ast.unparse(shallow(scope))]
        texts += [ast.unparse(item) for _, item in called(module, scope)]
        if any(_ATOMIC.search(text) for text in texts):
            continue
        repeated = any(item in loops for item in module.around(call.node))
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


def _path(module: Module, call: Call) -> ast.expr | None:
    """Return the path a call writes to, also of a file that ``open`` made for it."""
    given = call.arg(_WRITERS[call.name])
    binding = module.single(given) if given is not None else None
    opened = binding.value if binding is not None and binding.kind in {"with", "assign"} else given
    if isinstance(opened, ast.Call) and module.name_of(opened.func) == "open" and opened.args:
        return opened.args[0]
    return given


def _served(module: Module, path: str, scope: ast.AST) -> str | None:
    """Return the request handler that names the same path."""
    for function in module.functions:
        if function is scope or sources.handler(module, function) != "route":
            continue
        for node in ast.walk(function):
            whole = not isinstance(module.parent(node), ast.Attribute)
            if not whole or not isinstance(node, ast.Constant | ast.Name | ast.Attribute):
                continue
            if module.fold(node) == path:
                return function.name
    return None
