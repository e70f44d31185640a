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
from redqubit.scan.static import handlers
from redqubit.scan.static.encoders import entrances
from redqubit.scan.static.flow import passed
from redqubit.scan.static.members import values
from redqubit.scan.static.module import Call, Module
from redqubit.scan.static.rule import Hit
from redqubit.scan.static.scope import dotted
from redqubit.scan.static.sources import OUTSIDE
from redqubit.scan.static.surroundings import Surroundings

ID: Final = "VAR-06"
NAME: Final = "Parameters bound by outside keys"
SEVERITY: Final[Severity] = "medium"
CWE: Final = (471,)
FRAMEWORKS: Final = ("qiskit", "pennylane", "cirq", "braket")
TRIGGERS: Final = ("qiskit", "pennylane", "cirq", "braket", "pyquil", "pytket")
ADVICE: Final = "Compare the keys with the circuit's parameters and bind by parameter."

DEPTH: Final = 3  # calls followed
_COMPARES: Final = re.compile(
    r"\bset\(|\.keys\(\) ?[=!-]=?|\bsorted\(|in \w+\.parameters\b|\.parameters\}|issubset"
    r"|(?<![.\w])(?:k|key|name|p|param\w*|symbol\w*)(?:\.\w+)? not in "
    r"|not in \w*(?:names|params|parameters|symbols|keys)"
    r"|symmetric_difference|parameter_names|== \{"
)
_SUMS: Final = frozenset({"max", "min", "sum", "len", "any", "all", "set", "sorted"})
_COPIES: Final = frozenset({"dict", "OrderedDict", "ParamResolver", "deepcopy", "MappingProxyType"})
_MAPPING: Final = re.compile(r"(?:typing\.)?(?:[dD]ict|Mapping|MutableMapping|OrderedDict)\b")
_JSON: Final = re.compile(
    r"^(?:json\.loads?|yaml\.safe_load|tomllib\.loads?|.*\.json|.*\.get_json)$"
)


def check(module: Module) -> Iterator[Hit]:
    """Yield the bindings whose order or keys come from outside."""
    told: set[tuple[ast.AST, ast.AST | None]] = set()  # a resolver is told of where it is made
    for item in entrances(module, "bind"):
        how = _how(module, item.value, DEPTH)
        if how is None:
            continue
        flow = module.flow(item.value, origins=OUTSIDE | {"local"})
        if flow is None or _COMPARES.search(Surroundings(module, item.value, flow).text):
            continue
        key = flow.node, module.function(item.call.node)
        if key in told:
            continue
        told.add(key)
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
        mapped = _is_mapping(module, value)
        return "the keys" if mapped else _passed(module, binding.node, depth)
    if binding is not None and binding.kind == "assign" and binding.value is not None:
        value = binding.value
    value = value.value if isinstance(value, ast.Await) else value
    if isinstance(value, ast.Attribute):
        return "the keys" if _is_mapping(module, value) else _held(module, value, depth)
    if isinstance(value, ast.DictComp):
        return "the keys" if _copies(module, value, depth) else None
    if any(isinstance(node, ast.DictComp) for node in ast.walk(value)):
        return None
    if _in_order(module, value, depth):
        return "the order"
    copied = _copied(value)
    if copied is not None and depth > 0:
        return _how(module, copied, depth - 1)
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


def _in_order(module: Module, value: ast.expr, depth: int) -> bool:
    """Return whether a value is made of a mapping's values in its order, also by another name."""
    for node in ast.walk(value):
        method = node.func if isinstance(node, ast.Call) and not node.args else None
        if isinstance(method, ast.Attribute) and method.attr == "values":
            around = module.parent(node)
            if not isinstance(around, ast.Call) or dotted(around.func) not in _SUMS:
                return True
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and depth > 0:
            binding = module.single(node)
            made = binding.value if binding is not None and binding.kind == "assign" else None
            if made is None or any(isinstance(item, ast.DictComp) for item in ast.walk(made)):
                continue
            if _in_order(module, made, depth - 1):
                return True
    return False


def _copied(value: ast.expr) -> ast.expr | None:
    """Return the mapping that ``dict(d)``, ``d.copy()``, ``{**d}`` or a resolver repeats."""
    if isinstance(value, ast.Dict) and value.keys[:1] == [None]:
        return value.values[0]
    if not isinstance(value, ast.Call):
        return None
    tail = dotted(value.func).rpartition(".")[2]
    if isinstance(value.func, ast.Attribute) and not value.args and tail in {"copy", "items"}:
        return value.func.value
    single = len(value.args) == 1 and not value.keywords
    return value.args[0] if single and tail in _COPIES else None


def _is_mapping(module: Module, value: ast.expr) -> bool:
    """Return whether a handler gets a mapping here, by its annotation or its schema's field."""
    root = value.value if isinstance(value, ast.Attribute) else value
    binding = module.single(root)
    argument = binding.node if binding is not None else None
    function = module.function(argument) if isinstance(argument, ast.arg) else None
    if function is None or not isinstance(argument, ast.arg) or argument.annotation is None:
        return False
    if not handlers.serves(module, function):
        return False
    if not isinstance(value, ast.Attribute):
        return _MAPPING.match(ast.unparse(argument.annotation)) is not None
    found = module.project.definition(module.name_of(argument.annotation), module)
    return found is not None and any(
        isinstance(item, ast.AnnAssign)
        and dotted(item.target) == value.attr
        and _MAPPING.match(ast.unparse(item.annotation)) is not None
        for item in found[1].body
    )


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
    key = value.key
    while isinstance(key, ast.Call) and len(key.args) == 1:
        key = key.args[0]  # ``Symbol(key)``, ``str(key)``
    if loop.ifs or ast.unparse(key) != ast.unparse(target):
        return False
    given = loop.iter
    if isinstance(given, ast.Call) and isinstance(given.func, ast.Attribute):
        given = given.func.value if given.func.attr in {"items", "keys"} else given
    return _how(module, given, depth) == "the keys"
