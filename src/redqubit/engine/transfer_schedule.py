"""From factors to a short list of steps: what each wire starts as, and which matrices follow.

One-qubit gates never become steps of their own where that can be avoided: those before the last
encoding rotation of a wire belong to its start, the others are absorbed by the next step (as
``right`` chains) or, at the end of the circuit, by the last one (``left`` chains).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from redqubit.engine.pauli_basis import Real
from redqubit.engine.transfer_factors import Factor

Item = Factor | Real
Chain = list[Item]
StartKind = Literal["zero", "rotation", "vector"]

ZERO: Real = np.array([1.0, 0.0, 0.0, 1.0])  # Pauli vector of |0>


@dataclass
class Start:
    """What a wire is before its first step, a vector of ``size`` numbers a sample.

    ``zero``: the number 1, the chain knows that the qubit starts in |0>. ``rotation``: the basis
    (1, cos a, sin a) of its one encoding rotation, the chain knows the rest. ``vector``: the Pauli
    vector (1, x, y, z), from the factors ``before`` or given by the caller.
    """

    kind: StartKind
    size: int
    before: Sequence[Factor] = ()
    rotation: Factor | None = None


@dataclass
class Step:
    """A matrix on the qubits of ``core`` (least significant first): left x core x right.

    ``right[i]`` and ``left[i]`` are chains on ``core.qubits[i]``, in order of time. ``sizes[i]`` is
    the size of that wire before the step: 4, or that of its start.
    """

    core: Factor
    right: list[Chain]
    left: list[Chain]
    sizes: tuple[int, ...]

    @property
    def qubits(self) -> tuple[int, ...]:
        """Return the qubits it acts on."""
        return self.core.qubits


@dataclass
class Schedule:
    """Starts of all wires and the steps in order of time."""

    n_qubits: int
    starts: list[Start]
    steps: list[Step]

    @property
    def product_encoding(self) -> bool:
        """Return whether features act at the start of wires only."""
        return not any(step.core.sampled for step in self.steps)


def schedule(n_qubits: int, factors: Sequence[Factor], given: bool = False) -> Schedule:
    """Build the schedule of a circuit; ``given`` says that the caller brings the initial state."""
    starts: list[Start] = []
    chains: list[Chain] = []
    consumed: set[int] = set()
    for qubit in range(n_qubits):
        before = [] if given else _opening(qubit, factors)
        consumed.update(id(factor) for factor in before)
        start, chain = (Start("vector", 4), []) if given else _start(before)
        starts.append(start)
        chains.append(chain)
    walk = _Walk(starts, chains)
    for factor in factors:
        if id(factor) not in consumed:
            walk.add(factor)
    return Schedule(n_qubits, starts, walk.finish())


def push(chain: Chain, item: Item) -> None:
    """Append to a chain, multiplying fixed matrices into their neighbor."""
    if isinstance(item, Factor) and item.fixed:
        item = item.coefficients[0]
    if not chain:
        chain.append(item)
        return
    last = chain[-1]
    if isinstance(item, np.ndarray):
        chain[-1] = item @ last if isinstance(last, np.ndarray) else _with(last, item, after=True)
    elif isinstance(last, np.ndarray):
        chain[-1] = _with(item, last, after=False)
    else:
        chain.append(item)


def _with(factor: Factor, matrix: Real, *, after: bool) -> Factor:
    """Return ``factor`` followed or preceded by a fixed matrix."""
    both = matrix @ factor.coefficients if after else factor.coefficients @ matrix
    return Factor(factor.qubits, both, factor.angles, factor.harmonics)


def _opening(qubit: int, factors: Sequence[Factor]) -> list[Factor]:
    """Return the one-qubit factors of a wire up to its last encoding before any joint gate."""
    alone: list[Factor] = []
    for factor in factors:
        if qubit in factor.qubits:
            if len(factor.qubits) > 1:
                break
            alone.append(factor)
    while alone and not alone[-1].sampled:
        alone.pop()
    return alone


def _start(before: Sequence[Factor]) -> tuple[Start, Chain]:
    """Return the start of a wire and the chain that continues it."""
    if not before:
        return Start("zero", 1), [_columns(ZERO[None])]
    last = before[-1]
    if last.harmonics == ((2,),) and all(factor.fixed for factor in before[:-1]):
        vector = ZERO
        for factor in before[:-1]:
            vector = factor.coefficients[0] @ vector
        images = last.coefficients @ vector
        return Start("rotation", 3, (), last), [_columns(images)]
    return Start("vector", 4, before), []


def _columns(vectors: Real) -> Real:
    """Return the (4, 4) matrix whose first columns are ``vectors`` (m, 4); the rest is zero."""
    matrix: Real = np.zeros((4, 4))
    matrix[:, : len(vectors)] = vectors.T
    return matrix


class _Walk:
    """Collect steps while walking the factors in order of time."""

    def __init__(self, starts: Sequence[Start], chains: list[Chain]) -> None:
        self._chains = chains
        self._sizes = [start.size for start in starts]
        self._last: list[Step | None] = [None] * len(starts)
        self._steps: list[Step] = []

    def add(self, factor: Factor) -> None:
        """Absorb a factor or make a step of it."""
        if len(factor.qubits) == 1 and not factor.sampled:
            push(self._chains[factor.qubits[0]], factor)
        else:
            self._step(factor)

    def _step(self, core: Factor) -> None:
        right = [self._chains[qubit] for qubit in core.qubits]
        sizes = tuple(self._sizes[qubit] for qubit in core.qubits)
        step = Step(core, right, [[] for _ in right], sizes)
        self._steps.append(step)
        for qubit in core.qubits:
            self._chains[qubit], self._sizes[qubit], self._last[qubit] = [], 4, step

    def finish(self) -> list[Step]:
        """Give what is left over on each wire to its last step, or make a step of it."""
        for qubit, chain in enumerate(self._chains):
            last = self._last[qubit]
            if not chain:
                continue
            if last is None or last.core.sampled:
                self._step(Factor((qubit,), np.eye(4)[None]))
            else:
                last.left[last.qubits.index(qubit)] = chain
        return self._steps
