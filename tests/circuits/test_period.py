"""Periods of encoders against their states."""

from __future__ import annotations

import math

import numpy as np
import pytest
from qiskit.circuit import ParameterVector, QuantumCircuit
from qiskit.quantum_info import Statevector

from redqubit import circuits


@pytest.mark.parametrize(
    ("circuit", "period"),
    [
        (circuits.angle(2), 2 * math.pi),
        (circuits.angle(2, "z", scale=-0.5), 4 * math.pi),
        (circuits.basis(2), 2.0),
        (circuits.reupload(2, 2), 2 * math.pi),
        (circuits.zz_feature_map(2), math.inf),
        (circuits.zz_feature_map(1), math.pi),
        (circuits.amplitude(1), math.inf),
    ],
)
def test_known_periods(circuit, period):
    """Each encoder has the period its docstring states."""
    np.testing.assert_allclose(circuits.periods(circuit), period)


def test_a_shift_by_the_period_changes_no_state():
    """Mixed coefficients and controlled gates repeat exactly after their common period."""
    x = ParameterVector("x", 2)
    circuit = QuantumCircuit(2)
    circuit.h([0, 1])
    circuit.rx(x[0] * 2, 0)
    circuit.ry(x[0] * 3 + x[1], 1)
    circuit.crz(x[0] / 2, 0, 1)
    circuit.cp(x[1] * 1.5, 1, 0)
    start = np.array([0.3, -0.4])
    before = Statevector(circuits.bind(circuit, start))
    for shift in np.diag(circuits.periods(circuit)):
        after = Statevector(circuits.bind(circuit, start + shift))
        assert abs(before.inner(after)) == pytest.approx(1)


def test_incommensurable_and_nonlinear_features_have_no_period():
    """Coefficients without a common multiple, or powers of a feature, give infinity."""
    x = ParameterVector("x", 2)
    circuit = QuantumCircuit(1)
    circuit.rx(x[0], 0)
    circuit.rx(x[0] * math.sqrt(2), 0)
    circuit.rx(x[1] ** 2, 0)
    assert np.isinf(circuits.periods(circuit)).all()
