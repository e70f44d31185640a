"""The circuit that a method returns is thrown away.

## What
``compose``, ``assign_parameters``, ``transpile``, ``inverse`` and their kind return a new circuit;
as a statement of its own such a call changes nothing.

## Why bad
The weights stay unbound, or the ansatz, the mitigation or the noise is missing, and everything
runs: the model that is measured is not the model that was written.

## Example
``circuit.compose(ansatz)``

## Instead
``circuit = circuit.compose(ansatz)``, or ``circuit.compose(ansatz, inplace=True)``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from redqubit.scan.finding import Severity
from redqubit.scan.static.module import Call, Module
from redqubit.scan.static.rule import Hit

ID: Final = "COR-02"
NAME: Final = "Returned circuit dropped"
SEVERITY: Final[Severity] = "medium"
CWE: Final = (252,)
FRAMEWORKS: Final = ("qiskit", "cirq")
TRIGGERS: Final = ("qiskit", "cirq")
ADVICE: Final = "Assign the result, or pass inplace=True where the method has it."

_METHODS: Final = (
    "compose", "assign_parameters", "bind_parameters", "tensor", "inverse", "decompose", "power",
    "repeat", "control", "reverse_bits", "reverse_ops", "copy", "to_gate", "to_instruction",
    "from_qasm_str", "from_qasm_file",
)  # fmt: skip
_INPLACE: Final = frozenset({"compose", "assign_parameters", "tensor"})
_DROPPED: Final = (
    *(f"qiskit.QuantumCircuit.{name}" for name in _METHODS),
    *(f"qiskit.circuit.QuantumCircuit.{name}" for name in _METHODS),
    "qiskit.transpile", "qiskit.compiler.transpile",
    "cirq.resolve_parameters", "cirq.Circuit.with_noise", "cirq.Circuit.transform_qubits",
    "cirq.Circuit.freeze", "cirq.inverse", "cirq.drop_empty_moments",
    "cirq.optimize_for_target_gateset",
    "qiskit.qasm2.loads", "qiskit.qasm3.loads",
)  # fmt: skip


def check(module: Module) -> Iterator[Hit]:
    """Yield the statements whose circuit nobody keeps."""
    if module.in_test:
        return
    for call in module.calls(*_DROPPED):
        statement = module.parent(call.node)
        if not isinstance(statement, ast.Expr) or call.starred:
            continue
        if call.tail in _INPLACE and _in_place(call):
            continue
        if _expects(module, statement) or _shown(module, statement):
            continue
        yield Hit(call.node, f"{call.tail}() returns a new circuit, and nobody keeps it.")


def _in_place(call: Call) -> bool:
    """Return whether the call may change the circuit itself."""
    position = {"compose": 4, "assign_parameters": 1, "tensor": 1}[call.tail]
    value = call.arg(position, "inplace")
    return value is not None and call.literal(position, "inplace") is not False


def _expects(module: Module, node: ast.AST) -> bool:
    """Return whether an error is expected or timed here: ``with``, ``try``."""
    child = node
    for item in module.around(node):
        if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef):
            return False
        if isinstance(item, ast.With | ast.AsyncWith):
            return True
        if isinstance(item, ast.Try) and child in item.body:
            return True
        child = item
    return False


def _shown(module: Module, statement: ast.Expr) -> bool:
    """Return whether a notebook shows the value: the last statement of its cell."""
    if not module.cells or module.function(statement) is not None:
        return False
    body = module.tree.body
    if statement not in body:
        return False
    later = body[body.index(statement) + 1 :]
    here = module.place(statement).cell
    return not later or module.place(later[0]).cell != here
