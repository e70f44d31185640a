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
from redqubit.scan.static.flow import Flow
from redqubit.scan.static.guards import constant_container
from redqubit.scan.static.module import Call, Module
from redqubit.scan.static.rule import Hit
from redqubit.scan.static.scope import dotted
from redqubit.scan.static.sources import OUTSIDE, REMOTE
from redqubit.scan.static.trust import handed
from redqubit.scan.static.typed import bars_text, is_arithmetic

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
    r"|(?:\)|^|\n)\s*q\w*\[[^\]\n]*\][^\n]{0,40};"
)
_SURE: Final = re.compile(r"OPENQASM|qreg|creg|bit\[|\bq\w*\[")
_NUMBERS: Final = (
    "int", "float", "complex", "round", "abs", ".randint", ".integers", "len", "range", "sum",
    "decimal.Decimal", "fractions.Fraction", "ord", "hash", "json.dumps", "ast.literal_eval",
    ".isoformat", ".hexdigest",
)  # fmt: skip
_SETTINGS: Final = re.compile(r"config|settings|options", re.IGNORECASE)
_NUMERIC_ROOTS: Final = ("numpy.", "math.", "cmath.", "random.", "pennylane.numpy.")
_FILLS: Final = frozenset(
    {"format", "format_map", "replace", "substitute", "safe_substitute", "render"}
)
_FORMATS: Final = re.compile(r"[+ ]?\d*(?:\.\d+)?[defgEFG]$")


def check(module: Module) -> Iterator[Hit]:
    """Yield the texts that mix OpenQASM with outside values."""
    told: dict[ast.expr, Flow] = {}
    for whole, text in [*_literal(module), *_named(module)]:
        if whole in told:
            continue
        pieces = [str(item.value) for item in ast.walk(whole) if isinstance(item, ast.Constant)]
        written = " ".join([text, *pieces])
        if not (_PROGRAM.search(written) and _SURE.search(written)):
            continue
        flow = _flow(module, whole)
        if flow is None or any(_passes(module, flow, other) for other in told):
            continue
        told[whole] = flow
        yield Hit(
            whole,
            f"This program holds text that {flow.text} chooses.",
            severity="note" if module.in_test else None,
            flow=flow.hops,
        )


def _passes(module: Module, flow: Flow, other: ast.expr) -> bool:
    """Return whether a flow leads through a text that was reported, such as a line of gates."""
    first = module.place(other)
    return any(
        hop.place.file == first.file
        and hop.place.cell == first.cell
        and hop.place.line <= first.line <= (hop.place.end_line or hop.place.line)
        for hop in flow.hops[1:]
    )


def _flow(module: Module, whole: ast.expr) -> Flow | None:
    """Return the flow of text from outside into a program."""
    for value in _values(whole):
        if is_arithmetic(module, value):
            continue
        flow = module.flow(value, origins=OUTSIDE, clean=_is_number, guard=bars_text)
        flow = flow or handed(module, value, clean=_is_number, guard=bars_text)
        own = flow is not None and flow.origin not in REMOTE and _SETTINGS.search(flow.text)
        if flow is not None and not flow.numeric and not own:
            return flow
    return None


def _is_number(call: Call) -> bool:
    """Return whether a call makes numbers (or names of the source's own) of what it is given."""
    if call.matches(*_NUMBERS) or call.name.startswith(_NUMERIC_ROOTS):
        return True
    if call.tail == "get" and isinstance(call.receiver, ast.Name | ast.Dict):
        return constant_container(call.module, call.receiver) and not call.node.args[1:]
    return False


def _texts(module: Module) -> Iterator[ast.Constant]:
    for constant in module.layout.strings:
        text = str(constant.value)
        if _PROGRAM.search(text) or _SURE.search(text):
            yield constant


def _literal(module: Module) -> Iterator[tuple[ast.expr, str]]:
    """Yield the expressions that join text like OpenQASM with values, with that text."""
    for constant in _texts(module):
        whole = _whole(module, constant)
        if whole is not None:
            yield whole, str(constant.value)


def _named(module: Module) -> Iterator[tuple[ast.expr, str]]:
    """Yield the expressions that join such text, which has a name, with values."""
    for constant in _texts(module):
        if _whole(module, constant) is None:
            for use in _uses(module, constant):
                yield use, str(constant.value)


