"""Text from outside is evaluated as Python.

## What
``eval``, ``exec``, ``sympify``, ``parse_expr``, ``pandas.eval`` or ``numexpr.evaluate`` on text
from a program, a file, JSON, metadata or the command line.

## Why bad
These functions run any expression, and sympy's parsers are ``eval`` behind a thin cover. Angle
expressions in circuit files were a way into hosts that read them.

## Example
``angle = eval(json.load(file)["theta"])``

## Instead
``float(text)``, ``ast.literal_eval(text)``, or a parser that allows the few functions needed.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from redqubit.scan.finding import Severity
from redqubit.scan.static.edits import replace_function
from redqubit.scan.static.guards import opted_in
from redqubit.scan.static.module import Call, Module
from redqubit.scan.static.rule import Hit
from redqubit.scan.static.sources import OUTSIDE, Origin
from redqubit.scan.static.trust import handed, milder
from redqubit.scan.static.typed import bars_text

ID: Final = "DES-07"
NAME: Final = "Evaluating outside text"
SEVERITY: Final[Severity] = "critical"
CWE: Final = (95,)
FRAMEWORKS: Final = ("any",)
TRIGGERS: Final = ("eval", "exec", "sympify", "parse_expr", "evaluate", "compile")
ADVICE: Final = (
    "Parse numbers with float() or ast.literal_eval(), and expressions with a parser of your own "
    "that knows only the operators you need."
)

_PYTHON: Final = ("eval", "exec", "builtins.eval", "builtins.exec")
_SYMBOLIC: Final = (
    "sympy..sympify",
    "sympy..parse_expr",
    "sympy..parse_latex",
    "sympy.S",
    "symengine..sympify",
    "symengine.S",
    "numexpr.evaluate",
    "pandas.eval",
    "pandas..eval",
    "pandas..query",
    "numexpr.re_evaluate",
    "sympy..simplify",
    "sympy..expand",
    "sympy..lambdify",
    "sympy..nsimplify",
    "asteval..Interpreter",
    "asteval..Interpreter.eval",
    "timeit.timeit",
    "code..InteractiveInterpreter.runsource",
    "code..InteractiveConsole.push",
)
_NUMBERS: Final = (
    "int", "float", "complex", "ast.literal_eval", "numpy.float64", "numpy.asarray", "numpy.array",
    ".isidentifier", "json.dumps", "repr", "ast.dump", ".parse_expr", ".sympify",
)  # fmt: skip


def check(module: Module) -> Iterator[Hit]:
    """Yield the evaluations of outside text."""
    for call in module.calls(*_PYTHON, *_SYMBOLIC):
        text = call.arg(0, "expr") or call.arg(0, "a") or call.arg(0, "ex") or call.arg(0, "s")
        if text is None or _walked(module, call, text) or _evaluated(module, call):
            continue
        origins: set[Origin] = set(OUTSIDE)
        if call.name in _PYTHON:
            origins |= {"local", "parameter"}
        flow = module.flow(text, origins=OUTSIDE, clean=_NUMBERS, guard=bars_text)
        sent = None if flow is not None else handed(module, text, clean=_NUMBERS, guard=bars_text)
        flow = flow or sent
        if flow is None and len(origins) > len(OUTSIDE):
            flow = module.flow(text, origins=origins - OUTSIDE, clean=_NUMBERS, guard=bars_text)
        if flow is None or flow.numeric:
            continue
        if flow.origin == "parameter" and (module.in_test or _replaces(module, call)):
            continue
        if flow.origin in {"parameter", "local"} and sent is None:
            severity: Severity = "medium" if flow.origin == "parameter" else "low"
        else:
            severity = "high" if flow.origin in {"argv", "file", "env"} else "critical"
        if module.in_test or opted_in(module, call.node):
            severity = milder(severity, "low")
        edit = None
        if call.name == "eval" and len(call.node.args) == 1 and not call.node.keywords:
            edit = replace_function(call, "ast.literal_eval", "Accept literals only.")
        yield Hit(
            call.node,
            f"{call.name or call.tail}() runs {flow.text} as an expression.",
            severity=severity,
            flow=flow.hops,
            edit=edit,
        )


def _evaluated(module: Module, call: Call) -> bool:
    """Return whether what is called is what an earlier evaluation gave."""
    binding = module.single(call.node.func)
    made = binding.value if binding is not None and binding.kind == "assign" else None
    return isinstance(made, ast.Call) and module.name_of(made.func) in {*_PYTHON, call.name}


def _replaces(module: Module, call: Call) -> bool:
    """Return whether the function is what ``re.sub`` calls with each match of its pattern."""
    function = module.function(call.node)
    if function is None:
        return False
    for other in module.calls("re.sub", "re.subn", ".sub"):
        given = other.arg(1, "repl") if other.name.startswith("re.") else other.arg(0, "repl")
        if isinstance(given, ast.Name) and given.id == function.name:
            return True
    return False


def _walked(module: Module, call: Call, text: ast.expr) -> bool:
    """Return whether the function parses the text and walks its tree before it is evaluated."""
    function = module.function(call.node)
    if function is None or not isinstance(text, ast.Name | ast.Call):
        return False
    parsed = walked = False
    for other in module.calls("ast.parse", ".visit", "ast.walk"):
        if module.function(other.node) is function and other.node.lineno <= call.node.lineno:
            parsed = parsed or other.name == "ast.parse"
            walked = walked or other.name != "ast.parse"
    return parsed and walked
