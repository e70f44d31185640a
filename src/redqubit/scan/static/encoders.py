"""Where features and weights enter a circuit, in Qiskit, PennyLane, Cirq and Braket."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

from redqubit.scan.finding import Hop
from redqubit.scan.static import sources
from redqubit.scan.static.flow import passed
from redqubit.scan.static.indirect import is_result
from redqubit.scan.static.scope import dotted
from redqubit.scan.static.surroundings import wrapped

if TYPE_CHECKING:
    from redqubit.scan.static.flow import Checked, Clean, Flow
    from redqubit.scan.static.module import Call, Module
    from redqubit.scan.static.sources import Origin

Kind = Literal["angle", "amplitude", "basis", "bind", "weights", "train"]
_ROTATIONS: Final = (
    "rx", "ry", "rz", "p", "crx", "cry", "crz", "cp", "rxx", "ryy", "rzz",
    "rzx", "u", "u1", "r",
)  # fmt: skip
_GATES: Final = (
    "RX", "RY", "RZ", "PhaseShift", "CRX", "CRY", "CRZ", "ControlledPhaseShift", "IsingXX",
    "IsingYY", "IsingZZ", "MultiRZ", "Rot", "U1",
    "U2", "U3", "CRot", "PauliRot",
)  # fmt: skip
_BRAKET: Final = ("rx", "ry", "rz", "phaseshift")
_BRAKET_TWO: Final = ("cphaseshift", "xx", "yy", "zz", "xy")
_RUNS: Final = (
    "run", "simulate", "sample", "run_sweep", "simulate_sweep", "simulate_expectation_values",
    "compute_amplitudes",
)  # fmt: skip
# pattern, kind, position, keyword
_TABLE: Final[tuple[tuple[str, Kind, int, str], ...]] = (
    ("pennylane..AngleEmbedding", "angle", 0, "features"),
    ("pennylane..IQPEmbedding", "angle", 0, "features"),
    ("pennylane..QAOAEmbedding", "angle", 0, "features"),
    ("pennylane..DisplacementEmbedding", "angle", 0, "features"),
    ("pennylane..SqueezingEmbedding", "angle", 0, "features"),
    *((f"pennylane..{gate}", "angle", 0, "phi") for gate in _GATES),
    ("pennylane..AmplitudeEmbedding", "amplitude", 0, "features"),
    ("pennylane..StatePrep", "amplitude", 0, "state"),
    ("pennylane..QubitStateVector", "amplitude", 0, "state"),
    ("pennylane..MottonenStatePreparation", "amplitude", 0, "state_vector"),
    ("pennylane..BasisEmbedding", "basis", 0, "features"),
    ("pennylane..BasisState", "basis", 0, "state"),
    ("pennylane..BasisStatePreparation", "basis", 0, "basis_state"),
    ("pennylane..StronglyEntanglingLayers", "weights", 0, "weights"),
    ("pennylane..BasicEntanglerLayers", "weights", 0, "weights"),
    ("pennylane..QAOAEmbedding", "weights", 1, "weights"),
    ("pennylane..RandomLayers", "weights", 0, "weights"),
    *((f"qiskit..{gate}", "angle", 0, "theta") for gate in _ROTATIONS),
    *((f"qiskit..library.{gate.upper()}Gate", "angle", 0, "theta") for gate in _ROTATIONS),
    ("qiskit..initialize", "amplitude", 0, "params"),
    ("qiskit..prepare_state", "amplitude", 0, "state"),
    ("qiskit..StatePreparation", "amplitude", 0, "params"),
    (".assign_parameters", "bind", 0, "parameters"),
    (".bind_parameters", "bind", 0, "values_dict"),
    ("qiskit_machine_learning..forward", "angle", 0, "input_data"),
    ("qiskit_machine_learning..forward", "weights", 1, "weights"),
    ("qiskit_machine_learning..predict", "angle", 0, "X"),
    ("qiskit_machine_learning..evaluate", "angle", 0, "x_vec"),
    ("qiskit_machine_learning..fit", "train", 0, "X"),
    ("cirq.rx", "angle", 0, "rads"),
    ("cirq.ry", "angle", 0, "rads"),
    ("cirq.rz", "angle", 0, "rads"),
    ("cirq.Rx", "angle", 0, "rads"),
    ("cirq.Ry", "angle", 0, "rads"),
    ("cirq.Rz", "angle", 0, "rads"),
    ("cirq..ParamResolver", "bind", 0, "param_dict"),
    ("cirq.resolve_parameters", "bind", 1, "param_resolver"),
    *((f"cirq..{name}", "bind", 1, "param_resolver") for name in _RUNS),
    ("cirq.XPowGate", "angle", 99, "exponent"),
    ("cirq.YPowGate", "angle", 99, "exponent"),
    ("cirq.ZPowGate", "angle", 99, "exponent"),
    *((f"braket..{gate}", "angle", 1, "angle") for gate in _BRAKET),
    *((f"braket..{gate}", "angle", 2, "angle") for gate in _BRAKET_TWO),
    ("braket..make_bound_circuit", "bind", 0, "param_values"),
    ("braket..run", "bind", 99, "inputs"),
    ("pyquil..run", "bind", 99, "memory_map"),
    ("pyquil..write_memory", "bind", 99, "value"),
    ("pytket..symbol_substitution", "bind", 0, "symbol_map"),
    ("qiskit..run", "bind", 99, "parameter_binds"),
)  # fmt: skip
_METHODS: Final = frozenset(
    f"qiskit..{name}" for name in (*_ROTATIONS, "initialize", "prepare_state")
)
_ON_CIRCUIT: Final = re.compile(r"\.(?:QuantumCircuit|transpile|compose|copy)\.")
# Drawn, filled or symbolic: only the number of entries comes from the arguments.
_PI: Final = re.compile(r"\bpi\b")
DRAWN: Final = frozenset(
    ["uniform", "normal", "rand", "randn", "random", "randint", "integers", "zeros",
     "linspace",
     "arange", "permutation", "standard_normal",
     "Parameter", "ParameterVector", "ParameterExpression", "Symbol", "symbols", "FreeParameter",
     "ParamResolver"]
)  # fmt: skip
_COMPILERS: Final = (
    "jit",
    "vmap",
    "compile",
    "tf.function",
    "batch_params",
    "batch_input",
    "batched",
)
_PUBS: Final = re.compile(r"^qiskit.*(Sampler|Estimator)(?:V2)?\.run$")
_PRIMITIVE: Final = re.compile(r"(?:sampler|estimator|\best)$", re.IGNORECASE)
PASSED: Final = 3  # calls from an entrance back to what is passed to it
_STEPS: Final = frozenset({"step", "step_and_cost", "minimize"})
_MESSAGE: Final = re.compile(r"(?:.*_)?(?:message|msg|payload|event|body|request|job_?data)$")
WEIGHTS: Final = re.compile(
    r"theta|weight|checkpoint|trained|optimal|\bbest|\b\w*params?\b|\bw\b|ansatz|coeff",
    re.IGNORECASE,
)
FEATURES: Final = re.compile(
    r"feature|sample|\b[xX]\b|\b[xX]_|_x\b|\bdata\b|input|\brow|image|pixel|dataset|angles",
)

_FLOATS: Final = frozenset(
    ["uniform", "rand", "randn", "normal", "random", "standard_normal", "random_sample",
     "exponential", "lognormal", "standard_exponential"]
)  # fmt: skip
_RANDOM: Final = re.compile(r"random|rng|generator|torch|\brandn?\b|\brs\b")
_DATASETS: Final = re.compile(
    r"^sklearn\.datasets\.(?:load_|fetch_|make_(?!multi))|^seaborn\.load_dataset$"
)

# Calls that give the same numbers in another form.
_KEEPS: Final = frozenset(
    ["array", "asarray", "astype", "reshape", "ravel", "flatten", "tensor", "as_tensor",
     "from_numpy", "float", "list", "tuple", "stack", "vstack", "hstack", "concatenate", "copy",
     "squeeze", "to_numpy", "tolist", "detach", "numpy", "clone", "double", "to", "abs", "sorted",
     "zip", "enumerate", "map", "iter", "next", "train_test_split", "DataFrame", "TensorDataset",
     "DataLoader", "round", "around", "fit_transform", "transform", "head", "sample",
     "transpose", "take", "values", "items", "drop", "pop", "iloc", "float32", "float64"]
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Entrance:
    """An argument through which numbers reach a circuit."""

    call: Call
    kind: Kind
    value: ast.expr


def entrances(module: Module, *kinds: Kind) -> Iterator[Entrance]:
    """Yield the arguments of these kinds, in a file's encoders, rotations and bindings."""
    for pattern, kind, position, keyword in _TABLE:
        if kind in kinds:
            for call in module.calls(pattern):
                value = call.arg(position, keyword)
                if isinstance(call.node.func, ast.Call):
                    continue  # ``cirq.rx(angle)(qubit)``: the inner call has the angle
                if pattern in _METHODS and not _ON_CIRCUIT.search(call.name):
                    continue
                if value is not None and not isinstance(value, ast.Constant):
                    yield Entrance(call, kind, value)
    if "train" in kinds:
        for call in module.calls("sklearn.svm..fit", "sklearn.gaussian_process..fit"):
            value = call.arg(0, "X")
            if value is not None and _has_quantum_kernel(module, call):
                yield Entrance(call, "train", value)
    if "bind" in kinds:
        for call in module.calls(".run"):
            if _PUBS.match(call.name) or _is_primitive(call):
                for value in _pubs(module, call):
                    yield Entrance(call, "bind", value)