def _whole(module: Module, constant: ast.Constant) -> ast.expr | None:
    """Return the expression that joins a text with values."""
    found: ast.expr | None = None
    for node in module.around(constant):
        if isinstance(node, ast.JoinedStr) or (
            isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod)
        ):
            found = node
        elif isinstance(node, ast.Attribute) and node.attr in _FILLS:
            parent = module.parent(node)
            found = parent if isinstance(parent, ast.Call) else found
        elif isinstance(node, ast.Call) and _is_template(module, node):
            render = module.parent(node)
            call = module.parent(render) if isinstance(render, ast.Attribute) else None
            found = call if isinstance(call, ast.Call) else found
        elif not isinstance(node, ast.FormattedValue):
            break
    return found


def _is_template(module: Module, node: ast.Call) -> bool:
    """Return whether a call makes a template: ``Template(text)``, ``env.from_string(text)``."""
    function = node.func
    name = module.name_of(function)
    if name.endswith("Template") or name == "textwrap.dedent":
        return True
    return isinstance(function, ast.Attribute) and function.attr == "from_string"


def _uses(module: Module, constant: ast.Constant) -> Iterator[ast.expr]:
    """Yield the expressions that join a text with a name (or a template of it) with values."""
    holder = next(
        (node for node in module.around(constant) if isinstance(node, ast.Assign | ast.AnnAssign)),
        None,
    )
    if holder is None:
        return
    targets = holder.targets if isinstance(holder, ast.Assign) else [holder.target]
    names = {dotted(item).rpartition(".")[2] for item in targets} - {""}
    if not names:
        return
    for node in _mentions(module):
        if _last(node) in names and isinstance(node.ctx, ast.Load):
            whole = _around(module, node)
            if whole is not None:
                yield whole


def _mentions(module: Module) -> list[ast.Name | ast.Attribute]:
    known: list[ast.Name | ast.Attribute] | None = module.memo.get("mentions")
    if known is None:
        known = [
            item for item in ast.walk(module.tree) if isinstance(item, ast.Name | ast.Attribute)
        ]
        module.memo["mentions"] = known
    return known


def _last(node: ast.Name | ast.Attribute) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr


def _around(module: Module, node: ast.expr) -> ast.expr | None:
    """Return the join that a named text takes part in as the program, not as a value."""
    child: ast.AST = node
    for parent in module.around(node):
        if isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Mod | ast.Add):
            return parent if parent.left is child or isinstance(parent.op, ast.Add) else None
        if isinstance(parent, ast.JoinedStr):
            return parent
        if isinstance(parent, ast.Attribute) and parent.attr in _FILLS and parent.value is child:
            call = module.parent(parent)
            return call if isinstance(call, ast.Call) and call.func is parent else None
        template = isinstance(parent, ast.Call) and _is_template(module, parent)
        if not template and not isinstance(parent, ast.FormattedValue | ast.Subscript):
            return None
        child = parent
    return None


def _values(node: ast.expr) -> Iterator[ast.expr]:
    """Yield the values that a text is joined with; numeric format specifications bar text."""
    if isinstance(node, ast.JoinedStr):
        for part in node.values:
            if isinstance(part, ast.FormattedValue) and not _numeric(part.format_spec):
                yield part.value
    elif isinstance(node, ast.BinOp):
        if isinstance(node.op, ast.Mod):
            yield from _filled(node)
            return
        for side in (node.left, node.right):
            if isinstance(side, ast.JoinedStr | ast.BinOp):
                yield from _values(side)
            elif not isinstance(side, ast.Constant):
                yield side
    elif isinstance(node, ast.Call):
        yield from node.args
        yield from (item.value for item in node.keywords)


def _filled(node: ast.BinOp) -> Iterator[ast.expr]:
    """Yield the values that ``%`` puts in as text."""
    values = node.right.elts if isinstance(node.right, ast.Tuple) else [node.right]
    text = node.left.value if isinstance(node.left, ast.Constant) else None
    holes = re.findall(r"%[-+ #0]*\d*(?:\.\d+)?([a-zA-Z])", text) if isinstance(text, str) else []
    if len(holes) == len(values):
        yield from (value for hole, value in zip(holes, values, strict=True) if hole in "sra")
    else:
        yield from values


def _numeric(spec: ast.expr | None) -> bool:
    if not isinstance(spec, ast.JoinedStr):
        return False
    text = "".join(str(part.value) for part in spec.values if isinstance(part, ast.Constant))
    return bool(_FORMATS.search(text))
