"""How outside data reaches an expression: traced backward, on demand, through functions.

From the place a rule asks about, assignments, containers, f-strings and calls are followed back to
a source (see `sources`). A call of a function of the project leads into its return values, with the
arguments of that call; a parameter leads to the calls of its function. What a function returns and
where its parameters come from are remembered as its summary.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from redqubit.scan.finding import Hop
from redqubit.scan.static import handlers, members, sources, streams, unpacking
from redqubit.scan.static.deferred import looked_up
from redqubit.scan.static.scope import Binding, FunctionNode, parameters, returned
from redqubit.scan.static.sources import OUTSIDE, Entry, Origin

if TYPE_CHECKING:
    from redqubit.scan.static.module import Call, Module
    from redqubit.scan.static.project import Project

STEPS: Final = 400  # expressions looked at for one question
CALLS: Final = 4  # calls deep
READ: Final = "names the file that is read"  # of a step to a file's content
Clean = Collection[str] | Callable[["Call"], bool]
Checked = Callable[["Module", ast.expr], bool]


@dataclass(frozen=True, slots=True)
class Flow:
    """A path from a source to an expression: what kind, in words, and each step in order.

    ``numeric`` means that the source's type bars text; ``node`` is the source itself, in
    ``module``; ``fields`` are the attributes and entries taken of it.
    """

    origin: Origin
    text: str
    hops: tuple[Hop, ...]
    numeric: bool
    node: ast.AST
    module: Module
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    """The call through which a function was entered, in the caller's module and frame."""

    call: Call
    function: FunctionNode
    outer: Frame | None

    @property
    def depth(self) -> int:
        """Return how many calls deep this is, from 1."""
        return 1 if self.outer is None else 1 + self.outer.depth


class Tracer:
    """Answers where the data of an expression comes from, over one project."""

    def __init__(self, project: Project) -> None:
        self.project = project

    def trace(
        self,
        module: Module,
        node: ast.expr | None,
        *,
        origins: Collection[Origin] = OUTSIDE,
        clean: Clean = (),
        guard: Checked | None = None,
        ends: Checked | None = None,
    ) -> Flow | None:
        """Return one flow from outside into ``node``, or None.

        Parameters
        ----------
        origins
            Which kinds of source count (see `sources.Origin`).
        clean
            Calls whose result is no longer dangerous: patterns as for `Call.matches`, or
            a function that judges a call.
        guard
            Tells of a name, attribute or entry at its place in a module whether what is checked
            before it takes the danger out of it (see `guards`).
        ends
            Tells of an arithmetic operation whether its result is no longer dangerous.
        """
        if node is None:
            return None
        if isinstance(clean, str):
            raise TypeError("clean is a collection of patterns; one text alone is not")
        walk = _Walk(self.project, frozenset(origins), clean, guard, ends)
        return walk.expression(module, node, None, 0)


