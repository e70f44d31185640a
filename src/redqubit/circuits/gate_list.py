"""Circuits as strict JSON data: a list of gates with their qubits and angle expressions.

Used for files and fingerprints. Reading it back calls no parser and imports nothing by name: gates
come from a fixed table, expressions from a fixed set of operations, and every size is bounded.

An angle is a number, ``["x", i]`` (feature), ``["w", i]`` (weight), ``["+", a, b, ...]``,
``["*", a, b, ...]``, ``["pow", a, exponent]`` or ``[function, a]``.
"""

from __future__ import annotations

import functools
import hashlib
import json
import math
from typing import Any

import numpy as np
from qiskit.circuit import (
    Gate,
    Instruction,
    ParameterExpression,
    ParameterVector,
    QuantumCircuit,
)
from qiskit.circuit.library import UnitaryGate
from qiskit.circuit.library.standard_gates import get_standard_gate_name_mapping

from redqubit.circuits.encoders.amplitude import AmplitudeEncoding
from redqubit.circuits.expression import from_expression, to_expression
from redqubit.circuits.parameters import FEATURE, MAX_QUBITS, WEIGHT, features, weights
from redqubit.core.errors import InputError, unknown

MAX_GATES = 20_000
MAX_PARAMETERS = 1 << 17
_KEYS = ("qubits", "features", "weights", "global_phase", "gates")


@functools.cache
def _standard() -> dict[str, Gate]:
    """Return Qiskit's standard gates by name, without measure, reset and delay."""
    return {
        name: gate
        for name, gate in get_standard_gate_name_mapping().items()
        if isinstance(gate, Gate)
    }


def to_gate_list(circuit: QuantumCircuit) -> dict[str, Any]:
    """Return ``circuit`` as JSON data; gates outside the standard library are taken apart.

    Raises
    ------
    InputError
        The circuit holds something that is not a gate (measure, reset, control flow), a gate that
        has no definition, or more than `MAX_QUBITS` qubits or `MAX_GATES` gates.
    """
    gates: list[list[Any]] = []
    _flatten(circuit, list(range(circuit.num_qubits)), gates)
    data = {
        "qubits": circuit.num_qubits,
        "features": _size(features(circuit)),
        "weights": _size(weights(circuit)),
        "global_phase": to_expression(circuit.global_phase),
        "gates": gates,
    }
    _check_header(data)
    return data


def _size(parameters: tuple[Any, ...]) -> int:
    return parameters[-1].index + 1 if parameters else 0


def _flatten(circuit: QuantumCircuit, places: list[int], gates: list[list[Any]]) -> None:
    """Append the gates of ``circuit``, whose qubits stand at ``places``, to ``gates``."""
    index = dict(zip(circuit.qubits, places, strict=True))
    for item in circuit.data:
        operation = item.operation
        where = [index[bit] for bit in item.qubits]
        if operation.name == "barrier":
            continue
        if item.clbits or not isinstance(operation, Gate):
            raise InputError(
                f"a model's circuit consists of gates, got the instruction {operation.name!r}; "
                "remove it (observables are measured without measure instructions)"
            )
        if isinstance(operation, UnitaryGate):
            matrix = np.asarray(operation.to_matrix())
            angles: list[Any] = [*matrix.real.ravel().tolist(), *matrix.imag.ravel().tolist()]
            gates.append(["unitary", where, angles])
        elif _is_plain(operation):
            gates.append([operation.name, where, [to_expression(p) for p in operation.params]])
        else:
            _flatten(_definition(operation), where, gates)
        if len(gates) > MAX_GATES:
            raise InputError(f"a circuit may have at most {MAX_GATES} gates, got more")


def _is_plain(operation: Instruction) -> bool:
    """Return whether ``operation`` really is the gate its name says."""
    if isinstance(operation, AmplitudeEncoding):
        return True
    gate = _standard().get(operation.name)
    return gate is not None and operation.base_class is gate.base_class


def _definition(operation: Instruction) -> QuantumCircuit:
    definition = operation.definition
    if definition is None:
        raise InputError(
            f"the gate {operation.name!r} is not in Qiskit's standard library and has no "
            "definition; give it one, or a UnitaryGate with its matrix"
        )
    if definition.global_phase:
        phased = QuantumCircuit(definition.num_qubits)
        phased.append(_standard()["global_phase"].base_class(definition.global_phase), [])
        return phased.compose(definition)
    return definition


