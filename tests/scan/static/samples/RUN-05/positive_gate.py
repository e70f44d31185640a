"""A simulator, or a fake, that decides what passes."""

from qiskit_aer import AerSimulator
from qiskit_ibm_runtime.fake_provider import FakeManilaV2

SIMULATOR = AerSimulator()  # finds: RUN-05


def rate(circuit):
    return SIMULATOR.run(circuit).result().get_counts().get("1", 0)


def hold_payment(circuit):
    return rate(circuit) > 100


class KeyCheck:
    def __init__(self):
        self.backend = FakeManilaV2()  # finds: RUN-05

    def errors(self, circuit):
        return self.backend.run(circuit).result().get_counts().get("1", 0)

    def accept(self, circuit):
        return self.errors(circuit) < 10
