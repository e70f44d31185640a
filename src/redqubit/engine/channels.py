"""Quantum channels on one or more qubits: what noise does to a state, as Kraus operators."""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from redqubit.core.errors import InputError, unknown
from redqubit.engine.pauli_basis import PAULIS, Complex, Real, transfer_of_kraus

ChannelName = Literal[
    "depolarizing",
    "amplitude_damping",
    "phase_damping",
    "thermal_relaxation",
    "bit_flip",
    "phase_flip",
    "pauli",
    "kraus",
]

PARAMETERS: Mapping[str, tuple[str, ...]] = {
    "depolarizing": ("p",),
    "amplitude_damping": ("gamma",),
    "phase_damping": ("gamma",),
    "thermal_relaxation": ("t1", "t2", "duration", "excited"),
    "bit_flip": ("p",),
    "phase_flip": ("p",),
}
TRACE_TOLERANCE = 1e-9
MOST_QUBITS = 4


@dataclass(frozen=True)
class Channel:
    """A completely positive, trace preserving map on ``n_qubits`` qubits.

    Build one with the functions of this module. Equal channels compare equal, and a channel is a
    plain record: `core.record.to_json` and `from_json` store it.

    Parameters
    ----------
    name
        Which family it belongs to.
    parameters
        Numbers in the order of ``PARAMETERS[name]``; for ``pauli`` one probability a label.
    n_qubits
        How many qubits it acts on jointly.
    labels
        Pauli labels of ``pauli``; the rightmost letter acts on the gate's first qubit.
    operators
        Kraus operators of ``kraus``: nested (operator, row, column, (real, imaginary)).

    Raises
    ------
    InputError
        A probability outside its range, or Kraus operators that do not preserve the trace.
    """

    name: ChannelName
    parameters: tuple[float, ...] = ()
    n_qubits: int = 1
    labels: tuple[str, ...] = ()
    operators: tuple[tuple[tuple[tuple[float, float], ...], ...], ...] = ()

    def __post_init__(self) -> None:
        if self.name not in get_args(ChannelName):
            raise unknown("channel", str(self.name), get_args(ChannelName))
        if not 1 <= self.n_qubits <= MOST_QUBITS:
            raise InputError(
                f"a channel acts on 1 to {MOST_QUBITS} qubits jointly, got {self.n_qubits}"
            )
        if self.name not in ("depolarizing", "pauli", "kraus") and self.n_qubits != 1:
            raise InputError(f"{self.name} acts on one qubit, got {self.n_qubits}")
        names = PARAMETERS.get(self.name, self.labels)
        if len(names) != len(self.parameters):
            raise InputError(
                f"{self.name} needs {len(names)} parameters ({', '.join(names)}), got "
                f"{len(self.parameters)}"
            )
        if self.labels and self.name != "pauli":
            raise InputError(f"Pauli labels belong to a pauli channel, not to {self.name}")
        if self.operators and self.name != "kraus":
            raise InputError(f"Kraus operators belong to a kraus channel, not to {self.name}")
        for name, value in zip(names, self.parameters, strict=True):
            _check_number(self.name, name, value)
        if self.name == "thermal_relaxation" and self.parameters[1] > 2 * self.parameters[0]:
            raise InputError(
                "thermal_relaxation needs t2 <= 2 t1 (coherence cannot outlive the population), "
                f"got t1={self.parameters[0]:g}, t2={self.parameters[1]:g}"
            )
        if self.name == "pauli":
            self._check_labels()
        if self.name == "kraus":
            self._check_operators()

    def _check_labels(self) -> None:
        total = math.fsum(self.parameters)
        if total > 1 + TRACE_TOLERANCE:
            raise InputError(f"Pauli probabilities must sum to at most 1, got {total:g}")
        if len(set(self.labels)) != len(self.labels):
            raise InputError(f"each Pauli label may appear once, got {', '.join(self.labels)}")
        for label in self.labels:
            if len(label) != self.n_qubits or set(label) - set("IXYZ"):
                raise InputError(
                    f"a Pauli label has one of I, X, Y, Z for each of the {self.n_qubits} qubits, "
                    f"got {label!r}"
                )

    def _check_operators(self) -> None:
        size = 2**self.n_qubits
        shape_right = self.operators and all(
            len(operator) == size and all(len(row) == size for row in operator)
            for operator in self.operators
        )
        if not shape_right:
            raise InputError(
                f"Kraus operators on {self.n_qubits} qubits are {size} x {size} matrices"
            )
        kraus = self.kraus()
        if not np.isfinite(kraus).all():
            raise InputError("Kraus operators must be finite, got NaN or infinity")
        error = float(np.abs(np.einsum("rji,rjk->ik", kraus.conj(), kraus) - np.eye(size)).max())
        if error > TRACE_TOLERANCE:
            raise InputError(
                "Kraus operators must preserve the trace (sum of K^dagger K = identity), the "
                f"largest deviation is {error:.3g}"
            )

    def kraus(self) -> Complex:
        """Return the Kraus operators (r, 2^k, 2^k), complex128."""
        return _KRAUS[self.name](self)

    def transfer(self) -> Real:
        """Return the Pauli transfer matrix (4^k, 4^k), float64; its first row is (1, 0, ..., 0)."""
        return _transfer(self).copy()


