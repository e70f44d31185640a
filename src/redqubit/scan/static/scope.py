"""Who binds a name where: scopes and their bindings."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Final, Literal, cast

Bound = Literal[
    "import",
    "assign",
    "unpack",
    "for",
    "with",
    "param",
    "augmented",
    "store",
    "def",
    "class",
    "except",
]
FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
ScopeNode = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
SCOPES: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
# Parts of a definition that are evaluated in the scope around it.
_OUTSIDE: Final = ("decorator_list", "returns", "bases", "keywords")
_ScopeNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef
_BINDERS: Final = frozenset(
    {
        ast.Assign,
        ast.AnnAssign,
        ast.NamedExpr,
        ast.AugAssign,
        ast.For,
        ast.AsyncFor,
        ast.comprehension,
        ast.With,
        ast.AsyncWith,
        ast.Import,
        ast.ImportFrom,
        ast.Global,
        ast.ExceptHandler,
    }
)
_LEAVES: Final = (ast.expr_context, ast.boolop, ast.operator, ast.unaryop, ast.cmpop)
# The fields of each class of node that hold other nodes.
_FIELDS: Final[dict[type, tuple[str, ...]]] = {
    kind: tuple(name for name in kind._fields if name not in {"ctx", "op", "ops", "type_ignores"})
    for kind in vars(ast).values()
    if isinstance(kind, type) and issubclass(kind, ast.AST) and not issubclass(kind, _LEAVES)
}
FIXED: Final = frozenset({"param", "import", "def", "class"})
_WRITES: Final = frozenset({"write", "writelines"})
_MUTATORS: Final = _WRITES | {"append", "extend", "update", "add", "insert", "setdefault"}

# Calls that write what they fetch into a buffer, with its position and keyword.
_FILLERS: Final = {
    "download_fileobj": (-1, "Fileobj"),
    "copyfileobj": (1, "fdst"),
    "retrbinary": (1, "callback"),
    "getfo": (1, "fl"),
    "download_to_file": (0, "file_obj"),
    "download_blob_to_file": (1, "file_obj"),
    "readinto": (0, ""),
    "recv_into": (0, "buffer"),
}


@dataclass(frozen=True, slots=True, eq=False)
class Binding:
    """One place that gives a name a value; ``value`` is None where there is no expression.

    ``kind`` "store" is a write into a container (``d["k"] = v``, ``l.append(v)``), "unpack" an
    element of the value. ``target`` is the dotted name an import stands for.
    """

    name: str
    kind: Bound
    node: ast.AST
    value: ast.expr | None = None
    target: str = ""

    @property
    def writes(self) -> bool:
        """Return whether this writes to a file or stream, which stays the same one."""
        function = self.node.func if isinstance(self.node, ast.Call) else None
        return isinstance(function, ast.Attribute) and (
            function.attr in _WRITES or function.attr in _FILLERS
        )


@dataclass(slots=True, eq=False)
class Scope:
    """The names of a module, class, function or lambda; attributes are keyed ``self.x``."""

    node: ScopeNode
    parent: Scope | None
    name: str
    bindings: dict[str, list[Binding]] = field(default_factory=dict)
    stores: dict[str, list[Binding]] = field(default_factory=dict)
    globals: set[str] = field(default_factory=set)

    @property
    def is_class(self) -> bool:
        """Return whether this is the body of a class."""
        return isinstance(self.node, ast.ClassDef)

    def bind(self, binding: Binding) -> None:
        """Add a binding, to the module's scope if the name is declared global."""
        if binding.kind == "store":
            self.stores.setdefault(binding.name, []).append(binding)
            return
        scope = self
        if binding.name in self.globals:
            while scope.parent is not None:
                scope = scope.parent
        scope.bindings.setdefault(binding.name, []).append(binding)

    def lookup(self, name: str) -> tuple[Scope, list[Binding]] | None:
        """Return the scope that binds ``name`` and its bindings there, in source order."""
        scope: Scope | None = self
        while scope is not None:
            found = scope.bindings.get(name)
            if found and (scope is self or not scope.is_class):
                return scope, found
            scope = scope.parent
        return None


@dataclass(slots=True)
class Layout:
    """What one walk over a tree collects."""

    parents: dict[ast.AST, ast.AST] = field(default_factory=dict)
    scopes: dict[ast.AST, Scope] = field(default_factory=dict)
    calls: list[ast.Call] = field(default_factory=list)
    strings: list[ast.Constant] = field(default_factory=list)
    functions: list[FunctionNode] = field(default_factory=list)
    classes: list[ast.ClassDef] = field(default_factory=list)
    stars: list[str] = field(default_factory=list)
    imports: list[ast.Import | ast.ImportFrom] = field(default_factory=list)
    assignments: list[ast.Assign | ast.AugAssign] = field(default_factory=list)


