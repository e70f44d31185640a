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
from collections.abc import Callable, Iterator
from typing import Final

from redqubit.scan.finding import Severity
from redqubit.scan.static import handlers
from redqubit.scan.static.frameworks import QUANTUM, on_quantum
from redqubit.scan.static.module import Call, Module
from redqubit.scan.static.rule import Hit
from redqubit.scan.static.scope import FunctionNode, dotted

ID: Final = "RUN-05"
NAME: Final = "Fake backend or debug mode"
SEVERITY: Final[Severity] = "low"
CWE: Final = (489,)
FRAMEWORKS: Final = ("qiskit", "pennylane", "cirq", "braket")
TRIGGERS: Final = (*QUANTUM, "debug", "DEBUG")
ADVICE: Final = "Choose backend and debug mode by a setting whose default is the safe one."

_FAKE: Final = re.compile(
    r"(?:fake_provider|providers\.fake_provider)\.(?:Fake\w+|GenericBackendV2)(?:\.(?:get_)?backend)?$|^qiskit_ibm_runtime.*\.Fake\w+$"
)
_SIMULATOR: Final = re.compile(
    r"^qiskit_aer\..*(?:AerSimulator|QasmSimulator|StatevectorSimulator)(?:\.from_backend)?$"
    r"|^qiskit(?:_aer)?\..*Aer\.get_backend$|^braket\.devices\.LocalSimulator$"
    r"|^qiskit\.(?:primitives\.(?:Statevector|Backend)?Sampler(?:V2)?"
    r"|providers\.basic_provider\.BasicSimulator)$|^cirq\.(?:Density\w*)?Simulator$|^qsimcirq\.QSimSimulator$"
)
_SIMULATED: Final = re.compile(
    r"^(?:default|lightning)\.|^qiskit\.aer$|^braket\.local|simulator|-qvm$|quantum-simulator/"
)
_NAMED: Final = frozenset({"get_backend", "backend", "get_qc", "AwsDevice", "get_device"})
_APPS: Final = (
    "flask..run", "quart..run", "uvicorn.run", "sanic..run", "bottle.run", "dash..run",
    "dash..run_server", "flask_socketio..run", "aiohttp.web.Application",
    "aiohttp.web.run_app", "connexion..run",
)  # fmt: skip
_MADE: Final = (
    "fastapi.FastAPI", "starlette..Starlette", "tornado.web.Application", "sanic.Sanic",
    "litestar.Litestar", "falcon.App",
)  # fmt: skip
_OTHERS: Final = (
    "dwave", "dimod", "pyquil", "pytket", "qutip", "cudaq", "qibo", "strawberryfields", "perceval",
    "qbraid", "projectq", "openfermion", "pulser", "bloqade", "tensorcircuit",
)  # fmt: skip
_DJANGO: Final = ("INSTALLED_APPS", "MIDDLEWARE", "ROOT_URLCONF")
_DEBUG: Final = re.compile(r"\bdebug\s*=\s*[A-Z]|\bDEBUG\b|\.debug\s*=")
_WEB: Final = ("flask.", "quart.", "fastapi.", "starlette.", "bottle", "dash.")
STEPS: Final = 6  # functions between a backend and the one that decides
_GATES: Final = re.compile(
    r"^_?(?:accept|reject|approve|deny|allow|block(?!_?(?:encod|diag|matri|siz|entangl))|hold(?!_?out)"
    r"|grant|decide|authorize|authenticate|admit|permit|unlock|screen)(?:_|$)"
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
        if _simulates(call) and not _chosen(module, call):
            gate = _gate(module, call)
            if gate is not None:
                yield Hit(call.node, f"{gate}() answers from a simulator, which is no hardware.")
    if _DEBUG.search(module.text) and _on_quantum(module):
        yield from _debugged(module)


def _simulates(call: Call) -> bool:
    if call.name == "pennylane.device" or call.tail in _NAMED:
        name = call.literal(0, "name")
        return isinstance(name, str) and _SIMULATED.search(name) is not None
    return _SIMULATOR.search(call.name) is not None


def _on_quantum(module: Module) -> bool:
    return on_quantum(module) or module.project.holds(*QUANTUM, *_OTHERS)


def _debugged(module: Module) -> Iterator[Hit]:
    """Yield where debug mode is on, whatever the settings say."""
    told = "Debug mode is on for a service with quantum code."
    for call in module.calls(*_APPS, *_MADE):
        if _is_on(call) and not _chosen(module, call):
            yield Hit(call.node, told)
    for call in module.calls(".run"):
        if not call.name and _is_on(call) and not _chosen(module, call):
            yield Hit(call.node, told)
    for call in module.calls(".config.update", ".update", ".from_mapping"):
        config = dotted(call.receiver or call.node.func).endswith(".config")
        if config and call.literal(None, "DEBUG") is True and not _chosen(module, call):
            yield Hit(call.node, told)
    for node in module.layout.assignments:
        target = node.targets[0] if isinstance(node, ast.Assign) else None
        if target is None or module.fold(node.value) is not True:
            continue
        if isinstance(target, ast.Name) and target.id == "DEBUG" and _is_settings(module, node):
            yield Hit(node, told)
        elif isinstance(target, ast.Attribute) and target.attr == "debug":
            if module.name_of(target.value).startswith(_WEB):
                yield Hit(node, told)
        elif isinstance(target, ast.Subscript) and module.fold(target.slice) == "DEBUG":
            config = dotted(target.value).endswith(".config")
            if config and not _chosen_at(module, node):
                yield Hit(node, told)


def _is_on(call: Call) -> bool:
    """Return whether a call switches debug mode on by a constant."""
    value = call.literal(None, "debug")
    return value is True or value == 1


def _is_settings(module: Module, node: ast.AST) -> bool:
    """Return whether a name is a setting of Django, or of a class that configures an app."""
    if module.function(node) is not None or _chosen_at(module, node):
        return False
    names = module.layout.scopes[module.tree].bindings
    if any(name in names for name in _DJANGO):
        return not re.search(r"dev|local|test", module.file.rpartition("/")[2])
    owner = module.class_of(node)
    return owner is not None and re.search(r"Prod|^Config$|^BaseConfig$", owner.name) is not None


def _chosen(module: Module, call: Call) -> bool:
    """Return whether a condition (a setting) chooses the fake."""
    return _chosen_at(module, call.node)


def _chosen_at(module: Module, node: ast.AST) -> bool:
    return any(
        (isinstance(item, ast.If) and not _is_main(item)) or isinstance(item, ast.IfExp)
        for item in module.around(node)
    )


def _is_main(node: ast.If) -> bool:
    return isinstance(node.test, ast.Compare) and dotted(node.test.left) == "__name__"


def _users(module: Module, call: Call) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Return the functions that run what a call makes, through names, nodes and other functions."""
    home = module.function(call.node)
    owner = module.class_of(call.node)
    statement = module.order.statement(call.node)
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    words = {dotted(target) for target in targets} - {""}
    whole = home is None and owner is None
    found = [home] if home is not None and home.name != "__init__" else []
    names = {home.name} if found and home is not None else set()
    if whole or any(word.startswith("self.") for word in words):
        names |= words
    if home is None and owner is not None:  # an attribute of the class
        names |= {f"{holder}.{word}" for holder in ("self", "cls", owner.name) for word in words}
    for _ in range(STEPS):
        more = [
            item
            for item in module.functions
            if item not in found
            and (item.name != "__init__")
            and (owner is None or module.class_of(item) is owner or names & _bare(module, found))
            and _read(item) & names
        ]
        if not more:
            break
        found += more
        names |= {item.name for item in more}
        names |= {f"self.{item.name}" for item in more if module.class_of(item) is not None}
    return found


def _bare(module: Module, found: list[ast.FunctionDef | ast.AsyncFunctionDef]) -> set[str]:
    return {item.name for item in found if module.class_of(item) is None}


def _read(function: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    """Return the names and attribute chains a function reads, with its decorators."""
    return {
        dotted(node)
        for node in ast.walk(function)
        if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load)
    } - {""}


def _decision(module: Module, call: Call) -> str | None:
    """Return the function that decides with what a call makes."""
    return _user(module, call, _serves)


def _gate(module: Module, call: Call) -> str | None:
    """Return the function that lets something pass or not by what the backend answers."""
    return _user(module, call, lambda _, item: _GATES.match(item.name) is not None)


def _user(module: Module, call: Call, wanted: Callable[[Module, FunctionNode], bool]) -> str | None:
    """Return the wanted function among those that run what a call makes, also in other files."""
    users = _users(module, call)
    for item in users:
        if wanted(module, item):
            return item.name
    for item in users:
        for other in module.project.callers(module, item):
            home = other.module
            function = home.function(other.node)
            if home is module or home.in_test or _DEMO.search(home.file) or function is None:
                continue
            if wanted(home, function) and not _chosen(home, other):
                return function.name
    return None


def _serves(module: Module, function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    route = handlers.serves(module, function)
    return route or _DECIDES.match(function.name) is not None