@functools.lru_cache(maxsize=1024)
def _transfer(channel: Channel) -> Real:
    return transfer_of_kraus(channel.kraus())


def _check_number(channel: str, name: str, value: float) -> None:
    """Check that one parameter is in its range."""
    if name in ("t1", "t2"):
        if not 0 < value < math.inf:
            raise InputError(f"{name} of {channel} must be finite and > 0, got {value!r}")
    elif name == "duration":
        if not 0 <= value < math.inf:
            raise InputError(f"duration of {channel} must be finite and >= 0, got {value!r}")
    elif not 0 <= value <= 1:
        raise InputError(f"{name} of {channel} must be in [0, 1], got {value!r}")


def depolarizing(p: float, n_qubits: int = 1) -> Channel:
    """Return ``rho -> (1 - p) rho + p I / 2^k`` on ``n_qubits`` = k qubits, p in [0, 1].

    PennyLane's ``DepolarizingChannel(q)`` is this channel with ``p = 4 q / 3``; Aer's
    ``depolarizing_error(p, k)`` is this channel.
    """
    return Channel("depolarizing", (float(p),), n_qubits)


def amplitude_damping(gamma: float) -> Channel:
    """Return decay of |1> to |0> with probability ``gamma`` in [0, 1].

    Source: Nielsen and Chuang (2010), eq. 8.108.
    """
    return Channel("amplitude_damping", (float(gamma),))


def phase_damping(gamma: float) -> Channel:
    """Return loss of coherence: off-diagonal elements shrink by ``sqrt(1 - gamma)``.

    Source: Nielsen and Chuang (2010), eq. 8.127.
    """
    return Channel("phase_damping", (float(gamma),))


def thermal_relaxation(t1: float, t2: float, duration: float, excited: float = 0.0) -> Channel:
    """Return relaxation during ``duration`` with times ``t1`` and ``t2`` (one unit for all three).

    ``excited`` is the equilibrium population of |1>, in [0, 1]. Coherence shrinks by
    ``exp(-duration / t2)``, the population's distance to equilibrium by ``exp(-duration / t1)``.

    Raises
    ------
    InputError
        Times that are not positive, or ``t2 > 2 t1``.
    """
    return Channel("thermal_relaxation", (float(t1), float(t2), float(duration), float(excited)), 1)


def bit_flip(p: float) -> Channel:
    """Return a Pauli X with probability ``p`` in [0, 1]."""
    return Channel("bit_flip", (float(p),))


def phase_flip(p: float) -> Channel:
    """Return a Pauli Z with probability ``p`` in [0, 1]."""
    return Channel("phase_flip", (float(p),))


def pauli(probabilities: Mapping[str, float]) -> Channel:
    """Return Pauli errors with the given probabilities; the rest of 1 is no error.

    ``probabilities`` maps labels of equal length ("X", or "XZ" on two qubits, rightmost letter on
    the gate's first qubit) to numbers in [0, 1] that sum to at most 1.
    """
    if not probabilities:
        raise InputError("a pauli channel needs at least one label, got none")
    width = len(next(iter(probabilities)))
    values = tuple(float(value) for value in probabilities.values())
    return Channel("pauli", values, width, tuple(probabilities))