class _Walk:
    """One question; sources of the wanted kinds end it."""

    def __init__(
        self,
        project: Project,
        origins: frozenset[Origin],
        clean: Clean,
        guard: Checked | None,
        ends: Checked | None = None,
    ) -> None:
        self.project, self.origins, self.guard, self.ends = project, origins, guard, ends
        self.clean: Callable[[Call], bool] = (
            clean if callable(clean) else lambda call: call.matches(*clean)
        )
        self.seen: set[tuple[int, ...]] = set()
        self.keep: list[object] = []  # so that no id is used twice
        self.steps = 0

    def expression(
        self, module: Module, node: ast.expr | None, frame: Frame | None, depth: int
    ) -> Flow | None:
        if node is None or isinstance(node, ast.Constant | ast.Compare | ast.Lambda):
            return None
        key = (id(node), id(frame))
        self.steps += 1
        if key in self.seen or self.steps > STEPS or depth > 80:
            return None
        self.seen.add(key)
        self.keep += (node, frame)
        depth += 1
        named = isinstance(node, ast.Name | ast.Attribute | ast.Subscript)
        if named and self.guard is not None and self.guard(module, node):
            return None
        if isinstance(node, ast.Name):
            return self._bindings(module, node, frame, depth)
        if isinstance(node, ast.Attribute):
            return self._attribute(module, node, frame, depth)
        if isinstance(node, ast.Call):
            return self._call(module, node, frame, depth)
        if isinstance(node, ast.Subscript):
            found = self._entry(module, sources.of_subscript(module, node))
            found = found or self.expression(module, node.value, frame, depth)
            return _taken(found, node)
        if isinstance(node, ast.BinOp) and self.ends is not None and self.ends(module, node):
            return None
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return None
        return self._first(module, _parts(node), frame, depth)

    def _first(
        self, module: Module, nodes: Iterator[ast.expr], frame: Frame | None, depth: int
    ) -> Flow | None:
        for node in nodes:
            found = self.expression(module, node, frame, depth)
            if found is not None:
                return found
        return None

    def _entry(self, module: Module, entry: Entry | None) -> Flow | None:
        if entry is None or entry.origin not in self.origins:
            return None
        hop = Hop(module.place(entry.node), f"data enters from {entry.text}")
        return Flow(entry.origin, entry.text, (hop,), entry.numeric, entry.node, module)

    def _bindings(
        self, module: Module, node: ast.Name | ast.Attribute, frame: Frame | None, depth: int
    ) -> Flow | None:
        for binding in module.bindings(node):
            found = self._binding(module, binding, frame, depth)
            if found is not None:
                return found
        return None

    def _binding(
        self, module: Module, binding: Binding, frame: Frame | None, depth: int
    ) -> Flow | None:
        if isinstance(binding.node, ast.arg):
            return self._parameter(module, binding.node, frame, depth)
        if binding.value is None:
            return None
        value: ast.expr | None = binding.value
        path: tuple[int, ...] = ()
        if binding.kind in {"unpack", "for"}:
            value, path = unpacking.select(module, binding)
        if path and isinstance(value, ast.Call):
            found = self._call(module, value, frame, depth, path)
        else:
            found = self.expression(module, value, frame, depth)
        if found is None and binding.kind in {"unpack", "for"}:
            found = self._entry(module, streams.of_loop(binding))
        if found is None:
            return None
        verb = "is stored in" if binding.kind == "store" else "reaches"
        return _with(found, module, binding.node, f"{verb} {binding.name!r}")

    def _attribute(
        self, module: Module, node: ast.Attribute, frame: Frame | None, depth: int
    ) -> Flow | None:
        if node.attr in sources.CLEAN_ATTRIBUTES:
            return None
        found = self._entry(module, sources.of_attribute(module, node))
        found = found or self._bindings(module, node, frame, depth)
        if found is not None:
            return found
        own = isinstance(node.value, ast.Name) and node.value.id in {"self", "cls"}
        held = list(members.values(self.project, module, node))
        for home, value, call, init in held:
            inner = Frame(call, init, frame) if call is not None and init is not None else None
            outer = frame if call is not None and init is None else inner
            found = self.expression(home, value, outer, depth)
            if found is not None:
                return found
        if own or held:
            return None
        return _taken(self.expression(module, node.value, frame, depth), node)

    def _call(
        self,
        module: Module,
        node: ast.Call,
        frame: Frame | None,
        depth: int,
        path: tuple[int, ...] = (),
    ) -> Flow | None:
        """Follow a call; ``path`` are the positions that are taken of what it returns."""
        key = (id(node), id(frame), *path)
        if path and key in self.seen:
            return None
        self.seen.add(key)
        call = module.call(node)
        if call.name in sources.CLEAN_CALLS or call.name.startswith(sources.CLEAN_ROOTS):
            return None
        if self.clean(call):
            return None
        entry = sources.of_call(module, call)
        if entry is None and isinstance(node.func, ast.Attribute):
            entry = sources.of_attribute(module, node.func)
        if entry is not None and entry.origin in self.origins:
            chosen = self._chooser(module, call, frame, depth) if _opens(entry, call) else None
            return chosen or self._entry(module, entry)
        local = self._into(module, call, frame, depth, path)
        if local is not None:
            return local if isinstance(local, Flow) else None
        inputs = [*node.args, *(item.value for item in node.keywords)]
        if _looks_up(module, call):
            inputs = inputs[1:]  # the key only chooses
        if isinstance(node.func, ast.Attribute):
            inputs.insert(0, node.func.value)
        if entry is not None and call.tail in {"open", "File", "ZipFile", "load", "read_text"}:
            return None  # a file of a kind that was not asked for
        return self._first(module, iter(inputs), frame, depth)

    def _chooser(self, module: Module, call: Call, frame: Frame | None, depth: int) -> Flow | None:
        """Return the flow into a file's path: whoever names the file chooses its content."""
        path = call.arg(0, "file") or call.receiver
        found = self.expression(module, path, frame, depth)
        if found is None:
            return None
        return _with(replace(found, numeric=False), module, call.node, READ)

    def _into(
        self,
        module: Module,
        call: Call,
        frame: Frame | None,
        depth: int,
        path: tuple[int, ...] = (),
    ) -> Flow | bool | None:
        """Follow a call into a function of the project: a flow, False if clean, None if unknown."""
        if frame is not None and frame.depth >= CALLS:
            return None
        if not call.name:
            return self._dispatched(module, call, frame, depth)
        found = self.project.definition(call.name, module)
        if found is not None and isinstance(found[1], ast.ClassDef):
            return None
        target = found or members.method(self.project, module, call.node.func)
        if target is None or isinstance(target[1], ast.ClassDef):
            return None
        return self._inside(module, call, target[0], target[1], frame, depth, path)

    def _dispatched(
        self, module: Module, call: Call, frame: Frame | None, depth: int
    ) -> Flow | None:
        """Follow a call of what a table of functions holds: ``READERS[suffix](path)``."""
        for name in members.table(module, call.node.func):
            found = self.project.definition(name, module)
            if found is not None and not isinstance(found[1], ast.ClassDef):
                flow = self._inside(module, call, found[0], found[1], frame, depth)
                if isinstance(flow, Flow):
                    return flow
        return None

    def _inside(
        self,
        module: Module,
        call: Call,
        home: Module,
        function: FunctionNode,
        frame: Frame | None,
        depth: int,
        path: tuple[int, ...] = (),
    ) -> Flow | bool:
        outer: Frame | None = frame
        while outer is not None:
            if outer.function is function:
                return False
            outer = outer.outer
        inner = Frame(call, function, frame)
        for value in returned(function):
            part = _part(value, path)
            flow = self.expression(home, part, inner, depth)
            if flow is not None:
                return _with(flow, module, call.node, f"is returned by {function.name}()")
        return False

    def _parameter(
        self, module: Module, argument: ast.arg, frame: Frame | None, depth: int
    ) -> Flow | None:
        owner = module.parent(argument)
        function = module.parent(owner) if owner is not None else None
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            return None
        if argument.arg in {"self", "cls"}:
            return None
        if frame is not None and frame.function is function:
            found = self.expression(
                frame.call.module, passed(frame.call, function, argument), frame.outer, depth
            )
            if found is None:
                return None
            return _with(found, module, argument, f"is passed to {function.name}()")
        found = self._provided(module, function, argument, depth)
        found = found or self._entry(module, sources.of_parameter(module, function, argument))
        if found is not None:
            return found
        key = (id(argument), 0)
        if key in self.seen:
            return None
        self.seen.add(key)
        callers = self.project.callers(module, function)
        for call in callers:
            found = self.expression(call.module, passed(call, function, argument), None, depth)
            if found is not None:
                how = " of a table" if call.tabled else ""
                return _with(found, module, argument, f"is passed to {function.name}(){how}")
        chosen = list(looked_up(self.project, module, function))
        for call in chosen:
            found = self.expression(call.module, passed(call, function, argument), None, depth)
            if found is not None:
                told = f"is passed to {function.name}() by its name"
                return _with(found, module, argument, told)
        if callers or chosen or (module.in_test and argument.arg in sources.FIXTURES):
            return None
        if handlers.queued(module, function, argument):
            told = f"{argument.arg!r} of a message queue"
            sent = Entry("request", told, argument, sources.is_numeric(argument.annotation))
            return self._entry(module, sent)
        return self._entry(module, Entry("parameter", f"the parameter {argument.arg!r}", argument))

    def _provided(
        self, module: Module, function: FunctionNode, argument: ast.arg, depth: int
    ) -> Flow | None:
        """Follow ``Depends(read)`` into what ``read`` returns."""
        name = handlers.provider(module, function, argument)
        target = self.project.definition(name, module) if name else None
        if target is None or isinstance(target[1], ast.ClassDef):
            return None
        values = returned(target[1])
        return self._first(target[0], iter(values), None, depth)


