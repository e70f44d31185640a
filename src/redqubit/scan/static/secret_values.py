"""Expressions whose value holds a secret: by its name, its origin, or what it is made of."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final

from redqubit.scan.static.endpoints import entries
from redqubit.scan.static.scope import Binding, dotted, returned
from redqubit.scan.static.secrets import is_secret_name

if TYPE_CHECKING:
    from redqubit.scan.static.module import Module

DEPTH: Final = 8
_ACCOUNTS: Final = frozenset(
    {
        "active_account",
        "saved_accounts",
        "stored_account",
        "get_credentials",
        "get_frozen_credentials",
    }
)
_ASKS: Final = frozenset({"getpass", "get_password", "get_secret", "get_secret_value"})
_LOOKS: Final = frozenset({"get", "getenv", "pop", "setdefault"})
# Calls whose result still shows what they are given.
_SHOWS: Final = frozenset(
    ["str", "repr", "format", "join", "dumps", "encode", "decode", "strip", "lower", "upper",
     "rstrip", "lstrip", "removeprefix", "removesuffix", "replace", "dict", "list", "tuple",
     "asdict", "vars", "pformat", "b64encode", "urlencode", "items", "values", "copy", "model_dump",
     "model_dump_json", "safe_dump", "dump", "deepcopy", "quote", "bytes"]
)  # fmt: skip
_HIDES: Final = re.compile(
    r"len$|bool$|type$|isinstance|hash|digest|sha\d|redact|mask|obscur|obfusc|censor|hid|anonym|scrub"
    r"|saniti|shorten|preview|fingerprint|last_?(?:four|4)|crypt|hmac|^id$|safe$|clean|strip_secret",
    re.IGNORECASE,
)
_ENVIRONMENT: Final = re.compile(r"(?:TOKEN|API_?KEY|SECRET|PASSWORD|PASSWD|_KEY|CREDENTIALS?)$")
_PLACE: Final = re.compile(
    r"\bpaths?\.|_path\b|_(?:log|object|file|result)_key\b|/\{|tokeniz|vocab|lexer"
)
_RECORDS: Final = re.compile(r"dataclass|BaseModel|BaseSettings|NamedTuple|TypedDict|attrs|define")
_TOKEN: Final = re.compile(r"[A-Za-z0-9+/_-]{16,}")
_ENTRY: Final = re.compile(
    r"\[['\"][\w-]*(?:token|key|secret|passw|authoriz|credential)", re.IGNORECASE
)
# Functions of the project whose result is text made of what they are given.
_RENDERS: Final = re.compile(
    r"^_?(?:render|format|serialize|template|to_(?:json|yaml|toml|ini|env|text)|dump|compose|fill"
    r"|make_(?:config|text|env|ini)|build_(?:config|text|env|ini)|(?:config|env|ini|settings)_text)"
)
_OPTION: Final = re.compile(r"^--?(.+)$")


def secret_in(module: Module, node: ast.expr, depth: int = DEPTH) -> str:
    """Return the name of a secret whose value is part of an expression's, empty if none is."""
    if depth <= 0:
        return ""
    if isinstance(node, ast.Call):
        return _call(module, node, depth - 1)
    if isinstance(node, ast.Subscript):
        return _entry(module, node)
    if isinstance(node, ast.Dict) and _kept(module, node):
        return _kept(module, node)
    if isinstance(node, ast.Name | ast.Attribute):
        return _named(module, node, depth - 1)
    if isinstance(node, ast.BoolOp):
        return _first(
            module, node.values[-1:] if isinstance(node.op, ast.And) else node.values, depth
        )
    if isinstance(node, ast.Compare | ast.IfExp | ast.Lambda | ast.Constant | ast.UnaryOp):
        return ""
    if isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp):
        return ""
    return _first(
        module, [item for item in ast.iter_child_nodes(node) if isinstance(item, ast.expr)], depth
    )


def _first(module: Module, nodes: list[ast.expr], depth: int) -> str:
    return next((name for item in nodes if (name := secret_in(module, item, depth - 1))), "")


def is_key(key: object) -> bool:
    """Return whether a mapping's entry of this key is a secret."""
    return isinstance(key, str) and (
        key.lower() in {"authorization", "proxy-authorization", "cookie"} or is_secret_name(key)
    )


def _call(module: Module, node: ast.Call, depth: int) -> str:
    name = module.name_of(node.func)
    tail = node.func.attr if isinstance(node.func, ast.Attribute) else name.rpartition(".")[2]
    tail = tail or dotted(node.func)
    if tail in _ACCOUNTS:
        return f"{tail}()"
    if _HIDES.search(tail) or name.startswith(("hashlib", "hmac")):
        return ""
    if tail in _ASKS:
        return f"{tail}()"
    if tail in _LOOKS and node.args:
        key = module.fold(node.args[0])
        return str(key) if is_key(key) or _from_environment(name, key) else ""
    if tail in _SHOWS:
        inputs = [*node.args, *(item.value for item in node.keywords)]
        if isinstance(node.func, ast.Attribute):
            inputs.insert(0, node.func.value)
        return _kept(module, node) or _first(module, inputs, depth)
    found = module.project.definition(name, module) if name else None
    if found is None or isinstance(found[1], ast.ClassDef):
        return ""
    if _RENDERS.search(found[1].name):
        inputs = [*node.args, *(item.value for item in node.keywords)]
        shown = _first(module, inputs, depth)
        if shown:
            return shown
    values = returned(found[1])
    return next((key for item in values if (key := _given_back(found[0], item, depth))), "")


