"""Data re-uploading: the encoding repeated between trainable layers."""

from __future__ import annotations

from qiskit.circuit import ParameterVector, QuantumCircuit

from redqubit.circuits.ansatze.strongly_entangling import entangling_layer
from redqubit.circuits.encoders.angle import AXES
from redqubit.circuits.parameters import FEATURE, WEIGHT, count, qubits
from redqubit.core.errors import unknown


def reupload(n: int, layers: int, axis: str = "y") -> QuantumCircuit:
    """Return ``layers`` times: qubit ``i`` turned by ``x[i]`` about ``axis``, a trainable layer.

    A trainable layer is one of `strongly_entangling`, its range growing from layer to layer, so the
    circuit has ``n`` features and ``3 n layers`` weights and can stand without an ansatz. The
    outputs are trigonometric polynomials of degree ``layers`` in each feature, period 2 pi.

    Raises
    ------
    InputError
        Bad size or unknown axis.

    Source: Perez-Salinas et al., Quantum 4, 226 (2020), section 2; Schuld, Sweke, Meyer, PRA 103,
    032430 (2021) for the degree.
    """
    if axis not in AXES:
        raise unknown("axis", str(axis), AXES)
    circuit = QuantumCircuit(qubits(n), name="reupload")
    x = ParameterVector(FEATURE, n)
    w = ParameterVector(WEIGHT, 3 * n * count("layers", layers))
    for layer in range(layers):
        rotate = {"x": circuit.rx, "y": circuit.ry, "z": circuit.rz}[axis]
        for qubit in range(n):
            if axis == "z":
                circuit.h(qubit)
            rotate(x[qubit], qubit)
        entangling_layer(circuit, w[3 * n * layer : 3 * n * (layer + 1)], layer)
    return circuit
