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
import re
from collections.abc import Iterator
from typing import Final

from redqubit.scan.finding import Severity
from redqubit.scan.static.flow import Flow
from redqubit.scan.static.guards import allow_listed
from redqubit.scan.static.module import Module
from redqubit.scan.static.rule import Hit
from redqubit.scan.static.sources import OUTSIDE, REMOTE, Origin
from redqubit.scan.static.trust import handed, milder
from redqubit.scan.static.typed import bars_text

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
    "methodcaller",
    "__getattr",
    "locals",
    "vars",
    "__dict__",
    "sys.modules",
    "import_string",
    "instantiate",
    "runpy",
    "spec_from_file_location",
    "locate",
)
ADVICE: Final = "Look the name up in a mapping of what you support; refuse everything else."

_IMPORTS: Final = (
    "importlib.import_module",
    "__import__",
    "builtins.__import__",
    "pydoc.locate",
    "importlib.__import__",
    "zope.dottedname.resolve.resolve",
    "django.utils.module_loading.import_string",
    "werkzeug.utils.import_string",
    "hydra.utils.get_class",
    "hydra.utils.get_method",
    "hydra.utils.instantiate",
    "pkgutil.resolve_name",
    "importlib.util.spec_from_file_location",
    "runpy.run_module",
    "runpy.run_path",
)
_LOOKUPS: Final = (
    "getattr", "builtins.getattr", "operator.attrgetter", "operator.methodcaller",
    ".__getattribute__", ".__getattr__",
)  # fmt: skip
_SETTINGS: Final = re.compile(r"'(?:self\.)?_?(?:cfg|conf|config|settings)'|the file \w*config")
_OPENED: Final = re.compile(r"\bFileType\b|click\.File\b|typer\.FileText")  # an open file as option
_STEPS: Final = 14  # a longer way to an attribute is a guess (generated clients recurse)
_NUMBERS: Final = ("int", "float")
_DECODERS: Final = (
    *_NUMBERS, "json.load", "json.loads", "yaml.load", "yaml.safe_load", "yaml.unsafe_load",
    "yaml.full_load", "toml.load", "toml.loads", "tomllib.load", "tomllib.loads", "tomli.load",
    "msgpack.unpackb", "orjson.loads", "ujson.loads", "pickle.load", "pickle.loads",
)  # fmt: skip


def check(module: Module) -> Iterator[Hit]:
    """Yield the imports and look-ups whose name comes from outside."""
    for call in module.calls(*_IMPORTS):
        flow = _flow(module, call.arg(0, "name"), OUTSIDE)
        if flow is None:
            continue
        severity: Severity = "critical" if flow.origin in REMOTE else "medium"
        yield _hit(module, call.node, flow, f"{call.name}() imports the module", severity)
    for call in module.calls(*_LOOKUPS):
        name = call.arg(1) if call.name == "getattr" else call.arg(0)
        if isinstance(name, ast.Constant):
            continue
        flow = _flow(module, name, REMOTE)
        if flow is None or _is_own(flow) or len(flow.hops) > _STEPS:
            continue
        severity = "high" if flow.origin in {"request", "payload", "parameter"} else "medium"
        yield _hit(module, call.node, flow, "This looks up the attribute", severity)
    for table in _tables(module):
        where, key = _looked_up(module, table)
        flow = _flow(module, key, REMOTE) if where is not None else None
        if where is not None and flow is not None:
            yield _hit(module, where, flow, "This takes the global", "critical")


def _tables(module: Module) -> Iterator[ast.expr]:
    """Yield tables of what exists: ``globals()``, ``vars(x)``, ``x.__dict__``, ``sys.modules``."""
    for call in module.calls("globals", "locals", "vars"):
        yield call.node
    if "__dict__" not in module.text and "sys.modules" not in module.text:
        return
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and (
            node.attr == "__dict__"
            or (node.attr == "modules" and module.name_of(node) == "sys.modules")
        ):
            yield node


def _looked_up(module: Module, table: ast.expr) -> tuple[ast.expr | None, ast.expr | None]:
    """Return the look-up of an entry of a table, ``table[key]`` or ``table.get(key)``."""
    parent = module.parent(table)
    if isinstance(parent, ast.Subscript) and isinstance(parent.ctx, ast.Load):
        return parent, parent.slice
    if isinstance(parent, ast.Attribute) and parent.attr in {"get", "__getitem__"}:
        call = module.parent(parent)
        if isinstance(call, ast.Call) and call.func is parent and call.args:
            return call, call.args[0]
    return None, None


def _flow(module: Module, name: ast.expr | None, origins: frozenset[Origin]) -> Flow | None:
    found = module.flow(name, origins=origins, clean=_NUMBERS, guard=_listed)
    found = found or handed(module, name, clean=_NUMBERS, guard=_listed)
    found = found or _decoded(module, name)
    return None if found is None or found.numeric else found


def _listed(module: Module, node: ast.expr) -> bool:
    return allow_listed(module, node) or bars_text(module, node)


def _decoded(module: Module, name: ast.expr | None) -> Flow | None:
    """Return the flow from a document whose file is not fixed, once it is decoded.

    A name on the command line is the user's own; a name inside a file is somebody else's.
    """
    found = module.flow(name, origins={"file", "argv"}, clean=_NUMBERS, guard=_listed)
    if found is None:
        return None
    read = found.origin == "file" or any("names the file" in hop.text for hop in found.hops)
    read = read or _OPENED.search(found.module.text) is not None
    left = module.flow(name, origins={"file", "argv"}, clean=_DECODERS, guard=_listed)
    return found if read and left is None else None


def _is_own(flow: Flow) -> bool:
    """Return whether a name stands in the program's own settings."""
    told = " ".join([flow.text, *(hop.text for hop in flow.hops)])
    if flow.origin == "parameter":
        told = flow.text  # a message, whatever what is made from it is called
    return flow.origin not in REMOTE and bool(_SETTINGS.search(told))


def _hit(module: Module, node: ast.expr, flow: Flow, what: str, severity: Severity) -> Hit:
    severity = milder(severity, "low") if module.in_test else severity
    return Hit(node, f"{what} that {flow.text} names.", severity=severity, flow=flow.hops)
