"""Nobody says which release is in use."""

from qiskit import execute  # ok


def run(circuit, backend):
    return execute(circuit, backend)
