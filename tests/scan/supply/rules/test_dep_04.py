"""Retired dependencies."""

import pytest


@pytest.mark.parametrize(
    "line",
    [
        "qiskit-aqua==0.9.5",
        "qiskit_ibmq_provider",
        "qiskit-ibm-provider>=0.7",
        "pyquil==3.5.4",
        "pyquil>=3,<4",
        "qiskit<1",
        "qiskit~=0.46.0",
        "dwave-neal==0.6.0",
        "tensorcircuit==0.12.0",
    ],
)
def test_retired(requirements, line):
    """A requirement that only a retired release meets is reported with what replaces it."""
    [finding] = [f for f in requirements(line) if f.rule == "DEP-04"]
    assert finding.advice.startswith("use ")


@pytest.mark.parametrize(
    "line",
    ["pyquil==4.14.0", "pyquil>=3", "pyquil", "qiskit>=0.45", "qiskit==2.6.2", "qiskit-aer==0.17"],
)
def test_maintained(requirements, line):
    """A requirement that a maintained release can meet is silent."""
    assert not [f for f in requirements(line) if f.rule == "DEP-04"]
