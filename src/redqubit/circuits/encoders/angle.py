"""Angle encoding: one rotation a feature."""

from __future__ import annotations

import math

from qiskit.circuit import ParameterVector, QuantumCircuit

from redqubit.circuits.parameters import FEATURE, qubits
from redqubit.core.errors import InputError, unknown

AXES = ("x", "y", "z")


def angle(n: int, axis: str = "x", scale: float = 1.0) -> QuantumCircuit:
    """Return the encoder that rotates qubit ``i`` by ``scale * x[i]`` radians about ``axis``.

    Axis ``z`` puts a Hadamard gate before the rotation, which would do nothing to |0>. The encoder
    has ``n`` features; it is periodic in each with period ``2 pi / scale``.

    Raises
    ------
    InputError
        Bad size, unknown axis, or a scale that is zero or not finite.

    Source: Schuld, Petruccione, Supervised Learning with Quantum Computers (2018), section 5.3.
    """
    if axis not in AXES:
        raise unknown("axis", str(axis), AXES)
    if not math.isfinite(scale) or scale == 0:
        raise InputError(f"scale must be a finite number other than 0, got {scale!r}")
    circuit = QuantumCircuit(qubits(n), name="angle")
    for qubit, feature in enumerate(ParameterVector(FEATURE, n)):
        if axis == "z":
            circuit.h(qubit)
        rotate = {"x": circuit.rx, "y": circuit.ry, "z": circuit.rz}[axis]
        rotate(feature if scale == 1 else scale * feature, qubit)
    return circuit
