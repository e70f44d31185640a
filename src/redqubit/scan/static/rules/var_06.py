"""Parameters are bound by the position or name that outside data gives them.

## What
A mapping from a file, a download or a request is bound by its order (``list(d.values())``) or its
keys (``ParamResolver(d)``), and the keys are not compared with the circuit's parameters.

## Why bad
Whoever orders or names the entries permutes the weights: every number is a trained one, every test
of ranges passes, and the model is another one.

## Example
``circuit.assign_parameters(list(json.load(file).values()))``

## Instead
``{p: values[p.name] for p in circuit.parameters}`` after
``set(values) == {p.name for p in circuit.parameters}``.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

from redqubit.scan.finding import Severity
from redqubit.scan.static.encoders import entrances
from redqubit.scan.static.module import Module
from redqubit.scan.static.rule import Hit
from redqubit.scan.static.sources import OUTSIDE
from redqubit.scan.static.surroundings import Surroundings

ID: Final = "VAR-06"
NAME: Final = "Parameters bound by outside keys"
SEVERITY: Final[Severity] = "medium"
CWE: Final = (471,)
FRAMEWORKS: Final = ("qiskit", "cirq", "braket")
TRIGGERS: Final = ("qiskit", "cirq", "braket")
ADVICE: Final = "Compare the keys with the circuit's parameters and bind by parameter."

_COMPARES: Final = re.compile(
    r"set\(|\.keys\(\) ?[=!-]=?|sorted\(|in circuit\.parameters|\.parameters\}| not in |issubset"
    r"|symmetric_difference|parameter_names|== \{"
)
_JSON: Final = re.compile(
    r"^(?:json\.loads?|yaml\.safe_load|tomllib\.loads?|.*\.json|.*\.get_json)$"
)


def check(module: Module) -> Iterator[Hit]:
    """Yield the bindings whose order or keys come from outside."""
    for item in entrances(module, "bind"):
        how = _how(module, item.value)
        if how is None:
            continue
        flow = module.flow(item.value, origins=OUTSIDE | {"local"})
        if flow is None or _COMPARES.search(Surroundings(module, item.value, flow).text):
            continue
        yield Hit(
            item.call.node,
            f"{item.call.tail}() binds {how} of data from {flow.text}, which nothing compares with "
            "the circuit's parameters.",
            flow=flow.hops,
        )


def _how(module: Module, value: ast.expr) -> str | None:
    """Return what decides which parameter gets which number, None if the circuit does."""
    binding = module.single(value)
    if binding is not None and binding.kind == "assign" and binding.value is not None:
        value = binding.value
    for node in ast.walk(value):
        if isinstance(node, ast.DictComp):
            return None
        method = node.func if isinstance(node, ast.Call) and not node.args else None
        if isinstance(method, ast.Attribute) and method.attr == "values":
            return "the order"
    if isinstance(value, ast.Call) and (
        _JSON.match(module.name_of(value.func))
        or (isinstance(value.func, ast.Attribute) and value.func.attr in {"get_json", "json"})
    ):
        return "the keys"
    if isinstance(value, ast.Subscript) and isinstance(value.slice, ast.Constant):
        held = module.single(value.value)
        inner = held.value if held is not None else value.value
        if isinstance(inner, ast.Call) and _JSON.match(module.name_of(inner.func)):
            return (
                "the keys"
                if re.search(r"param|weight|theta|bind", str(value.slice.value))
                else None
            )
    return None
