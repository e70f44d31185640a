"""Packages that ended, whatever is pinned."""

from qiskit.aqua import QuantumInstance  # finds: DEP-01
from qiskit.ignis.mitigation import CompleteMeasFitter  # finds: DEP-01
from qiskit_ibm_provider import IBMProvider  # finds: DEP-01


def run():
    return IBMProvider(), QuantumInstance, CompleteMeasFitter
