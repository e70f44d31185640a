"""The system under test: compilers, formats and simulators, and what circuits share."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, ParamSpec, TypeVar

import numpy as np

from redqubit.core.errors import InputError
from redqubit.core.streams import stream
from redqubit.scan.fuzz.circuit import dense
from redqubit.scan.fuzz.circuit.dense import Matrix
from redqubit.scan.fuzz.circuit.frameworks import need_qiskit, steps, to_qiskit
from redqubit.scan.fuzz.circuit.subject import QUBITS, Subject
from redqubit.scan.fuzz.circuit.verdict import Failed, Undecidable

Compile = Callable[[Any], Any]  # QuantumCircuit -> QuantumCircuit
Simulate = Callable[[Any, Sequence[str]], Sequence[float]]  # circuit, Pauli labels -> values
BASES: Final = (
    ("cx", "rz", "sx", "x"),
    ("cz", "rx", "rz"),
    ("rzz", "rx", "ry"),
    ("ecr", "rz", "sx", "x"),
)
MAPS: Final = ("line", "ring", "star", "spare", "full")

_P = ParamSpec("_P")
_R = TypeVar("_R")


@functools.cache
def preset(level: int, qubits: int, shape: str = "line", base: int = 0) -> Compile:
    """Return Qiskit's preset pass manager for a device; built once, about 10 ms.

    ``shape`` ``spare`` is a line with one qubit more than the circuit has, ``full`` has no map.
    """
    from qiskit.transpiler import CouplingMap, generate_preset_pass_manager

    maps: dict[str, Any] = {
        "line": lambda: CouplingMap.from_line(qubits),
        "ring": lambda: CouplingMap.from_ring(qubits),
        "star": lambda: CouplingMap(
            [(0, k) for k in range(1, qubits)] + [(k, 0) for k in range(1, qubits)]
        ),
        "spare": lambda: CouplingMap.from_line(qubits + 1),
        "full": lambda: None,
    }
    manager = generate_preset_pass_manager(
        level,
        coupling_map=maps[shape](),
        basis_gates=list(BASES[base]),
        seed_transpiler=20_240_601,
    )
    run: Compile = manager.run
    return run


@dataclass
class Bench:
    """What is tested, and the seam where the self-test puts faults.

    ``passes`` replaces Qiskit's levels by a user's compiler: a function from circuit to circuit, or
    anything with ``run``. ``simulators`` are a user's models: circuit and Pauli labels to values.
    ``fault`` changes every circuit the system under test returns.
    """

    passes: Any = None
    simulators: Mapping[str, Simulate] = field(default_factory=dict)
    fault: Compile | None = None

    def __post_init__(self) -> None:
        need_qiskit()
        if self.passes is not None and not callable(getattr(self.passes, "run", self.passes)):
            raise InputError(
                "passes is a function from circuit to circuit or has a method run, "
                f"not {type(self.passes).__name__}"
            )

    def compilers(self, qubits: int) -> dict[str, Compile]:
        """Return the compilers under test by name: levels 0 to 3, or the user's own."""
        if self.passes is not None:
            return {"the given compiler": getattr(self.passes, "run", self.passes)}
        return {f"level {level}": preset(level, qubits) for level in range(4)}

    def drawn(self, qubits: int, rng: np.random.Generator) -> tuple[str, Compile]:
        """Return one of the compilers under test."""
        options = list(self.compilers(qubits).items())
        return options[int(rng.integers(len(options)))]

    def rng(self, oracle: str, subject: Subject) -> np.random.Generator:
        """Return the stream of an oracle's choices about a circuit, equal at every re-run."""
        return stream(subject.seed, oracle)

    def call(
        self, name: str, function: Callable[_P, _R], *args: _P.args, **kwargs: _P.kwargs
    ) -> _R:
        """Call the system under test; whatever it raises becomes `Failed`."""
        try:
            return function(*args, **kwargs)
        except (KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError, Undecidable):
            raise
        except BaseException as error:  # Rust panics are no Exception
            text = " ".join(str(error).split())[:200]
            raise Failed(f"{name} raised {type(error).__name__}: {text}") from error

    def given(self, circuit: Any) -> Any:
        """Return a circuit of the system under test, with the self-test's fault if there is one."""
        return circuit if self.fault is None else self.fault(circuit)

    def compile(self, subject: Subject, name: str, compiler: Compile) -> Any:
        """Return the compiled circuit."""
        return self.given(self.call(name, compiler, to_qiskit(subject)))

    def compiled(self, subject: Subject, name: str, compiler: Compile) -> Matrix:
        """Return what the compiled circuit does to the subject's qubits, shape (2^n, 2^n)."""
        return action(self.compile(subject, name, compiler), subject.qubits)


def action(circuit: Any, qubits: int) -> Matrix:
    """Return what a circuit does to its ``qubits`` virtual qubits, by its own layout.

    Where the device has more qubits, the others begin in state 0 and have to end there; what leaks
    is missing in the matrix.

    Raises
    ------
    Undecidable
        The circuit has no matrix, or more qubits than the dense reference holds.
    """
    width = circuit.num_qubits
    if width > QUBITS:
        raise Undecidable(f"{width} qubits are more than the dense reference holds")
    initial, final = layout(circuit, qubits)
    columns = np.zeros((1 << width, 1 << qubits), dtype=np.complex128)
    columns[spread(initial), np.arange(1 << qubits)] = 1
    result: Matrix = dense.apply(steps(circuit), width, columns)[spread(final)]
    return result


def layout(circuit: Any, qubits: int) -> tuple[list[int], list[int]]:
    """Return where each virtual qubit stands at the beginning and at the end."""
    if circuit.layout is None:
        same = list(range(qubits))
        return same, same
    initial = circuit.layout.initial_index_layout(filter_ancillas=True)
    return list(initial), list(circuit.layout.final_index_layout(filter_ancillas=True))


def spread(places: Sequence[int]) -> Any:
    """Return the index on the device of every index of the virtual qubits."""
    virtual = np.arange(1 << len(places))
    return sum(((virtual >> k) & 1) << place for k, place in enumerate(places))
