"""A circuit under test as plain data: gates with angles and qubits, and its OpenQASM text."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from redqubit.core.errors import InputError, unknown
from redqubit.scan.fuzz.circuit import dense
from redqubit.scan.fuzz.circuit.dense import Matrix, Step

QUBITS: Final = 12  # the dense reference holds 4^n numbers
GATES: Final = 10_000
SHAPES: Final[dict[str, tuple[int, int]]] = {  # name: qubits, angles
    **dict.fromkeys(("x", "y", "z", "h", "s", "sdg", "t", "tdg", "sx", "sxdg"), (1, 0)),
    **dict.fromkeys(("rx", "ry", "rz", "p"), (1, 1)),
    "u": (1, 3),
    **dict.fromkeys(("cx", "cy", "cz", "ch", "swap"), (2, 0)),
    **dict.fromkeys(("cp", "crx", "cry", "crz", "rxx", "ryy", "rzz"), (2, 1)),
    **dict.fromkeys(("ccx", "cswap"), (3, 0)),
}
_RYY: Final = (  # the one gate of the table that qelib1.inc has not
    "gate ryy(t) a,b { rx(pi/2) a; rx(pi/2) b; cx a,b; rz(t) b; cx a,b; rx(-pi/2) a; rx(-pi/2) b; }"
)
_INVERSE: Final = {"s": "sdg", "sdg": "s", "t": "tdg", "tdg": "t", "sx": "sxdg", "sxdg": "sx"}


@dataclass(frozen=True, slots=True)
class Gate:
    """One gate of the table `SHAPES`; angles in radians."""

    name: str
    qubits: tuple[int, ...]
    angles: tuple[float, ...] = ()

    @property
    def inverse(self) -> Gate:
        """Return the gate that takes this one back."""
        if self.name == "u":
            theta, phi, lam = self.angles
            return replace(self, angles=(-theta, -lam, -phi))
        return Gate(
            _INVERSE.get(self.name, self.name), self.qubits, tuple(-angle for angle in self.angles)
        )

    @property
    def matrix(self) -> Matrix:
        """Return the matrix of the dense reference."""
        return dense.matrix(self.name, self.angles)


@dataclass(frozen=True, slots=True)
class Subject:
    """A circuit without measurements on ``qubits`` qubits.

    ``seed`` fixes every choice an oracle makes about it and survives shrinking.
    """

    qubits: int
    gates: tuple[Gate, ...]
    seed: int = 0

    @property
    def steps(self) -> list[Step]:
        """Return matrices and qubits for the dense reference."""
        return [(gate.matrix, gate.qubits) for gate in self.gates]

    @property
    def unitary(self) -> Matrix:
        """Return the unitary of the dense reference, shape (2^qubits, 2^qubits)."""
        return dense.unitary(self.steps, self.qubits)

    @property
    def turns(self) -> float:
        """Return the sum of all angles' sizes in radians, which bounds the rounding of angles."""
        return sum(abs(angle) for gate in self.gates for angle in gate.angles)

    def moved(self, places: Sequence[int], qubits: int) -> Subject:
        """Return the circuit on ``qubits`` qubits with qubit ``k`` moved to ``places[k]``."""
        gates = tuple(
            replace(gate, qubits=tuple(places[qubit] for qubit in gate.qubits))
            for gate in self.gates
        )
        return Subject(qubits, gates, self.seed)

    @property
    def header(self) -> list[str]:
        """Return the lines of OpenQASM 2 before the first register."""
        defined = [_RYY] if any(gate.name == "ryy" for gate in self.gates) else []
        return ["OPENQASM 2.0;", 'include "qelib1.inc";', *defined]

    @property
    def openqasm(self) -> str:
        """Return the circuit as OpenQASM 2 with the gates of ``qelib1.inc``."""
        lines = [*self.header, f"qreg q[{self.qubits}];"]
        for gate in self.gates:
            angles = f"({','.join(map(repr, gate.angles))})" if gate.angles else ""
            lines.append(f"{gate.name}{angles} {','.join(f'q[{k}]' for k in gate.qubits)};")
        return "\n".join(lines) + "\n"

    @property
    def digest(self) -> str:
        """Return 16 hexadecimal digits that name this circuit."""
        return hashlib.sha256(self.openqasm.encode()).hexdigest()[:16]

    @property
    def data(self) -> dict[str, Any]:
        """Return the circuit as JSON data, read back by `from_data`."""
        gates = [[gate.name, list(gate.qubits), list(gate.angles)] for gate in self.gates]
        return {"qubits": self.qubits, "seed": self.seed, "gates": gates}


def from_data(data: Any) -> Subject:
    """Read a circuit from the JSON data of `Subject.data`.

    Raises
    ------
    InputError
        A key, gate, qubit or angle is not what the format allows.
    """
    if not isinstance(data, dict) or set(data) != {"qubits", "seed", "gates"}:
        raise InputError("a stored circuit has exactly the keys qubits, seed and gates")
    qubits = _whole(data["qubits"], "qubits", 1, QUBITS)
    seed = _whole(data["seed"], "seed", 0, 2**63 - 1)
    if not isinstance(data["gates"], list) or len(data["gates"]) > GATES:
        raise InputError(f"gates is a list of at most {GATES} gates")
    return Subject(qubits, tuple(_gate(entry, qubits) for entry in data["gates"]), seed)


def _whole(value: Any, key: str, low: int, high: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise InputError(f"{key} is a whole number from {low} to {high}, not {value!r}")
    return value


def _gate(entry: Any, qubits: int) -> Gate:
    if not (isinstance(entry, list) and len(entry) == 3 and isinstance(entry[0], str)):
        raise InputError(f"a gate is [name, qubits, angles], not {entry!r}")
    name, places, angles = entry
    if name not in SHAPES:
        raise unknown("gate", name, SHAPES)
    width, turns = SHAPES[name]
    if not (isinstance(places, list) and isinstance(angles, list)) or (
        (len(places), len(angles)) != (width, turns)
    ):
        raise InputError(f"gate {name!r} has {width} qubits and {turns} angles, not {entry!r}")
    targets = tuple(_whole(place, "qubit", 0, qubits - 1) for place in places)
    if len(set(targets)) < len(targets):
        raise InputError(f"gate {name!r} acts twice on one qubit: {entry!r}")
    if not all(isinstance(angle, int | float) and math.isfinite(angle) for angle in angles):
        raise InputError(f"the angles of gate {name!r} are finite numbers, not {angles!r}")
    return Gate(name, targets, tuple(float(np.float64(angle)) for angle in angles))
