"""Routes: how wires lie, how large blocks grow, and what is left out."""

import math

import pytest
from qiskit.circuit import ParameterVector, QuantumCircuit

from redqubit.engine.lowering import lower
from redqubit.engine.transfer_evolution import route
from redqubit.engine.transfer_factors import factors_of
from redqubit.engine.transfer_schedule import schedule


def planned(n):
    """Return the schedule of RX on each wire but the last and a CNOT line."""
    x = ParameterVector("x", n)
    circuit = QuantumCircuit(n)
    for qubit in range(n - 1):
        circuit.rx(x[qubit], qubit)
    for qubit in range(n - 1):
        circuit.cx(qubit, qubit + 1)
    plan = schedule(n, list(factors_of(lower(circuit, list(x), []), None)))
    return plan, [(0, i) for i in range(len(plan.steps))]


@pytest.mark.parametrize("n", [2, 3, 5])
def test_backward_ends_in_the_sizes_of_the_starts(n):
    """Moved to the start, observables have 3 entries a rotated wire and 1 for a bare one."""
    plan, places = planned(n)
    found = route(plan, places, frozenset(range(n)), backward=True)
    assert dict(zip(found.order, found.sizes, strict=True)) == {
        **dict.fromkeys(range(n - 1), 3),
        n - 1: 1,
    }
    assert len(found.moves) == n - 1
    assert found.largest == 4**n


def test_forward_grows_from_the_starts():
    """States begin with 3 entries a rotated wire and end with 4 a wire."""
    plan, places = planned(3)
    found = route(plan, places, frozenset(range(3)), backward=False)
    assert found.first == (1, 3, 3)
    assert found.sizes == (4, 4, 4)
    assert math.prod(found.moves[-1].shape) == 4 * 4 * 1


def test_wires_without_influence_keep_one_entry():
    """An observable on the first wire is felt by the first CNOT alone."""
    plan, places = planned(4)
    for backward in (True, False):
        found = route(plan, places, frozenset({0}), backward=backward)
        assert [move.position for move in found.moves] == [0]
    assert found.first == (1, 1, 3, 3)
    assert found.operations(2) == 2 * 9 * 16
