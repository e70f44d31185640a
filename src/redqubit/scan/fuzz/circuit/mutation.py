"""M25, the self-test: seeded faults in the system under test, and how many the oracles notice.

The dense reference separates, exactly, mutants that do something else from equivalent ones. Each
killed mutant differs for at least one oracle; an equivalent mutant that is killed is a false alarm.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from redqubit.core.streams import stream
from redqubit.scan.fuzz.circuit import dense
from redqubit.scan.fuzz.circuit.bench import Bench, action
from redqubit.scan.fuzz.circuit.frameworks import available
from redqubit.scan.fuzz.circuit.generator import generate
from redqubit.scan.fuzz.circuit.oracles import chosen
from redqubit.scan.fuzz.circuit.verdict import COMPILED, Undecidable

Fault = Callable[[Any, np.random.Generator], Any]
EQUIVALENT: Final = 1e-9  # below this distance a mutant does the same
_OTHER: Final = {
    "cx": "cz",
    "cz": "cx",
    "x": "y",
    "h": "sx",
    "rz": "rx",
    "rx": "ry",
    "ry": "rz",
    "sx": "sxdg",
    "s": "sdg",
    "t": "s",
    "rzz": "rxx",
}


def gate_swap(circuit: Any, rng: np.random.Generator) -> Any:
    """Replace a gate by another with as many qubits and angles."""
    return _edited(circuit, rng, lambda item: item.name in _OTHER, _renamed)


def angle_drift(circuit: Any, rng: np.random.Generator) -> Any:
    """Turn an angle by 0.01 to 0.5 radians."""
    return _edited(circuit, rng, lambda item: len(item.params) > 0, _drifted)


def qubit_swap(circuit: Any, rng: np.random.Generator) -> Any:
    """Exchange the two qubits of a gate."""
    return _edited(circuit, rng, lambda item: len(item.qubits) == 2, _turned_around)


def dropped_gate(circuit: Any, rng: np.random.Generator) -> Any:
    """Leave out a gate."""
    return _edited(circuit, rng, lambda item: len(item.qubits) > 0, lambda *_: None)


def wrong_layout(circuit: Any, rng: np.random.Generator) -> Any:
    """Exchange two qubits at the end without saying so in the layout."""
    if circuit.num_qubits < 2:
        return circuit
    mutant = circuit.copy()
    mutant.swap(*(int(k) for k in rng.permutation(circuit.num_qubits)[:2]))
    return mutant


FAULTS: Final[tuple[Fault, ...]] = (gate_swap, angle_drift, qubit_swap, dropped_gate, wrong_layout)


@dataclass(frozen=True, slots=True)
class Score:
    """Mutants killed, survived and equivalent.

    ``close`` are mutants nearer to the original than a compiler's approximations, which count
    neither way. ``by_oracle`` and ``by_fault`` hold the killed mutants and all with an effect; for
    an oracle, an effect on a circuit it was given itself.
    """

    killed: int
    survived: int
    equivalent: int
    close: int
    false_alarms: int
    by_oracle: dict[str, tuple[int, int]]
    by_fault: dict[str, tuple[int, int]]

    @property
    def value(self) -> float:
        """Return killed mutants per mutant that is not equivalent."""
        return self.killed / max(self.killed + self.survived, 1)


class _Strike:
    """A fault at a place fixed by the seed, which measures what it changes."""

    def __init__(self, fault: Fault, seed: int, index: int) -> None:
        self.fault, self.seed, self.index = fault, seed, index
        self.effect = 0.0

    def __call__(self, circuit: Any) -> Any:
        mutant = self.fault(circuit, stream(self.seed, "fault", self.index))
        if mutant is not circuit:
            self.effect = max(self.effect, _change(circuit, mutant))
        return mutant


def mutation_score(
    mutants: int = 200, *, seed: int = 0, oracles: Sequence[str] | None = None
) -> Score:
    """Return how many of ``mutants`` seeded faults the oracles notice.

    A mutant is a circuit and a fault; the fault strikes every circuit the system under test hands
    out, at a place fixed by the seed.
    """
    ready = [
        item
        for item in chosen(None if oracles is None else tuple(oracles))
        if all(map(available, item.needs))
    ]
    by_oracle = {item.id: (0, 0) for item in ready}
    by_fault = {fault.__name__: (0, 0) for fault in FAULTS}
    killed = survived = equivalent = close = alarms = 0
    for index in range(mutants):
        fault = FAULTS[index % len(FAULTS)]
        subject = generate(seed, index)
        effects, dead = [], False
        for item in ready:
            strike = _Strike(fault, seed, index)
            noticed = item.check(subject, Bench(fault=strike)).outcome == "differ"
            effects.append(strike.effect)
            if strike.effect <= EQUIVALENT:
                alarms += noticed
            elif strike.effect > COMPILED:
                by_oracle[item.id] = _counted(by_oracle[item.id], noticed)
                dead = dead or noticed
        size = max(effects, default=0.0)
        if size <= EQUIVALENT:
            equivalent += 1
        elif size <= COMPILED:
            close += 1
        else:
            by_fault[fault.__name__] = _counted(by_fault[fault.__name__], dead)
            killed, survived = killed + dead, survived + (not dead)
    return Score(killed, survived, equivalent, close, alarms, by_oracle, by_fault)


def _counted(pair: tuple[int, int], noticed: bool) -> tuple[int, int]:
    return pair[0] + noticed, pair[1] + 1


def _change(circuit: Any, mutant: Any) -> float:
    """Return how far a mutant is from its original, exactly; infinite if it has no matrix."""
    qubits = circuit.num_qubits
    if circuit.layout is not None:
        qubits = len(circuit.layout.initial_index_layout(filter_ancillas=True))
    try:
        return dense.distance(action(circuit, qubits), action(mutant, qubits))
    except Undecidable:
        return math.inf


def _edited(
    circuit: Any,
    rng: np.random.Generator,
    fits: Callable[[Any], bool],
    edit: Callable[[Any, np.random.Generator], Any],
) -> Any:
    """Return the circuit with one fitting gate edited, or left out where ``edit`` gives None."""
    places = [index for index, item in enumerate(circuit.data) if fits(item)]
    if not places:
        return circuit
    place = places[int(rng.random() * len(places))]
    mutant = circuit.copy()
    item = edit(circuit.data[place], rng)
    if item is None:
        del mutant.data[place]
    else:
        mutant.data[place] = item
    return mutant


def _renamed(item: Any, _: np.random.Generator) -> Any:
    from qiskit.circuit.library import get_standard_gate_name_mapping

    kind = type(get_standard_gate_name_mapping()[_OTHER[item.name]])
    return item.replace(operation=kind(*item.params))


def _drifted(item: Any, rng: np.random.Generator) -> Any:
    operation = item.operation.to_mutable()
    params = list(operation.params)
    params[0] = float(params[0]) + float(rng.uniform(0.01, 0.5))
    operation.params = params
    return item.replace(operation=operation)


def _turned_around(item: Any, _: np.random.Generator) -> Any:
    return item.replace(qubits=item.qubits[::-1])
