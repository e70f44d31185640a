"""Circuits: encoders and ansatze as plain `qiskit.QuantumCircuit`, with marked parameters.

Features are the elements of a ``ParameterVector("x", ...)``, trainable weights those of a
``ParameterVector("w", ...)``; any circuit that keeps to this can be a model.
"""

from __future__ import annotations

from collections.abc import Callable

from qiskit.circuit import QuantumCircuit

from redqubit.circuits.ansatze.hardware_efficient import hardware_efficient
from redqubit.circuits.ansatze.real_amplitudes import real_amplitudes
from redqubit.circuits.ansatze.simplified_two_design import simplified_two_design
from redqubit.circuits.ansatze.strongly_entangling import strongly_entangling
from redqubit.circuits.ansatze.tensor_tree import tensor_tree
from redqubit.circuits.encoders.amplitude import AmplitudeEncoding, amplitude
from redqubit.circuits.encoders.angle import angle
from redqubit.circuits.encoders.basis import basis
from redqubit.circuits.encoders.reupload import reupload
from redqubit.circuits.encoders.zz_feature_map import zz_feature_map
from redqubit.circuits.gate_list import fingerprint, from_gate_list, to_gate_list
from redqubit.circuits.parameters import bind, features, join, weights
from redqubit.circuits.period import periods
from redqubit.core.errors import unknown

ENCODERS: tuple[Callable[..., QuantumCircuit], ...] = (
    amplitude,
    angle,
    basis,
    reupload,
    zz_feature_map,
)
ANSATZE: tuple[Callable[..., QuantumCircuit], ...] = (
    hardware_efficient,
    real_amplitudes,
    simplified_two_design,
    strongly_entangling,
    tensor_tree,
)


def encoder(name: str) -> Callable[..., QuantumCircuit]:
    """Return the encoder function called ``name``; an unknown name is an error with a near miss."""
    return _by_name("encoder", name, ENCODERS)


def ansatz(name: str) -> Callable[..., QuantumCircuit]:
    """Return the ansatz function called ``name``; an unknown name is an error with a near miss."""
    return _by_name("ansatz", name, ANSATZE)


def _by_name(
    kind: str, name: str, functions: tuple[Callable[..., QuantumCircuit], ...]
) -> Callable[..., QuantumCircuit]:
    table = {function.__name__: function for function in functions}
    if name not in table:
        raise unknown(kind, str(name), table)
    return table[name]


__all__ = [
    "ANSATZE",
    "ENCODERS",
    "AmplitudeEncoding",
    "amplitude",
    "angle",
    "ansatz",
    "basis",
    "bind",
    "encoder",
    "features",
    "fingerprint",
    "from_gate_list",
    "hardware_efficient",
    "join",
    "periods",
    "real_amplitudes",
    "reupload",
    "simplified_two_design",
    "strongly_entangling",
    "tensor_tree",
    "to_gate_list",
    "weights",
    "zz_feature_map",
]
