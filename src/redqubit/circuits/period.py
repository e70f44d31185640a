"""After which change of a feature a circuit does the same again."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from qiskit.circuit import Parameter, ParameterExpression, QuantumCircuit

from redqubit.circuits.parameters import features

# Gates that repeat after 2 pi up to a global phase; any other standard gate repeats after 4 pi.
_SHORT = frozenset(
    ("rx", "ry", "rz", "p", "u1", "r", "u", "u2", "u3", "rxx", "ryy", "rzz", "rzx", "cp", "cu1")
)
_MAX_MULTIPLE = 64


def periods(circuit: QuantumCircuit) -> NDArray[np.float64]:
    """Return a period of each feature, ``(F,)``; infinite where none is known.

    A feature has one if every angle it occurs in is linear in it with coefficients that have a
    common multiple of their periods. It need not be the shortest. Amplitude encoding has none.
    """
    found: dict[Parameter, list[float]] = {parameter: [] for parameter in features(circuit)}
    for item in circuit.data:
        turn = 2 * math.pi if item.operation.name in _SHORT else 4 * math.pi
        for angle in item.operation.params:
            if isinstance(angle, ParameterExpression):
                for parameter in angle.parameters & found.keys():
                    slope = _slope(angle, parameter)
                    rotates = item.operation.name != "amplitude_encoding" and slope is not None
                    found[parameter].append(turn / abs(slope) if rotates and slope else math.inf)
    return np.array([_common(found[parameter]) for parameter in found])


def _slope(angle: ParameterExpression, parameter: Parameter) -> float | None:
    """Return the constant derivative of an angle, or None if it is not constant."""
    slope = angle.gradient(parameter)
    if isinstance(slope, ParameterExpression):
        if slope.parameters:
            return None
        slope = slope.numeric()
    return float(slope.real)


def _common(lengths: list[float]) -> float:
    """Return the least common multiple of ``lengths``, infinite if there is no small one."""
    longest = max(lengths)
    if math.isinf(longest):
        return longest
    for multiple in range(1, _MAX_MULTIPLE + 1):
        ratios = [multiple * longest / length for length in lengths]
        if all(abs(ratio - round(ratio)) < 1e-9 * ratio for ratio in ratios):
            return multiple * longest
    return math.inf
