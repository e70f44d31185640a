"""Simulators of this machine."""

from braket.devices import LocalSimulator
from qiskit.primitives import StatevectorSampler
from qiskit_aer import AerSimulator
from qiskit_ibm_runtime import SamplerV2, Session
from qiskit_ibm_runtime.fake_provider import FakeManilaV2


def simulated(circuit):
    return SamplerV2(mode=AerSimulator()).run([circuit]).result()  # ok


def faked(circuit):
    backend = FakeManilaV2()
    with Session(backend=backend) as session:  # ok
        return session


def local(circuit):
    return LocalSimulator().run(circuit, shots=10).result()  # ok


def exact(circuit):
    return StatevectorSampler().run([circuit]).result()  # ok
