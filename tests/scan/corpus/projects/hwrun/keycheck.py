"""Accepts or rejects a key exchange by its error rate."""

from qiskit import QuantumCircuit
from qiskit_ibm_runtime import SamplerV2 as Sampler
from qiskit_ibm_runtime import fake_provider

LIMIT = 0.11
SHOTS = 2000


def exchange(basis: str) -> QuantumCircuit:
    qc = QuantumCircuit(1)
    if basis == "x":
        qc.h(0)
        qc.h(0)
    qc.measure_all()
    return qc


class KeyCheck:
    def __init__(self) -> None:
        self.backend = fake_provider.FakeManilaV2()

    def error_rate(self, basis: str) -> float:
        job = Sampler(mode=self.backend).run([exchange(basis)], shots=SHOTS)
        counts = job.result()[0].data.meas.get_counts()
        return counts.get("1", 0) / SHOTS

    def accept(self) -> bool:
        return max(self.error_rate("z"), self.error_rate("x")) < LIMIT
