"""Make a failing circuit small: fewer gates by ddmin, fewer qubits, plainer angles.

Source: Zeller and Hildebrandt, IEEE TSE 28, 183 (2002), section 3.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from redqubit.scan.fuzz.circuit.subject import Gate, Subject

PLAIN: Final = (0.0, math.pi, math.pi / 2, 1.0)


class _Budget:
    """Counts the trials; an exhausted budget fails no candidate any more."""

    def __init__(self, fails: Callable[[Subject], bool], trials: int) -> None:
        self.fails, self.left = fails, trials

    def __call__(self, candidate: Subject) -> bool:
        if self.left <= 0:
            return False
        self.left -= 1
        return self.fails(candidate)


def shrink(subject: Subject, fails: Callable[[Subject], bool], trials: int = 400) -> Subject:
    """Return a smaller circuit for which ``fails`` still holds, after at most ``trials`` calls."""
    check = _Budget(fails, trials)
    subject = _fewer_gates(subject, check)
    subject = _fewer_qubits(subject, check)
    return _plainer_angles(subject, check)


def _fewer_gates(subject: Subject, fails: _Budget) -> Subject:
    """Return the circuit without the gates that do not matter (ddmin on complements)."""
    parts = 2
    while len(subject.gates) >= 2:
        size = math.ceil(len(subject.gates) / parts)
        for start in range(0, len(subject.gates), size):
            rest = subject.gates[:start] + subject.gates[start + size :]
            candidate = replace(subject, gates=rest)
            if fails(candidate):
                subject, parts = candidate, max(parts - 1, 2)
                break
        else:
            if size == 1:
                break
            parts = min(len(subject.gates), parts * 2)
    empty = replace(subject, gates=())
    return empty if fails(empty) else subject


def _fewer_qubits(subject: Subject, fails: _Budget) -> Subject:
    """Return the circuit without qubits no gate acts on, but with at least one."""
    used = sorted({qubit for gate in subject.gates for qubit in gate.qubits}) or [0]
    if len(used) == subject.qubits:
        return subject
    places = [used.index(qubit) if qubit in used else 0 for qubit in range(subject.qubits)]
    candidate = subject.moved(places, len(used))
    return candidate if fails(candidate) else subject


def _plainer_angles(subject: Subject, fails: _Budget) -> Subject:
    """Return the circuit with each angle as plain as the failure allows."""
    for index, gate in enumerate(subject.gates):
        for place in range(len(gate.angles)):
            now = subject.gates[index].angles[place]
            for plain in (*PLAIN, round(now, 1), round(now, 3)):
                candidate = _with_angle(subject, index, place, plain)
                if now in PLAIN or plain == now:
                    break
                if fails(candidate):
                    subject = candidate
                    break
    return subject


def _with_angle(subject: Subject, index: int, place: int, value: float) -> Subject:
    gate = subject.gates[index]
    angles = (*gate.angles[:place], value, *gate.angles[place + 1 :])
    turned = Gate(gate.name, gate.qubits, angles)
    return replace(subject, gates=(*subject.gates[:index], turned, *subject.gates[index + 1 :]))
