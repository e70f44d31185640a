"""A fake backend or debug mode answers in production code.

## What
A function that predicts, decides or handles a request runs on a fake backend, one that accepts or
rejects on a simulator, or a service with quantum code starts in debug mode, and no setting chooses
it.

## Why bad
A fake backend returns plausible counts forever: nobody sees that no hardware was asked, and its
noise is public. Debug mode runs code from the browser.

## Example
``def predict(x): return run(FakeManilaV2(), circuit(x))``

## Instead
Choose the backend by a setting whose default is the real one, and log its name with each answer.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

from redqubit.scan.finding import Severity
from redqubit.scan.static import sources
from redqubit.scan.static.module import Call, Module
from redqubit.scan.static.rule import Hit
from redqubit.scan.static.scope import dotted
from redqubit.scan.static.surroundings import QUANTUM

ID: Final = "RUN-05"
NAME: Final = "Fake backend or debug mode"
SEVERITY: Final[Severity] = "low"
CWE: Final = (489,)
FRAMEWORKS: Final = ("qiskit", "pennylane", "cirq", "braket")
TRIGGERS: Final = QUANTUM
ADVICE: Final = "Choose backend and debug mode by a setting whose default is the safe one."

_FAKE: Final = re.compile(
    r"(?:fake_provider|providers\.fake_provider)\.(?:Fake\w+|GenericBackendV2)$|^qiskit_ibm_runtime.*\.Fake\w+$"
)
_SIMULATOR: Final = re.compile(
    r"^qiskit_aer\..*AerSimulator$|^qiskit_aer\.Aer\.get_backend$|^braket\.devices\.LocalSimulator$"
)
_GATES: Final = re.compile(
    r"^_?(?:accept|reject|approve|deny|allow|block|hold|grant|decide|authorize|authenticate)(?:_|$)"
)
_DECIDES: Final = re.compile(
    r"^_?(?:predict|classify|decide|authorize|authenticate|score|detect|approve|infer|verify)"
)
_DEMO: Final = re.compile(
    r"(?:^|/)(?:examples?|demos?|tutorials?|docs?|benchmarks?|scripts?)/|\.ipynb$"
)


def check(module: Module) -> Iterator[Hit]:
    """Yield the fakes that decide, and debug mode."""
    if module.in_test or _DEMO.search(module.file):
        return
    for call in module.calls():
        if _FAKE.search(call.name) and not _chosen(module, call):
            where = _decision(module, call) or _gate(module, call)
            if where is not None:
                yield Hit(call.node, f"{where}() answers from {call.tail}, which is no hardware.")
        if _SIMULATOR.search(call.name) and not _chosen(module, call):
            gate = _gate(module, call)
            if gate is not None:
                yield Hit(call.node, f"{gate}() answers from a simulator, which is no hardware.")
        if call.tail != "run" or not call.name.startswith(("flask.", "uvicorn.", "quart.")):
            continue
        if call.literal(None, "debug") is True and not module.in_main(call.node):
            yield Hit(call.node, "Debug mode is on for a service with quantum code.")


def _chosen(module: Module, call: Call) -> bool:
    """Return whether a condition (a setting) chooses the fake."""
    return any(isinstance(item, ast.If | ast.IfExp) for item in module.around(call.node))


def _decision(module: Module, call: Call) -> str | None:
    """Return the function that decides with it: around the call, or reading the name it binds."""
    function = module.function(call.node)
    if function is not None and _serves(module, function):
        return function.name
    statement = module.order.statement(call.node)
    if not isinstance(statement, ast.Assign):
        return None
    bound = {ast.unparse(target) for target in statement.targets}
    for item in module.functions:
        if _serves(module, item) and any(
            ast.unparse(node) in bound
            for node in ast.walk(item)
            if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load)
        ):
            whole = function is None and module.class_of(call.node) is None
            own = module.class_of(item) is module.class_of(call.node)
            if whole or (own and any(name.startswith("self.") for name in bound)):
                return item.name
    return None


def _gate(module: Module, call: Call) -> str | None:
    """Return the function that lets something pass or not by what the backend answers."""
    statement = module.order.statement(call.node)
    bound = (
        {ast.unparse(target) for target in statement.targets}
        if isinstance(statement, ast.Assign)
        else set()
    )
    home = module.function(call.node)
    whole = home is None and module.class_of(call.node) is None
    owner = module.class_of(call.node)
    used = [
        item
        for item in module.functions
        if (item is home and item.name != "__init__")
        or (
            (whole or (owner is not None and module.class_of(item) is owner))
            and any(
                ast.unparse(node) in bound
                for node in ast.walk(item)
                if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load)
            )
        )
    ]
    names = {item.name for item in used}
    for item in module.functions:
        calls = {
            dotted(node.func).rpartition(".")[2]
            for node in ast.walk(item)
            if isinstance(node, ast.Call)
        }
        if _GATES.match(item.name) and (item in used or calls & names):
            return item.name
    return None


def _serves(module: Module, function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    route = sources.handler(module, function) == "route"
    return route or _DECIDES.match(function.name) is not None
