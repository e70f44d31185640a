"""The dense reference beside an equivalence checker that shares nothing with it."""

import pytest

from redqubit.core.streams import stream
from redqubit.scan.fuzz.circuit import dense
from redqubit.scan.fuzz.circuit.bench import action, preset
from redqubit.scan.fuzz.circuit.frameworks import to_qiskit
from redqubit.scan.fuzz.circuit.generator import generate
from redqubit.scan.fuzz.circuit.mutation import FAULTS
from redqubit.scan.fuzz.circuit.verdict import COMPILED, EXACT

qcec = pytest.importorskip("mqt.qcec")
SAME = {"equivalent", "equivalent_up_to_global_phase"}


def _opinion(first, second):
    """Return what the checker says, or nothing where its methods contradict each other."""
    name = qcec.verify(first, second).equivalence.name
    return None if name in ("no_information", "probably_equivalent") else name in SAME


@pytest.mark.parametrize("fault", FAULTS, ids=lambda item: item.__name__)
def test_a_second_opinion_agrees(fault):
    """On compiled circuits and seeded faults no conclusive opinion contradicts the reference."""
    told = []
    for index in range(12):
        subject = generate(20, index)
        compiled = preset(index % 4, subject.qubits)(to_qiskit(subject))
        mutant = fault(compiled, stream(20, fault.__name__, index))
        for candidate in (compiled, mutant):
            distance = dense.distance(subject.unitary, action(candidate, subject.qubits))
            if EXACT < distance <= COMPILED:
                continue  # an approximation, on which opinions may differ
            opinion = _opinion(to_qiskit(subject), candidate)
            if opinion is not None:
                assert opinion == (distance <= EXACT), (index, distance)
                told.append(opinion)
    assert len(told) >= 12
    assert any(told)
    assert not all(told)