def _is_primitive(call: Call) -> bool:
    """Return whether a primitive that a caller has made runs, by its name here."""
    receiver = dotted(call.receiver) if call.receiver is not None and not call.name else ""
    return _PRIMITIVE.search(receiver) is not None


def _has_quantum_kernel(module: Module, call: Call) -> bool:
    """Return whether a support vector machine asks a quantum kernel: ``SVC(kernel=k.evaluate)``."""
    binding = module.single(call.receiver) if call.receiver is not None else None
    made = call.receiver if binding is None else binding.value
    if not isinstance(made, ast.Call):
        return False
    kernels = [item.value for item in made.keywords if item.arg == "kernel"]
    return any(
        module.name_of(kernel).startswith("qiskit_machine_learning.kernels.") for kernel in kernels
    )


def _pubs(module: Module, call: Call) -> Iterator[ast.expr]:
    """Yield the parameter values of the circuits a primitive runs."""
    estimates = "Estimator" in call.name or re.search("est", ast.unparse(call.node.func))
    index = 2 if estimates else 1
    given = call.arg(0, "pubs")
    binding = module.single(given) if given is not None else None
    given = binding.value if binding is not None and binding.kind == "assign" else given
    items = given.elts if isinstance(given, ast.List | ast.Tuple) else []
    for item in [given.elt] if isinstance(given, ast.ListComp) else items:
        held = module.single(item)
        item = held.value if held is not None and held.value is not None else item
        if isinstance(item, ast.Tuple) and len(item.elts) > index:
            yield item.elts[index]


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """What reaches an entrance: itself, or what a call passes for the parameter it takes."""

    module: Module
    value: ast.expr
    call: Call | None = None
    hops: tuple[Hop, ...] = ()


