"""The pinned release still has these."""

from qiskit import Aer, execute  # ok


def run(circuit):
    return execute(circuit, Aer.get_backend("qasm_simulator"))