def _given_back(module: Module, node: ast.expr, depth: int) -> str:
    """Return the secret that a function's result is; what its caller handed in is named there."""
    if isinstance(node, ast.Tuple):
        return ""
    if isinstance(node, ast.Name):
        bindings = module.bindings(node)
        if any(isinstance(binding.node, ast.arg) for binding in bindings):
            return ""
    return secret_in(module, node, depth)


def _from_environment(name: str, key: object) -> bool:
    environment = name.startswith(("os.environ", "os.getenv"))
    return environment and isinstance(key, str) and _ENVIRONMENT.search(key) is not None


def _entry(module: Module, node: ast.Subscript) -> str:
    if isinstance(node.slice, ast.Slice):
        return ""
    key = module.fold(node.slice)
    return str(key) if is_key(key) or _from_environment(module.name_of(node.value), key) else ""


def _named(module: Module, node: ast.Name | ast.Attribute, depth: int) -> str:
    name = node.id if isinstance(node, ast.Name) else node.attr
    bound = module.bindings(node)
    if is_secret_name(name):
        looped = any(binding.kind == "for" for binding in bound)
        place = len(bound) == 1 and _PLACE.search(_source(module, bound[0].value))
        told = [binding.value for binding in bound if isinstance(binding.value, ast.Constant)]
        constant = bool(told) and len(told) == len(bound)
        if looped or place or constant or (name.isupper() and not bound):
            return ""
        return name
    if isinstance(node, ast.Attribute) and name == "headers" and _is_request(node.value):
        return "headers"
    for store in module.scope(node).stores.get(dotted(node), ()) if name == "headers" else ():
        key = _kept(module, store.value) if store.value is not None else ""
        target = store.node.targets[0] if isinstance(store.node, ast.Assign) else None
        written = module.fold(target.slice) if isinstance(target, ast.Subscript) else ""
        if key or is_key(written):
            return key or str(written)
    if _kept(module, node):
        return _kept(module, node)
    read = _read_of(module).get(_holder(module, node), "")
    if read and not any(isinstance(item.value, ast.Call) and _gives_text(item.value)
                        for item in bound):  # fmt: skip
        return read
    for binding in bound:
        if binding.kind in {"assign", "with"} and binding.value is not None:
            found = _held(module, binding, depth)
            if found:
                return found
    return _record(module, node)


def _read_of(module: Module) -> dict[tuple[int, str], str]:
    """Return the mappings that a function takes a secret out of, with the secret's key."""
    known: dict[tuple[int, str], str] | None = module.memo.get("read secrets")
    if known is not None:
        return known
    found: dict[tuple[int, str], str] = {}
    for call in module.calls(".get", ".pop"):
        key = module.fold(call.arg(0))
        if call.receiver is not None and is_key(key):
            found[_holder(module, call.receiver)] = str(key)
    for node in ast.walk(module.tree) if _ENTRY.search(module.text) else ():
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
            key = node.slice.value if isinstance(node.slice, ast.Constant) else None
            if is_key(key) and dotted(node.value):
                found[_holder(module, node.value)] = str(key)
    module.memo["read secrets"] = found
    return found


def _holder(module: Module, node: ast.expr) -> tuple[int, str]:
    function = module.function(node)
    return (function.lineno if function is not None else 0, dotted(node))


def _gives_text(node: ast.Call) -> bool:
    """Return whether a call makes something shorter of a mapping: its keys, or a masked copy."""
    tail = dotted(node.func).rpartition(".")[2]
    return tail in {"keys", "sorted", "len"} or _HIDES.search(tail) is not None


def _is_request(node: ast.expr) -> bool:
    return dotted(node).rpartition(".")[2] in {"request", "req"}


def _held(module: Module, binding: Binding, depth: int) -> str:
    value = binding.value
    if value is None or dotted(value) in {"self", "cls"}:
        return ""
    return secret_in(module, value, depth)


def _kept(module: Module, node: ast.expr) -> str:
    """Return the key of a secret in the mapping that an expression is."""
    for key, value in entries(module, node):
        text = value.value if isinstance(value, ast.Constant) else None
        told = isinstance(text, str) and _TOKEN.search(text) is not None
        if is_key(key) and (told or not isinstance(value, ast.Constant)):
            return key
    return ""


def _record(module: Module, node: ast.Name | ast.Attribute) -> str:
    """Return the field of a record, or the option of a command, that shows a secret."""
    name = module.name_of(node)
    if name.startswith("argparse.") and name.endswith((".parse_args", ".parse_known_args")):
        for call in module.calls(".add_argument"):
            option = call.literal(0)
            found = _OPTION.match(option) if isinstance(option, str) else None
            if found is not None and is_secret_name(found[1].replace("-", "_")):
                return found[1]
        return ""
    found_class = module.project.definition(name, module) if name else None
    if found_class is None or not isinstance(found_class[1], ast.ClassDef):
        return ""
    made = found_class[1]
    told = [*made.decorator_list, *made.bases]
    if not any(_RECORDS.search(ast.unparse(item)) for item in told):
        return ""
    if any(getattr(item, "name", "") in {"__repr__", "__str__"} for item in made.body):
        return ""
    for item in made.body:
        if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
            hidden = "Secret" in ast.unparse(item.annotation) or "repr=False" in ast.unparse(item)
            if is_secret_name(item.target.id) and not hidden:
                return item.target.id
    return ""


def _source(module: Module, node: ast.expr | None) -> str:
    return "" if node is None else module.source(node)