def givens(module: Module, value: ast.expr, depth: int = PASSED) -> Iterator[Given]:
    """Yield what the calls pass where a value is a parameter, else the value.

    ``call`` is the one nearest to the value.
    """
    binding = module.single(value)
    argument = binding.node if binding is not None else None
    function = module.function(argument) if isinstance(argument, ast.arg) else None
    owner = module.parent(module.parent(argument) or argument) if argument is not None else None
    if depth <= 0 or not isinstance(argument, ast.arg) or owner is not function or function is None:
        yield Given(module, value)
        return
    passes = [
        (call, passed(call, function, argument))
        for call in module.project.callers(module, function)
    ]
    passes += list(wrapped(module, value))
    if not passes or sources.of_parameter(module, function, argument) is not None:
        yield Given(module, value)
        return
    hop = Hop(module.place(argument), f"is passed to {function.name}()")
    for call, given in passes:
        if given is None:
            continue
        for inner in givens(call.module, given, depth - 1):
            yield Given(inner.module, inner.value, inner.call or call, (*inner.hops, hop))


def flow_into(
    module: Module,
    value: ast.expr,
    *,
    origins: Collection[Origin],
    clean: Clean = (),
    guard: Checked | None = None,
    ends: Checked | None = None,
) -> Flow | None:
    """Return a flow into a value that is not only drawn, counted or the outcome of training."""

    def judged(call: Call) -> bool:
        if call.tail in DRAWN or call.tail in _STEPS:
            return True
        return clean(call) if callable(clean) else call.matches(*clean)

    options = {"clean": judged, "guard": guard, "ends": ends}
    found = module.flow(value, origins=origins, **options)
    for _, given in wrapped(module, value) if found is None else ():
        found = found or module.flow(given, origins=origins, **options)
    if found is None:
        found = module.flow(value, origins={"parameter"}, **options)
        if found is None or not _is_message(found):
            return None
        return replace(found, origin="request") if "request" in origins else None
    return found


def _is_message(flow: Flow) -> bool:
    """Return whether a function nobody calls here takes entries of what by its name was sent."""
    node = flow.node
    return isinstance(node, ast.arg) and bool(flow.fields) and bool(_MESSAGE.match(node.arg))


