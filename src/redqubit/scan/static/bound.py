"""Where weights are bound: by setters, steps and circuits, also inside functions of other files."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from redqubit.scan.static import members
from redqubit.scan.static.encoders import WEIGHTS, entrances, is_qnode
from redqubit.scan.static.flow import passed
from redqubit.scan.static.scope import parameters

if TYPE_CHECKING:
    from redqubit.scan.static.module import Call, Module

SETTERS: Final = (
    ".load_state_dict", ".set_weights", ".load_weights", ".load_parameters", ".set_parameters",
    ".load_params", ".set_initial_point", ".update_parameters", ".set_params", ".restore_weights",
)  # fmt: skip
_COMMON: Final = frozenset({"set_params", "update_parameters"})
_KEYWORDS: Final = frozenset({"initial_point", "init_params", "weights", "initial_weights"})
_QML: Final = re.compile(r"^(?:qiskit|pennylane|cirq|torch|braket)")


@dataclass(frozen=True, slots=True, eq=False)
class Sink:
    """An argument that is bound: whether its role says weights, and whether it is a binding."""

    call: Call
    value: ast.expr
    known: bool = False
    binds: bool = False


def sinks(module: Module) -> list[Sink]:
    """Return what is bound in a file, also by functions of other files it is handed to."""
    known = module.memo.get("bound")
    if known is None:
        module.memo["bound"] = []  # files that bind for each other
        known = module.memo["bound"] = [*own_sinks(module), *_carried(module)]
    return cast(list[Sink], known)


def own_sinks(module: Module) -> list[Sink]:
    """Return what a file's own circuits, layers and optimizers bind."""
    known = module.memo.get("own_bound")
    if known is None:
        known = module.memo["own_bound"] = list(_own(module))
    return cast(list[Sink], known)


def _own(module: Module) -> Iterator[Sink]:
    for call in module.calls(*SETTERS):
        value = call.arg(0)
        if value is not None and (call.tail not in _COMMON or _QML.match(call.name)):
            yield Sink(call, value, known=True)
    yield from _written_into(module)
    for call in module.calls(".step", ".step_and_cost"):
        if call.name.startswith("pennylane.") or not call.name:
            for value in call.node.args[1:]:
                yield Sink(call, value)  # data may stand beside the weights
    for call in module.calls():
        for keyword in call.node.keywords:
            if keyword.arg in _KEYWORDS and _QML.match(call.name):
                yield Sink(call, keyword.value, known=True)
        if is_qnode(module, call):
            for value in (*call.node.args, *(item.value for item in call.node.keywords)):
                yield Sink(call, value)
    for item in entrances(module, "weights", "bind"):
        yield Sink(item.call, item.value, item.kind == "weights", item.kind == "bind")


def _written_into(module: Module) -> Iterator[Sink]:
    """Yield what is copied into an array of weights or becomes a parameter of a layer."""
    for call in module.calls(".copy_", "numpy.copyto", "torch.nn.Parameter"):
        target = call.receiver if call.tail == "copy_" else call.arg(0)
        if call.tail == "Parameter":
            statement = module.order.statement(call.node)
            target = statement.targets[0] if isinstance(statement, ast.Assign) else None
        value = call.arg(1 if call.tail == "copyto" else 0)
        if value is not None and target is not None and WEIGHTS.search(ast.unparse(target)):
            yield Sink(call, value, known=True)


def _carried(module: Module) -> Iterator[Sink]:
    """Yield what calls hand to functions of other files that bind it."""
    for call in module.calls():
        if call.other or not (call.node.args or call.node.keywords):
            continue
        name = module.name_of(call.node.func) or call.name
        if name and not module.project.is_own(name, module):
            continue
        found = module.project.definition(name, module) if name else None
        target = found or members.method(module.project, module, call.node.func)
        if target is None or isinstance(target[1], ast.ClassDef) or target[0].file == module.file:
            continue
        taken = _taken(target[0])
        for argument in parameters(target[1]) if taken else ():
            sink = taken.get((target[1].lineno, argument.arg))
            value = passed(call, target[1], argument) if sink is not None else None
            if sink is not None and value is not None:
                yield Sink(call, value, sink.known, sink.binds)


def _taken(home: Module) -> dict[tuple[int, str], Sink]:
    """Return the parameters a file's functions bind, by the function's line and their name."""
    known = home.memo.get("taken")
    if known is None:
        found: dict[tuple[int, str], Sink] = {}
        for sink in own_sinks(home):
            binding = home.single(sink.value)
            argument = binding.node if binding is not None else None
            function = home.function(argument) if isinstance(argument, ast.arg) else None
            if function is None or not isinstance(argument, ast.arg):
                continue
            if sink.known or sink.binds or WEIGHTS.search(argument.arg):
                found.setdefault((function.lineno, argument.arg), sink)
        known = home.memo["taken"] = found
    return cast(dict[tuple[int, str], Sink], known)
