"""Outside data decides how much a job costs, without a maximum.

## What
Shots, repetitions, qubits, layers or depth from a request, a download or a payload reach a device,
a circuit or a run, and no maximum is applied on the way.

## Why bad
Cost grows linearly with shots and exponentially with simulated qubits: one request empties the
budget or the memory.

## Example
``sampler.run([circuit], shots=int(request.args["shots"]))``

## Instead
``min(int(value), 4096)``, or ``Field(ge=1, le=4096)`` in the request's schema.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

from redqubit.scan.finding import Severity
from redqubit.scan.static.caps import in_record, on_way
from redqubit.scan.static.endpoints import entries, settings
from redqubit.scan.static.flow import Flow, passed
from redqubit.scan.static.frameworks import QUANTUM
from redqubit.scan.static.guards import allow_listed
from redqubit.scan.static.module import Call, Module
from redqubit.scan.static.options import limited
from redqubit.scan.static.rule import Hit
from redqubit.scan.static.scope import FunctionNode, dotted, parameters
from redqubit.scan.static.sources import OUTSIDE, REMOTE
from redqubit.scan.static.surroundings import Surroundings

ID: Final = "RUN-01"
NAME: Final = "Unbounded shots, qubits or depth"
SEVERITY: Final[Severity] = "medium"
CWE: Final = (770,)
FRAMEWORKS: Final = ("qiskit", "pennylane", "cirq", "braket")
TRIGGERS: Final = (*QUANTUM, "shots", "num_reads", "repetitions", "qubits", "dwave")
ADVICE: Final = "Apply a maximum to every number that decides what a job costs."

CLEAN: Final = ("min", "numpy.clip", "numpy.minimum", ".clip", ".clamp")
# Names that only what runs circuits has; a number of qubits may just describe a device.
_SURE: Final = frozenset(
    ["shots", "repetitions", "num_reads", "num_shots", "n_shots", "nshots", "default_shots",
     "shot_count"]
)  # fmt: skip
_COSTS: Final = _SURE | frozenset(
    ["n_qubits", "num_qubits", "nqubits", "trajectories", "reps", "n_layers", "num_layers",
     "layers", "depth", "wires", "n_wires", "num_wires", "default_precision", "max_parallel",
     "annealing_time", "num_sweeps", "qubits", "reads"]
)  # fmt: skip
_POSTS: Final = (".post", ".put", ".request", ".send_json", ".urlopen", ".Request")
_BODIES: Final = ("json", "data", "content", "params")
# Calls that only note what a job would cost.
_RECORDS: Final = frozenset(
    ["info", "debug", "warning", "error", "log", "log_param", "log_params", "add_argument",
     "update", "render_template", "jsonify", "format", "append", "Response", "JSONResponse", "get",
     "Field", "Query", "Body", "echo", "add_row", "insert", "execute", "Parameter",
     "get_or_create", "update_or_create", "filter", "insert_one", "update_one", "values", "labels",
     "setex", "hset", "bind", "set_attribute", "set_attributes"]
)  # fmt: skip
_SENT: Final = REMOTE - {"job"}
_ANY: Final = OUTSIDE - {"job"}
# What the operator, who pays, sets: on the command line, in the environment or in settings.
_MILDER: Final = frozenset({"argv", "input", "env", "file"})
_FREE: Final = re.compile(  # what costs nothing however large it claims to be
    r"\.(?:Instruction|Gate|ControlledGate|Parameter|from_sparse_list|from_list)$|quantum_info\."
)
_POSITIONS: Final = (
    ("qiskit.circuit.random.random_circuit", 0),
    ("qiskit.circuit.random.random_circuit", 1),
    ("qiskit..QuantumCircuit", 0),
    ("qiskit..QuantumRegister", 0),
    ("qiskit..RealAmplitudes", 0),
    ("qiskit..EfficientSU2", 0),
    ("qiskit..ZZFeatureMap", 0),
    ("qiskit..real_amplitudes", 0),
    ("qiskit..efficient_su2", 0),
    ("qiskit..zz_feature_map", 0),
    ("pennylane.device", 1),
    ("cirq..LineQubit.range", 0),
    ("cirq..GridQubit.square", 0),
    ("pennylane.set_shots", 1),
    ("pyquil..wrap_in_numshots_loop", 0),
    ("pennylane.layer", 1),
    ("pennylane.ApproxTimeEvolution", 2),
    ("cirq..GridQubit.rect", 0),
    ("cirq..NamedQubit.range", 0),
    ("qiskit..QuantumCircuit.repeat", 0),
    ("qiskit..QuantumCircuit.power", 0),
    ("qiskit..QuantumCircuit.copy.repeat", 0),
    *(
        (f"qiskit..{name}", 0)
        for name in (
            "QFT",
            "QFTGate",
            "synth_qft_full",
            "TwoLocal",
            "NLocal",
            "ExcitationPreserving",
            "PauliTwoDesign",
            "ZFeatureMap",
            "PauliFeatureMap",
            "QuantumVolume",
            "n_local",
            "excitation_preserving",
            "z_feature_map",
            "pauli_feature_map",
            "pauli_two_design",
            "quantum_volume",
        )
    ),
)
_LOOP: Final = "A loop over gates"
_STEPS: Final = re.compile(
    r"[Oo]ptimi[sz]|\.step|\.minimize|\.(?:run|result|execute)$|\.numpy\.|\.grad"
)
_FRAMEWORKS: Final = re.compile(
    r"^(?:qiskit\w*|pennylane|cirq\w*|braket|dwave|neal|dimod|qutip|pytket|pyquil|qibo|cudaq)\b"
)


def check(module: Module) -> Iterator[Hit]:
    """Yield the calls whose cost outside data decides."""
    seen: set[ast.AST] = set()
    told: set[int] = set()
    sources: set[tuple[object, ...]] = set()
    for taker, what, value in _sinks(module):
        if value in seen or isinstance(value, ast.Constant):
            continue
        seen.add(value)
        flow = _flow(module, value)
        if flow is None or limited(module, value, flow, also=what):
            continue
        if _told_before(value, flow):
            continue
        value, flow = _asked_by(module, value, flow)
        around = Surroundings(module, value, flow)
        if on_way(around) or around.validated() or value.lineno in told:
            continue
        told.add(value.lineno)
        source = (flow.node, flow.fields, module.function(value))
        if taker == _LOOP and source in sources:
            continue  # its size was told where the circuit or device was made
        sources.add(source)
        severity: Severity = "note" if flow.origin in _MILDER else SEVERITY
        yield Hit(
            value,
            f"{taker} takes {what} from {flow.text} without a maximum.",
            severity=severity,
            flow=flow.hops,
        )


def _flow(module: Module, value: ast.expr) -> Flow | None:
    """Return the flow into a number that nothing on the way keeps small, sent data first."""
    found = module.flow(value, origins=_SENT, clean=CLEAN, guard=_kept, ends=_wraps)
    return found or module.flow(value, origins=_ANY, clean=CLEAN, guard=_kept, ends=_wraps)


def _kept(module: Module, node: ast.expr) -> bool:
    return allow_listed(module, node) or in_record(module, node)


def _wraps(module: Module, node: ast.expr) -> bool:
    """Return whether an operation is the remainder of a division by a constant."""
    remainder = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod)
    return remainder and isinstance(module.fold(node.right), int)  # type: ignore[attr-defined]


def _asked_by(module: Module, value: ast.expr, flow: Flow) -> tuple[ast.expr, Flow]:
    """Return the argument that decides, where other calls of the same function are bounded."""
    binding = module.single(value)
    argument = binding.node if binding is not None else None
    function = module.function(argument) if isinstance(argument, ast.arg) else None
    if function is None or not isinstance(argument, ast.arg) or argument is flow.node:
        return value, flow
    callers = module.project.callers(module, function)
    given = [passed(call, function, argument) for call in callers if call.module is module]
    found = [(item, made) for item in given if item is not None and (made := _flow(module, item))]
    return found[0] if 0 < len(found) < len(callers) else (value, flow)


def _told_before(value: ast.expr, flow: Flow) -> bool:
    """Return whether a table chose the function and its call, which is told, gives this number."""
    inside = any(isinstance(node, ast.Subscript | ast.Attribute) for node in ast.walk(value))
    return not inside and any(hop.text.endswith("() of a table") for hop in flow.hops)


def _sinks(module: Module) -> Iterator[tuple[str, str, ast.expr]]:
    """Yield the calls, what decides their cost and the value that does."""
    for call in module.calls():
        if _FREE.search(call.name) or call.tail == "from_sparse_list":
            continue
        known = _FRAMEWORKS.match(call.name) or (call.tail == "run" and not call.name)
        names = _COSTS if known else _SURE
        if call.node.keywords and (known or not _leads_on(module, call)):
            options = call.arg(None, "options") if known else None
            for name, value in _nested(module, options) if options is not None else ():
                yield f"{call.tail}()", name, value
            for name, value, _ in settings(call):
                if name in names and (name != "wires" or call.tail == "device"):
                    yield f"{call.tail}()", name, value
    for pattern, position in _POSITIONS:
        for call in module.calls(pattern):
            size = call.arg(position)
            if size is not None:
                yield f"{call.tail}()", "the size", size
    for call in module.calls(".update"):
        if call.receiver is not None and dotted(call.receiver).endswith("options"):
            given = ((item.arg, item.value) for item in call.node.keywords)
            yield from (("A primitive", name, value) for name, value in given if name in _SURE)
    yield from _posted(module)
    yield from _built(module)
    yield from _set(module)
    for function in module.functions:
        for loop in ast.walk(function):
            if isinstance(loop, ast.For) and isinstance(loop.iter, ast.Call):
                counts = [item for item in loop.iter.args if _decided_here(module, item)]
                if counts and _name(loop.iter.func) == "range" and _has_gates(module, loop):
                    yield _LOOP, "its length", counts[-1]


def _decided_here(module: Module, count: ast.expr) -> bool:
    """Return whether a loop's length is not just a parameter, which the caller decides."""
    if not isinstance(count, ast.Name):
        return _reads_entry(count)
    for binding in module.bindings(count):
        function = module.function(binding.node) if isinstance(binding.node, ast.arg) else None
        if function is not None and module.project.callers(module, function):
            return False
    return True


