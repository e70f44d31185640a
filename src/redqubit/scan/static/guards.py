"""What was checked before a place is reached: tests that dominate it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from redqubit.scan.static.scope import dotted, returned

if TYPE_CHECKING:
    from redqubit.scan.static.module import Module

_TEXT = frozenset(
    {"strip", "lower", "upper", "split", "casefold", "partition", "rpartition", "rsplit"}
)
_NUMBERS = frozenset(
    [
        *("int", "float", "complex", "bool", "Real", "Number", "Integral", "Complex", "Decimal"),
        *("integer", "floating", "number", "float64"),
    ]
)
_PARSERS = frozenset({"urlsplit", "urlparse", "URL", "parse_url"})
_WRAPPERS = _PARSERS | {"str", "type"}
_PARTS = frozenset({"suffix", "name", "hostname", "netloc", "host"})
DEPTH = 16  # steps from a test back to the value it is about
_LEAVES = (ast.Return, ast.Raise, ast.Continue, ast.Break)


@dataclass(frozen=True, slots=True)
class Guard:
    """A test that was true (or, with ``holds`` False, false) whenever the place is reached."""

    test: ast.expr
    holds: bool


def guards(module: Module, node: ast.AST) -> Iterator[Guard]:
    """Yield the tests that dominate a node, up to its function (or the module).

    These are the ``if``, ``while`` and conditional expressions around it, and before it ``assert``
    and ``if ...: raise`` (or return, continue, break) in the blocks around it.
    """
    child = node
    for parent in module.around(node):
        if isinstance(parent, ast.If | ast.While | ast.IfExp) and child is not parent.test:
            body = parent.body if isinstance(parent.body, list) else [parent.body]
            yield Guard(parent.test, child in body)
        elif isinstance(parent, ast.BoolOp):
            for value in (
                parent.values[: parent.values.index(child)] if child in parent.values else ()
            ):
                yield Guard(value, isinstance(parent.op, ast.And))
        elif isinstance(parent, ast.comprehension | ast.ListComp | ast.GeneratorExp | ast.SetComp):
            for part in getattr(parent, "generators", ()):
                for test in part.ifs:
                    yield Guard(test, True)
        yield from _before(parent, child)
        if isinstance(parent, ast.FunctionDef | ast.AsyncFunctionDef):
            return
        child = parent


def _before(parent: ast.AST, child: ast.AST) -> Iterator[Guard]:
    for name in ("body", "orelse", "finalbody"):
        block = getattr(parent, name, None)
        if not isinstance(block, list) or child not in block:
            continue
        for statement in block[: block.index(child)]:
            if isinstance(statement, ast.Assert):
                yield Guard(statement.test, True)
            elif isinstance(statement, ast.If):
                if leaves(statement.body):
                    yield Guard(statement.test, False)
                if statement.orelse and leaves(statement.orelse):
                    yield Guard(statement.test, True)


def leaves(block: list[ast.stmt]) -> bool:
    """Return whether a block always leaves: return, raise, continue, break or exit."""
    last = block[-1] if block else None
    if isinstance(last, _LEAVES):
        return True
    if isinstance(last, ast.Expr) and isinstance(last.value, ast.Call):
        return dotted(last.value.func) in {"sys.exit", "exit", "quit", "os._exit", "abort"}
    if isinstance(last, ast.If):
        return leaves(last.body) and leaves(last.orelse)
    return False


def names(node: ast.AST) -> set[str]:
    """Return the names and attribute chains an expression reads."""
    found = set()
    for item in ast.walk(node):
        if isinstance(item, ast.Name):
            found.add(item.id)
        elif isinstance(item, ast.Attribute):
            chain = dotted(item)
            if chain:
                found.add(chain)
    return found


def allow_listed(module: Module, node: ast.expr, *, prefix: bool = True) -> bool:
    """Return whether tests before a place prove that a value is among constants there.

    ``x in {...}``, ``x == "a"``, ``x.startswith("prefix.")`` and a full match of a pattern count,
    on the value itself or on something made from it (``x.split(".")[0] in ALLOWED``). With
    ``prefix`` False a prefix proves nothing, as text of any kind may follow it.
    """
    key = ast.dump(node)
    if any(
        _proves(module, item.test, item.holds, key)
        for item in guards(module, node)
        if prefix or not _prefixed(item.test)
    ):
        return True
    return any(_refuses(module, call, key) for call in _called_before(module, node))


def _prefixed(test: ast.expr) -> bool:
    return any(
        isinstance(item, ast.Attribute) and item.attr == "startswith" for item in ast.walk(test)
    )


def rejects(function: ast.AST) -> bool:
    """Return whether a function raises, or answers whether something is so."""
    return any(
        isinstance(item, ast.Raise | ast.Assert)
        or (isinstance(item, ast.Call) and dotted(item.func).rpartition(".")[2] == "abort")
        or (isinstance(item, ast.Return) and item.value is not None and _is_answer(item.value))
        for item in ast.walk(function)
    )


def _is_answer(value: ast.expr) -> bool:
    called = dotted(value.func).rpartition(".")[2] if isinstance(value, ast.Call) else ""
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
        called = value.func.attr
    return isinstance(value, ast.Compare | ast.BoolOp) or called in {"all", "any", "bool", "isin"}


def refuses(module: Module, function: ast.FunctionDef | ast.AsyncFunctionDef, name: str) -> bool:
    """Return whether a function raises unless its parameter is among constants."""
    key = ast.dump(ast.Name(name, ast.Load()))
    return any(
        (isinstance(item, ast.Assert) and _proves(module, item.test, True, key))
        or (
            isinstance(item, ast.If)
            and isinstance(item.body[-1], ast.Raise)
            and _proves(module, item.test, False, key)
        )
        for item in function.body
    )


def _called_before(module: Module, node: ast.AST) -> Iterator[ast.Call]:
    """Yield the calls whose result is dropped, in statements that surely run before a node."""
    child = node
    for parent in module.around(node):
        for name in ("body", "orelse", "finalbody"):
            block = getattr(parent, name, None)
            if isinstance(block, list) and child in block:
                for statement in block[: block.index(child)]:
                    value = statement.value if isinstance(statement, ast.Expr) else None
                    value = value.value if isinstance(value, ast.Await) else value
                    if isinstance(value, ast.Call):
                        yield value
        if isinstance(parent, ast.FunctionDef | ast.AsyncFunctionDef):
            return
        child = parent


def _refuses(module: Module, call: ast.Call, key: str) -> bool:
    """Return whether a call hands the value to a function that leaves unless it is allowed."""
    for home, function, name in _handed(module, call, key):
        for statement in function.body:
            if not isinstance(statement, ast.If) or not leaves(statement.body):
                continue
            if _proves(home, statement.test, False, name):
                return True
    return False


def _handed(
    module: Module, call: ast.Call, key: str
) -> Iterator[tuple[Module, ast.FunctionDef | ast.AsyncFunctionDef, str]]:
    """Yield the project's function that a call hands a value to, with the parameter's key."""
    if not any(ast.dump(item) == key for item in call.args):
        return
    found = module.project.definition(module.name_of(call.func), module)
    if found is None or isinstance(found[1], ast.ClassDef):
        return
    plain = [*found[1].args.posonlyargs, *found[1].args.args]
    plain = plain[1:] if plain and plain[0].arg in {"self", "cls"} else plain
    for given, argument in zip(call.args, plain, strict=False):
        if ast.dump(given) == key:
            yield found[0], found[1], ast.dump(ast.Name(argument.arg, ast.Load()))


def _proves(module: Module, test: ast.expr, holds: bool, key: str) -> bool:
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return _proves(module, test.operand, not holds, key)
    if isinstance(test, ast.BoolOp):
        every = isinstance(test.op, ast.And) == holds
        parts = (_proves(module, item, holds, key) for item in test.values)
        return any(parts) if every else all(parts)
    if isinstance(test, ast.Call) and dotted(test.func) == "isinstance" and len(test.args) == 2:
        return holds and _about(module, test.args[0], key) and _numbers(test.args[1])
    matched = _match(module, test)
    if matched is not None:
        return (holds == matched[1]) and _about(module, matched[0], key)
    if isinstance(test, ast.Call) and isinstance(test.func, ast.Attribute):
        if test.func.attr in {"startswith", "isdigit", "isidentifier", "isalnum"}:
            return holds and _about(module, test.func.value, key)
        if test.func.attr == "endswith" and _is_host(module, test.func.value):
            return holds and _about(module, test.func.value, key)
    if isinstance(test, ast.Call):
        return holds and bool(key) and _answers(module, test, key)
    if not isinstance(test, ast.Compare) or len(test.ops) != 1:
        return False
    if not _about(module, test.left, key):
        return False
    operator, right = test.ops[0], test.comparators[0]
    positive = isinstance(operator, ast.In | ast.Eq) and holds
    negative = isinstance(operator, ast.NotIn | ast.NotEq) and not holds
    if isinstance(operator, ast.Is | ast.IsNot) or not (positive or negative):
        return False
    return constant_container(module, right)


def _match(module: Module, test: ast.expr) -> tuple[ast.expr, bool] | None:
    """Return what a test matches with a pattern, and whether it matched when the test is true."""
    matched = True
    if isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.Is | ast.IsNot):
        none = test.comparators[0]
        if not (isinstance(none, ast.Constant) and none.value is None):
            return None
        matched, test = isinstance(test.ops[0], ast.IsNot), test.left
    if isinstance(test, ast.NamedExpr):
        test = test.value
    if isinstance(test, ast.Name):
        binding = module.single(test)
        value = binding.value if binding is not None and binding.kind == "assign" else None
        test = value if value is not None else test
    called = test.func if isinstance(test, ast.Call) and test.args else None
    if not isinstance(called, ast.Attribute) or called.attr not in {"fullmatch", "match"}:
        return None
    assert isinstance(test, ast.Call)
    return test.args[0 if len(test.args) == 1 else 1], matched


def _numbers(node: ast.expr) -> bool:
    """Return whether types (of an ``isinstance`` test) are all of numbers."""
    if isinstance(node, ast.Tuple):
        return all(_numbers(item) for item in node.elts)
    if isinstance(node, ast.BinOp):
        return _numbers(node.left) and _numbers(node.right)
    return dotted(node).rpartition(".")[2] in _NUMBERS


def _answers(module: Module, call: ast.Call, key: str) -> bool:
    """Return whether a function of the project is only true of values that are allowed."""
    for home, function, name in _handed(module, call, key):
        values = returned(function)
        if values and all(
            (isinstance(value, ast.Constant) and not value.value)
            or _proves(home, value, True, name)
            for value in values
        ):
            return True
    return False


def _about(module: Module, node: ast.expr, key: str) -> bool:
    """Return whether an expression is the value itself or text made from it."""
    here: ast.expr | None = node
    for _ in range(DEPTH if key else 0):
        if here is None or ast.dump(here) == key:
            return here is not None
        here = _made_from(module, here)
    return not key


def _is_host(module: Module, node: ast.expr) -> bool:
    """Return whether an expression is the host of an address, whose end tells whose it is."""
    binding = module.single(node) if isinstance(node, ast.Name) else None
    made = binding.value if binding is not None and binding.value is not None else node
    return any(
        isinstance(item, ast.Attribute) and item.attr in {"hostname", "netloc", "host"}
        for item in ast.walk(made)
    )


def _made_from(module: Module, node: ast.expr) -> ast.expr | None:
    """Return the value whose text or part an expression is."""
    if isinstance(node, ast.Name):
        binding = module.single(node)
        return binding.value if binding is not None and binding.kind == "assign" else None
    if isinstance(node, ast.BoolOp):
        return node.values[0] if isinstance(node.op, ast.Or) else None
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if node.func.attr in _PARSERS and node.args:
            return node.args[0]
        return node.func.value if node.func.attr in _TEXT else None
    if isinstance(node, ast.Call) and dotted(node.func) in _WRAPPERS and node.args:
        return node.args[0]
    if isinstance(node, ast.Attribute):
        return node.value if node.attr in _PARTS else None
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Call):
        return node.value
    return None


def opted_in(module: Module, node: ast.AST) -> bool:
    """Return whether a place is only reached when a parameter that is False by default is true."""
    function = module.function(node)
    if function is None:
        return False
    off = _off_by_default(function)
    return any(
        holds and isinstance(part, ast.Name) and part.id in off
        for item in guards(module, node)
        for part, holds in facts(item.test, item.holds)
    )


def facts(test: ast.expr, holds: bool) -> Iterator[tuple[ast.expr, bool]]:
    """Yield what is surely true or false when a test came out as ``holds``."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        yield from facts(test.operand, not holds)
    elif isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) == holds:
        for value in test.values:
            yield from facts(value, holds)
    else:
        yield test, holds


