"""What a program fetches: the text of an address, and whether it names weights or data."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from redqubit.scan.static.digests import compared
from redqubit.scan.static.flow import passed
from redqubit.scan.static.scope import FunctionNode

if TYPE_CHECKING:
    from redqubit.scan.static.call import Call
    from redqubit.scan.static.module import Module

SUFFIX: Final = re.compile(
    r"\.(?:npz|npy|pkl|pickle|pt|pth|ckpt|h5|hdf5|onnx|joblib|dill|safetensors|qpy|parquet|feather"
    r"|arrow|csv|tsv|mat|zip|tar|tgz|gz|bz2|xz|7z|msgpack|model|weights|bin)(?![a-z0-9])",
    re.IGNORECASE,
)
OTHER: Final = re.compile(
    r"\.(?:html?|pdf|png|jpe?g|gif|svg|txt|log|md|rst|css|js|xml|whl|exe|deb|rpm|sh|py|ipynb|ttf"
    r"|ya?ml)(?![a-z0-9])",
    re.IGNORECASE,
)
WEIGHTS: Final = re.compile(
    r"weights?(?![a-z])|checkpoint|ckpt|state_?dict|pretrained|(?<![a-z])thetas?(?![a-z])"
    r"|(?<![a-z])param(?:eter)?s(?![a-z])|data_?sets?(?![a-z])",
    re.IGNORECASE,
)
_DATA: Final = re.compile(
    r"weight|model|(?<![a-z])data|checkpoint|ckpt|artifact|param|theta|train(?!ing_job)|feature|zoo"
    r"|archive|suite|corpus|records",
    re.IGNORECASE,
)
_PATH: Final = re.compile(r"^[a-z][a-z0-9+.-]*://[^/]*", re.IGNORECASE)


def address(call: Call) -> ast.expr | None:
    """Return what a call fetches from."""
    position = 1 if call.tail in {"request", "stream"} else 0
    return call.arg(position, "url") or call.arg(None, "origin")


def text_of(module: Module, node: ast.expr | None, depth: int = 4) -> str:
    """Return the constant texts that an expression is made from, with those of its names."""
    if node is None or depth <= 0:
        return ""
    found = [module.prefix(node)]
    for item in ast.walk(node):
        if isinstance(item, ast.Constant) and isinstance(item.value, str):
            found.append(item.value)
        elif isinstance(item, ast.Name | ast.Attribute):
            for binding in module.bindings(item):
                if binding.kind in {"assign", "for", "unpack"} and binding.value is not node:
                    found.append(text_of(module, binding.value, depth - 1))
                elif isinstance(binding.node, ast.arg):
                    found += _given(module, binding.node, depth - 2)
    return " ".join(found)


def _given(module: Module, argument: ast.arg, depth: int) -> Iterator[str]:
    """Yield the texts that calls pass for a parameter."""
    function = module.function(argument)
    if function is None or depth <= 0:
        return
    for call in module.project.callers(module, function)[:4]:
        yield text_of(call.module, passed(call, function, argument), depth)


def names_weights(module: Module, call: Call) -> bool:
    """Return whether the address's path or the function around says that weights are fetched."""
    path = _PATH.sub("", module.prefix(address(call)))
    return bool(WEIGHTS.search(path) or WEIGHTS.search(_where(module, call.node)))


def names_data(module: Module, call: Call, target: ast.expr | None) -> bool:
    """Return whether the address, the file it goes to or the place says model or data."""
    text = f"{text_of(module, address(call))} {text_of(module, target)}"
    place = f"{_where(module, call.node)} {module.file.rpartition('/')[2]}"
    return bool(SUFFIX.search(text) or _DATA.search(f"{text} {place}"))


def checked(module: Module, node: ast.AST) -> bool:
    """Return whether the function around a place, or one that calls it, compares a digest."""
    if compared(module, node):
        return True
    function = module.function(node)
    if function is None:
        return False
    return any(
        compared(call.module, call.node) for call in module.project.callers(module, function)
    )


def _where(module: Module, node: ast.AST) -> str:
    """Return the names of the functions and classes around a place, and what it is assigned to."""
    return " ".join(_labels(module, node))


def _labels(module: Module, node: ast.AST) -> Iterator[str]:
    for item in module.around(node):
        if isinstance(item, FunctionNode | ast.ClassDef):
            yield item.name
        elif isinstance(item, ast.Assign):
            yield from (ast.unparse(target) for target in item.targets)
