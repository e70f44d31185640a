"""An OpenQASM program is pasted together from outside values.

## What
An f-string, ``format``, ``%``, ``+`` or template that puts a value from outside into OpenQASM text.

## Why bad
A value that brings its own semicolons adds gates, includes files or measures other qubits; angles
can bring expressions of any size.

## Example
``program = f"OPENQASM 2.0; qreg q[2]; rx({request.args['theta']}) q[0];"``

## Instead
Build the circuit with the library's functions and pass ``float(value)`` after a check of its range.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

from redqubit.scan.finding import Severity
from redqubit.scan.static.guards import allow_listed
from redqubit.scan.static.module import Module
from redqubit.scan.static.rule import Hit
from redqubit.scan.static.sources import OUTSIDE

ID: Final = "DES-12"
NAME: Final = "Injection into OpenQASM"
SEVERITY: Final[Severity] = "medium"
CWE: Final = (94,)
FRAMEWORKS: Final = ("any",)
TRIGGERS: Final = ("OPENQASM", "qreg", "qubit[", "q[", "qelib1", "stdgates")
ADVICE: Final = (
    "Build the circuit with gate functions; turn values into float or int before they are used."
)

_PROGRAM: Final = re.compile(
    r"OPENQASM\s+[23]|\bqreg\s+\w+\[|\bcreg\s+\w+\[|\b(?:qu)?bit\[|include\s+\"(?:qelib1|stdgates)\.inc\""
    r"|\b(?:rx|ry|rz|u1|u2|u3|cx|cp|crz|rzz|measure|[hxyz])\s*(?:\([^)]*\)?)?\s*(?:q\w*\[|$)"
)
_SURE: Final = re.compile(r"OPENQASM|qreg|creg|bit\[|\bq\w*\[")
_NUMBERS: Final = (
    "int", "float", "complex", "round", "abs", "numpy.float64", "numpy.pi", "math.fmod",
    "numpy.mod", "numpy.clip", "random.randint", "random.randrange", "random.random", ".randint",
    ".integers", "len", "range",
)  # fmt: skip
_FORMATS: Final = re.compile(r"[+ ]?\d*(?:\.\d+)?[defgEFG]$")


def check(module: Module) -> Iterator[Hit]:
    """Yield the texts that mix OpenQASM with outside values."""
    seen: set[ast.AST] = set()
    for constant in module.layout.strings:
        text = str(constant.value)
        if not _PROGRAM.search(text) and not _SURE.search(text):
            continue
        whole = _whole(module, constant)
        if whole is None or whole in seen:
            continue
        seen.add(whole)
        pieces = [str(item.value) for item in ast.walk(whole) if isinstance(item, ast.Constant)]
        written = " ".join([text, *pieces])
        if not (_PROGRAM.search(written) and _SURE.search(written)):
            continue
        for value in _values(whole):
            flow = module.flow(value, origins=OUTSIDE, clean=_NUMBERS, guard=allow_listed)
            if flow is not None and not flow.numeric:
                yield Hit(
                    whole,
                    f"This program holds text that {flow.text} chooses.",
                    severity="note" if module.in_test else None,
                    flow=flow.hops,
                )
                break


def _whole(module: Module, constant: ast.Constant) -> ast.expr | None:
    """Return the expression that joins a text with values."""
    found: ast.expr | None = None
    for node in module.around(constant):
        if isinstance(node, ast.JoinedStr) or (
            isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod)
        ):
            found = node
        elif isinstance(node, ast.Attribute) and node.attr in {"format", "replace"}:
            parent = module.parent(node)
            found = parent if isinstance(parent, ast.Call) else found
        elif isinstance(node, ast.Call) and module.name_of(node.func).endswith("Template"):
            render = module.parent(node)
            call = module.parent(render) if isinstance(render, ast.Attribute) else None
            found = call if isinstance(call, ast.Call) else found
        elif not isinstance(node, ast.FormattedValue):
            break
    return found if found is not None else _template(module, constant)


def _template(module: Module, constant: ast.Constant) -> ast.expr | None:
    """Return the ``render``, ``substitute`` or ``format`` call of a text that has a name."""
    holder = next((node for node in module.around(constant) if isinstance(node, ast.Assign)), None)
    if holder is None or not isinstance(holder.targets[0], ast.Name):
        return None
    name = holder.targets[0].id
    for call in module.calls(".format", ".substitute", ".safe_substitute", ".render"):
        receiver = call.receiver
        if isinstance(receiver, ast.Name) and receiver.id == name:
            return call.node
        if isinstance(receiver, ast.Call) and any(
            isinstance(item, ast.Name) and item.id == name for item in receiver.args
        ):
            return call.node
    return None


def _values(node: ast.expr) -> Iterator[ast.expr]:
    """Yield the values that a text is joined with; numeric format specifications bar text."""
    if isinstance(node, ast.JoinedStr):
        for part in node.values:
            if isinstance(part, ast.FormattedValue) and not _numeric(part.format_spec):
                yield part.value
    elif isinstance(node, ast.BinOp):
        if isinstance(node.op, ast.Mod):
            yield from node.right.elts if isinstance(node.right, ast.Tuple) else (node.right,)
            return
        for side in (node.left, node.right):
            if isinstance(side, ast.JoinedStr | ast.BinOp):
                yield from _values(side)
            elif not isinstance(side, ast.Constant):
                yield side
    elif isinstance(node, ast.Call):
        yield from node.args
        yield from (item.value for item in node.keywords)


def _numeric(spec: ast.expr | None) -> bool:
    if not isinstance(spec, ast.JoinedStr):
        return False
    text = "".join(str(part.value) for part in spec.values if isinstance(part, ast.Constant))
    return bool(_FORMATS.search(text))
