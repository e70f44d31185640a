"""Circuits that are followed, and the places where they are lost."""

import pytest

from redqubit.scan.static.circuit_state import Story, stories
from redqubit.scan.static.module import Module

HEAD = "from qiskit import QuantumCircuit\nqc = QuantumCircuit(2, 1)\nqc.h(0)\n"


def story(text: str) -> Story:
    """Return the one circuit of a text."""
    (found,) = stories(Module("a.py", HEAD + text))
    return found


def test_calls_are_told_in_order_with_their_bits() -> None:
    """Constant qubits and bits are known, also of ranges and rotations."""
    found = story("qc.rx(0.1, 1)\nqc.cx(0, 1)\nqc.measure(range(1), [0])\n")
    assert (found.qubits, found.clbits) == (2, 1)
    assert [(event.name, event.qubits) for event in found.events] == [
        ("h", (0,)),
        ("rx", (1,)),
        ("cx", (0, 1)),
        ("measure", (0,)),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "change(qc)\nqc.h(1)\n",
        "for i in range(2):\n    qc.x(i)\nqc.h(1)\n",
        "other = qc\nqc.h(1)\n",
        "qc.compose(other, inplace=True)\nqc.h(1)\n",
        "qc += other\nqc.h(1)\n",
    ],
)
def test_a_circuit_that_others_may_change_is_not_followed_further(text: str) -> None:
    """What comes after an unknown change is not told."""
    assert [event.name for event in story(text).events] == ["h"]


@pytest.mark.parametrize("text", ["print(qc)\n", "qc.draw()\n", "n = qc.depth()\n"])
def test_looking_at_a_circuit_changes_nothing(text: str) -> None:
    """Printing, drawing and counting leave the circuit as it is."""
    assert [event.name for event in story(text + "qc.x(1)\n").events] == ["h", "x"]
