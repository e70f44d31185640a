"""Gates as real turns, diagonal phases, shuffles of basis states and constant dense matrices.

Every standard gate is a product of these four atoms up to a global phase, and in the products
features stand in phases only. Phases of a whole layer commute and merge, shuffles compose to one
gather, and turns are real: that is what makes the state-vector program fast.

Source: Euler angles and controlled gates as in Barenco et al. (1995), Phys. Rev. A 52, 3457,
sections 4 and 5.
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from redqubit.engine.expression import Angle
from redqubit.engine.lowering import Operation

Matrix = npt.NDArray[np.complex128]
HALF_PI = math.pi / 2
TOLERANCE = 1e-12


@dataclass(frozen=True)
class Turn:
    """The real rotation RY(angle) of one qubit."""

    qubit: int
    angle: Angle

    @property
    def qubits(self) -> tuple[int, ...]:
        """Return the qubit as a tuple, as the other atoms do."""
        return (self.qubit,)


@dataclass(frozen=True)
class Phase:
    """Basis state ``k`` of ``qubits`` gains the phase ``constant[k] + sum_t angle_t * c_t[k]``."""

    qubits: tuple[int, ...]
    terms: tuple[tuple[Angle, tuple[float, ...]], ...] = ()
    constant: tuple[float, ...] | None = None


@dataclass(frozen=True)
class Shuffle:
    """Basis states change places: ``new[k] = old[source[k]]``."""

    qubits: tuple[int, ...]
    source: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Dense:
    """A constant matrix that is neither diagonal nor a shuffle."""

    qubits: tuple[int, ...]
    matrix: Matrix


Atom = Turn | Phase | Shuffle | Dense

_DIAGONAL: dict[str, tuple[float, ...]] = {
    "rz": (-0.5, 0.5),
    "p": (0.0, 1.0),
    "u1": (0.0, 1.0),
    "rzz": (-0.5, 0.5, 0.5, -0.5),
    "crz": (0.0, -0.5, 0.0, 0.5),
    "cp": (0.0, 0.0, 0.0, 1.0),
    "cu1": (0.0, 0.0, 0.0, 1.0),
}


def canonical(operation: Operation) -> list[Atom]:
    """Return the atoms of an operation in order of time, equal to it up to a global phase."""
    if operation.matrix is not None:
        return of_matrix(operation.matrix, operation.qubits)
    if operation.name in _DIAGONAL:
        return [_phase(operation.name, operation.qubits, operation.angles[0])]
    return _RULES[operation.name](operation.qubits, operation.angles)


def of_matrix(matrix: npt.NDArray[np.complex128], qubits: tuple[int, ...]) -> list[Atom]:
    """Return the atoms of a constant unitary matrix."""
    large = np.abs(matrix) > TOLERANCE
    if (large.sum(axis=1) == 1).all():
        source = tuple(int(k) for k in large.argmax(axis=1))
        phases = np.angle(matrix[np.arange(len(source)), list(source)])
        atoms: list[Atom] = []
        if source != tuple(range(len(source))):
            atoms.append(Shuffle(qubits, source))
        if np.ptp(phases) > TOLERANCE:
            atoms.append(Phase(qubits, constant=tuple(float(v - phases[0]) for v in phases)))
        return atoms
    if len(qubits) == 1:
        return _euler(qubits[0], *euler_angles(matrix))
    return [Dense(qubits, matrix)]


def euler_angles(matrix: npt.NDArray[np.complex128]) -> tuple[float, float, float]:
    """Return ``(first, turn, last)`` with ``RZ(last) RY(turn) RZ(first)`` equal up to a phase."""
    (a, b), (c, d) = matrix.tolist()
    turn = 2 * math.atan2(abs(c), abs(a))
    if abs(a) < TOLERANCE:
        return 0.0, turn, cmath.phase(c) - cmath.phase(-b)
    if abs(c) < TOLERANCE:
        return 0.0, turn, cmath.phase(d) - cmath.phase(a)
    return cmath.phase(-b) - cmath.phase(a), turn, cmath.phase(c) - cmath.phase(a)


def basis_turn(qubit: int, angle: Angle) -> list[Atom]:
    """Return RY(angle) with the angle in a phase, between constant changes of basis.

    With ``V = S H``, which maps Z to Y, ``RY(a) = V RZ(a) V^-1``.
    """
    return [
        *_to_y(qubit),
        _phase("rz", (qubit,), angle),
        *_from_y(qubit),
    ]


def _phase(name: str, qubits: tuple[int, ...], angle: Angle) -> Phase:
    return Phase(qubits, ((angle, _DIAGONAL[name]),))


def _z(qubit: int, angle: Angle | float) -> list[Atom]:
    if not isinstance(angle, Angle):
        angle = Angle(angle)
    if angle.is_constant:
        return [Phase((qubit,), constant=(0.0, angle.constant))] if angle.constant else []
    return [_phase("rz", (qubit,), angle)]


def _euler(
    qubit: int, first: Angle | float, turn: Angle | float, last: Angle | float
) -> list[Atom]:
    middle = turn if isinstance(turn, Angle) else Angle(turn)
    return [*_z(qubit, first), Turn(qubit, middle), *_z(qubit, last)]


def _hadamard(qubit: int) -> list[Atom]:
    return _euler(qubit, math.pi, HALF_PI, 0.0)


def _to_y(qubit: int) -> list[Atom]:
    return [*_z(qubit, -HALF_PI), *_hadamard(qubit)]


def _from_y(qubit: int) -> list[Atom]:
    return [*_hadamard(qubit), *_z(qubit, HALF_PI)]


Qubits = tuple[int, ...]
Angles = tuple[Angle, ...]


def _rx(q: Qubits, a: Angles) -> list[Atom]:
    return _euler(q[0], HALF_PI, a[0], -HALF_PI)


def _r(q: Qubits, a: Angles) -> list[Atom]:
    return _euler(q[0], a[1].scaled(-1).plus(HALF_PI), a[0], a[1].plus(-HALF_PI))


def _u(q: Qubits, a: Angles) -> list[Atom]:
    return _euler(q[0], a[2], a[0], a[1])


def _u2(q: Qubits, a: Angles) -> list[Atom]:
    return _euler(q[0], a[1], HALF_PI, a[0])


def _rxx(q: Qubits, a: Angles) -> list[Atom]:
    change = [*_hadamard(q[0]), *_hadamard(q[1])]
    return [*change, _phase("rzz", q, a[0]), *change]


def _ryy(q: Qubits, a: Angles) -> list[Atom]:
    before, after = [*_to_y(q[0]), *_to_y(q[1])], [*_from_y(q[0]), *_from_y(q[1])]
    return [*before, _phase("rzz", q, a[0]), *after]


def _rzx(q: Qubits, a: Angles) -> list[Atom]:
    return [*_hadamard(q[1]), _phase("rzz", q, a[0]), *_hadamard(q[1])]


def _crx(q: Qubits, a: Angles) -> list[Atom]:
    return [*_hadamard(q[1]), _phase("crz", q, a[0]), *_hadamard(q[1])]


def _cry(q: Qubits, a: Angles) -> list[Atom]:
    return [*_to_y(q[1]), _phase("crz", q, a[0]), *_from_y(q[1])]


def _cu(q: Qubits, a: Angles) -> list[Atom]:
    theta, phi, lam, *gamma = a
    control = phi.plus(lam).scaled(0.5)
    for angle in gamma:
        control = control.plus(angle)
    return [
        _phase("p", q[:1], control),
        _phase("crz", q, lam),
        *_cry(q, (theta,)),
        _phase("crz", q, phi),
    ]


def _xx_plus_yy(q: Qubits, a: Angles) -> list[Atom]:
    half, beta = (a[0].scaled(0.5),), a[1]
    return [*_z(q[0], beta), *_rxx(q, half), *_ryy(q, half), *_z(q[0], beta.scaled(-1))]


def _xx_minus_yy(q: Qubits, a: Angles) -> list[Atom]:
    half, minus, beta = (a[0].scaled(0.5),), (a[0].scaled(-0.5),), a[1]
    return [*_z(q[1], beta.scaled(-1)), *_rxx(q, half), *_ryy(q, minus), *_z(q[1], beta)]


_RULES: dict[str, Callable[[Qubits, Angles], list[Atom]]] = {
    "rx": _rx,
    "ry": lambda q, a: [Turn(q[0], a[0])],
    "r": _r,
    "u": _u,
    "u3": _u,
    "u2": _u2,
    "rxx": _rxx,
    "ryy": _ryy,
    "rzx": _rzx,
    "crx": _crx,
    "cry": _cry,
    "cu": _cu,
    "cu3": _cu,
    "xx_plus_yy": _xx_plus_yy,
    "xx_minus_yy": _xx_minus_yy,
}
