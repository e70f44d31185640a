"""Values whose declared type bars text: fields of validated models, options with a type."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final

from redqubit.scan.static.folding import UNKNOWN
from redqubit.scan.static.guards import allow_listed, refuses
from redqubit.scan.static.scope import FunctionNode, default_of, dotted, first_parameters
from redqubit.scan.static.sources import is_numeric

if TYPE_CHECKING:
    from redqubit.scan.static.call import Call
    from redqubit.scan.static.module import Module

_MODELS: Final = ("BaseModel", "BaseSettings", "SQLModel", "Schema", "Struct", "BaseQuery")
_LISTED: Final = ("Enum", "StrEnum", "IntEnum")
_BOUNDS: Final = frozenset({"pattern", "regex", "const"})
_CHECKS: Final = re.compile(
    r"check|valid|ensure|require|assert|allow|verify|refuse|permit|sanit", re.IGNORECASE
)
_NUMBERS: Final = frozenset(
    {"int", "float", "complex", "IntRange", "FloatRange", "INT", "FLOAT", "Choice"}
)


def bars_text(module: Module, node: ast.expr) -> bool:
    """Return whether a value is of a type without free text, or was compared with constants."""
    if isinstance(node, ast.Attribute) and (_field(module, node) or _option(module, node)):
        return True
    binding = module.single(node) if isinstance(node, ast.Name) else None
    if binding is not None and isinstance(binding.node, ast.arg) and _listed(module, binding.node):
        return True
    if binding is not None and binding.kind in {"assign", "augmented"}:
        value = binding.value
        if value is not node and is_arithmetic(module, value):
            return True
    return allow_listed(module, node, prefix=False) or _refused(module, node)


def _listed(module: Module, argument: ast.arg) -> bool:
    """Return whether a web parameter is of an enumeration or must match a pattern."""
    annotation = argument.annotation
    if annotation is not None and (_enumerated(module, annotation) or _patterned(annotation)):
        return True
    function = module.function(argument)
    default = default_of(function, argument) if function is not None else None
    return default is not None and _patterned(default)


def _refused(module: Module, node: ast.expr) -> bool:
    """Return whether a function that refuses all but constants was called on a value before."""
    key, function = ast.dump(node), module.function(node)
    known: list[Call] | None = module.memo.get("checks")
    if known is None:
        known = [call for call in module.calls() if _CHECKS.search(call.tail)]
        module.memo["checks"] = known
    for call in known:
        if call.node.lineno >= node.lineno or module.function(call.node) is not function:
            continue
        if not any(ast.dump(item) == key for item in call.node.args):
            continue
        found = module.project.definition(call.name, module) if call.name else None
        if found is None or isinstance(found[1], ast.ClassDef):
            continue
        home, helper = found[0], found[1]
        if any(refuses(home, helper, item.arg) for item in first_parameters(helper)):
            return True
    return False


def is_arithmetic(module: Module, node: ast.expr | None) -> bool:
    """Return whether an expression is arithmetic that text cannot take part in."""
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.op, ast.USub | ast.UAdd | ast.Invert)
    if not isinstance(node, ast.BinOp):
        return False
    if isinstance(node.op, ast.Sub | ast.Div | ast.FloorDiv | ast.Pow | ast.MatMult):
        return not module.name_of(node).startswith("pathlib.")
    if isinstance(node.op, ast.Mult):
        return any(
            isinstance(module.fold(side), float) or is_arithmetic(module, side)
            for side in (node.left, node.right)
        )
    return isinstance(node.op, ast.Add) and any(
        isinstance(module.fold(side), int | float) or is_arithmetic(module, side)
        for side in (node.left, node.right)
    )


def _field(module: Module, node: ast.Attribute) -> bool:
    """Return whether an attribute is a field that a validating model keeps free of text."""
    name = module.name_of(node.value)
    found = module.project.definition(name, module) if name else None
    if found is None or not isinstance(found[1], ast.ClassDef):
        return False
    home, owner = found[0], found[1]
    if not any(dotted(base).endswith(_MODELS) for base in owner.bases):
        return False
    for item in owner.body:
        if not isinstance(item, ast.AnnAssign) or dotted(item.target) != node.attr:
            continue
        return (
            is_numeric(item.annotation)
            or _bounded(item)
            or _enumerated(home, item.annotation)
            or _validated(owner, node.attr)
        )
    return False


def _validated(owner: ast.ClassDef, field: str) -> bool:
    """Return whether a validator of a model's field refuses some values."""
    for item in owner.body:
        if not isinstance(item, FunctionNode) or not any(
            isinstance(part, ast.Raise | ast.Assert) for part in ast.walk(item)
        ):
            continue
        if any(
            isinstance(mark, ast.Call)
            and dotted(mark.func).endswith("validator")
            and any(isinstance(name, ast.Constant) and name.value == field for name in mark.args)
            for mark in item.decorator_list
        ):
            return True
    return False


def _bounded(item: ast.AnnAssign) -> bool:
    """Return whether a field has a pattern, by ``Field``, ``constr`` or ``Annotated``."""
    return any(_patterned(side) for side in (item.annotation, item.value) if side is not None)


def _patterned(node: ast.expr) -> bool:
    return any(isinstance(part, ast.keyword) and part.arg in _BOUNDS for part in ast.walk(node))


def _enumerated(module: Module, annotation: ast.expr) -> bool:
    found = module.project.definition(module.name_of(annotation), module)
    if found is None or not isinstance(found[1], ast.ClassDef):
        return False
    return any(dotted(base).endswith(_LISTED) for base in found[1].bases)


def _option(module: Module, node: ast.Attribute) -> bool:
    """Return whether an attribute is a command-line option with a numeric type or choices."""
    for call in module.calls(".add_argument"):
        names = [module.fold(item) for item in call.node.args]
        given = call.literal(None, "dest")
        flags = [
            text.lstrip("-").replace("-", "_")
            for text in ([given] if given is not UNKNOWN else names)
            if isinstance(text, str)
        ]
        if node.attr not in flags:
            continue
        kind = dotted(call.arg(None, "type") or ast.Name("")).rpartition(".")[2]
        return kind in _NUMBERS or call.arg(None, "choices") is not None
    return False
