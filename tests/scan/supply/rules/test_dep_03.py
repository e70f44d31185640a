"""Names that look like quantum packages."""

import pytest


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("penylane", "pennylane"),
        ("pennylanee", "pennylane"),
        ("pennylnae", "pennylane"),
        ("penny-lane", "pennylane"),
        ("qiskitt", "qiskit"),
        ("qiksit", "qiskit"),
        ("qisk1t", "qiskit"),
        ("qiskitaer", "qiskit-aer"),
        ("aer-qiskit", "qiskit-aer"),
        ("amazon-braket-skd", "amazon-braket-sdk"),
        ("qiskit_machinelearning", "qiskit-machine-learning"),
        ("rustworxk", "rustworkx"),
    ],
)
def test_lookalike(requirements, name, meant):
    """A name one slip away from a quantum package is reported with the one that is meant."""
    [finding] = [f for f in requirements(f"{name}==1.0") if f.rule == "DEP-03"]
    assert finding.message.endswith(f"mistaken for {meant}")
    assert finding.fix is not None
    assert finding.fix.replacement == f"{meant}==1.0"


@pytest.mark.parametrize(
    "name",
    [
        "numpy",
        "scipy",
        "torch",
        "keras",
        "qiskit",
        "Qiskit_Aer",
        "qiskit.aer",
        "cirq",
        "circus",
        "circa",
        "stem",
        "sympy",
        "mypy",
        "pulsar",
        "qdrant-client",
        "quantlib",
        "pytest",
        "jax",
        "requests",
        "rich",
        "pennylane-qiskit",
        "qiskit-aer-gpu",
        "cirq-google",
        "amazon-braket-schemas",
        "qutip-qip",
        "pytket-qiskit",
        "matplotlib",
        "pandas",
        "networkx",
        "flask",
        "django",
    ],
)
def test_known_names(requirements, name):
    """Quantum packages, their families and well-known others are silent."""
    assert not [f for f in requirements(f"{name}==1.0") if f.rule == "DEP-03"]