def _set(module: Module) -> Iterator[tuple[str, str, ast.expr]]:
    """Yield the costs that are set as options of a primitive."""
    for node in module.layout.assignments:
        target = node.targets[0] if isinstance(node, ast.Assign) else None
        if not isinstance(target, ast.Attribute) or target.attr not in _SURE:
            continue
        if "options" in dotted(target) or _FRAMEWORKS.match(module.name_of(target.value)):
            yield "A primitive", target.attr, node.value


def _leads_on(module: Module, call: Call) -> bool:
    """Return whether a call leads into the project, where its own calls tell what they cost."""
    if call.name in {"dict", "print", "Field", "Query"} or call.tail in _RECORDS:
        return True
    if call.receiver is not None and "objects" in dotted(call.receiver).split("."):
        return True  # a row of a database
    found = module.project.definition(call.name, module) if call.name else None
    if found is None:
        return False
    return not any("qnode" in ast.unparse(item) for item in found[1].decorator_list)


def _posted(module: Module) -> Iterator[tuple[str, str, ast.expr]]:
    """Yield what the bodies of requests to a job's interface say about its cost."""
    for call in module.calls(*_POSTS):
        for name in _BODIES:
            given = call.arg(1 if name == "data" else None, name)
            dumped = isinstance(given, ast.Call) and given.args and _name(given.func) == "dumps"
            body = given.args[0] if dumped and isinstance(given, ast.Call) else given
            if body is not None:
                yield from ((f"{call.tail}()", key, value) for key, value in _nested(module, body))


