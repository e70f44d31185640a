"""A payload names the module or attribute that is used.

## What
``importlib.import_module``, ``__import__``, ``getattr`` or ``globals()[...]`` with a name that
comes from a request, a message or decoded JSON.

## Why bad
Naming code is running code: modules execute when they are imported, and with a free choice of class
and arguments a payload needs no bug to take over the host.

## Example
``module = importlib.import_module(obj["__module__"])``

## Instead
Look the name up in a mapping of the classes you support, or compare it with a list of allowed
prefixes before the import.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from redqubit.scan.finding import Severity
from redqubit.scan.static.flow import Flow
from redqubit.scan.static.guards import allow_listed
from redqubit.scan.static.module import Module
from redqubit.scan.static.rule import Hit
from redqubit.scan.static.sources import OUTSIDE, REMOTE, Origin
from redqubit.scan.static.trust import milder

ID: Final = "DES-08"
NAME: Final = "Import or attribute named by a payload"
SEVERITY: Final[Severity] = "critical"
CWE: Final = (470,)
FRAMEWORKS: Final = ("any",)
TRIGGERS: Final = (
    "import_module",
    "__import__",
    "getattr",
    "globals",
    "resolve_name",
    "attrgetter",
    "locate",
)
ADVICE: Final = "Look the name up in a mapping of what you support; refuse everything else."

_IMPORTS: Final = (
    "importlib.import_module",
    "__import__",
    "builtins.__import__",
    "pydoc.locate",
    "pkgutil.resolve_name",
    "importlib.util.spec_from_file_location",
    "runpy.run_module",
    "runpy.run_path",
)
_NUMBERS: Final = ("int", "float")


def check(module: Module) -> Iterator[Hit]:
    """Yield the imports and look-ups whose name comes from outside."""
    for call in module.calls(*_IMPORTS):
        flow = _flow(module, call.arg(0, "name"), OUTSIDE)
        if flow is None:
            continue
        severity: Severity = "critical" if flow.origin in REMOTE else "medium"
        yield _hit(module, call.node, flow, f"{call.name}() imports the module", severity)
    for call in module.calls("getattr", "operator.attrgetter"):
        name = call.arg(1) if call.name == "getattr" else call.arg(0)
        if isinstance(name, ast.Constant):
            continue
        flow = _flow(module, name, REMOTE)
        if flow is None:
            continue
        severity = "high" if flow.origin in {"request", "payload"} else "medium"
        yield _hit(module, call.node, flow, "This looks up the attribute", severity)
    for call in module.calls("globals"):
        parent = module.parent(call.node)
        if isinstance(parent, ast.Subscript) and isinstance(parent.ctx, ast.Load):
            flow = _flow(module, parent.slice, REMOTE)
            if flow is not None:
                yield _hit(module, parent, flow, "This takes the global", "critical")


def _flow(module: Module, name: ast.expr | None, origins: frozenset[Origin]) -> Flow | None:
    found = module.flow(name, origins=origins, clean=_NUMBERS, guard=allow_listed)
    return None if found is None or found.numeric else found


def _hit(module: Module, node: ast.expr, flow: Flow, what: str, severity: Severity) -> Hit:
    severity = milder(severity, "low") if module.in_test else severity
    return Hit(node, f"{what} that {flow.text} names.", severity=severity, flow=flow.hops)
