"""A gate is added to a circuit that was already transpiled for a backend.

## What
The result of ``transpile`` or of a preset pass manager with a target gets another gate by its
virtual name, and is not transpiled again.

## Why bad
The layout may have moved the qubits and the gate may not exist on the device: the job fails, or
it acts on another qubit than meant and the model computes something else.

## Example
``isa = transpile(circuit, backend); isa.h(0)``

## Instead
Add the gate before transpiling.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from redqubit.scan.finding import Severity
from redqubit.scan.static.circuit_state import GATES
from redqubit.scan.static.module import Call, Module
from redqubit.scan.static.rule import Hit

ID: Final = "COR-01"
NAME: Final = "Gate after transpile"
SEVERITY: Final[Severity] = "medium"
CWE: Final = (696,)
FRAMEWORKS: Final = ("qiskit",)
TRIGGERS: Final = ("transpile", "pass_manager")
ADVICE: Final = "Finish the circuit first and transpile last."

_TARGETS: Final = ("backend", "target", "coupling_map", "basis_gates", "initial_layout")


def check(module: Module) -> Iterator[Hit]:
    """Yield the gates on circuits that are bound to a device."""
    if module.in_test or any(module.calls("qiskit..execute")):
        return  # execute() transpiles once more
    for call in module.calls(*(f".{gate}" for gate in GATES)):
        receiver = call.receiver
        if not isinstance(receiver, ast.Name) or not isinstance(module.parent(call.node), ast.Expr):
            continue
        binding = module.single(receiver)
        if binding is None or binding.kind != "assign" or not isinstance(binding.value, ast.Call):
            continue
        if not _bound(module, module.call(binding.value)):
            continue
        if _straight(module, binding.node, call.node) and not _again(module, receiver.id, call):
            yield Hit(
                call.node,
                f"{call.tail}() is added to {receiver.id!r} after it was transpiled for a device.",
            )


def _bound(module: Module, call: Call) -> bool:
    """Return whether a call returns a circuit for a device, not only an optimized one."""
    if call.name in {"qiskit.transpile", "qiskit.compiler.transpile"}:
        return len(call.node.args) > 1 or any(
            item.arg in _TARGETS and not _none(item.value) for item in call.node.keywords
        )
    if call.tail != "run" or not call.name.endswith("generate_preset_pass_manager.run"):
        return False
    manager = module.single(call.receiver) if call.receiver is not None else None
    made = manager.value if manager is not None else call.receiver
    return isinstance(made, ast.Call) and (
        len(made.args) > 1 or any(item.arg in _TARGETS for item in made.keywords)
    )


def _none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _straight(module: Module, first: ast.AST, later: ast.AST) -> bool:
    """Return whether both stand in the same function."""
    return module.function(first) is module.function(later)


def _again(module: Module, name: str, call: Call) -> bool:
    """Return whether the circuit is transpiled once more afterwards."""
    home = module.function(call.node)
    for other in module.calls(".transpile", ".run"):
        if other.node.lineno <= call.node.lineno or module.function(other.node) is not home:
            continue
        quantum = other.name.startswith("qiskit") or not other.name
        passes = other.tail == "transpile" or "pass_manager" in other.name or other.name == ""
        first = other.arg(0)
        if quantum and passes and isinstance(first, ast.Name) and first.id == name:
            receiver = module.source(other.receiver) if other.receiver is not None else ""
            if other.tail == "transpile" or "pass_manager" in other.name or "pm" in receiver:
                return True
    return False
