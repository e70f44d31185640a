"""What happens to a circuit, statement by statement, as long as nothing hides it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from redqubit.scan.static.folding import UNKNOWN

if TYPE_CHECKING:
    from redqubit.scan.static.module import Call, Module

CIRCUIT: Final = ("qiskit.QuantumCircuit", "qiskit.circuit.QuantumCircuit",
                  "qiskit.circuit.quantumcircuit.QuantumCircuit")  # fmt: skip
ONE: Final = frozenset(["h", "x", "y", "z", "s", "t", "sdg", "tdg", "sx", "sxdg", "id"])
ANGLE: Final = frozenset(["rx", "ry", "rz", "p"])
TWO: Final = frozenset(["cx", "cy", "cz", "ch", "swap", "iswap", "ecr"])
MORE: Final = frozenset(["u", "ccx", "cswap", "crx", "cry", "crz", "cp", "rxx", "ryy", "rzz"])
GATES: Final = ONE | ANGLE | TWO | MORE
_READS: Final = frozenset(
    ["draw", "depth", "count_ops", "size", "width", "num_parameters", "copy", "barrier",
     "decompose", "to_gate", "inverse", "qasm", "num_nonlocal_gates", "delay"]
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Event:
    """One call on a circuit; qubits and clbits are None where they are not constant."""

    call: Call
    name: str
    qubits: tuple[int, ...] | None
    clbits: tuple[int, ...] | None


@dataclass(slots=True, eq=False)
class Story:
    """The calls on one circuit, in order, from where it is made until it is out of sight."""

    name: str
    made: Call
    qubits: int | None
    clbits: int | None
    events: list[Event] = field(default_factory=list)


def stories(module: Module) -> Iterator[Story]:
    """Yield the circuits that one block of statements makes and changes.

    A circuit ends to be told where a loop, a condition, another name, another function or an
    unknown method could change it.
    """
    for block in _blocks(module.tree):
        open_stories: dict[str, Story] = {}
        for statement in block:
            yield from _advance(module, statement, open_stories)
        yield from open_stories.values()


def _blocks(tree: ast.Module) -> Iterator[list[ast.stmt]]:
    for node in ast.walk(tree):
        for name in ("body", "orelse", "finalbody"):
            block = getattr(node, name, None)
            if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
                yield block


def _advance(
    module: Module, statement: ast.stmt, open_stories: dict[str, Story]
) -> Iterator[Story]:
    made = _made(module, statement)
    event = None if made is not None else _event(module, statement, open_stories)
    if event is not None:
        story, happened = event
        story.events.append(happened)
        return
    for name in list(open_stories):
        if made is not None and made.name != name and not _mentions(statement, name):
            continue
        if _mentions(statement, name) and not _only_reads(statement, name):
            yield open_stories.pop(name)
    if made is not None:
        open_stories[made.name] = made


def _made(module: Module, statement: ast.stmt) -> Story | None:
    if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
        return None
    target, value = statement.targets[0], statement.value
    if not isinstance(target, ast.Name) or not isinstance(value, ast.Call):
        return None
    call = module.call(value)
    if call.name not in CIRCUIT or call.starred:
        return None
    sizes = [module.fold(item) for item in value.args]
    whole = all(isinstance(item, int) for item in sizes)
    qubits = sizes[0] if whole and sizes else None
    clbits = (sizes[1] if len(sizes) > 1 else 0) if whole and sizes else None
    return Story(target.id, call, qubits, clbits)


def _event(
    module: Module, statement: ast.stmt, open_stories: dict[str, Story]
) -> tuple[Story, Event] | None:
    if not isinstance(statement, ast.Expr) or not isinstance(statement.value, ast.Call):
        return None
    node = statement.value
    function = node.func
    if not isinstance(function, ast.Attribute) or not isinstance(function.value, ast.Name):
        return None
    story = open_stories.get(function.value.id)
    if story is None:
        return None
    known = function.attr in GATES | {"measure", "measure_all", "reset", "barrier", "if_test"}
    if not known or any(_mentions(item, story.name) for item in node.args):
        return None
    call = module.call(node)
    qubits: tuple[int, ...] | None
    clbits: tuple[int, ...] | None = None
    if function.attr == "measure":
        qubits = _bits(module, call.arg(0, "qubit"))
        clbits = _bits(module, call.arg(1, "cbit"))
    elif function.attr == "reset":
        qubits = _bits(module, call.arg(0, "qubit"))
    else:
        qubits = _operands(module, function.attr, node)
    return story, Event(call, function.attr, qubits, clbits)


def _operands(module: Module, gate: str, node: ast.Call) -> tuple[int, ...] | None:
    if node.keywords:
        return None
    start = {"u": 3}.get(
        gate, 1 if gate in ANGLE or gate[:2] in {"cr", "cp", "rx", "ry", "rz"} else 0
    )
    if gate in ONE | TWO:
        start = 0
    found: list[int] = []
    for item in node.args[start:]:
        bits = _bits(module, item)
        if bits is None:
            return None
        found += bits
    return tuple(found)


def _bits(module: Module, node: ast.expr | None) -> tuple[int, ...] | None:
    value: Any = module.fold(node)
    if isinstance(node, ast.Call) and module.name_of(node.func) == "range":
        limits = [module.fold(item) for item in node.args]
        if all(isinstance(item, int) for item in limits) and 1 <= len(limits) <= 3:
            span = range(*limits)
            return tuple(span) if len(span) <= 1000 else None
        return None
    if value is UNKNOWN:
        return None
    if isinstance(value, int):
        return (value,)
    if isinstance(value, list | tuple) and all(isinstance(item, int) for item in value):
        return tuple(value)
    return None


def _mentions(node: ast.AST, name: str) -> bool:
    return any(isinstance(item, ast.Name) and item.id == name for item in ast.walk(node))


def _only_reads(statement: ast.stmt, name: str) -> bool:
    """Return whether a statement only looks at the circuit (draws, prints or copies it)."""
    if isinstance(statement, ast.For | ast.While | ast.If | ast.With | ast.Try | ast.FunctionDef):
        return False
    for node in ast.walk(statement):
        if isinstance(node, ast.Call):
            inside = [*node.args, *(item.value for item in node.keywords)]
            plain = isinstance(node.func, ast.Name) and node.func.id in {"print", "display", "len"}
            if any(isinstance(item, ast.Name) and item.id == name for item in inside) and not plain:
                return False
            if (
                isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == name
                and node.func.attr not in _READS
            ):
                return False
    if isinstance(statement, ast.Assign | ast.AugAssign | ast.Return):
        value = statement.value
        return not (isinstance(value, ast.Name) and value.id == name) and not isinstance(
            statement, ast.AugAssign
        )
    return isinstance(statement, ast.Expr)