def _off_by_default(function: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    plain = [*function.args.posonlyargs, *function.args.args]
    defaults = function.args.defaults
    pairs: list[tuple[ast.arg, ast.expr | None]] = [
        *zip(plain[len(plain) - len(defaults) :], defaults, strict=True),
        *zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True),
    ]
    return {
        argument.arg
        for argument, value in pairs
        if isinstance(value, ast.Constant) and value.value is False
    }


def constant_container(module: Module, node: ast.expr) -> bool:
    """Return whether an expression is a collection (or value) the source alone decides."""
    if isinstance(node, ast.Constant):
        return True
    if isinstance(node, ast.Dict | ast.Set | ast.List | ast.Tuple):
        return True
    if isinstance(node, ast.Call) and dotted(node.func) in {"set", "frozenset", "tuple", "list"}:
        return bool(node.args) and constant_container(module, node.args[0])
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr in {"keys", "values", "split"} and constant_container(
            module, node.func.value
        )
    if isinstance(node, ast.Name | ast.Attribute):
        binding = module.single(node)
        if binding is not None and binding.value is not None and binding.value is not node:
            return constant_container(module, binding.value)
        name = node.id if isinstance(node, ast.Name) else node.attr
        return name.isupper() or name.lstrip("_").isupper()
    return False
