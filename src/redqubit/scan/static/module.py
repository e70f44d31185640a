"""One parsed file and what rules ask of it: names, calls, arguments, places, surroundings."""

from __future__ import annotations

import ast
import builtins
import re
import warnings
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from redqubit.scan.finding import Place
from redqubit.scan.static import deferred, folding, indirect
from redqubit.scan.static.call import Call, by_tail, fits
from redqubit.scan.static.notebook import FLAGS, Prose
from redqubit.scan.static.order import Order
from redqubit.scan.static.results import property_name, provided_name, result_name
from redqubit.scan.static.rule import Span
from redqubit.scan.static.scope import (
    Binding,
    FunctionNode,
    Layout,
    Scope,
    dotted,
    lay_out,
    shared_stores,
)

if TYPE_CHECKING:
    from redqubit.scan.static.flow import Flow
    from redqubit.scan.static.project import Project

DEPTH: Final = 16  # assignments followed to resolve one name
_BUILTINS: Final = frozenset(dir(builtins))
_EXAMPLE: Final = re.compile(r"(?:^|/)(?:docs?|examples?|tutorials?|demos?|demonstrations?)/")
_TEST: Final = re.compile(
    r"(?:^|/)(?:tests?|testing)/|(?:^|/)(?:test_[^/]*|[^/]*_test|conftest)\.py"
)


