"""Expectation values from a finite number of shots.

Pauli strings that agree letter by letter are estimated from the same shots (one measurement
setting); settings are independent experiments, each with all the shots.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from redqubit.core.errors import InputError
from redqubit.engine.gates import FIXED
from redqubit.engine.lowering import Operation
from redqubit.engine.observables import Observable, z_signs

Real = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Setting:
    """One way to measure all qubits, and the terms it estimates.

    Parameters
    ----------
    basis
        A letter X, Y or Z for each qubit, I where it is not read; the rightmost is qubit 0.
    terms
        ``(observable index, label, coefficient)``.
    """

    basis: str
    terms: tuple[tuple[int, str, float], ...]

    def rotations(self) -> list[Operation]:
        """Return the gates before a measurement in Z: H for X, S^-1 then H for Y."""
        gates = []
        for qubit, letter in enumerate(reversed(self.basis)):
            names = {"X": ("h",), "Y": ("sdg", "h")}.get(letter, ())
            gates += [Operation(name, (qubit,), matrix=FIXED[name]) for name in names]
        return gates

    def strings(self) -> list[str]:
        """Return 2^n labels in this basis: string ``k`` reads the qubits of the bits set in k."""
        letters = [letter if letter != "I" else "Z" for letter in self.basis]
        width = len(letters)
        return [
            "".join(
                letter if k >> (width - 1 - place) & 1 else "I"
                for place, letter in enumerate(letters)
            )
            for k in range(2**width)
        ]


def settings(observables: Sequence[Observable]) -> list[Setting]:
    """Group all terms into measurement settings, greedily in the order given.

    Source: qubit-wise commuting groups, Kandala et al. (2017), Nature 549, 242, supplement.
    """
    groups: list[tuple[str, list[tuple[int, str, float]]]] = []
    for index, observable in enumerate(observables):
        for label, coefficient in observable.terms:
            for position, (basis, terms) in enumerate(groups):
                merged = _merge(basis, label)
                if merged is not None:
                    groups[position] = (merged, [*terms, (index, label, coefficient)])
                    break
            else:
                groups.append((label, [(index, label, coefficient)]))
    return [Setting(basis, tuple(terms)) for basis, terms in groups]


def _merge(left: str, right: str) -> str | None:
    """Return the common basis of two labels, or None where two letters differ."""
    merged = []
    for a, b in zip(left, right, strict=True):
        if a != b and "I" not in (a, b):
            return None
        merged.append(b if a == "I" else a)
    return "".join(merged)


def probabilities(parities: Real) -> Real:
    """Turn the values of all 2^n Z strings into the probabilities of basis states.

    String ``k`` has Z on the bits of k. This is the Walsh-Hadamard transform along the last axis;
    what rounding put below zero is removed.
    """
    size = parities.shape[-1]
    values = parities / size
    width = 1
    while width < size:
        pairs = values.reshape(*parities.shape[:-1], -1, 2, width)
        values = np.stack(
            (pairs[..., 0, :] + pairs[..., 1, :], pairs[..., 0, :] - pairs[..., 1, :]), -2
        )
        width *= 2
    clipped = np.clip(values.reshape(parities.shape), 0.0, None)
    normalized: Real = clipped / clipped.sum(-1, keepdims=True)
    return normalized


def estimate(
    setting: Setting, outcomes: Real, n_observables: int, shots: int, rng: np.random.Generator
) -> Real:
    """Draw ``shots`` outcomes a sample and return the contributions ``(..., K)`` to the values.

    Parameters
    ----------
    outcomes
        Probabilities ``(..., 2^n)`` of the basis states after `Setting.rotations`.
    """
    counts = rng.multinomial(shots, outcomes / outcomes.sum(-1, keepdims=True))
    means = counts @ z_signs([label for _, label, _ in setting.terms]).T / shots
    values: Real = np.zeros((*outcomes.shape[:-1], n_observables))
    for column, (index, _, coefficient) in enumerate(setting.terms):
        values[..., index] += coefficient * means[..., column]
    return values


def check_shots(shots: int) -> int:
    """Return ``shots`` if it is a whole number of at least 1.

    Raises
    ------
    InputError
        It is not.
    """
    if isinstance(shots, bool) or not isinstance(shots, int | np.integer) or shots < 1:
        raise InputError(f"shots must be a whole number >= 1, got {shots!r}")
    return int(shots)