def flows(
    module: Module, item: Entrance, judge: Callable[[Given], Flow | None]
) -> Iterator[tuple[ast.AST, Given, Flow]]:
    """Yield the bad flows into an entrance with the place to report.

    That is the entrance; where calls bring bad data of several sources, or only some of them do,
    it is each such call in the same file.
    """
    bad = []
    known = list(givens(module, item.value))
    for given in known:
        flow = judge(given)
        if flow is not None:
            bad.append((given, flow))
    seen: set[ast.AST] = set()
    several = len({id(flow.node) for _, flow in bad}) > 1 or len(bad) < len(known)
    for given, flow in bad:
        near = given.call is not None and given.call.module is module and several
        place = given.call.node if near and given.call is not None else item.call.node
        if place not in seen:
            seen.add(place)
            yield place, given, replace(flow, hops=(*flow.hops, *given.hops))


def is_random(call: Call) -> bool:
    """Return whether a call draws from a generator of random numbers."""
    receiver = call.receiver
    told = call.name or (ast.unparse(receiver) if receiver is not None else "")
    return _RANDOM.search(told) is not None


def draws_floats(call: Call) -> bool:
    """Return whether a call draws random floats."""
    return call.tail in _FLOATS and is_random(call)


def remakes(call: Call) -> bool:
    """Return whether a call of a library makes something else of the numbers it gets."""
    return call.tail not in _KEEPS and (
        not call.name or call.module.project.definition(call.name, call.module) is None
    )


def loads_dataset(call: Call) -> bool:
    """Return whether a call gives a dataset that comes with a library."""
    return _DATASETS.match(call.name) is not None


def scales(_module: Module, node: ast.expr) -> bool:
    """Return whether an operation maps data into another range."""
    if not isinstance(node, ast.BinOp):
        return False
    if isinstance(node.op, ast.Div | ast.Mod | ast.FloorDiv):
        return True
    return isinstance(node.op, ast.Mult) and any(
        _PI.search(ast.unparse(side)) for side in (node.left, node.right)
    )


def changed(module: Module, node: ast.expr) -> bool:
    """Return whether a name is scaled in place: ``x /= x.max()``."""
    if not isinstance(node, ast.Name | ast.Attribute):
        return False
    return any(
        isinstance(binding.node, ast.AugAssign)
        and scales(module, ast.BinOp(binding.node.target, binding.node.op, binding.node.value))
        for binding in module.bindings(node)
    )


def is_qnode(module: Module, call: Call) -> bool:
    """Return whether a call runs a PennyLane circuit of this project."""
    function = _compiled(module, call.node.func)
    name = module.name_of(function) or call.name
    if name.endswith("pennylane.QNode"):
        return is_result(module, function)
    found = module.project.definition(name, module) if name else None
    if found is None or isinstance(found[1], ast.ClassDef):
        found = module.project.definition(module.name_of(function), module)
    if found is None or isinstance(found[1], ast.ClassDef):
        return False
    marks = found[1].decorator_list
    return any(
        found[0].name_of(mark.func if isinstance(mark, ast.Call) else mark).endswith("qnode")
        for mark in marks
    )


def _compiled(module: Module, node: ast.expr) -> ast.expr:
    """Return the function that ``jax.jit(node)`` and the like call."""
    binding = module.single(node)
    made = binding.value if binding is not None and binding.kind == "assign" else node
    if isinstance(made, ast.Call) and made.args and dotted(made.func).endswith(_COMPILERS):
        return made.args[0]
    return node


def words(module: Module, value: ast.expr, flow: Flow | None) -> str:
    """Return the text that tells what a value is: itself and the names on the way."""
    binding = module.single(value)
    named = binding is not None and binding.kind == "assign"
    shown = binding.value if binding is not None and binding.value and named else value
    if isinstance(shown, ast.Call) and shown.args and ast.unparse(shown.func) == "dict":
        shown = shown.args[0]
    if isinstance(shown, ast.Call) and len(shown.args) > 1 and ast.unparse(shown.func) == "zip":
        shown = shown.args[1]
    if isinstance(shown, ast.Dict):
        shown = ast.List(list(shown.values), ast.Load())
    if isinstance(shown, ast.DictComp):
        shown = shown.value
    hops = (
        ()
        if flow is None
        else tuple(hop.text.removeprefix("data enters from ") for hop in flow.hops)
    )
    if isinstance(value, ast.Dict):
        value = shown  # its keys are the circuit's parameters
    return "\n".join((ast.unparse(value), ast.unparse(shown), *hops))