def _looks_up(module: Module, call: Call) -> bool:
    """Return whether a call reads an entry of a mapping that the source writes down."""
    if call.tail not in {"get", "pop"} or call.receiver is None:
        return False
    if isinstance(call.receiver, ast.Dict):
        return True
    binding = module.single(call.receiver)
    return binding is not None and isinstance(binding.value, ast.Dict | ast.DictComp)


def _opens(entry: Entry, call: Call) -> bool:
    return entry.origin == "file" and call.tail not in sources.STREAM_READERS


def _taken(flow: Flow | None, node: ast.Attribute | ast.Subscript) -> Flow | None:
    """Return a flow with the attribute or entry that was taken of it."""
    if flow is None:
        return None
    if isinstance(node, ast.Attribute):
        return replace(flow, fields=(*flow.fields, node.attr))
    key = node.slice.value if isinstance(node.slice, ast.Constant) else None
    return replace(flow, fields=(*flow.fields, key)) if isinstance(key, str) else flow


def _with(flow: Flow, module: Module, node: ast.AST, text: str) -> Flow:
    return replace(flow, hops=(*flow.hops, Hop(module.place(node), text)))


def _part(node: ast.expr, path: tuple[int, ...]) -> ast.expr:
    """Return the element of a written tuple at positions, as far as it is written."""
    for index in path:
        if not isinstance(node, ast.Tuple | ast.List) or index >= len(node.elts):
            return node
        node = node.elts[index]
    return node