class Module:
    """A file with its tree; ``project`` knows the other files and the versions in use.

    Attributes
    ----------
    file
        Relative to the scan's root, with forward slashes.
    text
        What was written; for a notebook the joined code cells with their magics.
    tree
        Empty for files that are not Python (settings, shell), which only text rules look at.
    name
        Dotted name, such as ``package.module``.
    prose
        Markdown and outputs of a notebook.
    memo
        What rules want to work out once a file, by a name of their own.
    """

    def __init__(
        self,
        file: str,
        text: str,
        *,
        code: str | None = None,
        name: str = "",
        package: str = "",
        cells: tuple[tuple[int, int], ...] = (),
        prose: tuple[Prose, ...] = (),
        python: bool = True,
        project: Project | None = None,
    ) -> None:
        """Parse the code.

        Raises
        ------
        SyntaxError, ValueError, RecursionError, MemoryError
            The code is not Python or nested too deeply.
        """
        self.file, self.text, self.name, self.package = file, text, name, package
        self.cells, self.prose, self.python = cells, prose, python
        self._project = project
        self._names: dict[ast.AST, str] = {}
        self.memo: dict[str, Any] = {}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            code = text if code is None else code
            tree = compile(code if python else "", file, "exec", FLAGS, dont_inherit=True)
        assert isinstance(tree, ast.Module)
        self.tree: ast.Module = tree

    # What was collected

    @property
    def project(self) -> Project:
        """Return the project the file belongs to; alone, a project of this one file."""
        if self._project is None:
            from redqubit.scan.static.project import Project

            self._project = Project.of(self)
        return self._project

    @cached_property
    def lines(self) -> list[str]:
        """Return the lines of the text."""
        return self.text.split("\n")

    @cached_property
    def layout(self) -> Layout:
        """Return parents, scopes, calls, functions and classes, from one walk."""
        return lay_out(self.tree, self.package)

    @cached_property
    def order(self) -> Order:
        """Return which statements run before which."""
        return Order(self.layout.parents)

    @cached_property
    def _calls(self) -> dict[str, list[Call]]:
        found: dict[str, list[Call]] = {}
        for node in self.layout.calls:
            name = self._called(node.func)
            tail = name.rpartition(".")[2] or _tail(node.func)
            call = Call(self, node, name, tail)
            found.setdefault(tail, []).append(call)
            later = deferred.handed(call) if tail in deferred.RUNNERS else None
            if later is not None:
                found.setdefault(later.tail, []).append(later)
            for other in indirect.alternatives(self, node, name):
                found.setdefault(other.tail, []).append(other)
        return found

    def _called(self, node: ast.expr) -> str:
        """Return the name of what is called; a function that one of the project made has its name.

        What such a function returns names a value, but not what happens when it is called.
        """
        held = [item.value for item in self.bindings(node)] if isinstance(node, ast.Name) else []
        made = [self.name_of(item.func) for item in held if isinstance(item, ast.Call)]
        return next((item for item in made if self.project.is_own(item, self)), self.name_of(node))

    def calls(self, *patterns: str) -> Iterator[Call]:
        """Yield the calls that match one of the patterns (see `Call.matches`); all without any."""
        if not patterns:
            for group in self._calls.values():
                yield from group
            return
        for tail, some in by_tail(patterns).items():
            for call in self._calls.get(tail, ()):
                if fits(call.name, some):
                    yield call

    @cached_property
    def _call_of(self) -> dict[ast.Call, Call]:
        return {call.node: call for call in self.calls() if not call.other}

    def call(self, node: ast.Call) -> Call:
        """Return the call of a node."""
        return self._call_of[node]

    @property
    def functions(self) -> list[FunctionNode]:
        """Return every function and method, outer ones first."""
        return self.layout.functions

    @property
    def classes(self) -> list[ast.ClassDef]:
        """Return every class, outer ones first."""
        return self.layout.classes

    # Where a node stands

    def parent(self, node: ast.AST) -> ast.AST | None:
        """Return the node around a node."""
        return self.layout.parents.get(node)

    def around(self, node: ast.AST) -> Iterator[ast.AST]:
        """Yield the nodes around a node, inner ones first."""
        parents = self.layout.parents
        while node in parents:
            node = parents[node]
            yield node

    def function(self, node: ast.AST) -> FunctionNode | None:
        """Return the function a node stands in; a function's own is the one around it."""
        for item in self.around(node):
            if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef):
                return item
        return None

    def class_of(self, node: ast.AST) -> ast.ClassDef | None:
        """Return the class a node stands in."""
        return next((item for item in self.around(node) if isinstance(item, ast.ClassDef)), None)

    def scope(self, node: ast.AST) -> Scope:
        """Return the scope a node is evaluated in."""
        scopes = self.layout.scopes
        child: ast.AST = node
        for item in self.around(node):
            if item in scopes:
                outside = (
                    isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
                    and child not in item.body
                    and not isinstance(child, ast.arguments)
                )
                if not outside:
                    return scopes[item]
            child = item
        return scopes[self.tree]

    @cached_property
    def in_test(self) -> bool:
        """Return whether the file is a test by its path."""
        return bool(_TEST.search(self.file))

    @cached_property
    def in_example(self) -> bool:
        """Return whether the file is documentation or an example by its path."""
        return bool(_EXAMPLE.search(self.file))

    def qualified(self, node: FunctionNode | ast.ClassDef) -> str:
        """Return the dotted name of a function or class of this module."""
        name = self.layout.scopes[node].name
        return f"{self.name}.{name}" if self.name else name

    def place(self, where: ast.AST | Span) -> Place:
        """Return file, lines and columns of a node or range; in a notebook, inside its cell."""
        if isinstance(where, Span):
            if where.cell is not None:
                return Place(
                    self.file,
                    where.line,
                    where.column,
                    where.end_line,
                    where.end_column,
                    where.cell,
                )
            line, column, end, end_column = (
                where.line, where.column, where.end_line, where.end_column
            )  # fmt: skip
        else:
            where = where.target if isinstance(where, ast.comprehension) else where
            line, start = getattr(where, "lineno", 1), getattr(where, "col_offset", 0)
            end = getattr(where, "end_lineno", None) or line
            column = self._column(line, start)
            end_column = self._column(end, getattr(where, "end_col_offset", None) or start)
        if not self.cells:
            return Place(self.file, line, column, end, end_column)
        cell, first = self.cells[min(line, len(self.cells)) - 1]
        return Place(self.file, first, column, first + end - line, end_column, cell)

    def _column(self, line: int, offset: int) -> int:
        """Turn a byte offset of the tree into a column of characters from 1."""
        if not 0 < line <= len(self.lines) or self.lines[line - 1].isascii():
            return offset + 1
        return len(self.lines[line - 1].encode()[:offset].decode("utf-8", "replace")) + 1

    def source(self, node: ast.AST) -> str:
        """Return the text of a node on one line, at most 80 characters."""
        first, last = getattr(node, "lineno", 0), getattr(node, "end_lineno", None) or 0
        lines = [line.encode() for line in self.lines[first - 1 : last]] if first else []
        if lines:
            lines[-1] = lines[-1][: getattr(node, "end_col_offset", None)]
            lines[0] = lines[0][getattr(node, "col_offset", 0) :]
        text = " ".join(b"\n".join(lines).decode("utf-8", "replace").split())
        return text if len(text) <= 80 else f"{text[:77]}..."

    # What a name means

    def bindings(self, node: ast.Name | ast.Attribute) -> list[Binding]:
        """Return the bindings whose value a name or attribute chain may have at this place.

        What any function puts into a container of the module counts.
        """
        found = self._reaching(node, stores=True)
        if isinstance(node, ast.Name) and node.id in self._shared:
            scope = self.scope(node)
            home = scope.lookup(node.id)
            if home is not None and home[0].node is self.tree and home[0] is not scope:
                known = set(map(id, found))
                return [*found, *(item for item in self._shared[node.id] if id(item) not in known)]
        return found

    @cached_property
    def _shared(self) -> dict[str, list[Binding]]:
        """Return what functions put into containers that belong to the module."""
        return shared_stores(self.layout, self.tree)

    def _reaching(self, node: ast.Name | ast.Attribute, *, stores: bool) -> list[Binding]:
        name = node.id if isinstance(node, ast.Name) else dotted(node)
        if not name:
            return []
        scope = self.scope(node)
        found = scope.lookup(name)
        if found is None and name.startswith("self."):
            owner = self.class_of(node)
            if owner is not None:
                own = self.layout.scopes[owner]
                known = own.bindings.get(name, []) + own.bindings.get(name[5:], [])
                return [*known, *own.stores.get(name, [])] if stores else known
        if found is None:
            return []
        home, bindings = found
        if stores:
            extra = list(_stores(scope, home, name))
            if extra:
                bindings = sorted([*bindings, *extra], key=_line)
        use: ast.AST = node
        while isinstance(scope.node, ast.Lambda) and scope is not home and scope.parent is not None:
            use, scope = scope.node, scope.parent  # runs, as a rule, where it is written
        if home is not scope:
            return bindings
        reaching = self.order.reaching(bindings, use)
        statement = self.order.statement(use)
        later = (_line(item) > _at(use) or item.node is statement for item in reaching)
        if stores and name.startswith("self.") and all(later):
            reaching = [*self._other_methods(node, name, bindings), *reaching]
        return reaching

    def _other_methods(
        self, node: ast.AST, name: str, bindings: list[Binding]
    ) -> Iterator[Binding]:
        """Yield what the class's other methods bind an attribute to that is set here only later."""
        owner = self.class_of(node)
        known = self.layout.scopes[owner].bindings.get(name, ()) if owner is not None else ()
        here = {id(item.node) for item in bindings}
        return (item for item in known if id(item.node) not in here)

    def single(self, node: ast.expr) -> Binding | None:
        """Return the one binding of a name or attribute chain; None if several may reach."""
        if not isinstance(node, ast.Name | ast.Attribute):
            return None
        found = [item for item in self._reaching(node, stores=True) if not item.writes]
        return found[0] if len(found) == 1 else None

    def name_of(self, node: ast.expr | None) -> str:
        """Return the qualified name of an expression, empty if its root is unknown.

        Import aliases, re-assignments, instances (by constructor or annotation), ``with`` targets,
        attributes of ``self`` and results of the project's functions are followed; a built-in has
        its own bare name.
        """
        return self._name(node, DEPTH)

    def _name(self, node: ast.expr | None, depth: int) -> str:
        if node is None or depth <= 0:
            return ""
        known = self._names.get(node)
        if known is not None:
            return known
        self._names[node] = ""  # a name that refers to itself
        if isinstance(node, ast.Name):
            made = self._bound(node, depth - 1) or ""
        elif isinstance(node, ast.Attribute):
            made = self._attribute(node, depth - 1)
        elif isinstance(node, ast.Call):
            made = self._name(node.func, depth - 1)
            own = made and self.project.is_own(made, self)
            returned = result_name(self, made, depth - 1) if own else ""
            made = returned or indirect.made(self, node, made)
        elif isinstance(node, ast.Subscript):
            plain = _plain(node)
            alias = plain is not None and plain is not node
            made = self._name(plain, depth - 1) if alias else indirect.chosen(self, node)
        elif isinstance(node, ast.IfExp):
            names = {self._name(side, depth - 1) for side in (node.body, node.orelse)}
            made = names.pop() if len(names) == 1 else indirect.shared(names)
        elif isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or):
            names = {self._name(side, depth - 1) for side in node.values} - {""}
            made = names.pop() if len(names) == 1 else ""
        elif isinstance(node, ast.Await):
            made = self._name(node.value, depth - 1)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
            made = type(node.value).__name__
        elif isinstance(node, ast.JoinedStr):
            made = "str"
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            left = self._name(node.left, depth - 1)
            made = left if left.startswith("pathlib.") else ""
        else:
            made = ""
        self._names[node] = made
        return made

    def qualified_name(self, node: ast.expr, depth: int) -> str:
        """Return `name_of` within the rest of a depth, for what follows names through files."""
        return self._name(node, depth)

    def annotated(self, annotation: ast.expr | None, depth: int) -> str:
        """Return the qualified name of the class an annotation names."""
        return self._name(_plain(annotation), depth)

    def _attribute(self, node: ast.Attribute, depth: int) -> str:
        if isinstance(node.value, ast.Name):
            found = self._bound(node, depth)
            if found:
                return property_name(self, found, depth) or found
        base = self._name(node.value, depth)
        made = f"{base}.{node.attr}" if base else ""
        return property_name(self, made, depth) or made

    def _bound(self, node: ast.Name | ast.Attribute, depth: int) -> str | None:
        reaching = self._reaching(node, stores=False)
        if isinstance(node, ast.Name) and node.id in {"self", "cls"}:
            owner = self.class_of(node)
            if owner is not None and all(binding.kind == "param" for binding in reaching):
                return self.qualified(owner)
        if not reaching:
            return self._free(node.id) if isinstance(node, ast.Name) else None
        names = {self._target(binding, depth) for binding in reaching} - {None}
        if all(binding.kind == "import" for binding in reaching):
            return self._target(reaching[0], depth)
        return names.pop() if len(names) == 1 else indirect.shared(names)

    def _free(self, name: str) -> str:
        if self.layout.stars and name not in _BUILTINS:
            return f"{self.layout.stars[0]}.{name}"
        return name if name in _BUILTINS else ""

    def _target(self, binding: Binding, depth: int) -> str | None:
        if binding.kind == "import":
            return binding.target
        if binding.kind in {"assign", "with"}:
            if isinstance(binding.value, ast.Constant) and binding.value.value is None:
                return None
            return self._name(binding.value, depth)
        if binding.kind == "for":
            return indirect.element(self, binding.value)
        node = binding.node
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            return self.qualified(node)
        if isinstance(node, ast.arg):
            return self._name(_plain(node.annotation), depth) or provided_name(self, node, depth)
        return ""

    # Shortcuts

    def fold(self, node: ast.expr | None) -> Any:
        """Return the constant value of an expression, or ``folding.UNKNOWN``."""
        return folding.fold(self, node)

    def prefix(self, node: ast.expr | None) -> str:
        """Return the text an expression surely starts with."""
        return folding.prefix(self, node)

    def flow(self, node: ast.expr | None, **options: Any) -> Flow | None:
        """Return how outside data reaches an expression; see `flow.Tracer.trace`."""
        return self.project.tracer.trace(self, node, **options)


def _stores(scope: Scope, home: Scope, name: str) -> Iterator[Binding]:
    here: Scope | None = scope
    while here is not None:
        yield from here.stores.get(name, ())
        if here is home:
            return
        here = here.parent


def _at(node: ast.AST) -> tuple[int, int]:
    return getattr(node, "lineno", 0), getattr(node, "col_offset", 0)


def _line(binding: Binding) -> tuple[int, int]:
    return _at(binding.node)


def _plain(annotation: ast.expr | None) -> ast.expr | None:
    """Return the class an annotation names: ``X``, ``X | None``, ``Optional[X]``, ``Annotated``."""
    if isinstance(annotation, ast.BinOp) and isinstance(annotation.right, ast.Constant):
        return annotation.left
    if isinstance(annotation, ast.Subscript):
        kind, inner = dotted(annotation.value).rpartition(".")[2], annotation.slice
        if kind == "Annotated" and isinstance(inner, ast.Tuple) and inner.elts:
            return _plain(inner.elts[0])
        if kind == "Optional":
            return inner
    if isinstance(annotation, ast.Constant):
        return None
    return annotation


def _tail(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


__all__ = ["Call", "Module"]
