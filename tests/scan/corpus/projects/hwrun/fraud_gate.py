"""Holds payments whose score is high."""

from qiskit import QuantumCircuit, transpile
from qiskit_aer import AerSimulator

BACKEND = AerSimulator(seed_simulator=1)
SHOTS = 500


def score(amount: float) -> float:
    qc = QuantumCircuit(1, 1)
    qc.ry(max(0.0, min(amount / 10_000, 1.0)) * 3.1415, 0)
    qc.measure(0, 0)
    counts = BACKEND.run(transpile(qc, BACKEND), shots=SHOTS).result().get_counts()
    return counts.get("1", 0) / SHOTS


def hold_payment(amount: float) -> bool:
    """True when a person has to look at the payment."""
    return score(amount) > 0.7