def _parts(node: ast.expr) -> Iterator[ast.expr]:
    """Yield the parts of an expression whose data is in its value."""
    if isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp):
        yield node.elt
        return
    if isinstance(node, ast.DictComp):
        yield node.key
        yield node.value
        return
    if isinstance(node, ast.IfExp):
        yield node.body
        yield node.orelse
        return
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):
            yield child


def passed(call: Call, function: FunctionNode, argument: ast.arg) -> ast.expr | None:
    """Return what a call passes for a parameter, None if nothing (or the default)."""
    for item in call.node.keywords:
        if item.arg == argument.arg:
            return item.value
    if argument is function.args.kwarg:
        return next((item.value for item in call.node.keywords if item.arg), None)
    plain = [*function.args.posonlyargs, *function.args.args]
    bound = bool(plain) and plain[0].arg in {"self", "cls"}
    if argument is function.args.vararg:
        rest = call.node.args[len(plain) - bound :]
        return rest[0] if rest else None
    if argument not in plain:
        return None
    position = plain.index(argument) - bound
    for index, given in enumerate(call.node.args):
        if isinstance(given, ast.Starred):
            return given.value
        if index == position:
            return given
    return None


__all__ = ["Flow", "Frame", "Tracer", "parameters", "passed", "returned"]