def lay_out(tree: ast.Module, package: str) -> Layout:
    """Walk a tree once; ``package`` resolves relative imports."""
    out = Layout()
    module = Scope(tree, None, "")
    out.scopes[tree] = module
    parents, calls, strings = out.parents, out.calls, out.strings
    pending: list[tuple[ast.AST, Scope]] = [(tree, module)]
    while pending:
        node, scope = pending.pop()
        inner = scope
        kind = type(node)
        if kind is ast.Call:
            calls.append(cast(ast.Call, node))
            _mutates(cast(ast.Call, node), scope)
        elif kind in _BINDERS:
            _bind(node, scope, package, out)
        elif kind in SCOPES:
            inner = _enter(cast(_ScopeNode, node), scope, out)
        outside = _OUTSIDE if inner is not scope else ()
        first = len(pending)
        for name in _FIELDS[kind]:
            value = getattr(node, name, None)
            if value is None:
                continue
            into = scope if name in outside else inner
            for item in value if type(value) is list else (value,):
                child = type(item)
                if child is ast.Name:
                    parents[item] = node
                elif child is ast.Constant:
                    parents[item] = node
                    if type(item.value) is str:
                        strings.append(item)
                elif child in _FIELDS:
                    parents[item] = node
                    pending.append((item, into))
        pending[first:] = pending[: first - 1 : -1] if first else pending[::-1]
    calls.sort(key=lambda call: (call.lineno, call.col_offset))
    return out


def shared_stores(layout: Layout, tree: ast.Module) -> dict[str, list[Binding]]:
    """Return what functions put into the containers of a module, by the container's name."""
    found: dict[str, list[Binding]] = {}
    for scope in layout.scopes.values():
        for name, stores in scope.stores.items() if scope.node is not tree else ():
            home = scope.lookup(name)
            if home is not None and home[0].node is tree:
                found.setdefault(name, []).extend(stores)
    return found


def _enter(node: FunctionNode | ast.Lambda | ast.ClassDef, scope: Scope, out: Layout) -> Scope:
    label = node.name if not isinstance(node, ast.Lambda) else "<lambda>"
    inner = Scope(node, scope, f"{scope.name}.{label}" if scope.name else label)
    out.scopes[node] = inner
    if isinstance(node, ast.ClassDef):
        out.classes.append(node)
        scope.bind(Binding(node.name, "class", node))
        return inner
    if not isinstance(node, ast.Lambda):
        out.functions.append(node)
        scope.bind(Binding(node.name, "def", node))
    for argument in parameters(node):
        inner.bind(Binding(argument.arg, "param", argument))
    return inner


def parameters(node: FunctionNode | ast.Lambda) -> list[ast.arg]:
    """Return every parameter of a function, in order, starred ones last."""
    every = node.args
    starred = [item for item in (every.vararg, every.kwarg) if item is not None]
    return [*every.posonlyargs, *every.args, *every.kwonlyargs, *starred]


def first_parameters(function: FunctionNode) -> list[ast.arg]:
    """Return a function's parameters without ``self`` and ``cls``."""
    return [item for item in parameters(function) if item.arg not in {"self", "cls"}]


def default_of(function: FunctionNode, argument: ast.arg) -> ast.expr | None:
    """Return the default of a parameter."""
    plain = [*function.args.posonlyargs, *function.args.args]
    defaults = function.args.defaults
    pairs = list(zip(plain[len(plain) - len(defaults) :], defaults, strict=True))
    for known, value in [
        *pairs,
        *zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True),
    ]:
        if known is argument:
            return value
    return None


def returned(function: FunctionNode) -> list[ast.expr]:
    """Return the expressions a function returns or yields."""
    found = []
    pending: list[ast.AST] = list(function.body)
    while pending:
        node = pending.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            continue
        if isinstance(node, ast.Return | ast.Yield | ast.YieldFrom) and node.value is not None:
            found.append(node.value)
        pending += ast.iter_child_nodes(node)
    return found


def _mutates(call: ast.Call, scope: Scope) -> None:
    function = call.func
    if isinstance(function, ast.Attribute) and function.attr in _FILLERS:
        _fills(call, function.attr, scope)
        return
    if isinstance(function, ast.Attribute) and function.attr in _MUTATORS and call.args:
        name = dotted(function.value)
        if name:
            scope.bind(Binding(name, "store", call, call.args[-1]))
            owner = _owner(scope) if name.startswith("self.") else None
            if owner is not None:
                owner.bind(Binding(name, "store", call, call.args[-1]))


def _fills(call: ast.Call, tail: str, scope: Scope) -> None:
    """Bind the buffer or open file that a call writes what it fetches into."""
    position, keyword = _FILLERS[tail]
    given = next((item.value for item in call.keywords if item.arg == keyword), None)
    if given is None and position < len(call.args):
        given = call.args[position]
    if isinstance(given, ast.Attribute) and given.attr in _WRITES:
        given = given.value  # ``buffer.write`` as a callback
    name = dotted(given) if given is not None else ""
    if name:
        value = call.args[0] if tail == "copyfileobj" and call.args else call
        scope.bind(Binding(name, "store", call, value))