def _nested(module: Module, node: ast.expr, depth: int = 3) -> Iterator[tuple[str, ast.expr]]:
    for key, value in entries(module, node):
        if key in _SURE:
            yield key, value
        elif depth and isinstance(value, ast.Dict):
            yield from _nested(module, value, depth - 1)


def _built(module: Module) -> Iterator[tuple[str, str, ast.expr]]:
    """Yield the sizes that are handed to what repeats gates, or to a circuit's maker."""
    for call in module.calls():
        func = call.node.func
        values = [*call.node.args, *(item.value for item in call.node.keywords)]
        if not values or all(isinstance(value, ast.Constant) for value in values):
            continue
        if isinstance(func, ast.Name) and _from_table(module, func):
            for value in values:
                what = _asked(module, value)
                if what:
                    yield f"{call.tail}()", what, value
            continue
        found = module.project.definition(call.name, module) if call.name else None
        if found is not None and not isinstance(found[1], ast.ClassDef):
            for argument in repeated(found[0], found[1]):
                size = passed(call, found[1], argument)
                if size is not None:
                    yield f"{call.tail}()", argument.arg, size


def repeated(module: Module, function: FunctionNode) -> list[ast.arg]:
    """Return the parameters that say how often a function repeats gates."""
    memo: dict[ast.AST, list[ast.arg]] = module.memo.setdefault("RUN-01", {})
    known = memo.get(function)
    if known is not None:
        return known
    found = []
    own = {item.arg: item for item in parameters(function)}
    for loop in ast.walk(function):
        if not isinstance(loop, ast.For) or not isinstance(loop.iter, ast.Call):
            continue
        if _name(loop.iter.func) != "range":
            continue
        plain = [part for part in loop.iter.args if not _reads_entry(part)]
        counts = {
            item.id for part in plain for item in ast.walk(part) if isinstance(item, ast.Name)
        } & own.keys()
        if counts and _has_gates(module, loop):
            found += [own[name] for name in sorted(counts)]
    memo[function] = found
    return found


def _reads_entry(node: ast.expr) -> bool:
    return any(isinstance(item, ast.Subscript | ast.Call) for item in ast.walk(node))


def _has_gates(module: Module, loop: ast.For) -> bool:
    for node in ast.walk(loop):
        if isinstance(node, ast.Call):
            name = module.call(node).name
            if _FRAMEWORKS.match(name) and not (_FREE.search(name) or _STEPS.search(name)):
                return True
    return False


def _from_table(module: Module, func: ast.Name) -> bool:
    """Return whether a function was looked up, so that nobody can tell which one it is."""
    binding = module.single(func)
    made = binding.value if binding is not None and binding.kind == "assign" else None
    if isinstance(made, ast.Call):
        return _name(made.func) in {"get", "getattr"}
    return isinstance(made, ast.Subscript)


def _asked(module: Module, value: ast.expr) -> str:
    """Return the cost that an expression is or reads by its name, such as ``body["shots"]``."""
    binding = module.single(value) if isinstance(value, ast.Name) else None
    held = binding.value if binding is not None and binding.kind == "assign" else None
    for part in filter(None, (value, held)):
        for node in ast.walk(part):
            key = node.value if isinstance(node, ast.Constant) else _name(node)
            if isinstance(key, str) and key in _COSTS:
                return key
    return ""


def _name(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
