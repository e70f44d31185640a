"""An OpenQASM program can include any file of the host.

## What
``qasm2.load``, ``qasm2.loads``, ``QuantumCircuit.from_qasm_str`` or ``from_qasm_file`` on a program
from outside, without ``include_path=()``.

## Why bad
``include`` in the program opens files on the host, absolute paths too; the error text echoes the
first word of what is not a program. Large programs also cost memory before anything is checked.

## Example
``circuit = qasm2.loads(request.json["program"])``

## Instead
``qasm2.loads(text, include_path=())`` after a limit on the text's size.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from redqubit.scan.finding import Severity
from redqubit.scan.static.edits import set_keyword
from redqubit.scan.static.flow import Flow
from redqubit.scan.static.folding import UNKNOWN
from redqubit.scan.static.module import Module
from redqubit.scan.static.rule import Hit
from redqubit.scan.static.scope import default_of
from redqubit.scan.static.sources import OUTSIDE, REMOTE
from redqubit.scan.static.trust import handed, origin_of_file, own_file

ID: Final = "DES-06"
NAME: Final = "OpenQASM include reads host files"
SEVERITY: Final[Severity] = "high"
CWE: Final = (22, 73)
FRAMEWORKS: Final = ("Qiskit",)
TRIGGERS: Final = ("qasm",)
ADVICE: Final = (
    "Use qasm2.loads(text, include_path=(), strict=True) and bound the size of the text first."
)

_PARSERS: Final = ("qiskit..qasm2.loads", "qiskit..qasm2.load")
_METHODS: Final = (
    "qiskit..QuantumCircuit.from_qasm_str",
    "qiskit..QuantumCircuit.from_qasm_file",
)


# Parsers that open the path they are given.
_BY_PATH: Final = frozenset({"load", "from_qasm_file"})


def check(module: Module) -> Iterator[Hit]:
    """Yield the parsers that are given a program from outside."""
    for call in module.calls(*_PARSERS, *_METHODS):
        plain = call.name.endswith((".loads", ".load"))
        if plain and call.starred:
            continue
        paths = call.literal(None, "include_path") if plain else UNKNOWN
        if paths == () or paths == []:
            continue
        data = call.arg(0, "string") or call.arg(0, "filename") or call.arg(0, "qasm_str")
        data = data or call.arg(0, "path")
        flow = module.flow(data, origins=OUTSIDE - {"env"}) or handed(module, data)
        if flow is None and call.tail in _BY_PATH:
            flow = _file(module, data)
        if flow is None or flow.numeric:
            continue
        severity: Severity = "high" if flow.origin in REMOTE else "medium"
        if module.in_test:
            severity = "note"
        name = call.name.rpartition("qiskit.")[2]
        edit = set_keyword(call, "include_path", "()", "Refuse includes.") if plain else None
        yield Hit(
            call.node,
            f"{name}() opens every file that {flow.text} includes.",
            severity=severity,
            flow=flow.hops,
            edit=edit,
        )


def _file(module: Module, path: ast.expr | None) -> Flow | None:
    """Return the flow into a program's file whose path a caller chooses."""
    if own_file(module, path):
        return None
    found = origin_of_file(module, path)
    if found is None or found.origin not in {"parameter", "file"}:
        return None
    function = found.module.function(found.node)
    if isinstance(found.node, ast.arg) and function is not None:
        default = default_of(function, found.node)
        if isinstance(found.module.fold(default), str):
            return None  # a place of the program's own unless somebody says otherwise
    return found