def from_gate_list(data: Any) -> QuantumCircuit:
    """Build the circuit that `to_gate_list` wrote.

    Raises
    ------
    InputError
        Anything that is not exactly such data, or exceeds its bounds.
    """
    if not isinstance(data, dict):
        raise InputError(f"a circuit must be a mapping, got {type(data).__name__}")
    for key in data:
        if key not in _KEYS:
            raise unknown("key in circuit", str(key), _KEYS)
    _check_header(data)
    vectors = {
        FEATURE: ParameterVector(FEATURE, data["features"]),
        WEIGHT: ParameterVector(WEIGHT, data["weights"]),
    }
    circuit = QuantumCircuit(
        data["qubits"], global_phase=from_expression(data["global_phase"], vectors, "global_phase")
    )
    for i, gate in enumerate(data["gates"]):
        _append(circuit, gate, vectors, f"gate {i}")
    return circuit


def _check_header(data: dict[str, Any]) -> None:
    for key in _KEYS:
        if key not in data:
            raise InputError(f"the circuit lacks the key {key!r}")
    bounds = {
        "qubits": (1, MAX_QUBITS),
        "features": (0, MAX_PARAMETERS),
        "weights": (0, MAX_PARAMETERS),
    }
    for key, (low, high) in bounds.items():
        if type(data[key]) is not int or not low <= data[key] <= high:
            raise InputError(
                f"the circuit's number of {key} must be from {low} to {high}, got {data[key]!r:.40}"
            )
    if not isinstance(data["gates"], list) or len(data["gates"]) > MAX_GATES:
        raise InputError(f"a circuit's gates must be a list of at most {MAX_GATES}")


def _append(
    circuit: QuantumCircuit, entry: Any, vectors: dict[str, ParameterVector], where: str
) -> None:
    if not isinstance(entry, list) or len(entry) != 3:
        raise InputError(f"{where} must be a list [name, qubits, angles]")
    name, places, angles = entry
    if not isinstance(name, str):
        raise InputError(f"{where} must begin with the gate's name")
    if not isinstance(places, list) or not isinstance(angles, list):
        raise InputError(f"{where} ({name!r:.40}) must have a list of qubits and a list of angles")
    valid = all(type(place) is int and 0 <= place < circuit.num_qubits for place in places)
    if not valid or len(set(places)) != len(places):
        raise InputError(
            f"{where} ({name!r:.40}) must act on different qubits from 0 to "
            f"{circuit.num_qubits - 1}"
        )
    if name == "unitary":
        operation: Instruction = _unitary(angles, len(places), where)
    else:
        expressions = [from_expression(a, vectors, f"{where} ({name!r:.40})") for a in angles]
        operation = _gate(name, expressions, len(places), where)
    circuit.append(operation, places)


def _gate(
    name: str, angles: list[ParameterExpression | float], n_qubits: int, where: str
) -> Instruction:
    if name == "amplitude_encoding":
        if n_qubits == 0 or len(angles) != 2**n_qubits:
            raise InputError(f"{where} must have 2^k angles for its k qubits")
        return AmplitudeEncoding(angles)
    gate = _standard().get(name)
    if gate is None:
        raise unknown(
            f"gate name ({where})", name[:40], [*_standard(), "amplitude_encoding", "unitary"]
        )
    if gate.num_qubits != n_qubits or len(gate.params) != len(angles):
        raise InputError(
            f"{where} ({name}) takes {gate.num_qubits} qubits and {len(gate.params)} angles, got "
            f"{n_qubits} and {len(angles)}"
        )
    return gate.base_class(*angles)


def _unitary(numbers: list[Any], n_qubits: int, where: str) -> UnitaryGate:
    size = 4**n_qubits
    if not 1 <= n_qubits <= 6 or len(numbers) != 2 * size:
        raise InputError(f"{where} (unitary) must act on 1 to 6 qubits and have 2 * 4^k numbers")
    if not all(type(number) in (int, float) and math.isfinite(number) for number in numbers):
        raise InputError(f"{where} (unitary) must consist of finite numbers")
    entries = np.array(numbers, dtype=float)
    matrix = (entries[:size] + 1j * entries[size:]).reshape(2**n_qubits, 2**n_qubits)
    if not np.allclose(matrix @ matrix.conj().T, np.eye(2**n_qubits), atol=1e-6):
        raise InputError(f"{where} (unitary) must have a unitary matrix")
    return UnitaryGate(matrix)


def fingerprint(circuit: QuantumCircuit) -> str:
    """Return 16 hexadecimal digits that name the circuit: equal gates, equal fingerprint.

    Names of circuits, registers and barriers do not count.
    """
    text = json.dumps(to_gate_list(circuit), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]
