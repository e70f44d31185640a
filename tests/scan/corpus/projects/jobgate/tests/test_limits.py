"""Tests of the limits; nothing here leaves the machine."""

import pytest
from qiskit import QuantumCircuit
from qiskit_ibm_runtime import SamplerV2
from qiskit_ibm_runtime.fake_provider import FakeBrisbane

from jobgate.limits import bounded_shots, small_enough

FAKE_TOKEN = "23310ea7cdbd7e83a0473ecdbf7a1cceba558c627d5a490b98cbbd13ecb7dec027e4d3e8d7048b521e98535e34dcb2fc00064539fc91a5e26d3e77408b65b229"


@pytest.mark.parametrize("value", [0, -1, 10**9])
def test_shots_out_of_range_are_refused(value):
    with pytest.raises(ValueError):
        bounded_shots(value)


def test_large_circuits_are_refused():
    with pytest.raises(ValueError):
        small_enough(QuantumCircuit(100))


def test_runs_on_the_fake_backend():
    qc = QuantumCircuit(1)
    qc.measure_all()
    job = SamplerV2(mode=FakeBrisbane()).run([qc], shots=16)
    assert sum(job.result()[0].data.meas.get_counts().values()) == 16