def _bind(node: ast.AST, scope: Scope, package: str, out: Layout) -> None:
    if isinstance(node, ast.Assign):
        out.assignments.append(node)
        for target in node.targets:
            _target(target, "assign", node, node.value, scope)
    elif isinstance(node, ast.AnnAssign | ast.NamedExpr):
        if node.value is not None:
            _target(node.target, "assign", node, node.value, scope)
    elif isinstance(node, ast.AugAssign):
        out.assignments.append(node)
        _target(node.target, "augmented", node, node.value, scope)
    elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
        _target(node.target, "for", node, node.iter, scope)
    elif isinstance(node, ast.With | ast.AsyncWith):
        for item in node.items:
            if item.optional_vars is not None:
                _target(item.optional_vars, "with", node, item.context_expr, scope)
    elif isinstance(node, ast.Import):
        out.imports.append(node)
        for alias in node.names:
            name = alias.asname or alias.name.partition(".")[0]
            whole = alias.name if alias.asname else name
            scope.bind(Binding(name, "import", node, None, whole))
    elif isinstance(node, ast.ImportFrom):
        out.imports.append(node)
        base = imported_from(node, package)
        for alias in node.names:
            if alias.name == "*":
                out.stars.append(base)
                continue
            whole = f"{base}.{alias.name}" if base else alias.name
            scope.bind(Binding(alias.asname or alias.name, "import", node, None, whole))
    elif isinstance(node, ast.Global):
        scope.globals.update(node.names)
    elif isinstance(node, ast.ExceptHandler) and node.name:
        scope.bind(Binding(node.name, "except", node))


def imported_from(node: ast.ImportFrom, package: str) -> str:
    """Return the absolute name of the module an import reads from."""
    if not node.level:
        return node.module or ""
    parts = package.split(".") if package else []
    parts = parts[: len(parts) - (node.level - 1)]
    return ".".join([*parts, node.module] if node.module else parts)


def _target(target: ast.expr, kind: Bound, node: ast.AST, value: ast.expr, scope: Scope) -> None:
    if isinstance(target, ast.Name):
        scope.bind(Binding(target.id, kind, node, value))
    elif isinstance(target, ast.Attribute):
        name = dotted(target)
        if name:
            scope.bind(Binding(name, kind, node, value))
            if name.startswith("self.") and name.count(".") == 1:
                owner = _owner(scope)
                if owner is not None:
                    owner.bind(Binding(name, kind, node, value))
    elif isinstance(target, ast.Subscript):
        name = dotted(target.value)
        if name:
            scope.bind(Binding(name, "store", node, value))
            owner = _owner(scope) if name.startswith("self.") else None
            if owner is not None:
                owner.bind(Binding(name, "store", node, value))
    elif isinstance(target, ast.Starred):
        _target(target.value, "unpack", node, value, scope)
    elif isinstance(target, ast.Tuple | ast.List):
        if kind == "for" and _counts(target, value, node, scope):
            return
        pair = value if kind == "assign" and isinstance(value, ast.Tuple | ast.List) else None
        plain = pair is not None and len(pair.elts) == len(target.elts)
        for index, item in enumerate(target.elts):
            if pair is not None and plain and not isinstance(item, ast.Starred):
                _target(item, "assign", node, pair.elts[index], scope)
            else:
                _target(item, "for" if kind == "for" else "unpack", node, value, scope)


def _counts(target: ast.Tuple | ast.List, value: ast.expr, node: ast.AST, scope: Scope) -> bool:
    """Bind what a loop over ``enumerate`` or ``zip`` gives each name; False for other loops."""
    name = value.func.id if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) else ""
    if name not in {"enumerate", "zip"}:
        return False
    assert isinstance(value, ast.Call)
    items: list[ast.expr | None] = [*value.args]
    if name == "enumerate":
        items = [None, *value.args[:1]]
    if len(items) != len(target.elts) or any(isinstance(x, ast.Starred) for x in items):
        return False
    for one, item in zip(target.elts, items, strict=True):
        if item is not None:
            _target(one, "for", node, item, scope)
        elif isinstance(one, ast.Name):
            scope.bind(Binding(one.id, "for", node))
    return True


def _owner(scope: Scope) -> Scope | None:
    """Return the class whose method this scope is (or lies in)."""
    around: Scope | None = scope
    while around is not None:
        if around.is_class:
            return around
        around = around.parent
    return None


def dotted(node: ast.expr) -> str:
    """Return ``a.b.c`` for a chain of names and attributes, else an empty string."""
    parts = []
    here: ast.expr = node
    while isinstance(here, ast.Attribute):
        parts.append(here.attr)
        here = here.value
    if not isinstance(here, ast.Name):
        return ""
    parts.append(here.id)
    return ".".join(reversed(parts))
