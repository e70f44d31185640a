"""Code for the pinned release."""

from qiskit import QuantumCircuit, transpile  # ok
from qiskit.primitives import StatevectorSampler  # ok

try:
    from qiskit import Aer  # ok
except ImportError:
    from qiskit_aer import Aer


def run(circuit: QuantumCircuit):
    return StatevectorSampler().run([transpile(circuit, Aer.get_backend("aer"))])
