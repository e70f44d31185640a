"""Where features and weights enter a circuit, in Qiskit, PennyLane, Cirq and Braket."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from redqubit.scan.static.surroundings import wrapped

if TYPE_CHECKING:
    from redqubit.scan.static.flow import Clean, Flow
    from redqubit.scan.static.module import Call, Module
    from redqubit.scan.static.sources import Origin

Kind = Literal["angle", "amplitude", "basis", "bind", "weights"]
_ROTATIONS: Final = ("rx", "ry", "rz", "p", "crx", "cry", "crz", "cp", "rxx", "ryy", "rzz")
# pattern, kind, position, keyword
_TABLE: Final[tuple[tuple[str, Kind, int, str], ...]] = (
    ("pennylane..AngleEmbedding", "angle", 0, "features"),
    ("pennylane..IQPEmbedding", "angle", 0, "features"),
    ("pennylane..QAOAEmbedding", "angle", 0, "features"),
    ("pennylane..DisplacementEmbedding", "angle", 0, "features"),
    ("pennylane..SqueezingEmbedding", "angle", 0, "features"),
    ("pennylane..RX", "angle", 0, "phi"),
    ("pennylane..RY", "angle", 0, "phi"),
    ("pennylane..RZ", "angle", 0, "phi"),
    ("pennylane..PhaseShift", "angle", 0, "phi"),
    ("pennylane..AmplitudeEmbedding", "amplitude", 0, "features"),
    ("pennylane..StatePrep", "amplitude", 0, "state"),
    ("pennylane..BasisEmbedding", "basis", 0, "features"),
    ("pennylane..BasisState", "basis", 0, "state"),
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
    ("cirq.rx", "angle", 0, "rads"),
    ("cirq.ry", "angle", 0, "rads"),
    ("cirq.rz", "angle", 0, "rads"),
    ("cirq.Rx", "angle", 0, "rads"),
    ("cirq.Ry", "angle", 0, "rads"),
    ("cirq.Rz", "angle", 0, "rads"),
    ("cirq..ParamResolver", "bind", 0, "param_dict"),
    ("cirq.resolve_parameters", "bind", 1, "param_resolver"),
    *((f"braket..{gate}", "angle", 1, "angle") for gate in ("rx", "ry", "rz", "phaseshift")),
    ("braket..make_bound_circuit", "bind", 0, "param_values"),
)  # fmt: skip
_METHODS: Final = frozenset(
    f"qiskit..{name}" for name in (*_ROTATIONS, "initialize", "prepare_state")
)
_ON_CIRCUIT: Final = re.compile(r"\.(?:QuantumCircuit|transpile|compose|copy)\.")
# Drawn, filled or symbolic: only the number of entries comes from the arguments.
_DRAWN: Final = frozenset(
    ["uniform", "normal", "rand", "randn", "random", "randint", "integers", "zeros",
     "linspace",
     "arange", "permutation", "standard_normal",
     "Parameter", "ParameterVector", "ParameterExpression", "Symbol", "symbols", "FreeParameter"]
)  # fmt: skip
_PUBS: Final = re.compile(r"^qiskit.*(Sampler|Estimator)(?:V2)?\.run$")
WEIGHTS: Final = re.compile(
    r"theta|weight|checkpoint|trained|optimal|\bbest|\b\w*params?\b|\bw\b|ansatz|coeff",
    re.IGNORECASE,
)
FEATURES: Final = re.compile(
    r"feature|sample|\b[xX]\b|\b[xX]_|_x\b|\bdata\b|input|\brow|image|pixel|dataset|angles",
)


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
    if "bind" in kinds:
        for call in module.calls(".run"):
            if _PUBS.match(call.name):
                for value in _pubs(module, call):
                    yield Entrance(call, "bind", value)


def _pubs(module: Module, call: Call) -> Iterator[ast.expr]:
    """Yield the parameter values of the circuits a primitive runs."""
    index = 2 if "Estimator" in call.name else 1
    given = call.arg(0, "pubs")
    binding = module.single(given) if given is not None else None
    given = binding.value if binding is not None and binding.kind == "assign" else given
    for item in given.elts if isinstance(given, ast.List | ast.Tuple) else ():
        if isinstance(item, ast.Tuple) and len(item.elts) > index:
            yield item.elts[index]


def flow_into(
    module: Module, value: ast.expr, *, origins: Collection[Origin], clean: Clean = ()
) -> Flow | None:
    """Return a flow into a value, also through ``qml.QNode(circuit, device)``."""

    def judged(call: Call) -> bool:
        if call.tail in _DRAWN:
            return True
        return clean(call) if callable(clean) else call.matches(*clean)

    found = module.flow(value, origins=origins, clean=judged)
    if found is not None:
        return found
    for _, given in wrapped(module, value):
        found = module.flow(given, origins=origins, clean=judged)
        if found is not None:
            return found
    return None


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
    return "\n".join((ast.unparse(value), ast.unparse(shown), *hops))
