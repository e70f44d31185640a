"""Lists of atoms: merging what merges, and splitting off the product start."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from redqubit.engine.canonical import Atom, Phase, Shuffle, Turn, of_matrix
from redqubit.engine.expression import Angle

Chain = list[tuple[str, Angle]]


def simplify(atoms: Iterable[Atom]) -> list[Atom]:
    """Merge runs of constant one-qubit atoms, and turns that follow each other."""
    out: list[Atom | None] = []
    last: dict[int, int] = {}
    waiting: dict[int, npt.NDArray[np.complex128]] = {}

    def emit(atom: Atom) -> None:
        if isinstance(atom, Turn) and atom.qubit in last:
            before = out[last[atom.qubit]]
            if isinstance(before, Turn):
                out[last[atom.qubit]] = Turn(atom.qubit, before.angle.plus(atom.angle))
                return
        for qubit in atom.qubits:
            last[qubit] = len(out)
        out.append(atom)

    def flush(qubit: int) -> None:
        matrix = waiting.pop(qubit, None)
        for atom in [] if matrix is None else of_matrix(matrix, (qubit,)):
            emit(atom)

    for atom in atoms:
        matrix = _constant_matrix(atom)
        if matrix is not None:
            qubit = atom.qubits[0]
            waiting[qubit] = matrix @ waiting.get(qubit, np.eye(2))
            continue
        for qubit in atom.qubits:
            flush(qubit)
        emit(atom)
    for qubit in sorted(waiting):
        flush(qubit)
    return [atom for atom in out if atom is not None]


def _constant_matrix(atom: Atom) -> npt.NDArray[np.complex128] | None:
    """Return the 2 x 2 matrix of a constant one-qubit atom, else None."""
    if isinstance(atom, Turn) and atom.angle.is_constant:
        half = atom.angle.constant / 2
        return np.array([[np.cos(half), -np.sin(half)], [np.sin(half), np.cos(half)]], complex)
    if len(atom.qubits) > 1:
        return None
    if isinstance(atom, Shuffle):
        return np.eye(2, dtype=complex)[list(atom.source)]
    if isinstance(atom, Phase) and not atom.terms:
        return np.diag(np.exp(1j * np.array(atom.constant)))
    return None


def split_start(atoms: Sequence[Atom], n: int, whole: bool) -> tuple[list[Chain], list[Atom]]:
    """Separate the leading one-qubit atoms of every qubit from the rest."""
    leading: list[list[Atom]] = [[] for _ in range(n)]
    closed: set[int] = set()
    for atom in atoms:
        if len(atom.qubits) == 1 and atom.qubits[0] not in closed:
            leading[atom.qubits[0]].append(atom)
        else:
            closed.update(atom.qubits)
    taken: set[int] = set()
    chains = []
    for run in leading:
        uses = [i for i, atom in enumerate(run) if _uses_features(atom)]
        kept = run if whole else run[: uses[-1] + 1 if uses else 0]
        taken.update(id(atom) for atom in kept)
        chains.append(_chain(kept))
    return chains, [atom for atom in atoms if id(atom) not in taken]


def _uses_features(atom: Atom) -> bool:
    if isinstance(atom, Turn):
        return bool(atom.angle.feature_indices)
    return isinstance(atom, Phase) and any(a.feature_indices for a, _ in atom.terms)


def _chain(atoms: Iterable[Atom]) -> Chain:
    """Return alternating turns and relative phases on |0>, beginning with a turn."""
    chain: Chain = []

    def add(kind: str, angle: Angle) -> None:
        if chain and chain[-1][0] == kind:
            chain[-1] = (kind, chain[-1][1].plus(angle))
        elif chain or kind == "turn":  # a phase on |0> is global
            chain.append((kind, angle))

    for atom in atoms:
        if isinstance(atom, Turn):
            add("turn", atom.angle)
        elif isinstance(atom, Phase):
            zero, one = atom.constant or (0.0, 0.0)
            total = Angle(one - zero)
            for angle, (off, on) in atom.terms:
                total = total.plus(angle.scaled(on - off))
            add("phase", total)
        else:  # X = RY(pi) Z
            add("phase", Angle(np.pi))
            add("turn", Angle(np.pi))
    return chain
