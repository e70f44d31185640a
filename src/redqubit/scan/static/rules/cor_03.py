"""Measurements that do not mean what they seem to.

## What
``measure_all`` on a circuit that has classical bits of its own (which adds a second register),
a qubit measured twice without a reset, or a gate on a qubit after its measurement that nothing
reads any more.

## Why bad
Counts get two registers and half of every key is zeros, so labels are read from the wrong bits, or
the gate that was added changes nothing that is measured.

## Example
``qc = QuantumCircuit(2, 2); qc.h(0); qc.measure_all()``

## Instead
``QuantumCircuit(2)`` with ``measure_all()``, or ``measure(range(2), range(2))``; gates first.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from redqubit.scan.finding import Severity
from redqubit.scan.static.circuit_state import GATES, Story, stories
from redqubit.scan.static.folding import UNKNOWN
from redqubit.scan.static.module import Module
from redqubit.scan.static.rule import Hit

ID: Final = "COR-03"
NAME: Final = "Misleading measurement"
SEVERITY: Final[Severity] = "low"
CWE: Final = (682,)
FRAMEWORKS: Final = ("qiskit",)
TRIGGERS: Final = ("QuantumCircuit",)
ADVICE: Final = "Measure each qubit once, last, into the bits that are read."


def check(module: Module) -> Iterator[Hit]:
    """Yield the measurements of circuits that are followed without a gap."""
    if module.in_test:
        return
    for story in stories(module):
        if not any(event.name in {"if_test", "reset"} for event in story.events):
            yield from _judge(story)


def _judge(story: Story) -> Iterator[Hit]:
    measured: dict[int, int | None] = {}
    every = False
    pending: list[tuple[int, Hit]] = []
    for event in story.events:
        if event.name == "measure_all":
            adds = event.call.literal(1, "add_bits")
            free = event.call.literal(0, "inplace") is False
            if adds is UNKNOWN and not free and story.clbits and not measured and not every:
                yield Hit(
                    event.call.node,
                    f"measure_all() adds a second register beside the {story.clbits} bits that "
                    f"{story.name!r} has.",
                )
            elif measured or every:
                yield Hit(event.call.node, f"Qubits of {story.name!r} are measured a second time.")
            every = True
            pending.clear()
        elif event.name == "measure":
            if event.qubits is None:
                return
            clbits = event.clbits if event.clbits is not None else (None,) * len(event.qubits)
            for index, qubit in enumerate(event.qubits):
                again = qubit in measured or every
                bit = clbits[index] if index < len(clbits) else None
                touched = any(item == qubit for item, _ in pending)
                if again and not touched:
                    yield Hit(
                        event.call.node,
                        f"Qubit {qubit} of {story.name!r} is measured again without a gate or a "
                        "reset between.",
                    )
                measured[qubit] = bit
                pending = [item for item in pending if item[0] != qubit]
        elif event.name in GATES:
            if event.qubits is None:
                return
            for qubit in event.qubits:
                if (qubit in measured or every) and len(event.qubits) == 1:
                    hit = Hit(
                        event.call.node,
                        f"{event.name}() acts on qubit {qubit} of {story.name!r} after its "
                        "measurement, and nothing measures it again.",
                    )
                    pending.append((qubit, hit))
                elif qubit in measured or every:
                    return
    yield from (hit for _, hit in pending)
