"""What circuits agree on: features are the vector ``x``, trainable weights the vector ``w``."""

from __future__ import annotations

from collections.abc import Sequence

from qiskit.circuit import Parameter, ParameterVector, ParameterVectorElement, QuantumCircuit

from redqubit.core.errors import InputError

FEATURE = "x"
WEIGHT = "w"
MAX_QUBITS = 16
MAX_LAYERS = 1000


def count(name: str, value: int, *, low: int = 1, high: int = MAX_LAYERS) -> int:
    """Return ``value``, a whole number from ``low`` to ``high``; raise InputError otherwise."""
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise InputError(f"{name} must be a whole number, got {value!r}")
    if not low <= int(value) <= high:
        raise InputError(f"{name} must be from {low} to {high}, got {value}")
    return int(value)


def qubits(n: int, *, low: int = 1) -> int:
    """Return the number of qubits ``n`` if circuits of this package may have so many."""
    return count("the number of qubits", n, low=low, high=MAX_QUBITS)


def features(circuit: QuantumCircuit) -> tuple[Parameter, ...]:
    """Return the feature parameters of ``circuit`` (vector ``x``) in index order."""
    return _vector(circuit, FEATURE)


def weights(circuit: QuantumCircuit) -> tuple[Parameter, ...]:
    """Return the weight parameters of ``circuit`` (vector ``w``) in index order."""
    return _vector(circuit, WEIGHT)


def _vector(circuit: QuantumCircuit, name: str) -> tuple[Parameter, ...]:
    chosen: list[ParameterVectorElement] = []
    for parameter in circuit.parameters:
        if not isinstance(parameter, ParameterVectorElement) or parameter.vector.name not in (
            FEATURE,
            WEIGHT,
        ):
            raise InputError(
                f"the circuit's parameter {parameter.name!r} is neither a feature nor a weight; "
                f"take features from ParameterVector({FEATURE!r}, n) and weights from "
                f"ParameterVector({WEIGHT!r}, n)"
            )
        if parameter.vector.name == name:
            chosen.append(parameter)
    return tuple(sorted(chosen, key=lambda parameter: parameter.index))


def bind(
    circuit: QuantumCircuit, x: Sequence[float] = (), w: Sequence[float] = ()
) -> QuantumCircuit:
    """Return ``circuit`` with feature values ``x`` and weight values ``w`` in index order."""
    values: dict[Parameter, float] = {}
    for kind, parameters, given in (
        ("features", features(circuit), x),
        ("weights", weights(circuit), w),
    ):
        if len(parameters) != len(given):
            raise InputError(f"the circuit has {len(parameters)} {kind}, got {len(given)} values")
        values.update(zip(parameters, given, strict=True))
    return circuit.assign_parameters(values)


def join(encoder: QuantumCircuit, ansatz: QuantumCircuit) -> QuantumCircuit:
    """Return ``encoder`` followed by ``ansatz``; the ansatz's weights come after the encoder's.

    Raises
    ------
    InputError
        The two differ in their number of qubits, or the ansatz has features.
    """
    if encoder.num_qubits != ansatz.num_qubits:
        raise InputError(
            f"encoder and ansatz must have the same number of qubits, got {encoder.num_qubits} "
            f"and {ansatz.num_qubits}"
        )
    if features(ansatz):
        raise InputError(
            "the ansatz must not contain features (vector 'x'); give a circuit that mixes "
            "features and weights as the encoder, without an ansatz"
        )
    before, after = weights(encoder), weights(ansatz)
    vector = ParameterVector(WEIGHT, len(before) + len(after))
    joined = encoder.assign_parameters(dict(zip(before, vector[: len(before)], strict=True)))
    joined.compose(
        ansatz.assign_parameters(dict(zip(after, vector[len(before) :], strict=True))),
        inplace=True,
    )
    joined.name = f"{encoder.name}+{ansatz.name}"
    return joined
