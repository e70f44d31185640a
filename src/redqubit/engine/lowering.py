"""Qiskit circuits to the engine's one intermediate form: named gates with differentiable angles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from qiskit.circuit import (
    AnnotatedOperation,
    ControlledGate,
    Gate,
    Instruction,
    Parameter,
    QuantumCircuit,
)
from qiskit.circuit.annotated_operation import ControlModifier, InverseModifier
from qiskit.quantum_info import Operator

from redqubit.core.errors import InputError
from redqubit.engine.expression import Angle, Binder, Expression
from redqubit.engine.gates import FIXED, PARAMETERIZED, standard_name

MAX_QUBITS = 16
MAX_DENSE_QUBITS = 4
AMPLITUDE = "amplitude_encoding"

__all__ = ["MAX_QUBITS", "Angle", "Expression", "Lowered", "Operation", "gate_matrix", "lower"]

_HINTS = {
    "measure": "remove measurements; observables say what is measured",
    "reset": "only unitary circuits are simulated",
    "initialize": "use state_preparation, which is unitary, as the first gate",
    "delay": "idle noise belongs in the noise model, so remove delays",
}


@dataclass(frozen=True, eq=False)
class Operation:
    """One gate: a name, the qubits it acts on, its angles or its matrix.

    Parameters
    ----------
    name
        Qiskit's name of a standard gate, or ``unitary`` for any other matrix.
    qubits
        ``qubits[0]`` is the least significant bit of the matrix, as in Qiskit.
    angles
        Angles of a parameterized gate in Qiskit's order; empty for a fixed gate.
    matrix
        ``(2^k, 2^k)`` complex128 of a fixed gate; None for a parameterized one.
    """

    name: str
    qubits: tuple[int, ...]
    angles: tuple[Angle, ...] = ()
    matrix: np.ndarray | None = field(default=None, repr=False)

    @property
    def feature_indices(self) -> tuple[int, ...]:
        """Return the sorted indices of the features the gate depends on."""
        return tuple(sorted({i for angle in self.angles for i in angle.feature_indices}))

    @property
    def weight_indices(self) -> tuple[int, ...]:
        """Return the sorted indices of the weights the gate depends on."""
        return tuple(sorted({i for angle in self.angles for i in angle.weight_indices}))


@dataclass(frozen=True, eq=False)
class Lowered:
    """A circuit as a list of operations in order of time.

    ``amplitude`` says that the state starts as the normalized vector of all features
    (`amplitudes`); the encoding gate itself is then not among ``operations``.
    ``amplitude_order[k]`` is the feature that becomes amplitude ``k`` in Qiskit order.
    """

    n_qubits: int
    operations: tuple[Operation, ...]
    n_features: int
    n_weights: int
    amplitude: bool = False
    amplitude_order: tuple[int, ...] = ()

    def amplitudes(self, x: torch.Tensor) -> torch.Tensor:
        """Return the encoded states ``(..., 2^n)``, real, of ``x (..., F)``."""
        order = torch.tensor(self.amplitude_order, device=x.device)
        chosen = x.index_select(-1, order)
        norm: torch.Tensor = torch.linalg.vector_norm(chosen, dim=-1, keepdim=True)
        return chosen / norm


def lower(
    circuit: QuantumCircuit, features: Sequence[Parameter], weights: Sequence[Parameter]
) -> Lowered:
    """Lower ``circuit`` to operations over ``x`` (in order of ``features``) and ``w``.

    Barriers and the global phase are dropped. Fixed gates carry their matrix; parameterized
    standard gates their angles; other parameterized gates are decomposed by their definition.

    Raises
    ------
    InputError
        More than 16 qubits, a non-unitary instruction (named, with its index), a parameter that
        is neither feature nor weight, or a gate without a definition.
    """
    if not isinstance(circuit, QuantumCircuit):
        raise InputError(f"a circuit must be a qiskit.QuantumCircuit, got {type(circuit).__name__}")
    n = circuit.num_qubits
    if not 1 <= n <= MAX_QUBITS:
        raise InputError(
            f"circuits of 1 to {MAX_QUBITS} qubits are simulated, got {n}"
            + (f" (one state alone has 2^{n} = {2**n:,} amplitudes)" if n else "")
        )
    lowering = _Lowering(n, _positions("feature", features), _positions("weight", weights))
    positions = {qubit: i for i, qubit in enumerate(circuit.qubits)}
    for index, item in enumerate(circuit.data):
        qubits = tuple(positions[qubit] for qubit in item.qubits)
        lowering.add(item.operation, qubits, f"instruction {index} ({item.operation.name!r})")
    return Lowered(
        n,
        tuple(lowering.operations),
        len(features),
        len(weights),
        bool(lowering.order),
        lowering.order,
    )


def gate_matrix(operation: Operation, x: torch.Tensor, w: torch.Tensor) -> torch.Tensor:
    """Return the complex matrix ``(..., 2^k, 2^k)`` of an operation, differentiable in x and w.

    The leading shape is the broadcast of the leading shapes of ``x (..., F)`` and ``w (..., W)``
    as far as the gate depends on them (none for a fixed gate). The precision is that of ``w``.
    """
    if operation.matrix is not None:
        dtype = torch.complex128 if w.dtype == torch.float64 else torch.complex64
        return torch.tensor(operation.matrix, dtype=dtype, device=w.device)
    angles = [angle.value(x, w) for angle in operation.angles]
    return PARAMETERIZED[operation.name](*torch.broadcast_tensors(*angles))  # type: ignore[no-untyped-call]


class _Lowering:
    """Collect operations while walking a circuit and the definitions inside it."""

    def __init__(
        self, n: int, features: dict[Parameter, int], weights: dict[Parameter, int]
    ) -> None:
        self.n = n
        self.operations: list[Operation] = []
        self.order: tuple[int, ...] = ()
        self._binder = Binder(features, weights)
        shared = features.keys() & weights.keys()
        if shared:
            names = sorted(parameter.name for parameter in shared)
            raise InputError(f"parameters {names} are both features and weights; choose one")

    def add(self, gate: Instruction, qubits: tuple[int, ...], where: str) -> None:
        """Append one instruction, decomposing it where it must be."""
        if isinstance(gate, AnnotatedOperation):
            gate = _plain(gate, where)
        name = gate.name
        if name in ("barrier", "global_phase"):
            for value in gate.params if name == "global_phase" else ():
                self._binder.angle(value, where)  # an unknown parameter is still an error
            return
        if name == AMPLITUDE and not _is_bound(gate):
            self._add_amplitudes(gate, qubits, where)
            return
        if not isinstance(gate, Gate) and (name in _HINTS or gate.definition is None):
            hint = _HINTS.get(name, "only unitary gates are simulated")
            raise InputError(f"{where} on qubits {list(qubits)} is not a unitary gate: {hint}")
        known = standard_name(gate)
        if known in PARAMETERIZED:
            angles = tuple(self._binder.angle(value, where) for value in gate.params)
            self.operations.append(Operation(known, qubits, angles))
        elif known in FIXED:
            self.operations.append(Operation(known, qubits, matrix=FIXED[known]))
        elif name == "unitary" or (len(qubits) <= MAX_DENSE_QUBITS and _is_bound(gate)):
            self._add_matrix(gate, qubits, where)
        else:
            self._add_definition(gate, qubits, where)

    def _add_matrix(self, gate: Instruction, qubits: tuple[int, ...], where: str) -> None:
        try:
            matrix = np.asarray(Operator(gate).data, dtype=np.complex128)
        except Exception:  # a composite with a non-unitary part: let the walk name that part
            self._add_definition(gate, qubits, where)
            return
        if not np.allclose(matrix @ matrix.conj().T, np.eye(len(matrix)), atol=1e-8):
            raise InputError(f"{where} on qubits {list(qubits)} has a matrix that is not unitary")
        self.operations.append(Operation("unitary", qubits, matrix=matrix))

    def _add_definition(self, gate: Instruction, qubits: tuple[int, ...], where: str) -> None:
        definition = gate.definition
        if definition is None:
            self._explain_undefined(gate, where)
        inner = {qubit: qubits[i] for i, qubit in enumerate(definition.qubits)}
        for index, item in enumerate(definition.data):
            part = f"{where}, part {index} ({item.operation.name!r})"
            self.add(item.operation, tuple(inner[qubit] for qubit in item.qubits), part)

    def _explain_undefined(self, gate: Instruction, where: str) -> None:
        for value in gate.params:
            self._binder.angle(value, where)
        raise InputError(
            f"{where} has no definition and no matrix that fits (at most {MAX_DENSE_QUBITS} "
            "qubits, all parameters bound); decompose it or pass a UnitaryGate"
        )

    def _add_amplitudes(self, gate: Instruction, qubits: tuple[int, ...], where: str) -> None:
        if self.operations or self.order or len(qubits) != self.n:
            raise InputError(
                f"{where} must be the first instruction and act on all {self.n} qubits"
            )
        if len(gate.params) != 2**self.n:
            raise InputError(f"{where} needs {2**self.n} features, got {len(gate.params)}")
        values = [self._binder.feature(value, where) for value in gate.params]
        order = [0] * len(values)
        for local, feature in enumerate(values):
            index = sum((local >> bit & 1) << qubit for bit, qubit in enumerate(qubits))
            order[index] = feature
        self.order = tuple(order)


def _positions(kind: str, parameters: Sequence[Parameter]) -> dict[Parameter, int]:
    positions: dict[Parameter, int] = {}
    for index, parameter in enumerate(parameters):
        if not isinstance(parameter, Parameter):
            raise InputError(
                f"{kind}s must be qiskit Parameters, got {type(parameter).__name__} at {index}"
            )
        if parameter in positions:
            raise InputError(f"{kind} {parameter.name!r} is listed twice")
        positions[parameter] = index
    return positions


def _plain(gate: AnnotatedOperation, where: str) -> Instruction:
    """Return the gate that an annotated operation stands for, its modifiers carried out."""
    base = gate.base_op
    plain = _plain(base, where) if isinstance(base, AnnotatedOperation) else base
    if not isinstance(plain, Gate):
        raise InputError(f"{where} modifies {plain.name!r}, which is not a gate")
    for modifier in gate.modifiers:
        if isinstance(modifier, ControlModifier):
            plain = plain.control(
                modifier.num_ctrl_qubits, ctrl_state=modifier.ctrl_state, annotated=False
            )
        elif isinstance(modifier, InverseModifier):
            plain = plain.inverse(annotated=False)
        else:
            plain = plain.power(modifier.power, annotated=False)
    return plain


def _is_bound(gate: Instruction) -> bool:
    """Return whether a gate is free of parameters, also inside a controlled base gate."""
    values: list[Any] = list(gate.params)
    if isinstance(gate, ControlledGate):
        values += gate.base_gate.params
    return not any(getattr(value, "parameters", None) for value in values)
