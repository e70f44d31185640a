"""The plan of a state-vector run: a product start, then layers of turns, phases and gathers.

The state is one array with index ``k`` in Qiskit order. A plan first builds a product state (the
leading one-qubit gates of every qubit), then alternates four kinds of steps. Everything that
commutes is taken together: all phases and shuffles that can go first do, then all turns that can.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from redqubit.engine.atoms import Chain, simplify, split_start
from redqubit.engine.canonical import Atom, Dense, Phase, Shuffle, Turn, basis_turn, canonical
from redqubit.engine.expression import Angle
from redqubit.engine.lowering import Lowered

WINDOW = 4
WINDOW_OF_ARRAYS = 3  # smaller products of a batch are faster in numpy
ZERO = Angle()
Real = npt.NDArray[np.float64]
Signs = npt.NDArray[np.float32]
Index = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Stage:
    """One gate on every qubit of the product start: ``turn`` (half the angle of RY) or ``phase``.

    ``weight`` and ``sample`` are offsets of ``n`` consecutive angles, or None.
    """

    kind: str
    weight: int | None
    sample: int | None


@dataclass(frozen=True)
class Window:
    """Turns on qubits ``low .. low + size - 1``, the ``position``-th window of this size."""

    low: int
    size: int
    position: int


@dataclass(frozen=True)
class Rotate:
    """Real turns of one layer, in windows that act on disjoint qubits."""

    windows: tuple[Window, ...]


@dataclass(frozen=True, eq=False)
class PhaseStep:
    """State ``k`` gains ``constant[k] + weight_signs[k] @ a + sample_signs[k] @ b``.

    The angles are ``a = weight_angles[weight :]`` and ``b = sample_angles[sample :]``.
    """

    constant: Real | None
    weight: int
    weight_signs: Signs
    sample: int
    sample_signs: Signs


@dataclass(frozen=True, eq=False)
class Gather:
    """Basis states change places: ``new[k] = old[index[k]]``."""

    index: Index


@dataclass(frozen=True, eq=False)
class DenseStep:
    """A constant matrix on some qubits, the first being its least significant bit."""

    qubits: tuple[int, ...]
    matrix: npt.NDArray[np.complex128]


Step = Rotate | PhaseStep | Gather | DenseStep


@dataclass(frozen=True, eq=False)
class Plan:
    """What to compute, in order, and the angles it needs.

    ``trailing`` are the phases and the gather after the last turn: observables diagonal in Z drop
    the phases and fold the gather into their signs. ``windows[size]`` is the offset and count of
    windows of that size; ``weight_angles`` holds half of each of their turn angles, the highest
    qubit first.
    """

    n_qubits: int
    amplitude: bool
    stages: tuple[Stage, ...]
    steps: tuple[Step, ...]
    trailing: tuple[Step, ...]
    weight_angles: tuple[Angle, ...]
    sample_angles: tuple[Angle, ...]
    windows: dict[int, tuple[int, int]]


def plan(lowered: Lowered, *, whole_start: bool = True, window: int = WINDOW) -> Plan:
    """Schedule a circuit.

    Parameters
    ----------
    lowered
        The circuit.
    whole_start
        True puts every leading one-qubit gate into the product start; False only those up to the
        last one that depends on a feature, so that what follows is the same for all samples.
    window
        The most qubits that are turned by one matrix.
    """
    n = lowered.n_qubits
    atoms = simplify([atom for item in lowered.operations for atom in canonical(item)])
    chains: list[Chain] = [[] for _ in range(n)]
    if not lowered.amplitude:
        chains, atoms = split_start(atoms, n, whole_start)
    rest: list[Atom] = []
    for atom in atoms:
        if isinstance(atom, Turn) and atom.angle.feature_indices:
            rest += basis_turn(atom.qubit, atom.angle)
        else:
            rest.append(atom)
    builder = _Builder(n, window)
    stages = builder.start(chains)
    builder.schedule(simplify(rest))
    return builder.finish(lowered.amplitude, stages)


def table_bytes(lowered: Lowered, real_bytes: int) -> int:
    """Return how much the sign tables of a plan take, at most: a column of 2^n a phase angle."""
    atoms = (atom for operation in lowered.operations for atom in canonical(operation))
    phases = sum(len(atom.terms) for atom in atoms if isinstance(atom, Phase))
    return int(phases * 2**lowered.n_qubits * (4 + real_bytes))


def window_sizes(n: int, most: int) -> tuple[int, ...]:
    """Return sizes of at most ``most`` that add up to ``n`` and differ by at most one."""
    count = -(-n // most)
    small, extra = divmod(n, count)
    return (small + 1,) * extra + (small,) * (count - extra)


@dataclass
class _Builder:
    """Collect angles and steps; ``array`` is the stored state, ``frame`` what is still pending."""

    n: int
    window: int
    weight_angles: list[Angle] = field(default_factory=list)
    sample_angles: list[Angle] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    turns: dict[int, list[list[Angle]]] = field(default_factory=dict)
    layer: dict[int, Angle] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.states = np.arange(2**self.n)
        self._clear()

    def _clear(self) -> None:
        """Forget the frame: ``state[k] = exp(i constant[j]) array[j]`` with ``j = index[k]``."""
        self.index = self.states.copy()
        self.constant = np.zeros(2**self.n)
        self.terms: dict[bytes, tuple[Signs, Angle]] = {}
        self.support: set[int] = set()

    def start(self, chains: list[Chain]) -> tuple[Stage, ...]:
        """Allocate the angles of the product start."""
        stages = []
        for depth in range(max(map(len, chains), default=0)):
            angles = [chain[depth][1] if depth < len(chain) else ZERO for chain in chains]
            if depth % 2 == 0:
                angles = [angle.scaled(0.5) for angle in angles]
            sample = [angle if angle.feature_indices else ZERO for angle in angles]
            weight = [ZERO if angle.feature_indices else angle for angle in angles]
            kind = "turn" if depth % 2 == 0 else "phase"
            stages.append(
                Stage(
                    kind,
                    self._allocate(self.weight_angles, weight),
                    self._allocate(self.sample_angles, sample),
                )
            )
        return tuple(stages)

    @staticmethod
    def _allocate(angles: list[Angle], block: list[Angle]) -> int | None:
        if all(angle == ZERO for angle in block):
            return None
        angles.extend(block)
        return len(angles) - len(block)

    def schedule(self, atoms: list[Atom]) -> None:
        """Emit steps: whatever commutes with everything still waiting goes first."""
        queues: list[deque[Atom]] = [deque() for _ in range(self.n)]
        for atom in atoms:
            for qubit in atom.qubits:
                queues[qubit].append(atom)

        def take(kind: type | tuple[type, ...]) -> list[Atom]:
            fronts = [(qubit, queue[0]) for qubit, queue in enumerate(queues) if queue]
            ready = [
                atom
                for qubit, atom in fronts
                if isinstance(atom, kind)
                and qubit == min(atom.qubits)
                and all(queues[other][0] is atom for other in atom.qubits)
            ]
            for atom in ready:
                for qubit in atom.qubits:
                    queues[qubit].popleft()
            return ready

        while any(queues):
            if free := take((Phase, Shuffle)):
                for atom in free:
                    self._pend(atom)
            elif turns := take(Turn):
                self._turn([atom for atom in turns if isinstance(atom, Turn)])
            else:
                for atom in take(Dense):
                    if isinstance(atom, Dense):
                        self._dense(atom)

    def _local(self, qubits: tuple[int, ...]) -> Index:
        """Return the index of every basis state restricted to some qubits."""
        return sum(((self.states >> q & 1) << i for i, q in enumerate(qubits)), 0 * self.states)

    def _pend(self, atom: Atom) -> None:
        local = self._local(atom.qubits)
        self.support.update(atom.qubits)
        if isinstance(atom, Shuffle):
            moved = np.array(atom.source)[local]
            source = self.states & ~sum(1 << q for q in atom.qubits)
            for i, qubit in enumerate(atom.qubits):
                source |= (moved >> i & 1) << qubit
            self.index = self.index[source]
        elif isinstance(atom, Phase):
            if atom.constant is not None:
                self.constant[self.index] += np.array(atom.constant)[local]
            for angle, coefficients in atom.terms:
                signs = np.zeros(len(self.states), np.float32)  # halves are exact
                signs[self.index] = np.array(coefficients)[local]
                self._add_term(signs - signs[0], angle)

    def _add_term(self, signs: Signs, angle: Angle) -> None:
        if not angle.feature_indices and not angle.weight_indices:
            self.constant += signs.astype(np.float64) * angle.constant
            return
        kind = b"x" if angle.feature_indices else b"w"
        key = kind + signs.tobytes()
        known = self.terms.get(key)
        self.terms[key] = (signs, angle if known is None else known[1].plus(angle))

    def _turn(self, turns: list[Turn]) -> None:
        if self.support & {atom.qubit for atom in turns}:
            self._close_layer()
            self._flush()
        for atom in turns:
            before = self.layer.get(atom.qubit, ZERO)
            self.layer[atom.qubit] = before.plus(atom.angle)

    def _dense(self, atom: Dense) -> None:
        self._close_layer()
        if self.support & set(atom.qubits):
            self._flush()
        self.steps.append(DenseStep(atom.qubits, atom.matrix))

    def _close_layer(self) -> None:
        """Emit the turns collected so far; they act before the frame."""
        windows, low = [], 0
        for size in window_sizes(self.n, self.window):
            qubits = range(low, low + size)
            if any(qubit in self.layer for qubit in qubits):
                block = self.turns.setdefault(size, [])
                windows.append(Window(low, size, len(block)))
                block.append([self.layer.get(q, ZERO).scaled(0.5) for q in reversed(qubits)])
            low += size
        if windows:
            self.steps.append(Rotate(tuple(windows)))
        self.layer = {}

    def _flush(self) -> None:
        """Emit the frame: phases in array coordinates, then the gather."""
        weight = [term for key, term in self.terms.items() if key[:1] == b"w"]
        sample = [term for key, term in self.terms.items() if key[:1] == b"x"]
        constant = self.constant if np.ptp(self.constant) > 0 else None
        if weight or sample or constant is not None:
            self.steps.append(
                PhaseStep(
                    constant,
                    len(self.weight_angles),
                    self._signs(weight),
                    len(self.sample_angles),
                    self._signs(sample),
                )
            )
            self.weight_angles += [angle for _, angle in weight]
            self.sample_angles += [angle for _, angle in sample]
        if not np.array_equal(self.index, self.states):
            self.steps.append(Gather(self.index))
        self._clear()

    def _signs(self, terms: list[tuple[Signs, Angle]]) -> Signs:
        if not terms:
            return np.zeros((len(self.states), 0), np.float32)
        return np.stack([signs for signs, _ in terms], axis=1)

    def finish(self, amplitude: bool, stages: tuple[Stage, ...]) -> Plan:
        """Emit what is pending and lay out the turn angles by window size."""
        self._close_layer()
        before = len(self.steps)
        self._flush()
        windows = {}
        for size, block in sorted(self.turns.items()):
            windows[size] = (len(self.weight_angles), len(block))
            self.weight_angles += [angle for window in block for angle in window]
        return Plan(
            self.n,
            amplitude,
            stages,
            tuple(self.steps[:before]),
            tuple(self.steps[before:]),
            tuple(self.weight_angles),
            tuple(self.sample_angles),
            windows,
        )
