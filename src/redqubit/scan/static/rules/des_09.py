"""YAML and NumPy loaders that build objects.

## What
``yaml.load`` without a safe loader, ``yaml.unsafe_load`` or ``full_load``, and ``numpy.load`` with
``allow_pickle=True``.

## Why bad
Both build arbitrary objects from the file and so run code it brings.

## Example
``X = np.load(path, allow_pickle=True)``

## Instead
``yaml.safe_load`` and ``np.load(path, allow_pickle=False)``; store object arrays as several plain
ones.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from redqubit.scan.finding import Severity
from redqubit.scan.static.edits import replace_function, set_keyword
from redqubit.scan.static.guards import opted_in
from redqubit.scan.static.module import Call, Module
from redqubit.scan.static.rule import Edit, Hit
from redqubit.scan.static.scope import default_of
from redqubit.scan.static.trust import digest_checked, milder, origin_of, own_file, told

ID: Final = "DES-09"
NAME: Final = "Loader that builds objects"
SEVERITY: Final[Severity] = "high"
CWE: Final = (502,)
FRAMEWORKS: Final = ("any",)
TRIGGERS: Final = ("yaml", "allow_pickle")
ADVICE: Final = "Use yaml.safe_load() and numpy.load(..., allow_pickle=False)."

_SAFE_LOADERS: Final = ("SafeLoader", "CSafeLoader", "BaseLoader", "CBaseLoader")
_YAML: Final = ("yaml.load", "yaml.load_all", "ruamel.yaml.load", "ruamel.yaml.load_all")
_RUAMEL: Final = ("ruamel.yaml.YAML.load", "ruamel.yaml.YAML.load_all")
_UNSAFE: Final = (
    "yaml.unsafe_load",
    "yaml.unsafe_load_all",
    "yaml.full_load",
    "yaml.full_load_all",
)
_FULL: Final = ("FullLoader", "CFullLoader")  # since 5.4 these build plain data only
_NUMPY: Final = (
    "numpy.load",
    "pennylane.numpy.load",
    "autograd.numpy.load",
    "jax.numpy.load",
    "cupy.load",
    "numpy.lib.npyio.NpzFile",
    "numpy.lib.format.read_array",
)


def check(module: Module) -> Iterator[Hit]:
    """Yield the loads that may build any object."""
    for call in module.calls(*_YAML):
        loader = call.arg(1, "Loader")
        name = module.name_of(loader) or module.source(loader) if loader is not None else ""
        if (
            call.starred
            or name.rpartition(".")[2].endswith(_SAFE_LOADERS)
            or _subclass(call, loader)
        ):
            continue
        if isinstance(module.fold(call.arg(0, "stream")), str):
            continue  # text of the source's own
        found = _hit(
            call, call.arg(0, "stream"), f"{call.name}() builds any object", _safe_yaml(call)
        )
        full = name.rpartition(".")[2].endswith(_FULL)
        yield from _full(module, found) if full else (found,)
    for call in module.calls(*_UNSAFE):
        swap = replace_function(call, _prefix(call) + "safe_load", "Build plain data only.")
        found = _hit(call, call.arg(0, "stream"), f"{call.name}() builds any object", swap)
        yield from _full(module, found) if call.tail.startswith("full") else (found,)
    for call in module.calls(*_RUAMEL):
        maker = call.receiver
        binding = module.single(maker) if isinstance(maker, ast.Name | ast.Attribute) else None
        maker = binding.value if binding is not None else maker
        if isinstance(maker, ast.Call) and module.call(maker).literal(None, "typ") == "unsafe":
            yield _hit(call, call.arg(0, "stream"), "YAML(typ='unsafe') builds any object", None)
    for call in module.calls(*_NUMPY):
        position = 1 if call.tail == "read_array" else 2
        allowed = call.arg(position, "allow_pickle")
        if module.fold(allowed) is True or _by_default(module, allowed):
            edit = set_keyword(call, "allow_pickle", "False", "Refuse pickled arrays.")
            edit = edit if call.arg(None, "allow_pickle") is not None else None
            data = call.arg(0, "file")
            yield _hit(call, data, "numpy.load(allow_pickle=True) unpickles", edit)


def _full(module: Module, hit: Hit) -> Iterator[Hit]:
    """Yield a finding about the full loader, which before 5.4 could be led to any class."""
    below = module.project.versions.may_be_below("pyyaml", "5.4")
    if below is not False:
        yield hit if below else replace(hit, severity=milder(hit.severity or SEVERITY, "low"))


def _hit(call: Call, data: ast.expr | None, what: str, edit: Edit | None) -> Hit:
    module = call.module
    flow = origin_of(module, data)
    severity: Severity = "high"
    if own_file(module, data) or module.in_test or digest_checked(module, call.node, flow):
        severity = "note"
    elif flow is None or flow.origin in {"local", "parameter"}:
        severity = "medium"
    elif opted_in(module, call.node):
        severity = milder(severity, "low")
    return Hit(
        call.node,
        f"{what} that {told(flow)} describes.",
        severity=severity,
        flow=flow.hops if flow is not None else (),
        edit=edit,
    )


def _by_default(module: Module, node: ast.expr | None) -> bool:
    """Return whether a value is a parameter that is True unless a caller says otherwise."""
    binding = module.single(node) if isinstance(node, ast.Name) else None
    argument = binding.node if binding is not None else None
    function = module.function(argument) if isinstance(argument, ast.arg) else None
    if function is None or not isinstance(argument, ast.arg):
        return False
    return module.fold(default_of(function, argument)) is True


def _prefix(call: Call) -> str:
    function = call.node.func
    return f"{call.module.source(function.value)}." if isinstance(function, ast.Attribute) else ""


def _safe_yaml(call: Call) -> Edit | None:
    if not isinstance(call.node.func, ast.Attribute):
        return None
    loader = call.arg(1, "Loader")
    message = "Build plain data only."
    if loader is not None:
        return Edit(loader, f"{_prefix(call)}SafeLoader", message)
    return replace_function(call, f"{_prefix(call)}safe_{call.tail}", message)


def _subclass(call: Call, loader: ast.expr | None) -> bool:
    """Return whether the loader is a class of the project that extends a safe one."""
    found = call.module.project.definition(call.module.name_of(loader), call.module)
    if found is None or not isinstance(found[1], ast.ClassDef):
        return False
    return any(
        found[0].name_of(base).rpartition(".")[2] in _SAFE_LOADERS for base in found[1].bases
    )