def kraus(operators: Sequence[npt.ArrayLike]) -> Channel:
    """Return the channel with the given Kraus operators, each (2^k, 2^k) complex.

    The first qubit of the gate is the least significant bit of the matrices.

    Raises
    ------
    InputError
        Unequal or odd shapes, or a sum of K^dagger K that is not the identity.
    """
    arrays = [np.asarray(operator, dtype=complex) for operator in operators]
    if not arrays or any(array.shape != arrays[0].shape for array in arrays):
        raise InputError("a kraus channel needs one or more matrices of equal shape")
    shape = arrays[0].shape
    n_qubits = shape[0].bit_length() - 1 if shape else 0
    if len(shape) != 2 or shape[0] != shape[1] or shape[0] != 2**n_qubits or n_qubits < 1:
        raise InputError(f"Kraus operators are square with a side of 2, 4, 8, ..., got {shape}")
    nested = tuple(
        tuple(tuple((float(z.real), float(z.imag)) for z in row) for row in array)
        for array in arrays
    )
    return Channel("kraus", (), n_qubits, (), nested)


def _pauli_string(label: str) -> Complex:
    matrix: Complex = np.ones((1, 1), dtype=complex)
    for letter in label:
        matrix = np.kron(matrix, PAULIS["IXYZ".index(letter)])
    return matrix


def _depolarizing_kraus(channel: Channel) -> Complex:
    p, n_strings = channel.parameters[0], 4**channel.n_qubits
    labels = ["".join(letters) for letters in itertools.product("IXYZ", repeat=channel.n_qubits)]
    weights = np.full(n_strings, p / n_strings)
    weights[0] = 1 - p * (n_strings - 1) / n_strings
    return np.array(
        [math.sqrt(w) * _pauli_string(label) for w, label in zip(weights, labels, strict=True)]
    )


def _damping_kraus(gamma: float, excited: float = 0.0) -> Complex:
    """Return generalized amplitude damping. Source: Nielsen and Chuang (2010), eq. 8.112."""
    keep, drop = math.sqrt(1 - gamma), math.sqrt(gamma)
    down = [np.array([[1, 0], [0, keep]]), np.array([[0, drop], [0, 0]])]
    up = [np.array([[keep, 0], [0, 1]]), np.array([[0, 0], [drop, 0]])]
    cold = [math.sqrt(1 - excited) * matrix for matrix in down]
    hot = [math.sqrt(excited) * matrix for matrix in up]
    return np.array(cold + hot if excited else cold, dtype=complex)


def _dephasing_kraus(gamma: float) -> Complex:
    return np.array([np.diag([1, math.sqrt(1 - gamma)]), np.diag([0, math.sqrt(gamma)])], complex)


def _relaxation_kraus(channel: Channel) -> Complex:
    t1, t2, duration, excited = channel.parameters
    decay = _damping_kraus(-math.expm1(-duration / t1), excited)
    # damping alone leaves coherence exp(-t / 2 t1); dephasing takes what is left to exp(-t / t2)
    dephase = _dephasing_kraus(max(0.0, -math.expm1(-duration * (2 / t2 - 1 / t1))))
    joint: Complex = np.einsum("aij,bjk->abik", dephase, decay).reshape(-1, 2, 2)
    return joint


def _flip_kraus(channel: Channel, label: str) -> Complex:
    p = channel.parameters[0]
    return np.array([math.sqrt(1 - p) * PAULIS[0], math.sqrt(p) * _pauli_string(label)])


def _pauli_kraus(channel: Channel) -> Complex:
    rest = max(0.0, 1 - math.fsum(channel.parameters))
    terms = [math.sqrt(rest) * _pauli_string("I" * channel.n_qubits)]
    for value, label in zip(channel.parameters, channel.labels, strict=True):
        terms.append(math.sqrt(value) * _pauli_string(label))
    return np.array(terms)


def _listed_kraus(channel: Channel) -> Complex:
    parts = np.array(channel.operators, dtype=float)
    listed: Complex = parts[..., 0] + 1j * parts[..., 1]
    return listed


_KRAUS = {
    "depolarizing": _depolarizing_kraus,
    "amplitude_damping": lambda channel: _damping_kraus(channel.parameters[0]),
    "phase_damping": lambda channel: _dephasing_kraus(channel.parameters[0]),
    "thermal_relaxation": _relaxation_kraus,
    "bit_flip": lambda channel: _flip_kraus(channel, "X"),
    "phase_flip": lambda channel: _flip_kraus(channel, "Z"),
    "pauli": _pauli_kraus,
    "kraus": _listed_kraus,
}
