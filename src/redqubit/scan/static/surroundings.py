"""The functions a flow passes through, and what was checked in them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from redqubit.scan.static.derived import grown, shallow, values_of
from redqubit.scan.static.flow import passed
from redqubit.scan.static.guards import names, rejects
from redqubit.scan.static.scope import FunctionNode, dotted, parameters

if TYPE_CHECKING:
    from redqubit.scan.static.flow import Flow
    from redqubit.scan.static.module import Call, Module

FINITE: Final = re.compile(
    r"isfinite|isnan|isinf|nan_to_num|assert_all_finite|check_array|FiniteFloat|allow_inf_nan"
    r"|notnull|isnull|notna|\bisna\b|dropna|fillna|check_finite"
)
BOUNDED: Final = re.compile(
    r"\b(?:le|lt|maximum|max_length|max_items|multiple_of|choices)\s*="
    r"|\babs\(\w+\) [<>]|[<>]=? -?(?:\w+\.)*(?:pi|tau|PI)\b"
)
DIGEST: Final = re.compile(
    r"sha\d|hmac|digest|signature|blake|checksum|\bverify_|_verified|verify\(|md5|compare_digest"
)
_VALIDATES: Final = re.compile(r"valid|sanit|ensure|require|guard", re.IGNORECASE)
_CHECKS: Final = re.compile(r"^@[\w.]*validator|def __post_init__")
_ORDER: Final = re.compile(r" [<>]=? ")
_QUOTED: Final = re.compile(r"'([A-Za-z_][\w.]*)'")
SCHEMAS: Final = 3  # classes inside classes of a schema
_INTO: Final = "is passed to "
_OUT: Final = "is returned by "
_ORDERED: Final = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)


@dataclass(frozen=True, eq=False)
class Surroundings:
    """The place of a call and the functions on the way of the data that reaches it."""

    module: Module
    node: ast.AST
    flow: Flow | None = None

    @cached_property
    def scopes(self) -> list[tuple[Module, ast.AST]]:
        """Return the functions (or whole modules), with the functions of the project they call."""
        helpers = [item for home, scope in self.ways for item in self._helpers(home, scope)]
        return list({id(scope): (home, scope) for home, scope in [*self.ways, *helpers]}.values())

    @cached_property
    def ways(self) -> list[tuple[Module, ast.AST]]:
        """Return the functions (or whole modules) that the data passes through."""
        found = [(self.module, self._scope(self.module, self.node))]
        if self.flow is not None:
            for hop in self.flow.hops:
                home = self._home(hop.place.file)
                found.append((home, _at(home, hop.place.line, hop.place.cell)))
            found.append((self.flow.module, self._scope(self.flow.module, self.flow.node)))
        return list({id(scope): (home, scope) for home, scope in found}.values())

    @cached_property
    def checks(self) -> list[tuple[Module, ast.AST]]:
        """Return the functions that the data passes through, with those called that reject some.

        Another function that is called near may change data of its own.
        """
        ways = {id(scope) for _, scope in self.ways}
        return [item for item in self.scopes if id(item[1]) in ways or rejects(item[1])]

    def _helpers(self, home: Module, scope: ast.AST) -> Iterator[tuple[Module, FunctionNode]]:
        """Yield the functions that are called; of a script those that get some of the data."""
        if not isinstance(scope, ast.Module):
            yield from called(home, scope)
            return
        about = grown(scope, self.words)
        for node in ast.walk(shallow(scope)):
            inputs = [*node.args, *(item.value for item in node.keywords)] if (
                isinstance(node, ast.Call)
            ) else []  # fmt: skip
            if any(names(item) & about for item in inputs):
                yield from called(home, node)

    def _home(self, file: str) -> Module:
        if file == self.module.file:
            return self.module
        if self.flow and file == self.flow.module.file:
            return self.flow.module
        return self.module.project.module(file)

    @staticmethod
    def _scope(module: Module, node: ast.AST) -> ast.AST:
        return module.function(node) or module.tree

    @cached_property
    def text(self) -> str:
        """Return the code of these functions, with the classes that annotate the source."""
        parts = [ast.unparse(shallow(scope)) for _, scope in self.scopes]
        return "\n".join([*parts, *self._models()])

    def _models(self) -> Iterator[str]:
        """Yield the source's annotation, its default, and what the schema it names demands."""
        flow = self.flow
        if flow is None or not isinstance(flow.node, ast.arg):
            return
        function = flow.module.parent(flow.module.parent(flow.node) or flow.node)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            yield ast.unparse(function.args)
        if flow.node.annotation is not None:
            yield from _schema(flow.module, flow.node.annotation, set(flow.fields), SCHEMAS)

    @cached_property
    def described(self) -> str:
        """Return the code of the classes and aliases that describe the source."""
        return "\n".join(self._models())

    @cached_property
    def words(self) -> set[str]:
        """Return the names the data has on its way."""
        fixed = {
            item.id
            for item in ast.walk(self.node)
            if isinstance(item, ast.Name) and _is_fixed(self.module, item)
        }
        own = {name for name in names(self.node) if name.partition(".")[0] not in fixed}
        hops = self.flow.hops if self.flow is not None else ()
        return own.union(*(_QUOTED.findall(hop.text) for hop in hops)) - {"self", "cls"}

    def finite(self) -> bool:
        """Return whether finiteness is tested, or a call or class promises to validate."""
        tested = any(self._tests(scope) for _, scope in self.scopes)
        declared = any(FINITE.search(text) for text in self._models())
        return tested or declared or self.validated() or self.compared()

    def told(self, pattern: re.Pattern[str]) -> bool:
        """Return whether a statement (or its test) that reads the data matches a pattern."""
        for _, scope in self.checks:
            lines = [node for node in _expressions(scope) if pattern.search(ast.unparse(node))]
            about = self.about(scope) if lines else set()
            if any(names(node) & about for node in lines):
                return True
        return False

    def _tests(self, scope: ast.AST) -> bool:
        calls = [
            node
            for node in ast.walk(shallow(scope))
            if isinstance(node, ast.Call) and FINITE.search(ast.unparse(node.func))
        ]
        about = self.about(scope) if calls else set()
        return any(names(node) & about for node in calls)

    def about(self, scope: ast.AST) -> set[str]:
        """Return the names that hold the data, or what is made from it, in a function."""
        seeds = self.words - self.holders | self._parameters(scope)
        fields = set(self.flow.fields) if self.flow is not None else set()
        return self.words | grown(scope, seeds, self.entered, fields)

    @cached_property
    def holders(self) -> set[str]:
        """Return the name of a whole request or command line the data is only an entry of."""
        flow = self.flow
        if flow is None or not flow.fields:
            return set()
        if isinstance(flow.node, ast.arg):
            return {flow.node.arg}
        made = flow.module.order.statement(flow.node)
        if not isinstance(made, ast.Assign) or any(
            isinstance(item, ast.Subscript) for item in ast.walk(made.value)
        ):
            return set()
        return {name for target in made.targets for name in names(target)}

    @cached_property
    def entered(self) -> set[str]:
        """Return the functions the data is passed into and not returned from."""
        texts = [hop.text for hop in self.flow.hops] if self.flow is not None else []
        into = {text[len(_INTO) : -2] for text in texts if text.startswith(_INTO)}
        return into - {text[len(_OUT) : -2] for text in texts if text.startswith(_OUT)}

    def validated(self) -> bool:
        """Return whether the data is handed to something called a validation."""
        for home, scope in self.scopes:
            for node in ast.walk(scope):
                if not isinstance(node, ast.Call):
                    continue
                tail = ast.unparse(node.func).rpartition(".")[2]
                given = [*node.args, *(item.value for item in node.keywords)]
                if _VALIDATES.search(tail) and any(names(item) & self.words for item in given):
                    return bool(home)
        return False

    def compared(self) -> bool:
        """Return whether the data's size (not its length) is compared with a bound."""
        return (
            any(self._bounds(scope) for _, scope in self.scopes)
            or BOUNDED.search(self.described) is not None
            or any(self._refuses(text) for text in self._models())
        )

    def _refuses(self, text: str) -> bool:
        """Return whether a validator of the source's schema compares the field that is read."""
        fields = self.flow.fields if self.flow is not None else ()
        checks = _CHECKS.search(text) is not None and _ORDER.search(text) is not None
        return checks and any(field in text for field in fields)

    def _bounds(self, scope: ast.AST) -> bool:
        tests = [node for node in ast.walk(scope) if isinstance(node, ast.Compare)]
        about = self.about(scope) if tests else set()
        return any(self._compares(node, about) for node in tests)

    def _parameters(self, scope: ast.AST) -> set[str]:
        """Return the parameters of a function that is only called on the way, such as a check."""
        inside = any(item is self.node for item in ast.walk(scope))
        if inside or not isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef):
            return set()
        if scope.name in self.entered:
            return set()  # of these only the one that takes the data, which is among the words
        every = {item.arg for item in parameters(scope)} - {"self", "cls"}
        given = [item for _, passes in self.ways for item in self._given(passes, scope)]
        return set().union(*given) if given else every

    def _given(self, passes: ast.AST, helper: FunctionNode) -> Iterator[set[str]]:
        """Yield the parameters that each call of a helper gives some of the data."""
        calls = [
            node
            for node in ast.walk(shallow(passes))
            if isinstance(node, ast.Call)
            and ast.unparse(node.func).rpartition(".")[2] == helper.name
        ]
        about = grown(passes, self.words, self.entered) if calls else set()
        for node in calls:
            if any(isinstance(item, ast.Starred) for item in node.args):
                yield {item.arg for item in parameters(helper)}
                continue
            pairs = [(item.arg, _passes(node, helper, item)) for item in parameters(helper)]
            yield {name for name, value in pairs if value is not None and names(value) & about}

    def _compares(self, node: ast.AST, words: set[str]) -> bool:
        if not isinstance(node, ast.Compare) or not any(
            isinstance(op, _ORDERED) for op in node.ops
        ):
            return False
        return any(values_of(side) & words for side in (node.left, *node.comparators))

    def digested(self) -> bool:
        """Return whether a digest or signature is looked at."""
        return bool(DIGEST.search(self.text))


