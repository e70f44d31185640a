"""The self-test: seeded faults are noticed and equivalent ones are not."""

import numpy as np
import pytest
from qiskit.circuit import QuantumCircuit

from redqubit.scan.fuzz.circuit.mutation import FAULTS, Fault, mutation_score


def test_nine_of_ten_faults_are_noticed() -> None:
    """The score is at least 0.9 for all faults together and each kind, without false alarm."""
    score = mutation_score(40, seed=1)
    assert score.value >= 0.9
    assert score.false_alarms == 0
    assert score.killed + score.survived + score.equivalent + score.close == 40
    for killed, struck in score.by_fault.values():
        assert killed >= 0.9 * struck > 0


def test_oracles_differ_in_what_they_notice() -> None:
    """The unitary shows every fault with an effect; a null effect alone shows fewer."""
    score = mutation_score(40, seed=2, oracles=["M01", "M09"])
    killed, struck = score.by_oracle["M01"]
    assert killed == struck > 20
    assert score.by_oracle["M09"][0] < score.by_oracle["M09"][1]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_faults_leave_the_original_alone(fault: Fault) -> None:
    """A fault returns another circuit, and the same one where it finds nothing to strike."""
    circuit = QuantumCircuit(2)
    circuit.h(0)
    circuit.cx(0, 1)
    circuit.rz(0.4, 1)
    before = circuit.copy()
    mutant = fault(circuit, np.random.default_rng(3))
    assert circuit == before
    assert mutant != circuit
    empty = QuantumCircuit(1)
    assert fault(empty, np.random.default_rng(3)) is empty
