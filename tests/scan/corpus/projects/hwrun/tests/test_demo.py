"""Tests of the circuits, on simulators."""

import numpy as np
import pytest
from qiskit import QuantumCircuit, qasm2, qpy, transpile
from qiskit_aer import AerSimulator
from qiskit_ibm_runtime.fake_provider import FakeManilaV2

from demo import circuit


@pytest.fixture
def backend():
    return FakeManilaV2()


def test_ghz_is_two_valued():
    counts = AerSimulator().run(transpile(circuit(), AerSimulator()), shots=100).result().get_counts()
    assert set(counts) <= {"000", "111"}


def test_round_trip(tmp_path):
    path = tmp_path / "c.qpy"
    with path.open("wb") as out:
        qpy.dump(circuit(), out)
    with path.open("rb") as handle:
        assert qpy.load(handle)[0] == circuit()
    assert qasm2.loads(qasm2.dumps(circuit())).num_qubits == 3


def test_depth_after_transpile(backend):
    assert transpile(circuit(), backend).depth() >= circuit().depth()


def test_statevector_is_normalized():
    qc = QuantumCircuit(1)
    qc.initialize(np.array([1, 1]) / np.sqrt(2), 0)
    assert qc.num_qubits == 1