def _passes(node: ast.Call, function: FunctionNode, argument: ast.arg) -> ast.expr | None:
    """Return what a call gives for a parameter of a function."""
    named = (item.value for item in node.keywords if item.arg in {argument.arg, None})
    plain = [*function.args.posonlyargs, *function.args.args]
    plain = plain[1:] if plain and plain[0].arg in {"self", "cls"} else plain
    position = plain.index(argument) if argument in plain else len(node.args)
    return node.args[position] if position < len(node.args) else next(named, None)


def _is_fixed(module: Module, node: ast.Name) -> bool:
    """Return whether a name is a module, function, built-in or constant, which holds no data."""
    bindings = module.bindings(node)
    return all(
        item.kind == "import"
        or isinstance(item.value, ast.Constant)
        or isinstance(item.node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        for item in bindings
    )


def _expressions(scope: ast.AST) -> Iterator[ast.AST]:
    """Yield what a function's statements evaluate, of compound ones the test or iterable."""
    for node in ast.walk(shallow(scope)):
        if isinstance(node, ast.Return | ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Expr):
            yield node
        elif isinstance(node, ast.If | ast.While | ast.Assert | ast.IfExp):
            yield node.test
        elif isinstance(node, ast.comprehension):
            yield from node.ifs


def _schema(module: Module, annotation: ast.expr, fields: set[str], depth: int) -> Iterator[str]:
    """Yield what an annotation says, its alias, and of a class the fields that are read."""
    yield ast.unparse(annotation)
    for part in ast.walk(annotation) if depth > 0 else ():
        if not isinstance(part, ast.Name | ast.Attribute):
            continue
        binding = module.single(part)
        if binding is not None and binding.kind == "assign" and binding.value is not None:
            yield ast.unparse(binding.value)
        found = module.project.definition(module.name_of(part), module)
        if found is None or not isinstance(found[1], ast.ClassDef):
            continue
        yield " ".join(ast.unparse(base) for base in found[1].bases)
        read = [item for item in found[1].body if _is_field(item) in fields]
        for item in found[1].body:
            name = _is_field(item)
            if name and read and item not in read:
                continue
            yield ast.unparse(item)
            if name and isinstance(item, ast.AnnAssign):
                yield from _schema(found[0], item.annotation, fields, depth - 1)


def _is_field(node: ast.stmt) -> str:
    """Return the name of an annotated field, empty for other statements of a class."""
    named = isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    return node.target.id if named else ""  # type: ignore[attr-defined]


def _at(module: Module, line: int, cell: int | None) -> ast.AST:
    """Return the innermost function around a line; a notebook's cells lie outside functions."""
    if cell is not None:
        return module.tree
    best: ast.AST = module.tree
    for item in module.functions:
        if item.lineno <= line <= (item.end_lineno or item.lineno):
            best = item
    return best


def called(module: Module, scope: ast.AST) -> Iterator[tuple[Module, FunctionNode]]:
    """Yield the functions of the project that a function calls."""
    for node in ast.walk(shallow(scope)):
        if isinstance(node, ast.Call):
            name = module.name_of(node.func)
            found = module.project.definition(name, module) if name else None
            if found is not None and not isinstance(found[1], ast.ClassDef):
                yield found[0], found[1]


def wrapped(module: Module, node: ast.expr) -> Iterator[tuple[Call, ast.expr]]:
    """Yield what calls of ``qml.QNode(circuit, device)`` pass for a parameter of ``circuit``."""
    binding = module.single(node) if isinstance(node, ast.Name) else None
    if binding is None or not isinstance(binding.node, ast.arg):
        return
    function = module.function(binding.node)
    if function is None:
        return
    for call in module.calls("pennylane..QNode", "pennylane..TorchLayer", "pennylane..KerasLayer"):
        layer = call.tail != "QNode"
        if layer and binding.name != "inputs":
            continue  # the layer brings the weights itself
        if not (call.node.args and module.name_of(call.node.args[0]) == module.qualified(function)):
            continue
        parent = module.parent(call.node)
        name = dotted(parent.targets[0]) if isinstance(parent, ast.Assign) else ""
        for use in module.calls():
            if name and dotted(use.node.func) == name:
                given = use.arg(0) if layer else passed(use, function, binding.node)
                if given is not None:
                    yield use, given
