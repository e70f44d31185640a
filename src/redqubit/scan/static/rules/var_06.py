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
from redqubit.scan.static.flow import passed
from redqubit.scan.static.members import values
from redqubit.scan.static.module import Call, Module
from redqubit.scan.static.rule import Hit
from redqubit.scan.static.sources import OUTSIDE
from redqubit.scan.static.surroundings import Surroundings

ID: Final = "VAR-06"
NAME: Final = "Parameters bound by outside keys"
SEVERITY: Final[Severity] = "medium"
CWE: Final = (471,)
FRAMEWORKS: Final = ("qiskit", "pennylane", "cirq", "braket")
TRIGGERS: Final = ("qiskit", "pennylane", "cirq", "braket")
ADVICE: Final = "Compare the keys with the circuit's parameters and bind by parameter."

DEPTH: Final = 3  # calls followed
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
        how = _how(module, item.value, DEPTH)
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
    yield from _ordered(module)


def _ordered(module: Module) -> Iterator[Hit]:
    """Yield the arrays made of a mapping's values, in its order, that become weights."""
    found: dict[ast.AST, Call] = {}

    def taken(call: Call) -> bool:
        if call.tail != "values" or call.node.args or call.receiver is None:
            return False
        if call.module is module:
            found[call.node] = call
        return True

    weights = [(item.call, item.value) for item in entrances(module, "weights")]
    for call in module.calls(".step", ".step_and_cost"):
        weights += [(call, value) for value in call.node.args[1:]]
    for call, value in weights:
        found.clear()
        module.flow(value, origins=OUTSIDE, clean=taken)
        for node, read in found.items():
            flow = module.flow(read.receiver, origins=OUTSIDE)
            if flow is None or _COMPARES.search(Surroundings(module, node, flow).text):
                continue
            yield Hit(
                node,
                f"The order of data from {flow.text} decides which weight gets which number in "
                f"{call.tail}().",
                flow=flow.hops,
            )


def _how(module: Module, value: ast.expr, depth: int) -> str | None:
    """Return what decides which parameter gets which number, None if the circuit does."""
    binding = module.single(value)
    if binding is not None and isinstance(binding.node, ast.arg):
        return _passed(module, binding.node, depth)
    if binding is not None and binding.kind == "assign" and binding.value is not None:
        value = binding.value
    value = value.value if isinstance(value, ast.Await) else value
    if isinstance(value, ast.Attribute):
        return _held(module, value, depth)
    if isinstance(value, ast.DictComp):
        return "the keys" if _copies(module, value, depth) else None
    for node in ast.walk(value):
        if isinstance(node, ast.DictComp):
            return None
        method = node.func if isinstance(node, ast.Call) and not node.args else None
        if isinstance(method, ast.Attribute) and method.attr == "values":
            return "the order"
    if isinstance(value, ast.Call) and _decodes(module, value):
        return "the keys"
    if isinstance(value, ast.Subscript) and isinstance(value.slice, ast.Constant):
        held = module.single(value.value)
        inner = held.value if held is not None else value.value
        inner = inner.value if isinstance(inner, ast.Await) else inner
        if isinstance(inner, ast.Call) and _decodes(module, inner):
            named = re.search(r"param|weight|theta|bind|angle|value", str(value.slice.value))
            return "the keys" if named else None
    return None


def _held(module: Module, value: ast.Attribute, depth: int) -> str | None:
    """Return what decides in the values an attribute of an object was given."""
    for home, given, _, _ in values(module.project, module, value) if depth > 0 else ():
        how = _how(home, given, depth - 1)
        if how is not None:
            return how
    return None


def _decodes(module: Module, call: ast.Call) -> bool:
    method = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    return bool(_JSON.match(module.name_of(call.func))) or method in {"get_json", "json"}


def _passed(module: Module, argument: ast.arg, depth: int) -> str | None:
    """Return what decides in a call that passes the mapping."""
    function = module.parent(module.parent(argument) or argument)
    if depth <= 0 or not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
        return None
    for call in module.project.callers(module, function):
        given = passed(call, function, argument)
        how = _how(call.module, given, depth - 1) if given is not None else None
        if how is not None:
            return how
    return None


def _copies(module: Module, value: ast.DictComp, depth: int) -> bool:
    """Return whether the keys are those of outside data, one by one and as they come."""
    loop = value.generators[0]
    target = loop.target.elts[0] if isinstance(loop.target, ast.Tuple) else loop.target
    if loop.ifs or ast.unparse(value.key) != ast.unparse(target):
        return False
    given = loop.iter
    if isinstance(given, ast.Call) and isinstance(given.func, ast.Attribute):
        given = given.func.value if given.func.attr in {"items", "keys"} else given
    return _how(module, given, depth) == "the keys"
