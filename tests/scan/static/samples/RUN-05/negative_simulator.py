"""Simulators in studies."""

from qiskit_aer import AerSimulator

SIMULATOR = AerSimulator()  # ok


def histogram(circuit):
    return SIMULATOR.run(circuit).result().get_counts()


def compare(circuits):
    backend = AerSimulator(method="statevector")  # ok
    return [backend.run(item).result() for item in circuits]
