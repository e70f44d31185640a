"""Observables as weighted Pauli strings, seen through the errors of the readout."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from redqubit.engine.observables import Observable
from redqubit.engine.pauli_basis import LETTERS, Real


@dataclass(frozen=True, eq=False)
class Strings:
    """Observables as the readout sees them: Pauli strings and their weights.

    ``letters (R, n)`` holds for each string the Pauli (0 to 3) on every qubit, ``weights (R, K)``
    its coefficient in each observable.
    """

    letters: npt.NDArray[np.int64]
    weights: Real

    @classmethod
    def of(
        cls, observables: Sequence[Observable], n_qubits: int, readout: Sequence[Real] | None
    ) -> Strings:
        """Collect the strings of ``observables`` behind the readout maps of all qubits."""
        table: dict[tuple[int, ...], Real] = {}
        for column, observable in enumerate(observables):
            for label, value in observable.terms:
                images = []
                for qubit, letter in enumerate(reversed(label)):
                    pauli = LETTERS.index(letter)
                    image = np.eye(4)[pauli] if readout is None else readout[qubit][:, pauli]
                    images.append([(int(p), float(image[p])) for p in np.nonzero(image)[0]])
                for combination in itertools.product(*images):
                    row = table.setdefault(
                        tuple(p for p, _ in combination), np.zeros(len(observables))
                    )
                    row[column] += value * math.prod(factor for _, factor in combination)
        letters = np.array(list(table), dtype=np.int64).reshape(-1, n_qubits)
        return cls(letters, np.array(list(table.values())).reshape(-1, len(observables)))

    def only(self, columns: Sequence[int]) -> Strings:
        """Return the strings of some of the observables."""
        weights = self.weights[:, list(columns)]
        used = np.abs(weights).max(axis=1, initial=0.0) > 0
        return Strings(self.letters[used], weights[used])

    @property
    def active(self) -> frozenset[int]:
        """Return the qubits on which some string is not the identity."""
        return frozenset(int(qubit) for qubit in np.nonzero(self.letters.any(axis=0))[0])

    def rows(self, order: Sequence[int], sizes: Sequence[int]) -> npt.NDArray[np.int64]:
        """Return the index of each string where wires lie in ``order``, the first slowest."""
        index = np.zeros(len(self.letters), dtype=np.int64)
        for wire, size in zip(order, sizes, strict=True):
            index = index * size + self.letters[:, wire]
        return index
