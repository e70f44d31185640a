"""The dense reference: every gate as a matrix, every circuit as their product, in NumPy alone.

Qubit 0 is the least significant bit of an index, and the first qubit of a gate the least
significant bit of its matrix. Nothing here is shared with the simulators under test.
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.complex128]
Step = tuple[Matrix, tuple[int, ...]]  # a matrix and the qubits it acts on

_HALF: Final = 1 / math.sqrt(2)


def _u(theta: float, phi: float, lam: float) -> Matrix:
    cosine, sine = math.cos(theta / 2), math.sin(theta / 2)
    return np.array(
        [
            [cosine, -cmath.exp(1j * lam) * sine],
            [cmath.exp(1j * phi) * sine, cmath.exp(1j * phi) * cmath.exp(1j * lam) * cosine],
        ]
    )


def _diagonal(*entries: complex) -> Matrix:
    return np.diag(np.array(entries, dtype=np.complex128))


def _rotation(angle: float, pauli: npt.NDArray[Any]) -> Matrix:
    """Return exp(-i angle pauli / 2)."""
    identity = np.eye(len(pauli))
    result: Matrix = math.cos(angle / 2) * identity - 1j * math.sin(angle / 2) * pauli
    return result


def _controlled(matrix: Matrix) -> Matrix:
    """Return the gate whose first qubit switches ``matrix`` on the others."""
    size = len(matrix)
    result = np.eye(2 * size, dtype=np.complex128)
    result[1::2, 1::2] = matrix
    return result


_X: Final[Matrix] = np.array([[0, 1], [1, 0]], dtype=np.complex128)
_Y: Final[Matrix] = np.array([[0, -1j], [1j, 0]])
_Z: Final = _diagonal(1, -1)
_H: Final = np.array([[_HALF, _HALF], [_HALF, -_HALF]], dtype=np.complex128)
_SX: Final[Matrix] = np.array([[1 + 1j, 1 - 1j], [1 - 1j, 1 + 1j]], dtype=np.complex128) / 2
_SWAP: Final[Matrix] = np.eye(4, dtype=np.complex128)[[0, 2, 1, 3]]
_FIXED: Final[dict[str, Matrix]] = {
    "x": _X,
    "y": _Y,
    "z": _Z,
    "h": _H,
    "s": _diagonal(1, 1j),
    "sdg": _diagonal(1, -1j),
    "t": _diagonal(1, cmath.exp(0.25j * math.pi)),
    "tdg": _diagonal(1, cmath.exp(-0.25j * math.pi)),
    "sx": _SX,
    "sxdg": _SX.conj().T,
    "cx": _controlled(_X),
    "cy": _controlled(_Y),
    "cz": _controlled(_Z),
    "ch": _controlled(_H),
    "swap": _SWAP,
    "ccx": _controlled(_controlled(_X)),
    "cswap": _controlled(_SWAP),
}
_TURNED: Final[dict[str, Callable[..., Matrix]]] = {
    "rx": lambda a: _rotation(a, _X),
    "ry": lambda a: _rotation(a, _Y),
    "rz": lambda a: _diagonal(cmath.exp(-0.5j * a), cmath.exp(0.5j * a)),
    "p": lambda a: _diagonal(1, cmath.exp(1j * a)),
    "u": _u,
    "cp": lambda a: _diagonal(1, 1, 1, cmath.exp(1j * a)),
    "crx": lambda a: _controlled(_rotation(a, _X)),
    "cry": lambda a: _controlled(_rotation(a, _Y)),
    "crz": lambda a: _controlled(_rotation(a, _Z)),
    "rxx": lambda a: _rotation(a, np.kron(_X, _X)),
    "ryy": lambda a: _rotation(a, np.kron(_Y, _Y)),
    "rzz": lambda a: _rotation(a, np.kron(_Z, _Z)),
}
NAMES: Final = frozenset(_FIXED) | frozenset(_TURNED)


def matrix(name: str, angles: Sequence[float] = ()) -> Matrix:
    """Return the matrix of the gate called ``name``, shape (2^k, 2^k) for k qubits."""
    return _FIXED[name] if name in _FIXED else _TURNED[name](*angles)


def apply(steps: Iterable[Step], qubits: int, columns: Matrix) -> Matrix:
    """Return the columns, shape (2^qubits, count), after every step in order."""
    result = columns
    for gate, targets in steps:
        if len(targets) == 1:
            low = 1 << targets[0]
            view = result.reshape(-1, 2, low * columns.shape[1])
            result = np.matmul(gate, view).reshape(columns.shape)
        else:
            axes = [qubits - 1 - qubit for qubit in reversed(targets)]
            order = axes + [axis for axis in range(qubits + 1) if axis not in axes]
            shape = [2] * qubits + [columns.shape[1]]
            front = result.reshape(shape).transpose(order)
            turned = (gate @ front.reshape(len(gate), -1)).reshape(front.shape)
            result = turned.transpose(np.argsort(order)).reshape(columns.shape)
    return result


def unitary(steps: Iterable[Step], qubits: int) -> Matrix:
    """Return the product of all steps, shape (2^qubits, 2^qubits)."""
    return apply(steps, qubits, np.eye(1 << qubits, dtype=np.complex128))


def expectation(labels: Sequence[str], state: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Return the expectation values of Pauli labels, rightmost letter qubit 0, of one state."""
    table = {"X": _X, "Y": _Y, "Z": _Z}
    values = []
    column = state.reshape(-1, 1)
    for label in labels:
        steps = [(table[letter], (k,)) for k, letter in enumerate(reversed(label)) if letter != "I"]
        values.append(float(np.vdot(state, apply(steps, len(label), column)).real))
    return np.array(values)


def distance(first: npt.NDArray[Any], second: npt.NDArray[Any]) -> float:
    """Return the largest difference of two arrays of amplitudes, up to one global phase."""
    overlap = complex(np.vdot(first, second))
    phase = overlap / abs(overlap) if abs(overlap) > 1e-300 else 1.0
    largest = float(np.max(np.abs(second - phase * first)))
    return largest if math.isfinite(largest) else math.inf
